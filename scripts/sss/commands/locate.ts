/** `sss locate`: points at the mistyped characters of a shard line, and never corrects them. */
import { describePosition } from '../../../src/shard/format';
import { type Finding, locate as find } from '../../../src/shard/locate';
import { type Command, EXIT, printable } from '../command';
import { readText, SHARD_LIMIT } from '../files';
import { inFile } from '../shard-file';

const TEXT: Record<Exclude<Finding['kind'], 'unknown'>, (where: string) => string> = {
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

export const locate: Command = {
  name: 'locate',
  summary: 'point at the mistyped characters of a shard',
  files: { name: 'SHARD', min: 1, max: 1, help: 'A file with the line as it was typed.' },
  options: [],
  details: [
    'Finds one or two wrong characters, two swapped neighbors, or one missing or extra character, by the checksum alone. It names the place, as the n-th character and by its group of five on the sheet, and never what should stand there: read the sheet again. With three or more wrong characters it can only say so, or in rare cases (about 1 in 300) points at a wrong place; the checksum tells after the correction.',
  ],
  example: {
    command: 'sss locate shard-5.txt',
    output: 'shard-5.txt: character 23 (group 5, character 3): read this again on the sheet',
  },
  async run(args) {
    const [file = ''] = args.files;
    try {
      const finding = find(readText(file, SHARD_LIMIT, 'a shard'));
      return {
        lines: [`${printable(file)}: ${describe(finding)}`],
        json: { file, ...finding },
        exit: finding.kind === 'fine' ? EXIT.ok : EXIT.refused,
      };
    } catch (error) {
      throw inFile(file, error);
    }
  },
};
