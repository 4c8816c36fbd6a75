/** Runs `sss` in this process, and makes folders that vanish with the test. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { main } from '../../../scripts/sss/main';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** All that standard error ever holds: an error is one line, and a hint follows. */
const FORM = /^(sss: (note|warning): .+\n|sss: error: .+\nsss: hint: .+\n)*$/;

/** One command line; a drill (SSS_TEST=1) unless `env` says otherwise. */
export async function sss(
  argv: readonly string[],
  env: Record<string, string> = { SSS_TEST: '1' },
): Promise<Ran> {
  const ran = { out: '', err: '' };
  const code = await main(argv, {
    env,
    out: (text) => {
      ran.out += text;
    },
    err: (text) => {
      ran.err += text;
    },
  });
  if (argv.length > 0 && !FORM.test(ran.err)) throw new Error(`not an error and its hint: ${ran.err}`);
  return { code, ...ran };
}

/** Standard error without the note that a drill prints. */
export const errorOf = ({ err }: Ran): string => err.replace(/^sss: note: .*\n/, '');

const folders: string[] = [];

/** Where thousands of files that are written through to the disk cost nothing. */
export const IN_MEMORY = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

/** A new folder outside the repository. */
export function scratch(parent = os.tmpdir()): string {
  const folder = fs.mkdtempSync(path.join(parent, 'sss-test-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

export const HOLDERS = ['AWS KMS us-east-1', 'GCP KMS', 'Vault', 'HSM, Zürich', 'safe, Oslo'];

export interface MadeSet {
  folder: string;
  manifest: string;
  /** Path of shard n, counted from 1. */
  shard(n: number): string;
}

/** Generates a set; a TEST set unless `env` says otherwise. */
export async function makeSet(
  { threshold = 3, holders = HOLDERS, bytes = 32, generation = 1 } = {},
  env?: Record<string, string>,
): Promise<MadeSet> {
  const folder = path.join(scratch(), 'set');
  const ran = await sss(
    [
      'generate',
      ...['--threshold', `${threshold}`, '--bytes', `${bytes}`, '--key-name', 'ledger-master-key'],
      ...['--generation', `${generation}`, '--out', folder],
      ...holders.flatMap((holder) => ['--holder', holder]),
    ],
    env,
  );
  if (ran.code !== 0) throw new Error(ran.err);
  return {
    folder,
    manifest: path.join(folder, 'manifest.json'),
    shard: (n) => path.join(folder, `shard-${n}.txt`),
  };
}

/** A file with this content in a new folder. */
export function fileWith(name: string, content: string | Uint8Array): string {
  const file = path.join(scratch(), name);
  fs.writeFileSync(file, content);
  return file;
}

/** A witness with an SSH key: signs manifests, and is named in a list of allowed signers. */
export function makeWitness() {
  const folder = scratch();
  const key = path.join(folder, 'witness');
  const signers = path.join(folder, 'allowed_signers');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  fs.writeFileSync(signers, `witness ${fs.readFileSync(`${key}.pub`, 'utf8')}`);
  return {
    key,
    signers,
    /** The options that name the witness. */
    options: ['--check', signers, '--signer', 'witness'],
    /** Signs the file as it is now, whatever it says. */
    sign: (manifest: string) => {
      fs.rmSync(`${manifest}.sig`, { force: true });
      const argv = ['-Y', 'sign', '-q', '-f', key, '-n', 'mks-manifest', manifest];
      execFileSync('ssh-keygen', argv, { stdio: 'ignore' });
    },
  };
}
