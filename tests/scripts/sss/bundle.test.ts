/** The bundle that a ceremony carries: small, reproducible, without network, and true to its own examples. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundleSss } from '../../../scripts/sss/bundle';
import { allCommands } from '../../../scripts/sss/main';
import { HOLDERS, scratch } from './run';

let folder: string;
let bundles: Bundle[];
beforeAll(async () => {
  folder = scratch();
  bundles = await bundleSss(folder);
});

const real = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, HOME: scratch() });
const bundle = (name: string) => path.join(folder, name);
const hash = (file: string) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

describe('the bundle', () => {
  it('keeps the file that holds keys within 1,700 lines of our own and 5,000 in all', () => {
    const [sss, desk] = bundles;
    expect(sss?.ownLines).toBeGreaterThan(1000);
    expect(sss?.ownLines).toBeLessThanOrEqual(1700);
    expect(sss?.allLines).toBeLessThanOrEqual(5000);
    expect(desk?.allLines).toBeLessThanOrEqual(5000);
    // What sees a key for a moment, to judge it, is a file of its own, and a short one.
    const checks = bundles.find(({ file }) => file.endsWith('sss-checks.cjs'));
    expect(checks?.ownLines).toBeLessThanOrEqual(200);
    expect(checks?.allLines).toBeLessThanOrEqual(1000);
  });

  it('explains itself: our comments are in it, each before its code', () => {
    const text = fs.readFileSync(bundle('sss.cjs'), 'utf8');
    expect(text).toContain('nothing of what it throws leaves this function. */\nfunction decode(line) {');
    expect(text.match(/^\/\*\*/gm)?.length).toBeGreaterThan(80);
    // Only the first comment of a file may stand before another one.
    const alone = text.match(/(?<!\n\/\/ \S+\n)^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n(?=\/\*\*|\n)/gm);
    expect(alone).toBeNull();
    expect(text).not.toMatch(/^\s*(\/\*!|\/\/!)/m);
  });

  it('hands audit to its own part, and names it among the commands', () => {
    const run = (...argv: string[]) =>
      spawnSync('node', [bundle('sss.cjs'), ...argv], { encoding: 'utf8', env: real() });
    expect(run('--help').stdout).toMatch(/^ {4}audit +keep and verify the audit trail$/m);
    expect(run('audit', '--help').stdout).toMatch(/^sss audit: /);
    expect(run('audit', 'verify', 'missing.jsonl')).toMatchObject({ status: 3, stdout: '' });
  });

  it('is the same, byte for byte, from another folder and another working directory', () => {
    const other = path.join(scratch(), 'a folder');
    const tsx = path.resolve('node_modules/.bin/tsx');
    const script = path.resolve('scripts/sss/bundle.ts');
    execFileSync(tsx, [script, other], { cwd: scratch(), encoding: 'utf8' });
    for (const { file } of bundles) expect(hash(path.join(other, path.basename(file)))).toBe(hash(file));
  });

  it('carries the licence of every package in it', () => {
    for (const { file } of bundles) {
      const text = fs.readFileSync(file, 'utf8');
      const sources = text.matchAll(/^ *\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)\//gm);
      const names = new Set([...sources].map(([, name]) => name ?? ''));
      for (const name of names) expect(text, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, `, 'm'));
    }
    // This one names its license without a copy of the text.
    expect(fs.readFileSync(bundle('sss-scan.cjs'), 'utf8')).toMatch(
      /^jsqr [\d.]+, Apache-2\.0\n\n\s*Apache License\n\s*Version 2\.0/m,
    );
    expect(fs.readFileSync(bundle('sss.cjs'), 'utf8')).toMatch(
      /^shamir-secret-sharing 0\.0\.4, Apache-2\.0$/m,
    );
  });

  it('loads nothing that could reach a network, names no machine, and splits with the pinned library', () => {
    const allowed: Record<string, string[]> = {
      'sss.cjs': [
        ...['./sss-audit.cjs', './sss-checks.cjs', './sss-desk.cjs', 'node:crypto', 'node:fs', 'node:path'],
      ],
      'sss-checks.cjs': [],
      'sss-desk.cjs': [
        './sss-scan.cjs',
        'node:child_process',
        'node:crypto',
        'node:fs',
        'node:inspector',
        'node:path',
      ],
      'sss-audit.cjs': [
        // The time stamp of a head is checked by openssl.
        ...['buffer', 'node:child_process', 'node:crypto', 'node:fs', 'node:os', 'node:path'],
        ...['node:timers/promises', 'process'],
      ],
      'sss-scan.cjs': ['node:stream', 'node:zlib'],
    };
    for (const [name, wanted] of Object.entries(allowed)) {
      const text = fs.readFileSync(bundle(name), 'utf8');
      const loaded = [...text.matchAll(/(?:\brequire|\bimport)\("([^"]+)"\)/g)].map(
        ([, module]) => module ?? '',
      );
      expect(wanted, name).toEqual(expect.arrayContaining([...new Set(loaded)]));
      // What Node offers without being asked for a module.
      expect(text, name).not.toMatch(
        /\b(fetch\(|WebSocket|EventSource|XMLHttpRequest|sendBeacon|importScripts|getBuiltinModule|process\.binding)/,
      );
      expect(text).not.toContain(path.resolve('.'));
    }
  });
});

describe('the worked examples of the help texts', () => {
  const mask = (text: string): string =>
    text
      .replace(/[0-9a-f]{64}/g, '<SHA-256>')
      .replace(/\b[0-9a-f]{16}\b/g, '<SET>')
      .replace(/(KCV|check value) [0-9a-f]{8}\b/g, '$1 <KCV>')
      .replace(/\b[0-9A-F]{4}-\d{3}\b/g, '<LABEL>')
      .replace(/\b[a-z]{5}-[a-z]{5}\b(?=[ \n]|$)/g, '<WORDS>');

  /** A folder as the example supposes it: a 3-of-5 set, its manifest, and what else the command reads. */
  function room(command: string): string {
    const cwd = scratch();
    const run = (...argv: string[]) =>
      execFileSync('node', [bundle('sss.cjs'), ...argv], { cwd, env: real() });
    const deal = (out: string, threshold: number, holders: string[], generation: number) =>
      run(
        ...['generate', '--threshold', `${threshold}`, '--bytes', '32', '--key-name', 'example-key'],
        ...[
          '--generation',
          `${generation}`,
          '--out',
          out,
          ...holders.flatMap((holder) => ['--holder', holder]),
        ],
      );
    const two = ['safe, Oslo', 'safe, Lima'];
    if (command === 'manifest') deal('made', 2, two, 1);
    else deal('made', 3, HOLDERS, 1);
    for (const name of fs.readdirSync(path.join(cwd, 'made')))
      fs.renameSync(path.join(cwd, 'made', name), path.join(cwd, name));
    if (command === 'reissue') fs.rmSync(path.join(cwd, 'shard-2.txt'));
    if (command === 'wrap') run('session-key', '--out', 'session');
    if (command === 'split')
      fs.writeFileSync(path.join(cwd, 'old.key'), crypto.getRandomValues(new Uint8Array(32)));
    if (command === 'locate') {
      const file = path.join(cwd, 'shard-5.txt');
      const line = fs.readFileSync(file, 'utf8');
      fs.writeFileSync(file, `${line.slice(0, 22)}${line[22] === 'q' ? 'p' : 'q'}${line.slice(23)}`);
    }
    if (command === 'retire') {
      const shards = [1, 2, 3].map((n) => `shard-${n}.txt`);
      const holders = two.flatMap((holder) => ['--holder', holder]);
      const plan = ['--threshold', '2', '--generation', '2', '--out', 'set2'];
      run('reshare', '--manifest', 'manifest.json', ...plan, ...holders, ...shards);
      for (const n of ['1', '2']) {
        run(
          'verify',
          '--manifest',
          'set2/manifest.json',
          '--receipt',
          `receipt-${n}.json`,
          `set2/shard-${n}.txt`,
        );
      }
    }
    if (command === 'manifest' || command === 'retire') {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(cwd, 'key')]);
      fs.writeFileSync(
        path.join(cwd, 'allowed_signers'),
        `witness ${fs.readFileSync(path.join(cwd, 'key.pub'), 'utf8')}`,
      );
      run('manifest', 'manifest.json', '--sign', 'key');
      if (command === 'retire') run('manifest', 'set2/manifest.json', '--sign', 'key');
    }
    return cwd;
  }

  // scan needs a photo and preflight a machine of its own; both have tests of their own.
  const hasSsh = spawnSync('ssh-keygen', ['-?']).error === undefined || process.env.CI !== undefined;
  const skipped = ['scan', 'preflight', ...(hasSsh ? [] : ['manifest', 'retire'])];

  it('print what they say, in a shell, exactly as written', async () => {
    const examples = (await allCommands()).filter(({ name }) => !skipped.includes(name));
    expect(examples.length).toBeGreaterThan(10);
    for (const { name, example } of examples) {
      const script = `sss() { node '${bundle('sss.cjs')}' "$@"; }\n${example.command}\n`;
      const ran = spawnSync('bash', ['-c', script], { cwd: room(name), encoding: 'utf8', env: real() });
      expect(mask(ran.stdout), ran.stderr).toBe(`${mask(example.output)}\n`);
    }
  });

  it('give with --json the same as one line of JSON, and nothing of a shard', async () => {
    for (const { name, example } of (await allCommands()).filter((one) => !skipped.includes(one.name))) {
      const script = `sss() { node '${bundle('sss.cjs')}' "$@"; }\n${example.command} --json\n`;
      const cwd = room(name);
      const ran = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8', env: real() });
      expect(ran.stdout, name).toMatch(/^\{.*\}\n$/);
      expect(Object.keys(JSON.parse(ran.stdout)).length, name).toBeGreaterThan(0);
      const lines = fs
        .readdirSync(cwd)
        .filter((file) => /^shard-\d\.txt$/.test(file))
        .map((file) => fs.readFileSync(path.join(cwd, file), 'utf8'));
      for (const line of lines) {
        for (let at = 4; at + 12 <= line.length; at += 1)
          expect(ran.stdout + ran.stderr).not.toContain(line.slice(at, at + 12));
      }
    }
  });
});

describe('without a network', () => {
  const unshare = spawnSync('unshare', ['--map-root-user', '--net', 'true']).status === 0;

  it.runIf(unshare || process.env.CI !== undefined)(
    'the whole life of a set runs in an empty network namespace',
    () => {
      const script = `
set -o errexit
test -z "$(tail --lines=+2 /proc/net/route)"
sss() { node '${bundle('sss.cjs')}' "$@"; }
sss generate --threshold 2 --bytes 32 --key-name k --generation 1 --holder A --holder B --holder C --out set
sss verify --manifest set/manifest.json set/shard-1.txt set/shard-2.txt set/shard-3.txt
sss combine --manifest set/manifest.json --out key set/shard-1.txt set/shard-3.txt
sss reissue --manifest set/manifest.json --number 2 --out again.txt set/shard-1.txt set/shard-3.txt
cmp again.txt set/shard-2.txt
sss reshare --manifest set/manifest.json --threshold 2 --generation 2 --holder A --holder B --out set2 set/shard-1.txt set/shard-2.txt
sss sheet --manifest set2/manifest.json --out sheet.html set2/shard-1.txt
sss locate set2/shard-1.txt
sss manifest set2/manifest.json
`;
      const argv = ['--map-root-user', '--net', 'bash', '-c', script];
      const ran = spawnSync('unshare', argv, { cwd: scratch(), encoding: 'utf8', env: real() });
      expect(ran.stderr).toBe('');
      expect(ran.status).toBe(0);
    },
    30_000,
  );
});
