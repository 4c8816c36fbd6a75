/** The judgement of one command: every way in which it can go wrong, at the line of the page where it stands. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../../scripts/tabletop/judging/step';
import type { BlockResult } from '../../../scripts/tabletop/shell/shell';
import type { Command, Step } from '../../../src/procedure/steps/step';

const file = 'docs/emergency/test.mdx';
const lines = (first: number, ...texts: string[]) =>
  texts.map((text, index) => ({ text, file, line: first + index }));

const command: Command = {
  language: 'bash',
  title: undefined,
  lines: lines(10, 'sss inspect shard-1.txt', 'sss verify shard-1.txt'),
  exit: 0,
  timeoutSeconds: 60,
  input: undefined,
  stream: 'out',
  expected: lines(15, 'shard 1', '...', 'OK <KCV>'),
  instead: [],
};
const step = { id: 'TST-01', file, line: 7, command } as unknown as Step;
const good: BlockResult = {
  status: 0,
  errEvents: [],
  stdout: 'shard 1\nmore\nOK 12345678\n',
  stderr: '',
  stdoutFile: '',
  stderrFile: '',
  milliseconds: 1,
  timedOut: false,
  flooded: false,
  died: false,
  trapChanged: false,
};
const judged = (result: Partial<BlockResult>, change: Partial<Command> = {}) =>
  judge(step, { ...command, ...change }, { ...good, ...result }, new Map());

describe('judge', () => {
  it('has no objection to what the page shows', () => {
    expect(judged({})).toBeUndefined();
    expect(judged({ stdout: '' }, { expected: [] })).toBeUndefined();
  });

  it.each([
    ['a deadline', { timedOut: true, died: true }, 'timeout', 10],
    ['too much output', { flooded: true, died: true }, 'output', 10],
    ['a dead shell', { died: true, status: 1 }, 'shell', 10],
    ['a lost trap', { trapChanged: true }, 'shell', 10],
    ['a status', { status: 1, errEvents: [{ status: 1, line: 2, depth: 0 }] }, 'exit', 11],
    ['a failure that nobody saw', { errEvents: [{ status: 3, line: 1, depth: 1 }] }, 'exit', 10],
    ['a wrong first line', { stdout: 'shard 2\nOK 12345678\n' }, 'output', 15],
    ['a wrong last line', { stdout: 'shard 1\nFAILED\n' }, 'output', 17],
    ['nothing', { stdout: '' }, 'output', 15],
    ['a line too many', { stdout: 'shard 1\nOK 12345678\nmore\n' }, 'output', 17],
  ])('points at the line of %s', (_, result, rule, line) => {
    expect(judged(result)).toMatchObject({ file, line, rule });
  });

  it('sees output where the page promises none', () => {
    expect(judged({ stdout: 'warning\n' }, { expected: [] })).toMatchObject({
      rule: 'output',
      line: 10,
      wanted: '(nothing)',
      found: 'warning',
    });
  });

  it('wants the status that the page states, and one failing command for it', () => {
    const failed = { status: 255, errEvents: [{ status: 255, line: 2, depth: 0 }] };
    expect(judged(failed, { exit: 255 })).toBeUndefined();
    expect(judged({}, { exit: 255 })).toMatchObject({ rule: 'exit', found: 'exit status 0' });
    const twice = { ...failed, errEvents: [{ status: 1, line: 1, depth: 0 }, ...failed.errEvents] };
    expect(judged(twice, { exit: 255 })).toMatchObject({ rule: 'exit', line: 10 });
  });

  it.each([
    'bash: [: -Ox: unary operator expected',
    'ERROR: (gcloud.auth.list) unrecognized arguments: --formatx',
  ])('sees a command that is wrong in itself, although its status is lost: %s', (stderr) => {
    expect(judged({ ...good, stderr: `${stderr}\n` })).toMatchObject({ rule: 'misuse', found: stderr });
  });

  it('reads the stream that the page names', () => {
    const swapped = { stdout: '', stderr: good.stdout };
    expect(judged(swapped, { stream: 'err' })).toBeUndefined();
    expect(judged(good, { stream: 'err' })).toMatchObject({ rule: 'output' });
    expect(judged({ stdout: 'shard 1\n', stderr: 'OK 12345678\n' }, { stream: 'both' })).toBeUndefined();
  });

  it('wants the same value again under the same name', () => {
    const bindings = new Map([['KCV', '87654321']]);
    expect(judge(step, command, good, bindings)).toMatchObject({ line: 17, wanted: 'OK 87654321' });
    const fresh = new Map<string, string>();
    judge(step, command, good, fresh);
    expect(fresh.get('KCV')).toBe('12345678');
  });

  it('keeps the last lines of stderr', () => {
    const stderr = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join('');
    expect(judged({ status: 1, stderr })?.stderr).toHaveLength(20);
    expect(judged({ status: 1, stderr })?.stderr.at(-1)).toBe('line 29');
  });
});
