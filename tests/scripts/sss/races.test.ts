/** What changes between a check and its use: a file that is read is read once, and a name that appears is kept. */
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { errorOf, fileWith, makeSet, makeWitness, scratch, sss } from './run';

let program: string;
beforeAll(async () => {
  const folder = scratch();
  await bundleSss(folder);
  program = path.join(folder, 'sss.cjs');
});

describe('a manifest that changes from one reading to the next', () => {
  it('is read once: what the signature covers is what is shown', async () => {
    const [set, witness] = [await makeSet(), makeWitness()];
    witness.sign(set.manifest);
    const good = fs.readFileSync(set.manifest, 'utf8');
    const { seal: _, ...rest } = JSON.parse(good);
    const bad = fileWith('bad.json', JSON.stringify(rest).replace('GCP KMS', 'Mallory'));
    const pipe = path.join(scratch(), 'pipe');
    spawnSync('mkfifo', [pipe]);
    for (const order of [
      [bad, set.manifest, set.manifest],
      [set.manifest, bad, bad],
    ]) {
      const serve = order.map((file) => `cat '${file}' > '${pipe}'`).join('; sleep 2; ');
      const server = spawn('bash', ['-c', serve], { stdio: 'ignore', detached: true });
      const signature = `${set.manifest}.sig`;
      const ran = await sss(['manifest', pipe, ...witness.options, '--signature', signature]);
      process.kill(-(server.pid ?? 0));
      expect(ran.out).not.toContain('Mallory');
      if (order[0] === bad) expect(ran).toMatchObject({ code: 1, out: '' });
      else expect(ran.out).toContain(`${pipe}: signature OK, by witness\n`);
    }
  });

  it('is signed as it was read', async () => {
    const [set, witness] = [await makeSet(), makeWitness()];
    const bad = fileWith('bad.json', fs.readFileSync(set.manifest, 'utf8').replace('GCP KMS', 'Mallory'));
    const pipe = path.join(scratch(), 'pipe');
    spawnSync('mkfifo', [pipe]);
    const serve = [set.manifest, bad, bad].map((file) => `cat '${file}' > '${pipe}'`).join('; sleep 2; ');
    const server = spawn('bash', ['-c', serve], { stdio: 'ignore', detached: true });
    const piped = await sss(['manifest', pipe, '--sign', witness.key]);
    process.kill(-(server.pid ?? 0));
    expect(piped.code, piped.err).toBe(0);
    expect(piped.out).not.toContain('Mallory');
    const signature = ['--signature', `${pipe}.sig`];
    expect((await sss(['manifest', set.manifest, ...witness.options, ...signature])).code).toBe(0);
    const ran = await sss(['manifest', set.manifest, '--sign', witness.key]);
    expect(ran.code, ran.err).toBe(0);
    expect((await sss(['manifest', set.manifest, ...witness.options])).code).toBe(0);
    const again = await sss(['manifest', set.manifest, '--sign', witness.key]);
    expect(errorOf(again)).toContain('manifest.json.sig: exists already');
  });
});

/** Loaded before the program: once the bytes are on the disk, somebody else takes the name of the result. */
const HOOK = `
const fs = require('node:fs');
const { closeSync, writeFileSync, mkdirSync, existsSync } = fs;
const target = process.env.TARGET;
fs.closeSync = (fd) => {
  closeSync(fd);
  if (existsSync(target) || !existsSync(target + '.partial')) return;
  if (process.env.FOLDER) mkdirSync(target);
  writeFileSync(process.env.FOLDER ? target + '/theirs' : target, 'theirs');
};
if (process.env.NO_LINKS) fs.linkSync = () => { throw Object.assign(new Error('no'), { code: 'EPERM' }); };
`;

describe('a name that appears between the check and the end', () => {
  const run = (cwd: string, argv: string[], env: Record<string, string>) => {
    const hook = fileWith('hook.cjs', HOOK);
    const whole = { PATH: process.env.PATH, SSS_TEST: '1', ...env };
    return spawnSync('node', ['--require', hook, program, ...argv], { cwd, encoding: 'utf8', env: whole });
  };

  for (const links of [true, false]) {
    it(`is never overwritten ${links ? 'by a file' : 'where there are no hard links'}`, async () => {
      const set = await makeSet();
      const cwd = scratch();
      const env: Record<string, string> = links ? {} : { NO_LINKS: '1' };
      const combine = ['combine', '--manifest', set.manifest, '--out', 'key', ...[1, 2, 3].map(set.shard)];
      const ran = run(cwd, combine, { ...env, TARGET: 'key' });
      expect(ran).toMatchObject({ status: 3, stdout: '' });
      expect(ran.stderr).toContain('sss: error: key: exists already\n');
      expect(fs.readFileSync(path.join(cwd, 'key'), 'utf8')).toBe('theirs');
      expect(fs.readdirSync(cwd)).toEqual(['key']);
      fs.rmSync(path.join(cwd, 'key'));
      expect(run(cwd, combine, { ...env, TARGET: 'elsewhere' }).status).toBe(0);
      expect(fs.readdirSync(cwd)).toEqual(['key']);
      expect(fs.statSync(path.join(cwd, 'key'))).toMatchObject({ size: 32, nlink: 1 });
    });
  }

  it('is never overwritten by a folder', () => {
    for (const folder of ['1', '']) {
      const cwd = scratch();
      const deal = '--bytes 32 --key-name k --generation 1 --threshold 2 --holder A --holder B --out made';
      const ran = run(cwd, ['generate', ...deal.split(' ')], { TARGET: 'made', FOLDER: folder });
      expect(ran).toMatchObject({ status: 3, stdout: '' });
      expect(ran.stderr).toContain('sss: error: made: exists already\n');
      expect(fs.readdirSync(cwd)).toEqual(['made']);
      const theirs = path.join(cwd, folder ? 'made/theirs' : 'made');
      expect(fs.readFileSync(theirs, 'utf8')).toBe('theirs');
    }
  });

  it('is never overwritten by a wrapped shard or a pair of keys, which vanishes with its public half', async () => {
    const set = await makeSet();
    const cwd = scratch();
    expect(run(cwd, ['session-key', '--out', 'good'], { TARGET: 'elsewhere' }).status).toBe(0);
    const wrap = ['wrap', '--manifest', set.manifest, '--to', 'good.pub.pem', '--out', 'there', set.shard(1)];
    for (const [argv, target] of [
      [wrap, 'there'],
      [['session-key', '--out', 'two'], 'two.pub.pem'],
      [['session-key', '--out', 'one'], 'one.key'],
    ] as const) {
      const ran = run(cwd, [...argv], { TARGET: target });
      expect(ran).toMatchObject({ status: 3, stdout: '' });
      expect(ran.stderr).toContain(`sss: error: ${target}: exists already\n`);
      expect(fs.readFileSync(path.join(cwd, target), 'utf8')).toBe('theirs');
    }
    expect(fs.readdirSync(cwd).sort()).toEqual([
      'good.key',
      'good.pub.pem',
      'one.key',
      'there',
      'two.pub.pem',
    ]);
  });

  it('of a run that was cut off between both names is one file, and stays', async () => {
    const set = await makeSet();
    const cwd = scratch();
    const key = path.join(cwd, 'key');
    const combine = ['combine', '--manifest', set.manifest, '--out', key, ...[1, 2, 3].map(set.shard)];
    expect((await sss(combine)).code).toBe(0);
    fs.linkSync(key, `${key}.partial`);
    expect(errorOf(await sss(combine))).toContain('key: exists already');
    expect(fs.readdirSync(cwd)).toEqual(['key']);
    expect(fs.statSync(key).size).toBe(32);
  });
});
