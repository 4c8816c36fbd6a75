/** Reads what the system's own tar wrote, and refuses what could leave the folder. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { untar } from '../../scripts/common/tar';

test('reads the files of an archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-test-'));
  try {
    mkdirSync(join(folder, 'in/side'), { recursive: true });
    const files = new Map([
      ['in/empty', Buffer.alloc(0)],
      ['in/side/block', Buffer.alloc(512, 7)],
      ['in/side/odd', Buffer.alloc(1300, 9)],
    ]);
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const archive = execFileSync('tar', ['--format=ustar', '-cf', '-', 'in'], { cwd: folder });
    const read = new Map(untar(archive).map((file) => [file.name, Buffer.from(file.bytes)]));
    expect([...read].sort()).toEqual([...files].sort());
    expect(() => untar(archive.subarray(0, archive.indexOf('in/side/odd') + 700))).toThrow(RangeError);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each(['/etc/passwd', '../up'])('refuses %s', (name) => {
  const archive = Buffer.alloc(1024);
  archive.write(name, 0);
  archive.write('00000000000', 124);
  expect(() => untar(archive)).toThrow('expected a path inside the archive');
});
