/** A power cut at every write of what makes shards and keys: the result is complete, or there is none. */
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { rsaKeyFrom, unwrap } from '../../../scripts/sss/wrapping';
import { commitmentOf } from '../../../src/shard/commitment';
import { parseShard } from '../../../src/shard/format';
import { checkListed, parseManifest } from '../../../src/shard/manifest';
import { fileWith, scratch } from './run';

let program: string;
beforeAll(async () => {
  const folder = scratch();
  await bundleSss(folder);
  program = path.join(folder, 'sss.cjs');
});

/**
 * Loaded before the program: counts the calls that change a disk, and at call CUT kills the process: `before` it,
 * `after` it, or in the `middle` of a write. With LOG it writes down the calls instead.
 */
const HOOK = `
const fs = require('node:fs');
const cut = Number(process.env.CUT), where = process.env.WHERE, log = [];
let count = 0;
const paths = new Map();
const original = { ...fs };
const die = () => process.kill(process.pid, 'SIGKILL');
for (const name of ['mkdirSync', 'openSync', 'writeSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync']) {
  fs[name] = (...args) => {
    // Reading, and the report on standard output, change no disk.
    const reads = (name === 'openSync' && args[1] === 'r') || (name === 'writeSync' && args[0] < 3);
    if (!reads) count += 1;
    const hit = !reads && count === cut;
    if (hit && where === 'before') die();
    if (hit && where === 'middle' && name === 'writeSync') {
      original.writeSync(args[0], args[1], args[2], Math.floor((args[1].length - args[2]) / 2));
      die();
    }
    const result = original[name](...args);
    if (name === 'openSync') paths.set(result, args[0]);
    if (!reads) log.push([name, typeof args[0] === 'number' ? paths.get(args[0]) : args[0], args[1]]);
    if (hit) die();
    return result;
  };
}
// A pair takes long to make, and how long differs: one that is there already does as well.
const crypto = require('node:crypto');
crypto.generateKeyPairSync = () => {
  const privateKey = crypto.createPrivateKey(fs.readFileSync('old/pair.key'));
  return { privateKey, publicKey: crypto.createPublicKey(privateKey) };
};
process.on('exit', () => process.env.LOG && original.writeFileSync(process.env.LOG, JSON.stringify(log)));
`;

interface Job {
  argv: string[];
  /** What the command makes, relative to its folder; of two files, the one that is written last. */
  result: string;
  /** The file that is written before it. */
  before?: string;
}

const DEAL = '--generation 2 --threshold 2 --holder A --holder B --holder C --out made'.split(' ');
const JOBS: Record<string, Job> = {
  generate: { argv: ['generate', '--bytes', '32', '--key-name', 'k', ...DEAL], result: 'made' },
  combine: {
    argv: [
      'combine',
      '--manifest',
      'old/manifest.json',
      '--out',
      'key',
      'old/shard-1.txt',
      'old/shard-2.txt',
    ],
    result: 'key',
  },
  reshare: {
    argv: ['reshare', '--manifest', 'old/manifest.json', ...DEAL, 'old/shard-1.txt', 'old/shard-2.txt'],
    result: 'made',
  },
  'generate --wrap-to': {
    argv: ['generate', '--bytes', '32', '--key-name', 'k', ...DEAL, '--wrap-to', '2=old/pair.pem'],
    result: 'made',
  },
  wrap: {
    argv: [
      'wrap',
      '--manifest',
      'old/manifest.json',
      '--to',
      'old/pair.pem',
      '--out',
      'wrapped',
      'old/shard-1.txt',
    ],
    result: 'wrapped',
  },
  'session-key': { argv: ['session-key', '--out', 'pair'], result: 'pair.pub.pem', before: 'pair.key' },
};

const read = (...names: string[]) => fs.readFileSync(path.join(...names), 'utf8');

function runJob(job: Job, cwd: string, env: Record<string, string>) {
  const hook = path.join(cwd, 'hook.cjs');
  fs.writeFileSync(hook, HOOK);
  return spawnSync('node', ['--require', hook, program, ...job.argv], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
}

/** Throws unless what stands under the result's name is whole. */
function checkWhole(job: Job, cwd: string): void {
  const pair = rsaKeyFrom('pair', fs.readFileSync(path.join(cwd, 'old/pair.key')), 'PRIVATE');
  if (job.before) {
    expect(read(cwd, job.before)).toBe(read(cwd, 'old/pair.key'));
    expect(read(cwd, job.result)).toBe(read(cwd, 'old/pair.pem'));
    return;
  }
  const open = (...names: string[]) =>
    Buffer.from(unwrap(pair, Uint8Array.from(fs.readFileSync(path.join(cwd, ...names))))).toString();
  if (job.result === 'wrapped') {
    expect(open('wrapped')).toBe(read(cwd, 'old/shard-1.txt'));
    return;
  }
  const manifest = parseManifest(read(cwd, job.result === 'key' ? 'old' : job.result, 'manifest.json'));
  if (job.result === 'key') {
    const key = Uint8Array.from(fs.readFileSync(path.join(cwd, 'key')));
    expect(commitmentOf(key, parseShard(read(cwd, 'old/shard-1.txt')))).toBe(manifest.commitment);
    return;
  }
  expect(fs.readdirSync(path.join(cwd, job.result)).sort()).toEqual([
    'manifest.json',
    ...manifest.shards.map(({ number, wrapped }) => `shard-${number}.${wrapped ? 'wrapped' : 'txt'}`),
  ]);
  for (const { number, wrapped } of manifest.shards) {
    const line = wrapped
      ? open(job.result, `shard-${number}.wrapped`)
      : read(cwd, job.result, `shard-${number}.txt`);
    expect(checkListed(manifest, parseShard(line), line).number).toBe(number);
  }
}

let template: string;
const room = (): string => {
  const cwd = scratch();
  template ??= fileWith('x', '');
  const old = path.join(path.dirname(template), 'old');
  if (!fs.existsSync(old)) {
    const argv =
      '--bytes 32 --key-name k --generation 1 --threshold 2 --holder A --holder B --holder C --out'.split(
        ' ',
      );
    execFileSync('node', [program, 'generate', ...argv, old], { env: { PATH: process.env.PATH } });
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    fs.writeFileSync(path.join(old, 'pair.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    fs.writeFileSync(path.join(old, 'pair.pem'), publicKey.export({ format: 'pem', type: 'spki' }));
  }
  fs.cpSync(old, path.join(cwd, 'old'), { recursive: true });
  return cwd;
};

describe('a power cut', () => {
  for (const [name, job] of Object.entries(JOBS)) {
    it(`${name}: at every write, the result is whole or absent, and the old set untouched`, () => {
      const calls = room();
      const log = path.join(calls, 'log.json');
      expect(runJob(job, calls, { LOG: log }).status).toBe(0);
      const made = JSON.parse(read(log)) as [string, string][];
      expect(made.length).toBeGreaterThan(3);
      // A cut after one call is a cut before the next; only the last has an after.
      const cuts = made.flatMap(([call], i): [number, string][] => [
        [i + 1, 'before'],
        ...(call === 'writeSync' ? [[i + 1, 'middle'] as [number, string]] : []),
        ...(i === made.length - 1 ? [[i + 1, 'after'] as [number, string]] : []),
      ]);
      let [absent, whole] = [0, 0];
      for (const [cut, where] of cuts) {
        const cwd = room();
        const before = fs.readdirSync(path.join(cwd, 'old')).map((file) => read(cwd, 'old', file));
        const ran = runJob(job, cwd, { CUT: `${cut}`, WHERE: where });
        expect(ran.signal).toBe('SIGKILL');
        if (fs.existsSync(path.join(cwd, job.result))) {
          checkWhole(job, cwd);
          whole += 1;
        } else {
          absent += 1;
          // What is left is named as incomplete, and the next run refuses to go on beside it.
          const begun = [job.result, job.before].map((name) => `${name}.partial`);
          const left = [job.before ?? '', ...begun].some(
            (name) => name && fs.existsSync(path.join(cwd, name)),
          );
          expect(runJob(job, cwd, {}).status).toBe(left ? 3 : 0);
        }
        expect(fs.readdirSync(path.join(cwd, 'old')).map((file) => read(cwd, 'old', file))).toEqual(before);
      }
      expect(absent).toBeGreaterThan(made.length / 2);
      expect(whole).toBeGreaterThan(0);
    });
  }

  it('every file is on the disk before the name appears, and the name after it', () => {
    for (const job of Object.values(JOBS).filter(({ before }) => !before)) {
      const cwd = room();
      const log = path.join(cwd, 'log.json');
      runJob(job, cwd, { LOG: log });
      const calls = JSON.parse(read(log)) as [call: string, file: string, flags?: number][];
      const rename = calls.findIndex(([call]) => call === 'renameSync' || call === 'linkSync');
      const written = new Set(calls.filter(([call]) => call === 'writeSync').map(([, file]) => file));
      const opened = calls.slice(0, rename).filter(([call]) => call === 'openSync');
      // O_SYNC: each write returns once its bytes are on the disk.
      const durable = opened.filter(
        ([, , flags]) => ((flags ?? 0) & fs.constants.O_SYNC) === fs.constants.O_SYNC,
      );
      expect(written.size).toBeGreaterThan(0);
      for (const file of written) expect(durable.map(([, name]) => name)).toContain(file);
      // A linked file loses its first name before the folder is written through.
      const after = calls.slice(rename + 1).map(([call, file]) => [call, file]);
      expect(after.filter(([call]) => call !== 'rmSync')).toEqual([['fsyncSync', '.']]);
      expect(after.at(-1)).toEqual(['fsyncSync', '.']);
    }
  });
});
