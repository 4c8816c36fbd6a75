/** Pasting into an interactive bash: what sourcing hides is seen. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHostile } from '../../../scripts/tabletop/machine/hostile-home';
import { findTool } from '../../../scripts/tabletop/machine/tools';
import {
  openPasteShell,
  type PastedBlock,
  type PasteShell,
  pastedExpected,
  pasteUnavailable,
} from '../../../scripts/tabletop/shell/paste';
import { matchExpected } from '../../../src/procedure/steps/expected';

let root: string;
let shell: PasteShell;
const run = (text: string, more: Partial<PastedBlock> = {}) =>
  shell.run({ id: 'A', timeoutSeconds: 10, ...more, text });

describe.skipIf(process.platform !== 'linux')('paste', () => {
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "it's pasted-"));
    for (const name of ['home', 'jobs']) mkdirSync(join(root, name), { mode: 0o700 });
    makeHostile(join(root, 'home'));
    shell = await openPasteShell({
      cwd: join(root, 'home'),
      home: join(root, 'home'),
      folder: join(root, 'jobs'),
      path: dirname(findTool('cat')),
      env: { TERM: 'dumb', LANG: 'C.UTF-8', HISTFILE: join(root, 'home', '.bash_history') },
    });
  });

  afterEach(async () => {
    await shell.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('is possible here', () => {
    expect(pasteUnavailable()).toBeUndefined();
  });

  it('runs blocks on a terminal, and keeps state', async () => {
    expect(await run('umask 077\nx="a b"\n[ -t 0 ] && [ -t 1 ] && echo "terminal, $-"')).toMatchObject({
      statuses: [0, 0, 0],
      output: expect.stringMatching(/^terminal, \w*i\w*\n$/),
      unfinished: false,
      timedOut: false,
      died: false,
    });
    expect((await run('echo "$x"; umask')).output).toBe('a b\n0077\n');
  });

  it('sees each failing line', async () => {
    expect((await run('echo a\nfalse\n(exit 7)\necho b')).statuses).toEqual([0, 1, 7, 0]);
    expect(await run('nonsense-command')).toMatchObject({
      statuses: [127],
      output: expect.stringContaining('nonsense-command: command not found'),
    });
  });

  it('waits for commands that are silent for a while', async () => {
    expect(await run('echo a\nsleep 0.4\necho b')).toMatchObject({ statuses: [0, 0, 0], output: 'a\nb\n' });
  });

  it('joins continued lines and here-documents', async () => {
    expect(await run('printf "%s\\n" \\\n  one \\\n  two\ncat <<EOF\nthree\nEOF')).toMatchObject({
      statuses: [0, 0],
      output: 'one\ntwo\nthree\n',
      unfinished: false,
    });
  });

  it.each([
    ['an open quote', 'echo a\necho "b'],
    ['a here-document without its end', 'cat <<EOF\nb\n EOF'],
    ['an open if', 'if true; then'],
  ])('sees %s', async (_name, text) => {
    expect(await run(text)).toMatchObject({ unfinished: true, timedOut: false });
    expect(await shell.close()).toEqual({ left: [] });
  });

  it('sees history expansion, which sourcing does not do', async () => {
    expect((await run('echo "done!now"')).output).toContain('event not found');
  });

  it('sees a prompt that eats the next pasted line', async () => {
    const result = await run('read -rs -p \'User PIN: \' PIN\necho "next [$PIN]"', { timeoutSeconds: 2 });
    expect(result.output).not.toContain('next');
    expect(result.statuses).toEqual([0]);
    expect((await run('echo "$PIN"')).output).toBe('echo "next [$PIN]"\n');
  });

  it('answers a question once it was asked', async () => {
    const answers = [{ question: 'User PIN: ', text: '4321' }];
    expect(await run("read -rs -p 'User PIN: ' PIN", { answers })).toMatchObject({
      statuses: [0],
      timedOut: false,
    });
    expect((await run('echo "got $PIN"')).output).toBe('got 4321\n');
  });

  it('ends what waits for somebody to type', async () => {
    expect(await run('cat', { timeoutSeconds: 0.5 })).toMatchObject({
      timedOut: true,
      died: true,
      statuses: [],
    });
    expect(await run('echo more')).toMatchObject({ died: true, output: '' });
  });

  it('sees a terminal that closes', async () => {
    expect(await run('echo a\nexit 3')).toMatchObject({ died: true, timedOut: false });
  });

  it('takes a long block', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `echo "line ${index} of a block that is longer than usual"`,
    );
    expect((await run(lines.join('\n'))).output.split('\n')).toHaveLength(61);
  });

  it('leaves nothing behind, and writes a history unless the page forbids it', async () => {
    const file = join(root, 'home', '.bash_history');
    const before = readFileSync(file, 'utf8');
    await run('unset HISTFILE\nsleep 0.01 &\nwait');
    expect(await shell.close()).toEqual({ left: [] });
    expect(readFileSync(file, 'utf8')).toBe(before);
    shell = await openPasteShell({
      cwd: join(root, 'home'),
      home: join(root, 'home'),
      folder: join(root, 'jobs'),
      path: dirname(findTool('cat')),
      env: { TERM: 'dumb', HISTFILE: file },
    });
    await run('echo written');
    await run('sleep 324 &');
    expect((await shell.close()).left.map(({ name }) => name)).toEqual(['sleep']);
    expect(readFileSync(file, 'utf8')).toContain('echo written\n');
    expect(existsSync(file)).toBe(true);
  });

  it('compares output with stderr mixed in', () => {
    const expected = pastedExpected(['a <INTEGER>', '...', 'b']);
    expect(matchExpected(expected, 'notice\na 7\nnoise\nb\n', new Map())).toEqual({ ok: true });
    expect(matchExpected(expected, 'b\na 7\n', new Map()).ok).toBe(false);
    expect(pastedExpected([])).toEqual([]);
  });
});
