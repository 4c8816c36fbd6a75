/** `sss locate`: points at the mistyped characters of a shard line, and never corrects them. */
import { describePosition, formatShard, labelOf, parseShard } from '../../../src/shard/format';
import { type Finding, locate as find } from '../../../src/shard/locate';
import { type Command, EXIT, printable } from '../command';
import { readText, refuseExisting, refuseOtherKind, SHARD_LIMIT, writeNewFile } from '../files';
import { inFile } from '../shard-file';

const TEXT: Record<Exclude<Finding['kind'], 'unknown' | 'layout'>, (where: string) => string> = {
  fine: () => 'checksum OK, nothing is mistyped',
  impossible: (where) => `${where}: no shard holds such a character (b, i, o, signs, or 1 after mks1)`,
  wrong: (where) => `${where}: read this again on the sheet`,
  missing: (where) => `a character is missing before ${where}`,
  extra: (where) => `a character is extra: ${where}`,
};

/** `a, b and c`; after six places only how many more. */
function enumerate(places: readonly string[], word: string): string {
  const shown = places.length > 7 ? [...places.slice(0, 6), `${places.length - 6} more`] : places;
  const last = shown.at(-1) ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} ${word} ${last}` : last;
}

function describe(finding: Finding): string {
  if (finding.kind === 'layout') {
    const { keys, machine } = finding;
    const letters = [keys, machine].flatMap((name) => LETTERS[name] ?? []).join('; ');
    return `typed on ${keys} keys that the machine took for ${machine} (${letters}): read so, its checksum is OK`;
  }
  if (finding.kind === 'unknown') {
    const count = `${finding.length} characters`;
    return finding.possible
      ? `${count}, and more than two are wrong: type it again`
      : `${count}, and no shard has so many (90 for a key of 32 bytes): type it again`;
  }
  const at = 'at' in finding ? finding.at : [];
  // Equal neighbors make several places equivalent.
  const word = finding.kind === 'wrong' || finding.kind === 'impossible' ? 'and' : 'or';
  const where = enumerate(at.map(describePosition), word);
  return TEXT[finding.kind](where);
}

/** By which letters people know a layout from QWERTY. */
const LETTERS: Record<string, string> = { QWERTZ: 'y/z', AZERTY: 'a/q, z/w, m/;', Dvorak: 'most letters' };

/** Writes the line that the keys say: a proposal, which the operator compares with the sheet. */
function writeProposal(out: string, text: string, file: string, test: boolean): string {
  const shard = parseShard(text);
  refuseOtherKind(file, shard.test, test);
  writeNewFile(out, new TextEncoder().encode(formatShard(shard)));
  const label = labelOf(shard);
  shard.share.fill(0);
  return `${printable(out)}: ${label}, a proposal: compare it with the sheet, then sss verify it`;
}

export const locate: Command = {
  name: 'locate',
  summary: 'point at the mistyped characters of a shard',
  files: { name: 'SHARD', min: 1, max: 1, help: 'A file with the line as it was typed.' },
  options: [
    {
      name: 'out',
      value: 'FILE',
      help: 'New file (0600) for the line, when it was typed on another keyboard layout.',
    },
  ],
  details: [
    'Finds one or two wrong characters, two swapped neighbors, or one missing or extra character, by the checksum alone. It names the place, as the n-th character and by its group of five on the sheet, and never what should stand there: read the sheet again. With three or more wrong characters it can only say so, or in rare cases (about 1 in 300) points at a wrong place; the checksum tells after the correction.',
    'A line that was typed on keys of another layout (German, French, Dvorak) is recognized by its checksum. With --out it is written to a file, as a proposal; it is never shown.',
  ],
  example: {
    command: 'sss locate shard-5.txt',
    output: 'shard-5.txt: character 23 (group 5, character 3): read this again on the sheet',
  },
  async run(args, context) {
    const [file = ''] = args.files;
    const out = args.get('out');
    if (out !== undefined) refuseExisting(out);
    try {
      const finding = find(readText(file, SHARD_LIMIT, 'a shard'));
      const lines = [`${printable(file)}: ${describe(finding)}`];
      if (finding.kind !== 'layout') {
        const exit = finding.kind === 'fine' ? EXIT.ok : EXIT.refused;
        return { lines, json: { file, ...finding }, exit };
      }
      const { text, ...rest } = finding;
      if (out === undefined) lines.push('set the layout and type it again, or add --out FILE for the line');
      else lines.push(writeProposal(out, text, file, context.test));
      const json = { file, ...rest, ...(out === undefined ? {} : { out }) };
      return { lines, json, exit: out === undefined ? EXIT.refused : EXIT.ok };
    } catch (error) {
      throw inFile(file, error);
    }
  },
};
