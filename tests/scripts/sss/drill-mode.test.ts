/** SSS_TEST: one dispatcher reads it for every command, and nothing that may be real is taken in a drill. */
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIT_COMMANDS } from '../../../scripts/sss/audit/cli';
import { allCommands } from '../../../scripts/sss/main';
import { errorOf, fileWith, scratch, sss } from './run';

const every = async (): Promise<string[]> =>
  [...(await allCommands()), ...AUDIT_COMMANDS].map(({ name }) => name);

describe('SSS_TEST', () => {
  it('is 1 or not set, for every command, its help and the version', async () => {
    const lines = [...(await every()).flatMap((name) => [name, `${name} --help`]), '--version', '--help', ''];
    expect(lines.length).toBeGreaterThan(40);
    for (const line of lines) {
      for (const mode of ['yes', 'true', '0', ' 1', '1 ', '\u001b[2J']) {
        const ran = await sss(line === '' ? [] : line.split(' '), { SSS_TEST: mode });
        expect(ran, line).toMatchObject({ code: 2, out: '' });
        expect(ran.err, line).toBe(
          `sss: error: SSS_TEST=${mode.replace('\u001b', '?')}: must be 1 or not set\nsss: hint: A drill sets it to 1; a ceremony does not set it.\n`,
        );
      }
    }
  });

  it('empty is not set', async () => {
    expect(await sss(['--version'], { SSS_TEST: '' })).toMatchObject({ code: 0, err: '' });
  });
});

describe('a drill', () => {
  const key = () => fileWith('old.key', crypto.getRandomValues(new Uint8Array(32)));
  const LINES: [name: string, argv: (out: string) => string[]][] = [
    [
      'split --key-file',
      (out) => [
        ...['split', '--key-file', key(), '--uniformly-random', '--threshold', '2', '--key-name', 'k'],
        ...['--generation', '1', '--holder', 'A', '--holder', 'B', '--out', out],
      ],
    ],
    [
      'combine --format vault-hex',
      (out) => [
        ...['combine', '--format', 'vault-hex', '--threshold', '2', '--out', out],
        ...[fileWith('a', '0102'), fileWith('b', '0203')],
      ],
    ],
  ];
  for (const [name, argv] of LINES) {
    it(`refuses ${name}, which may be real, and takes it outside`, async () => {
      const out = path.join(scratch(), 'out');
      const ran = await sss(argv(out), { SSS_TEST: '1' });
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(errorOf(ran)).toMatch(
        /^sss: error: SSS_TEST=1: a drill takes no key and no raw share.*\nsss: hint: unset/,
      );
      expect(fs.readdirSync(path.dirname(out))).toEqual([]);
      expect(await sss(argv(out), {})).toMatchObject({ code: 0, err: '' });
    });
  }
});
