/** The offline kit: the same bytes twice, verified by what its own README says, at work on its own, and nothing in it that should not be. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKit } from '../../../scripts/kit/kit';
import { siteState } from '../../../scripts/kit/site';
import { filesOf, writeSums } from '../../../scripts/ship/csp';

const project = path.resolve('.');
const scratch = fs.mkdtempSync(path.join(tmpdir(), 'kit '));
const place = (name: string) => path.join(scratch, name);
afterAll(() => fs.rmSync(scratch, { recursive: true }));

let digest: string;
beforeAll(async () => {
  ({ digest } = await makeKit({ root: project, out: place('one'), site: false }));
});

const bash = (folder: string, command: string) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: folder, encoding: 'utf8' });
  return { status, stdout: stdout.trim(), stderr };
};

/** The commands of README.txt: what is indented by seven blanks; a line that ends in a backslash goes on. */
function commands(folder: string): string[] {
  const text = fs.readFileSync(path.join(folder, 'README.txt'), 'utf8').replaceAll(/\\\n\s+/g, '');
  return [...text.matchAll(/^ {7}(\S.*)$/gm)].map(([, command = '']) => command);
}

function copyOf(name: string): string {
  fs.cpSync(place('one'), place(name), { recursive: true });
  return place(name);
}

describe('kit', () => {
  it('has the same bytes when the command makes it from another folder', () => {
    const tsx = path.join(project, 'node_modules/.bin/tsx');
    const main = path.join(project, 'scripts/kit/main.ts');
    const { INIT_CWD: _, ...env } = process.env;
    const output = execFileSync(tsx, [main, '--no-site', '--out', 'two'], {
      cwd: scratch,
      encoding: 'utf8',
      env,
    });
    expect(filesOf(place('two'))).toEqual(filesOf(place('one')));
    for (const file of filesOf(place('one')))
      expect(fs.readFileSync(place(`two/${file}`)).equals(fs.readFileSync(place(`one/${file}`))), file).toBe(
        true,
      );
    expect(output).toContain(`${digest}\n${digest.replace(/(.{4})(?!$)/g, '$1 ')}\n`);
    expect(output).not.toContain(project);
  });

  it('is verified with the commands of its README, on a copy', () => {
    const kit = copyOf('verified');
    const [sum = '', check = '', listed = '', found = ''] = commands(kit);
    expect(bash(kit, sum).stdout).toBe(`${digest}  SHA256SUMS`);
    expect(bash(kit, check)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(bash(kit, listed).stdout).toBe(bash(kit, found).stdout);
    fs.writeFileSync(path.join(kit, 'sss-extra.cjs'), '');
    expect(bash(kit, listed).stdout).not.toBe(bash(kit, found).stdout);
    fs.appendFileSync(path.join(kit, 'sss-desk.cjs'), ' ');
    expect(bash(kit, check).status).toBe(1);
  });

  it('works alone: a TEST key is split with the tool and recovered with both programs', () => {
    const kit = copyOf('at work');
    const run = bash(
      kit,
      `set -e; export SSS_TEST=1; unset NODE_PATH
      node sss.cjs selftest
      node sss.cjs generate --threshold 2 --bytes 32 --key-name k --generation 1 --holder a --holder b --holder c --out set
      node sss.cjs combine --manifest set/manifest.json --out one.key set/shard-1.txt set/shard-3.txt
      python3 recover.py --out two.key set/shard-3.txt set/shard-2.txt
      cmp one.key two.key`,
    );
    expect(run).toMatchObject({ status: 0 });
    for (const part of ['sss-desk.cjs', 'sss-checks.cjs', 'sss-audit.cjs', 'sss-scan.cjs'])
      expect(filesOf(kit)).toContain(part);
  });

  it('says what was left out, in KIT.json and in the README', () => {
    const facts = JSON.parse(fs.readFileSync(place('one/KIT.json'), 'utf8'));
    expect(facts.missing.map(({ part }: { part: string }) => part)).toContain('site');
    expect(fs.readFileSync(place('one/README.txt'), 'utf8')).not.toContain('site/');
  });

  it('carries the license of every package that is in it', () => {
    const text = fs.readFileSync(place('one/LICENSES.txt'), 'utf8');
    expect(text).toMatch(/^shamir-secret-sharing 0\.0\.4, Apache-2\.0\nin: .*sss\.cjs/m);
    expect(text).toMatch(/^jsqr \d.*, Apache-2\.0\nin: sss-scan\.cjs\n/m);
    const bom = JSON.parse(fs.readFileSync(place('one/sbom.cdx.json'), 'utf8'));
    for (const { scope, group, name, version } of bom.components)
      if (scope === 'required') expect(text).toContain(`\n${group ? `${group}/` : ''}${name} ${version}, `);
  });
});

describe('signature', () => {
  it('is made only when a key is given, and OpenSSH accepts it with the command of the README', async () => {
    expect(filesOf(place('one'))).not.toContain('SHA256SUMS.sig');
    const key = place('key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    await makeKit({ root: project, out: place('signed'), site: false, sign: key });
    const kit = place('signed');
    fs.writeFileSync(path.join(kit, 'allowed_signers'), `NAME ${fs.readFileSync(`${key}.pub`, 'utf8')}`);
    const verify = commands(kit).find((command) => command.startsWith('ssh-keygen')) ?? 'false';
    expect(bash(kit, verify).status).toBe(0);
    fs.appendFileSync(path.join(kit, 'SHA256SUMS'), '\n');
    expect(bash(kit, verify).status).not.toBe(0);
  });

  it('that can not be made leaves the old kit as it was', async () => {
    const kit = copyOf('kept');
    await expect(
      makeKit({ root: project, out: kit, site: false, sign: place('no-such-key') }),
    ).rejects.toThrow('no such key');
    expect(bash(kit, 'sha256sum SHA256SUMS').stdout).toContain(digest);
    expect(fs.readdirSync(scratch).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('what goes in', () => {
  const root = place('project');
  const site = path.join(root, 'build');
  const make = (withSite = true) => makeKit({ root, out: place('of project'), site: withSite });

  beforeAll(() => {
    fs.mkdirSync(root);
    for (const name of ['package.json', 'package-lock.json', 'LICENSE', 'static'])
      fs.cpSync(path.join(project, name), path.join(root, name), { recursive: true });
    for (const name of ['node_modules', 'src'])
      fs.symlinkSync(path.join(project, name), path.join(root, name));
  });

  function newSite(): void {
    fs.rmSync(site, { recursive: true, force: true });
    fs.mkdirSync(path.join(site, 'emergency'), { recursive: true });
    fs.writeFileSync(path.join(site, 'index.html'), '<!doctype html>');
    fs.writeFileSync(path.join(site, 'emergency/index.html'), '<!doctype html>');
    writeSums(site);
  }

  it('is a site that is exactly what its digests say', async () => {
    newSite();
    const { missing } = await make();
    expect(missing.map(({ part }) => part)).toEqual(['print']);
    expect(fs.readFileSync(place('of project/site/emergency/index.html'), 'utf8')).toBe('<!doctype html>');
    expect(fs.readFileSync(place('of project/README.txt'), 'utf8')).toContain(
      'site/emergency/unseal/index.html',
    );
    expect(JSON.parse(fs.readFileSync(place('of project/KIT.json'), 'utf8'))).toMatchObject({
      commit: 'none',
    });
    fs.appendFileSync(path.join(site, 'index.html'), ' ');
    await expect(make()).rejects.toThrow('build/index.html: does not have the digest');
    newSite();
    fs.writeFileSync(path.join(site, 'new.js'), '');
    await expect(make()).rejects.toThrow('build/new.js: not in build/SHA256SUMS');
    newSite();
    fs.rmSync(path.join(site, 'index.html'));
    await expect(make()).rejects.toThrow('build/index.html: in build/SHA256SUMS, but missing');
  });

  it('is the printed edition of the same site, and never anything that looks like a shard', async () => {
    const print = path.join(root, 'print');
    const newPrint = (text: string) => {
      fs.mkdirSync(print, { recursive: true });
      fs.writeFileSync(path.join(print, 'sheets.txt'), text);
      writeSums(print);
    };
    newPrint('a sheet');
    expect((await make(false)).missing.map(({ part }) => part)).toEqual(['site']);
    expect(filesOf(place('of project'))).toContain('print/sheets.txt');
    newSite();
    fs.utimesSync(path.join(print, 'SHA256SUMS'), 1e9, 1e9);
    await expect(make()).rejects.toThrow('print/ is older than build/');
    fs.appendFileSync(path.join(print, 'sheets.txt'), ' ');
    await expect(make(false)).rejects.toThrow('print/sheets.txt: does not have the digest');
    newPrint(`x mks1${'qpzry9x8gf2tvdw0'.repeat(5)}`);
    await expect(make(false)).rejects.toThrow('print/sheets.txt: holds text that looks like a shard');
    fs.rmSync(path.join(print, 'SHA256SUMS'));
    await expect(make(false)).rejects.toThrow('print/SHA256SUMS: missing');
  });

  it('never replaces a folder that is no kit', async () => {
    fs.mkdirSync(place('papers'));
    fs.writeFileSync(place('papers/thesis.txt'), 'x');
    await expect(makeKit({ root, out: place('papers'), site: false })).rejects.toThrow(
      'exists and is no kit',
    );
    expect(fs.readFileSync(place('papers/thesis.txt'), 'utf8')).toBe('x');
  });

  it('is built again when a source changed, was added or was removed', () => {
    fs.rmSync(site, { recursive: true, force: true });
    expect(siteState(root)).toBe('missing');
    newSite();
    const docs = path.join(root, 'docs');
    fs.mkdirSync(path.join(docs, 'deep'), { recursive: true });
    fs.writeFileSync(path.join(docs, 'deep/page.mdx'), '');
    const touch = (name: string, seconds: number) =>
      fs.utimesSync(path.join(root, name), 2e9 + seconds, 2e9 + seconds);
    for (const name of ['docs/deep/page.mdx', 'docs/deep', 'docs']) touch(name, 0);
    touch('build/SHA256SUMS', 1);
    expect(siteState(root)).toBe('fresh');
    touch('docs/deep/page.mdx', 2);
    expect(siteState(root)).toBe('stale');
    touch('docs/deep/page.mdx', 0);
    touch('docs/deep', 2);
    expect(siteState(root)).toBe('stale');
  });
});

describe('command line', () => {
  const kit = (...argv: string[]) =>
    spawnSync(
      path.join(project, 'node_modules/.bin/tsx'),
      [path.join(project, 'scripts/kit/main.ts'), ...argv],
      {
        cwd: scratch,
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
      },
    );

  it('answers mistakes with one line and a hint', () => {
    expect(kit('--sing', 'x')).toMatchObject({ status: 2, stdout: '' });
    fs.mkdirSync(place('no kit'));
    const { status, stderr } = kit('--no-site', '--out', 'no kit');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^kit: error: .*no kit: exists and is no kit; nothing was changed\nkit: hint: .+\n$/,
    );
  });
});
