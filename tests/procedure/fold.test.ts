/** Lines of commands that are too wide for paper: bash itself reads the pieces as it reads the line. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { nameFault } from '../../src/deployment/names';
import { commandWidth } from '../../src/procedure/text/fold';
import { PageQuoting } from '../../src/procedure/text/quoting';

/** What a fence of bash prints, with the value in it. */
function printed(lines: readonly string[], value = ''): string[] {
  const quoting = new PageQuoting();
  return ['```bash', ...lines, '```'].flatMap((line) => quoting.lines(line, () => value)).slice(1, -1);
}

/** What bash makes of a command: its words, each between brackets. */
function wordsOf(lines: readonly string[]): string {
  const source = `show() { printf '[%s]\\n' "$@"; }\n${lines.join('\n')}\n`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc'], { input: source, encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
  return stdout;
}

const long = 'x'.repeat(200);

describe('a line that is too wide', () => {
  test.each([
    ['at a blank', [`show --first ${'a'.repeat(60)} --second ${'b'.repeat(40)}`]],
    ['in a word', [`show first/${long} last`]],
    ['in single quotes', [`show 'first ${long} last' "x"`]],
    ['in double quotes', [`show "first ${long} last" 'x'`]],
    ['in a substitution', [`show "$(printf '%s' first-${long}-last)" x`]],
    ['in the text of a parameter', [`show "\${none:-the value ${long} end}" x`]],
    ['that is continued', [`show first \\`, `  ${long} ${long} \\`, '  last']],
    ['before a here-document', [`show ${long} <<'SQL'`, `${long} ${long}`, 'SQL', `show ${long}`]],
    ['in a list of commands', [`show ${'a'.repeat(70)} && show ${'b'.repeat(70)} || show c`]],
    ['of letters of other scripts', [`show 'é日本語😀${'日本語'.repeat(60)}' x`]],
  ])('%s', (_, lines) => {
    const folded = printed(lines);
    expect(folded.length).toBeGreaterThan(lines.length);
    expect(wordsOf(folded)).toBe(wordsOf(lines));
    const document = folded.indexOf('SQL');
    for (const [index, line] of folded.entries())
      if (index !== document - 1) expect(line.length, line).toBeLessThanOrEqual(commandWidth);
  });

  it('is divided before an option, and goes on further in', () => {
    expect(
      printed([`  aws kms decrypt --key-id alias/${'k'.repeat(50)} --region us-east-1 --output text`]),
    ).toEqual([
      `  aws kms decrypt --key-id alias/${'k'.repeat(50)} \\`,
      '    --region us-east-1 --output text',
    ]);
  });

  it('stays whole where it fits, in a comment and in a here-document', () => {
    const lines = [
      `show ${'x'.repeat(commandWidth - 5)}`,
      `# ${long} ${long}`,
      "show <<'SQL'",
      `${long} ${long}`,
      'SQL',
    ];
    expect(printed(lines)).toEqual(lines);
  });

  it('means the same, whatever stands in it', () => {
    const name = fc
      .string({ unit: fc.constantFrom(...`abc'" &|;()[]*_~#!?:,./+%^=@-é0日`), minLength: 1, maxLength: 150 })
      .filter((text) => nameFault(text) === undefined);
    // Beside each shape, the same with the name in a variable.
    const shapes = fc.constantFrom(
      ['show {{v}} last', 'show "$NAME" last'],
      ["show 'a {{v}} b' last", 'show "a $NAME b" last'],
      ['show "a {{v}} b" last', 'show "a $NAME b" last'],
      ['X={{v}} && show "$X" --option {{v}}', 'show "$NAME" --option "$NAME"'],
      ['show "$(printf \'%s\' {{v}})" --option=x/{{v}}', 'show "$NAME" "--option=x/$NAME"'],
    );
    fc.assert(
      fc.property(name, shapes, fc.nat({ max: 60 }), (value, [shape, plain], pad) => {
        const before = `show ${'p'.repeat(pad)} && `;
        const given = `NAME='${value.replaceAll("'", "'\\''")}'`;
        expect(wordsOf(printed([before + shape], value))).toBe(wordsOf([given, before + plain]));
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});
