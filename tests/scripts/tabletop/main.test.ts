/** The command line: whatever is wrong, one clear line, a verdict, and never a stack trace. */
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDeployment } from '../../../src/deployment/load';
import { exampleDeployment, exampleRoot } from '../../example';

const project = resolve(__dirname, '../../..');
const { key } = loadDeployment(exampleDeployment);
const quorum = Array.from({ length: key.threshold }, (_, index) => index + 1).join('-');
const root = mkdtempSync(join(tmpdir(), 'tabletop main '));
afterAll(() => rmSync(root, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function tabletop(...words: string[]): Promise<Ended> {
  const main = join(project, 'scripts/tabletop/main.ts');
  const tsx = join(project, 'node_modules/tsx/dist/cli.mjs');
  const child = spawn(process.execPath, [tsx, main, ...words], {
    cwd: root,
    env: { ...process.env, GITHUB_ACTIONS: '' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((done) => {
    child.once('close', (status) => done({ status, stdout, stderr }));
  });
}

function isRefusal({ status, stdout, stderr }: Ended, message: RegExp): void {
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^tabletop: error: /);
  expect(stderr.split('\n').filter((line) => line.startsWith('tabletop: error:'))).toHaveLength(1);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
  expect(status).toBe(1);
  expect(stderr).not.toMatch(/^\s+at /m);
}

/** A project whose files can be broken. */
function projectWith(name: string, change: (folder: string) => void): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'tests/fixtures'), { recursive: true });
  cpSync(exampleDeployment, join(folder, 'deployment.yaml'));
  cpSync(join(project, 'docs'), join(folder, 'docs'), { recursive: true });
  symlinkSync(join(project, 'static'), join(folder, 'static'));
  symlinkSync(join(exampleRoot(), 'tests/fixtures/tabletop'), join(folder, 'tests/fixtures/tabletop'));
  change(folder);
  return folder;
}

const edit = (file: string, change: (text: string) => string) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));

describe('refusals', () => {
  it.each([
    ['an unknown flag', ['--nonsense'], /Unknown option '--nonsense'/],
    ['an unknown command', ['dril'], /unknown command "dril"/],
    ['two commands', ['list', 'fixture'], /one command is enough; found list fixture/],
    ['an unknown scenario', ['--only', 'no/such'], /no scenario contains "no\/such"/],
    ['no workers', ['--jobs', '0'], /--jobs 0: wanted 1 to 64/],
    ['a missing project', ['--root', 'nowhere'], /deployment\.yaml:1: FILE: cannot be read/],
  ])('of %s', async (_, words, message) => {
    isRefusal(await tabletop(...words), message);
  });

  it('of broken YAML, with its line', async () => {
    const folder = projectWith('yaml', (where) =>
      edit(join(where, 'deployment.yaml'), (text) => text.replace('key:\n', 'key: [\n')),
    );
    isRefusal(await tabletop('--root', folder), /deployment\.yaml:\d+: /);
  });

  it('of a missing fixture', async () => {
    const folder = projectWith('fixture', (where) => rmSync(join(where, 'tests/fixtures/tabletop')));
    isRefusal(await tabletop('--root', folder), /there is no fixture; run npm run tabletop -- fixture/);
  });

  it('of a project without any drill: nothing executed is nothing proved', async () => {
    const folder = projectWith('empty', (where) => {
      rmSync(join(where, 'docs'), { recursive: true });
      mkdirSync(join(where, 'docs'));
    });
    isRefusal(await tabletop('--root', folder), /no page of docs\/ has a drill/);
  });

  it('of a page that does not compile, at its line', async () => {
    const folder = projectWith('page', (where) =>
      edit(join(where, 'docs/emergency/unseal.mdx'), (text) =>
        text.replace(' act="speak" undo="Close', ' undo="Close'),
      ),
    );
    isRefusal(
      await tabletop('--root', folder),
      /docs\/emergency\/unseal\.mdx:\d+: STEP: step UNS-01: has neither/,
    );
  });
});

describe('a page that went wrong', () => {
  let folder: string;
  let ended: Ended;
  beforeAll(async () => {
    folder = projectWith('broken', (where) =>
      edit(join(where, 'docs/_partials/memory-folder.mdx'), (text) =>
        text.replace('umask 0077, history off', 'umask 0077, history on'),
      ),
    );
    ended = await tabletop('--root', folder, '--only', `unseal/${quorum}`, '--keep');
  });

  it('leaves its sandbox where it was asked to, and says where', () => {
    const kept = /^emergency\/unseal\/\S+: kept in (\S+)$/m.exec(ended.stderr)?.[1] ?? '';
    expect(readdirSync(kept)).toEqual(expect.arrayContaining(['air-gapped', 'workstation-1', 'world']));
    rmSync(kept, { recursive: true });
  });

  it('fails at its line, and the run with it', () => {
    const line = readFileSync(join(folder, 'docs/_partials/memory-folder.mdx'), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('history on'));
    expect(ended.stdout).toContain(`\ndocs/_partials/memory-folder.mdx:${line + 1}: step UNS-03`);
    expect(ended.stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
    expect(ended.status).toBe(1);
  });

  it('is reported to machines as well', () => {
    const results = JSON.parse(readFileSync(join(folder, 'reports/tabletop/results.json'), 'utf8'));
    expect(results.totals).toMatchObject({ passed: 0, failed: 1 });
    expect(readFileSync(join(folder, 'reports/tabletop/junit.xml'), 'utf8')).toContain('<failure ');
  });
});
