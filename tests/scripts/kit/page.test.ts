/** The page of the offline kit: its commands, taken from the page, are run on a kit in a home of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKit } from '../../../scripts/kit/kit';
import { filesOf } from '../../../scripts/ship/csp';

const page = fs.readFileSync('docs/ceremony/kit.mdx', 'utf8');
const fences = new Map(
  [
    ...page.matchAll(
      /^```bash title="([^"]+)" noexec="executed by tests\/scripts\/kit\/page\.test\.ts"\n([\s\S]*?)^```$/gm,
    ),
  ].map(([, title = '', command = '']) => [title, command]),
);

const scratch = fs.mkdtempSync(path.join(tmpdir(), 'kit page '));
const home = path.join(scratch, 'home');
const kit = path.join(scratch, 'kit');
afterAll(() => fs.rmSync(scratch, { recursive: true }));

const executed = new Set<string>();

function run(title: string, cwd = kit) {
  const command = fences.get(title);
  if (command === undefined) throw new Error(`the page has no fence "${title}"`);
  executed.add(title);
  const env = { PATH: process.env.PATH, HOME: home };
  const { status, stdout } = spawnSync('bash', ['-e', '-c', command], { cwd, env, encoding: 'utf8' });
  return { status, stdout };
}

beforeAll(async () => {
  fs.mkdirSync(home);
  const key = path.join(scratch, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  fs.writeFileSync(path.join(home, 'allowed_signers'), `kit-signer ${fs.readFileSync(`${key}.pub`, 'utf8')}`);
  await makeKit({ root: path.resolve('.'), out: kit, site: false, sign: key });
  fs.cpSync(kit, path.join(scratch, 'other'), { recursive: true });
});

describe('the commands of the page', () => {
  it('compare two builds', () => {
    expect(run('Compare two builds', scratch)).toEqual({ status: 0, stdout: '' });
    fs.appendFileSync(path.join(scratch, 'other/SHA256SUMS'), 'x\n');
    expect(run('Compare two builds', scratch).status).toBe(1);
  });

  it('verify a kit, and refuse one that was changed', () => {
    expect(run('Digest of the kit').stdout).toMatch(/^[0-9a-f]{64} {2}SHA256SUMS\n$/);
    expect(run('Check every file')).toEqual({ status: 0, stdout: '' });
    const [listed, found] = run('Count the files').stdout.trim().split('\n');
    expect(listed).toBe(found);
    expect(run('Check the signature').status).toBe(0);
    const other = path.join(scratch, 'other');
    expect(run('Check the signature', other).status).not.toBe(0);
    fs.appendFileSync(path.join(other, 'sss.cjs'), '\n');
    expect(run('Check every file', other).status).toBe(1);
    fs.writeFileSync(path.join(other, 'extra'), '');
    fs.writeFileSync(path.join(other, 'another'), '');
    const [less, more] = run('Count the files', other).stdout.trim().split('\n');
    expect(less).not.toBe(more);
  });

  it('make sss a command that tests itself as the page shows', () => {
    const shown = /^```text title="You should see"\n([\s\S]*?)^```$/m.exec(page)?.[1];
    expect(run('Make sss a command')).toEqual({ status: 0, stdout: shown });
    const sss = spawnSync(path.join(home, 'bin/sss'), ['sheet', '--help'], { encoding: 'utf8', cwd: home });
    expect(sss.stdout).toMatch(/^sss sheet: /);
  });

  it('begin the recovery kit', () => {
    expect(run('Begin the recovery kit').status).toBe(0);
    expect(filesOf(path.join(home, 'recovery-kit'))).toEqual(['recover.py', 'shard-registry.sql']);
  });

  it('are all of those that say that they are executed here', () => {
    expect([...executed].sort()).toEqual([...fences.keys()].sort());
    expect(fences.size).toBe(page.split('executed by tests/scripts/kit/page.test.ts').length - 1);
  });
});

it('lists what is in a kit, and a kit holds nothing else', () => {
  const table = page.split('## What is in it')[1]?.split('\n## ')[0] ?? '';
  const named = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  const known = (file: string) =>
    named.some((name) =>
      name.endsWith('/')
        ? file.startsWith(name)
        : new RegExp(`^${name.replace('.', '\\.').replace('*', '.*')}$`).test(file),
    );
  expect(filesOf(kit).filter((file) => !known(file))).toEqual([]);
  for (const file of ['sss.cjs', 'KIT.json', 'SHA256SUMS.sig']) expect(named).toContain(file);
});
