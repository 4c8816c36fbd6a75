/** A stand-in gives its files the permissions that the shell it is called from would give them. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { writeOutput } from '../../../scripts/providers/output-file';

const folder = mkdtempSync(join(tmpdir(), 'output-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (file: string) => (statSync(join(folder, file)).mode & 0o777).toString(8);
const shell = (umask: number) => ({
  env: {},
  cwd: folder,
  umask,
  stdin: () => Buffer.alloc(0),
  stdoutIsTerminal: false,
});

describe('a file that a stand-in writes', () => {
  test.each([
    [0o077, 0o666, '600'],
    [0o022, 0o666, '644'],
    [0o000, 0o666, '666'],
    [0o000, 0o600, '600'],
  ])('umask %o, mode %o', (umask, mode, wanted) => {
    const name = `new-${umask}-${mode}`;
    writeOutput(shell(umask), name, 'x', mode);
    expect(modeOf(name)).toBe(wanted);
  });

  it('keeps the permissions that it had', () => {
    writeFileSync(join(folder, 'old'), 'x', { mode: 0o640 });
    writeOutput(shell(0), 'old', 'y');
    expect([modeOf('old'), readFileSync(join(folder, 'old'), 'utf8')]).toEqual(['640', 'y']);
  });
});
