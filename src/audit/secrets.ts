/** What an audit record must never hold: shapes of shards, keys and credentials. PCI DSS v4.0.1 3.6.1 (keys are protected from disclosure). */

/** A part of a shard in one piece: twenty characters of one case or more in which letters and digits take turns. */
export const SHARD_PART = '(?<![0-9a-z])(?=[0-9a-z]{20})[0-9]*[a-z]+[0-9]+[a-z]+[0-9]';

/** Groups of a shard beside one another, three of them mixed, with up to three between. */
function grouped(group: string, separator: string): string[] {
  const mixed = `(?=[0-9a-z]*[0-9][a-z])${group}(?![0-9a-z])`;
  const more = `(?:${separator}${group}(?![0-9a-z])){0,3}?${separator}${mixed}`;
  return [`(?<![0-9a-z])${mixed}${more}${more}`];
}

/** One regular expression each. The longest legitimate texts (ARNs, paths, UUIDs, version numbers) match none. */
const SHAPES = [
  // A shard in text format v1, in one piece or in printed groups.
  '[Mm][Kk][Ss]1',
  // Sixteen bytes or more in hexadecimal, in one piece or in groups.
  '[0-9A-Fa-f]{32}',
  '(?:[0-9A-Fa-f]{2}[ :]){15}',
  '(?:[0-9A-Fa-f]{4}[ :-]){7}',
  '(?:[0-9A-Fa-f]{8}[ :-]){3}[0-9A-Fa-f]{8}',
  // Groups of five letters and digits, as shards stand on paper.
  '(?:[0-9A-Z]{5}[ -]){5}',
  SHARD_PART,
  '(?<![0-9A-Z])(?=[0-9A-Z]{20})[0-9]*[A-Z]+[0-9]+[A-Z]+[0-9]',
  // The same in small groups, of which three at least have a letter after a digit, as words and numbers have not.
  ...grouped('[0-9a-z]{4,8}', '[\\s,.;_|]{1,2}'),
  ...grouped('[0-9a-z]{5}', '-'),
  // Base64 with padding, or long enough to be a key without it.
  '(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{18,}={1,2}',
  '(?<![A-Za-z0-9+])(?=[A-Za-z0-9+]{22})(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[0-9])',
  '[A-Za-z0-9]{40}',
  // Key files, ciphertext of Vault, tokens and access keys by their fixed beginnings.
  '-----BEGIN',
  'vault:v[0-9]',
  'hv[sbr]\\.',
  'A(?:KIA|SIA)[A-Z0-9]{8}',
];

/** The same as one source, for writers that read the JSON Schema. */
export const SECRET_SHAPE = SHAPES.join('|');

// One by one they run five times as fast as joined: each skips ahead on its own first character.
const patterns = SHAPES.map((shape) => new RegExp(shape));

/** Bytes as other numbers: one long decimal number, bits, octal escapes. */
const NUMERALS = [/[0-9]{39}/, /(?:[01]{8}[^0-9A-Za-z]{0,3}){16}/, /(?:\\[0-7]{3}){16}/];

/** Sixteen or more numbers from 0 to 255 in a row; a list that only rises counts something. Addresses have dots between. */
function hasByteList(text: string): boolean {
  return [...text.matchAll(/(?<![0-9.])(?:[0-9]{1,3}[\s,;]+){15,}[0-9]{1,3}(?![0-9.])/g)].some(([list]) => {
    const bytes = (list.match(/[0-9]+/g) ?? []).map(Number);
    const rises = bytes.every((byte, index) => index === 0 || byte > (bytes[index - 1] ?? 0));
    return !rises && bytes.every((byte) => byte < 256) && bytes.filter((byte) => byte > 99).length > 3;
  });
}

/** At most so many signs stand between two groups of one secret. */
const WIDEST_GAP = 4;

/** Runs of words of one length that stand beside one another. */
function equalRuns(text: string, word: RegExp): string[][] {
  const runs: string[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const { 0: found, index } of text.matchAll(word)) {
    const run = runs.at(-1);
    if (run?.[0]?.length === found.length && index - end <= WIDEST_GAP) run.push(found);
    else runs.push([found]);
    end = index + found.length;
  }
  return runs;
}

const countOf = (words: readonly string[], pattern: RegExp) =>
  words.filter((word) => pattern.test(word)).length;

/** Whether words of one length are pieces of one secret: short ones that no language, list or number looks like. */
function isDivided(run: readonly string[]): boolean {
  const [{ length }, whole] = [run[0] ?? '', run.join('')];
  if (length > 10 || whole.length < 20) return false;
  if (length === 1) return countOf(run, /[0-9]/) > 2 && countOf(run, /[A-Za-z]/) > 2;
  if (/^[0-9A-Fa-f]+$/.test(whole)) return length === 2 && run.length > 15 && countOf(run, /[A-Fa-f]/) > 1;
  return /[0-9]/.test(whole) && countOf(run, /[0-9][A-Za-z]|[a-z][A-Z]/) > 2;
}

/** Eight or more different words of one length with a letter after a digit, whatever stands between them, such as their numbers. */
function hasManyPieces(words: readonly string[]): boolean {
  const pieces = new Set(
    words.filter((word) => /^(?=.*[0-9][A-Za-z])(?=.*[g-zG-Z])[0-9A-Za-z]{4,10}$/.test(word)),
  );
  const lengths = new Map<number, number>();
  for (const { length } of pieces) lengths.set(length, (lengths.get(length) ?? 0) + 1);
  return [...lengths.values()].some((count) => count > 7);
}

/** A secret in pieces, with anything between them that is no letter or digit. */
function hasPieces(text: string): boolean {
  const bare = text.replace(/\\x|%|\b0x/g, ' ');
  return (
    [/[0-9A-Za-z]+/g, /[0-9A-Za-z+/=]+/g].some((word) => equalRuns(bare, word).some(isDivided)) ||
    hasManyPieces(bare.match(/[0-9A-Za-z]+/g) ?? [])
  );
}

/** The text as it looks: letters of full width are letters, and what has no width is nothing. */
const asSeen = (text: string) => text.normalize('NFKC').replace(/\p{Cf}/gu, '');

/**
 * Tells whether a text has the shape of a shard, a key or a credential, in one piece or in several. Errs on the side of yes.
 * The JSON Schema has the shapes alone: whoever writes a file by it is told of pieces by the reader.
 */
export function looksSecret(text: string): boolean {
  const seen = asSeen(text);
  return (
    patterns.some((pattern) => pattern.test(text) || (seen !== text && pattern.test(seen))) ||
    NUMERALS.some((pattern) => pattern.test(seen)) ||
    hasByteList(seen) ||
    hasPieces(seen)
  );
}

/**
 * Source of a regular expression for a field that holds a digest: hexadecimal digits in any groups pass, because a
 * digest has the shape of a key; of everything else only what has not the shape of a secret.
 */
export const DIGEST_SHAPE = `^(?:[0-9A-Fa-f\\s:.-]*$|(?![\\s\\S]*(?:${SECRET_SHAPE})))`;

const digits = /^[0-9A-Fa-f\s:.-]*$/;

/** Tells whether a text that was written where a digest belongs has the shape of a shard or a credential. */
export function looksSecretForDigest(text: string): boolean {
  return !digits.test(text) && looksSecret(text);
}

/** Names whose digest could be guessed by trying values: PINs, passphrases, dice and other input of low entropy. */
const GUESSABLE = ['pin', 'puk', 'pass[a-z]*', 'secret', 'seed', 'dice', 'entropy', 'codeWord', 'masterKey'];
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** Source of a regular expression that finds such a name at the start or inside a camelCase name. */
export const GUESSABLE_NAME = `(?:^(?:${GUESSABLE.join('|')})|[a-z0-9](?:${GUESSABLE.map(capital).join('|')}))(?![a-z])`;

/** The same for what people type into a field without digests: there, 24 hexadecimal digits are enough to refuse it. */
export function looksSecretAsTyped(text: string): boolean {
  return looksSecret(text) || /[0-9A-Fa-f]{24}/.test(text.replace(/[\s:-]/g, ''));
}
