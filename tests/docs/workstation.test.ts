/** The check of a workstation, as it is printed, on systems that are not as the drill knows them: each is told in one line. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { compilePage } from '../../src/procedure/compile';
import { partialReader } from '../../src/procedure/text/load-partial';
import { exampleDeployment } from '../example';

const file = 'docs/ceremony/workstation.mdx';
const { steps } = compilePage(
  file,
  readFileSync(file, 'utf8'),
  loadDeployment(exampleDeployment),
  partialReader('.'),
);
const block = (id: string): string => {
  const command = steps.find((step) => step.id === id)?.command;
  if (command === undefined) throw new RangeError(`no command in ${id}`);
  return command.lines.map(({ text }) => text).join('\n');
};

const folder = mkdtempSync(join(tmpdir(), 'workstation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linux = 'Linux 6.1.0-18-amd64';
const gnu = 'ls (GNU coreutils) 9.1';

/** A folder of commands that answer as those of another system; `ls` fails where it knows no version. */
function system(
  name: string,
  answers: { readonly uname: string; readonly ls: string; readonly fails?: boolean },
): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  const command = (tool: string, body: string) => {
    writeFileSync(join(bin, tool), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, tool), 0o755);
  };
  command('uname', `[ "$*" = -sr ] && echo '${answers.uname}' || echo '${answers.uname.split(' ')[0]}'`);
  command('ls', `echo '${answers.ls}' >&${answers.fails ? 2 : 1}; exit ${answers.fails ? 1 : 0}`);
  return bin;
}

/** What the block prints there, in a shell. */
function said(PATH: string, shell: readonly string[], id = 'WKS-02'): string {
  const [program = '', ...words] = shell;
  const { stdout, stderr } = spawnSync(program, [...words, block(id)], {
    encoding: 'utf8',
    env: { PATH, HOME: folder },
  });
  return `${stdout}${stderr}`;
}

const bash = ['/bin/bash', '-c'];
/** The shell says another version than its own. */
const oldBash = (version: string) => ['/bin/bash', '-c', 'BASH_VERSION=$1; eval "$2"', 'bash', version];
const wanted = 'stop: wanted Linux with GNU coreutils and bash 4.4 or later, such as Debian; this is';

describe('the check of the system', () => {
  test.each([
    [
      'mac',
      { uname: 'Darwin 24.6.0', ls: 'ls: unrecognized option `--version', fails: true },
      bash,
      `${wanted} macOS`,
    ],
    ['mac-gnu', { uname: 'Darwin 24.6.0', ls: gnu }, bash, `${wanted} macOS`],
    [
      'wsl',
      { uname: 'Linux 5.15.153.1-microsoft-standard-WSL2', ls: gnu },
      bash,
      `${wanted} WSL, whose memory Windows may write to disk`,
    ],
    [
      'wsl1',
      { uname: 'Linux 4.4.0-19041-Microsoft', ls: gnu },
      bash,
      `${wanted} WSL, whose memory Windows may write to disk`,
    ],
    [
      'alpine',
      { uname: linux, ls: 'BusyBox v1.36.1 () multi-call binary.', fails: true },
      bash,
      `${wanted} BusyBox`,
    ],
    ['other', { uname: linux, ls: gnu }, oldBash(''), `${wanted} a shell other than bash`],
    ['old', { uname: linux, ls: gnu }, oldBash('3.2.57(1)-release'), `${wanted} an old bash`],
    ['old1', { uname: linux, ls: gnu }, oldBash('1.14.7(1)'), `${wanted} an old bash`],
    ['old40', { uname: linux, ls: gnu }, oldBash('4.0.44(1)-release'), `${wanted} an old bash`],
    ['old43', { uname: linux, ls: gnu }, oldBash('4.3.48(1)-release'), `${wanted} an old bash`],
    [
      'bsd',
      { uname: 'FreeBSD 14.1-RELEASE', ls: 'ls: illegal option' },
      bash,
      `${wanted} FreeBSD with other commands`,
    ],
    [
      'rhel8',
      { uname: 'Linux 4.18.0-553.el8', ls: 'ls (GNU coreutils) 8.30' },
      oldBash('4.4.20(1)-release'),
      'the system is as the drill knows it',
    ],
    [
      'uutils',
      { uname: linux, ls: 'ls (uutils coreutils) 0.2.2' },
      bash,
      'the system is as the drill knows it',
    ],
  ] as const)('%s', (name, answers, shell, line) => {
    expect(said(system(name, answers), shell)).toBe(`${line}\n`);
  });

  const busybox = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
  test.skipIf(busybox === '')('tells the real BusyBox, in its own shell', () => {
    const bin = join(folder, 'busybox');
    mkdirSync(bin);
    for (const name of ['ls', 'uname', 'sh']) symlinkSync(busybox, join(bin, name));
    expect(said(bin, [join(bin, 'sh'), '-c'])).toBe(`${wanted} BusyBox\n`);
  });
});

describe('the versions', () => {
  test('of tools that are missing or do not start are told as such, each in its line', () => {
    const bin = system('few', { uname: linux, ls: gnu });
    writeFileSync(join(bin, 'vault'), '#!/bin/sh\necho "Vault v1.15.6, built"\n');
    writeFileSync(join(bin, 'aws'), '#!/bin/sh\nexit 127\n');
    writeFileSync(join(bin, 'pkcs11-tool'), '#!/bin/sh\nexit 1\n');
    writeFileSync(join(bin, 'gcloud'), '#!/bin/sh\necho "SDK 0.10.20" >&2\n');
    for (const name of ['vault', 'aws', 'gcloud', 'pkcs11-tool']) chmodSync(join(bin, name), 0o755);
    const missing = 'missing, or it does not start';
    expect(
      said(bin, ['/bin/bash', '-c'], 'WKS-03')
        .split('\n')
        .filter((line) => /^[a-z0-9-]+: /.test(line)),
    ).toEqual([
      `openssl: ${missing}`,
      `psql: ${missing}`,
      `aws: ${missing}`,
      'gcloud: 0.10.20',
      'vault: 1.15.6',
      'pkcs11-tool: installed',
    ]);
    rmSync(join(bin, 'pkcs11-tool'));
    expect(said(bin, ['/bin/bash', '-c'], 'WKS-03')).toContain(`\npkcs11-tool: ${missing}\n`);
  });
});

describe('the settings', () => {
  const deployment = loadDeployment(exampleDeployment);
  // No module can be there where nothing can load one.
  const bin = system('settings', { uname: linux, ls: gnu });
  symlinkSync(
    spawnSync('sh', ['-c', 'command -v grep'], { encoding: 'utf8' }).stdout.trim(),
    join(bin, 'grep'),
  );
  const lines = () => said(bin, bash, 'WKS-04').trim().split('\n');

  test('that are missing are told one by one', () => {
    expect(lines()).toEqual([
      'connection: missing',
      'profile of shard 1: missing',
      'Google account: missing',
      'module of shard 4: missing',
    ]);
  });

  test('are found by their whole names, in either file of AWS', () => {
    const account = deployment.shards.flatMap((shard) =>
      shard.provider === 'aws-kms' ? shard.account : [],
    )[0];
    const write = (name: string, text: string) => {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    };
    write('.pg_service.conf', `[${deployment.database.service}-old]\n#[${deployment.database.service}]\n`);
    write('.aws/config', `[profile ${account}-admin]\n#[profile ${account}]\n`);
    expect(lines().slice(0, 2)).toEqual(['connection: missing', 'profile of shard 1: missing']);
    write('.pg_service.conf', `[other]\n[${deployment.database.service}]\nhost=x\n`);
    write('.aws/config', `[profile ${account}]\n`);
    expect(lines().slice(0, 2)).toEqual(['connection: there', 'profile of shard 1: there']);
    rmSync(join(folder, '.aws/config'));
    write('.aws/credentials', `[${account}]\n`);
    expect(lines()[1]).toBe('profile of shard 1: there');
  });

  test('of an HSM are asked of its own module', () => {
    const module = deployment.shards.flatMap((shard) =>
      shard.provider === 'pkcs11-hsm' ? shard.module : [],
    )[0];
    const tool = join(bin, 'pkcs11-tool');
    writeFileSync(tool, `#!/bin/sh\n[ "$1 $2" = '--module ${module}' ]\n`);
    chmodSync(tool, 0o755);
    expect(lines()).toContain('module of shard 4: there');
    writeFileSync(tool, '#!/bin/sh\nexit 1\n');
    expect(lines()).toContain('module of shard 4: missing');
  });
});
