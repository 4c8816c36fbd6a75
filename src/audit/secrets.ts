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

/** Tells whether a text has the shape of a shard, a key or a credential. Errs on the side of yes. */
export function looksSecret(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/**
 * Source of a regular expression for a field that holds a digest: hexadecimal digits in any groups pass, because a
 * digest has the shape of a key; of everything else only what has not the shape of a secret.
 */
export const DIGEST_SHAPE = `^(?:[0-9A-Fa-f\\s:.-]*$|(?![\\s\\S]*(?:${SECRET_SHAPE})))`;

const digestPattern = new RegExp(DIGEST_SHAPE);

/** Tells whether a text that was written where a digest belongs has the shape of a shard or a credential. */
export function looksSecretForDigest(text: string): boolean {
  return !digestPattern.test(text);
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
