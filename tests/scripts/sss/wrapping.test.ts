/** Wrapped shards and keys: the whole way of a recovery without a file in clear, and what openssl says about it. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleSss } from '../../../scripts/sss/bundle';
import { parseManifest } from '../../../src/shard/manifest';
import { scratch } from './run';

let program: string;
let room: string;
const NEW_SET = '--threshold 2 --generation 1 --holder A --holder B --holder C'.split(' ');

/** One command line of the bundle in the room, with `input` in the pipe. */
const sss = (argv: string, input: string | Uint8Array = '') =>
  spawnSync('node', [program, ...argv.split(' ')], {
    cwd: room,
    input,
    env: { PATH: process.env.PATH, SSS_TEST: '1' },
    encoding: 'utf8',
  });

const oaep = (hash: string) =>
  `-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}`.split(' ');
const openssl = (argv: string[]) =>
  execFileSync('openssl', argv, { cwd: room, stdio: ['ignore', 'pipe', 'pipe'] });
const decrypt = (key: string, file: string, hash = 'sha256') =>
  openssl(['pkeyutl', '-decrypt', '-inkey', key, '-in', file, ...oaep(hash)]);
const read = (name: string) => fs.readFileSync(path.join(room, name));

beforeAll(async () => {
  const folder = scratch();
  await bundleSss(folder);
  program = path.join(folder, 'sss.cjs');
  room = scratch();
  for (const name of ['kms', 'hsm', 'service']) {
    openssl(['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072', '-out', `${name}.key`]);
    openssl(['pkey', '-in', `${name}.key`, '-pubout', '-out', `${name}.pem`]);
  }
  const deal = ['generate', '--bytes', '32', '--key-name', 'k', ...NEW_SET];
  const ran = sss(
    [...deal, '--wrap-to', '1=kms.pem', '--wrap-to', '2=hsm.pem,sha1', '--out', 'set'].join(' '),
  );
  if (ran.status !== 0) throw new Error(ran.stderr);
});

describe('a recovery without a file in clear', () => {
  it('goes from providers to custodians to the air-gapped machine to the service', () => {
    expect(sss('session-key --out session').status).toBe(0);
    const words = /RSA-3072, (.+)\n/.exec(sss('session-key --show session.pub.pem').stdout)?.[1];
    expect(words).toMatch(/^([a-z]{5}-[a-z]{5} ){3}[a-z]{5}-[a-z]{5}$/);
    for (const [n, clear] of [
      decrypt('kms.key', 'set/shard-1.wrapped'),
      decrypt('hsm.key', 'set/shard-2.wrapped', 'sha1'),
    ].entries()) {
      const line = clear.toString();
      const ran = sss(`wrap --manifest set/manifest.json --to session.pub.pem --out ${n + 1}.wrapped`, line);
      expect(ran.stderr).toBe(
        'sss: note: SSS_TEST=1: a drill. TEST sets only; no real key or shard is accepted.\n',
      );
      expect(ran.stdout).toMatch(/^\d\.wrapped: shard \d of 3, [0-9A-F]{4}-\d{3}, [AB], wrapped for /);
      expect(ran.stdout).toContain(`wrapped for ${words}\n`);
      // The second program opens the same, and finds the very line.
      expect(decrypt('session.key', `${n + 1}.wrapped`).toString()).toBe(line);
    }
    const shards = '--manifest set/manifest.json --unwrap-with session.key 1.wrapped 2.wrapped';
    const clear = sss(`combine --out clear.key ${shards}`);
    expect(clear.stdout, clear.stderr).toMatch(/^clear\.key: 32 bytes, KCV [0-9a-f]{8}, commitment OK\n/);
    const wrapped = sss(`combine --wrap-to service.pem --out key.wrapped ${shards}`);
    expect(wrapped.stdout).toMatch(/^key\.wrapped: 32 bytes, KCV [0-9a-f]{8}, commitment OK, wrapped for \w/);
    expect(decrypt('service.key', 'key.wrapped').equals(read('clear.key'))).toBe(true);
  });

  it('verifies from a pipe, and writes a receipt', () => {
    const ran = sss(
      'verify --manifest set/manifest.json --receipt r.json -',
      decrypt('kms.key', 'set/shard-1.wrapped'),
    );
    expect(ran.stdout).toMatch(
      /^standard input: OK, shard 1 of 3, [0-9A-F]{4}-\d{3}, A\nr\.json: receipt for /,
    );
  });

  it('deals wrapped shards, records them, and shows them', () => {
    expect(fs.readdirSync(path.join(room, 'set')).sort()).toEqual([
      'manifest.json',
      'shard-1.wrapped',
      'shard-2.wrapped',
      'shard-3.txt',
    ]);
    const { shards } = parseManifest(read('set/manifest.json').toString());
    const shown = sss('manifest set/manifest.json').stdout;
    for (const [i, name] of ['kms', 'hsm'].entries()) {
      const der = openssl(['pkey', '-pubin', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`]);
      expect(der.length).toBe(0);
      const sums = openssl(['dgst', '-sha256', '-r', `${name}.der`, `set/shard-${i + 1}.wrapped`]).toString();
      const [key, sha256] = sums.split('\n').map((line) => line.slice(0, 64));
      expect(shards[i]?.wrapped).toEqual({ key, hash: name === 'hsm' ? 'sha1' : 'sha256', sha256 });
      expect(shown).toContain(sha256);
    }
    expect(shards[2]).not.toHaveProperty('wrapped');
  });
});
