/** A seeded world and its home directory for tests, and a way to call a stand-in inside it as a command line. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws } from '../../../scripts/providers/aws-kms/aws';
import { az } from '../../../scripts/providers/azure-key-vault/az';
import { Exit, type Outcome, type Shell } from '../../../scripts/providers/exit';
import { gcloud } from '../../../scripts/providers/gcp-kms/gcloud';
import { pkcs11Tool } from '../../../scripts/providers/pkcs11-hsm/pkcs11-tool';
import { psql } from '../../../scripts/providers/postgres/psql';
import { seedWorld, writeHome } from '../../../scripts/providers/seed';
import type { Seeded } from '../../../scripts/providers/stand-in';
import { bao, vault } from '../../../scripts/providers/vault-transit/vault';
import type { ShardFields } from '../../../src/deployment/providers/registry';

const custody = {
  custodian: 'ana',
  alternate: 'bruno',
  formerCustodians: [],
  minutes: 1,
  identityProvider: 'directory',
  administrators: ['priya'],
  recoveryIdentity: 'masterkey-recovery',
  recoveryNeedsIamWrite: false,
};

export const shards: readonly ShardFields[] = [
  {
    provider: 'aws-kms',
    account: '000000000001',
    region: 'us-east-1',
    replicaRegion: 'us-west-2',
    alias: 'masterkey-shard-1',
    ...custody,
  },
  {
    provider: 'gcp-kms',
    project: 'example-shards',
    location: 'europe-west4',
    keyring: 'masterkey',
    key: 'masterkey-shard-2',
    keyVersion: 1,
    ...custody,
  },
  {
    provider: 'vault-transit',
    command: 'vault',
    mount: 'transit',
    address: 'https://vault.ledger.example:8200',
    key: 'masterkey-shard-3',
    building: 'mill',
    ...custody,
  },
  {
    provider: 'pkcs11-hsm',
    module: '/usr/lib/softhsm/libsofthsm2.so',
    token: 'masterkey-hsm',
    objectId: '04',
    oaepHash: 'sha1',
    model: 'Example HSM',
    building: 'mill',
    administrators: ['sven'],
    custodian: 'david',
    alternate: 'jana',
    formerCustodians: [],
    minutes: 1,
  },
  {
    provider: 'azure-key-vault',
    vault: 'example-shards',
    region: 'westeurope',
    key: 'masterkey-shard-5',
    ...custody,
  },
];

export type ToolName = 'aws' | 'az' | 'gcloud' | 'vault' | 'bao' | 'pkcs11-tool' | 'psql';

const tools = { aws, az, gcloud, vault, bao, 'pkcs11-tool': pkcs11Tool, psql };

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Sandbox {
  readonly world: string;
  readonly home: string;
  /** Working directory of every command. */
  readonly cwd: string;
  readonly seeded: Seeded;
  /** Runs a command line; the words are split at spaces, quotes keep them together. */
  run(line: string, call?: Call): Promise<Result>;
  /** Path of a file in the working directory. */
  file(name: string, content?: string | Buffer): string;
  remove(): void;
}

/** Splits a command line at spaces; single and double quotes keep words together. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  );
}

/** The world of `shards`, or of others of the same providers. */
export function makeSandbox(held: readonly ShardFields[] = shards): Sandbox {
  const root = mkdtempSync(join(tmpdir(), 'providers-'));
  const world = join(root, 'world');
  const home = join(root, 'home');
  const seeded = seedWorld(world, held, { service: 'masterkey', user: 'masterkey-recovery' });
  writeHome(home, seeded);
  return {
    world,
    home,
    cwd: home,
    seeded,
    async run(line, { stdin = '', env = {} } = {}) {
      const [name = '', ...rest] = words(line);
      const shell: Shell = {
        env: { HOME: home, VAULT_ADDR: 'https://vault.ledger.example:8200', ...env },
        cwd: home,
        umask: 0o022,
        stdin: () => Buffer.from(stdin),
        stdoutIsTerminal: false,
      };
      try {
        return texts(await tools[name as ToolName](world, rest, shell));
      } catch (error) {
        if (error instanceof Exit) return texts(error);
        throw error;
      }
    },
    file(name, content) {
      const path = join(home, name);
      if (content !== undefined) writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

function texts({ code, stdout, stderr }: Outcome): Result {
  return { code, stdout: stdout.toString(), stderr };
}

/** Wraps `text` under a public key with openssl, as the pages do. */
export function wrap(publicPem: string, hash: 'sha1' | 'sha256', text: string, output: string): void {
  const options = [`rsa_padding_mode:oaep`, `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`];
  execFileSync(
    'openssl',
    [
      'pkeyutl',
      '-encrypt',
      '-pubin',
      '-inkey',
      publicPem,
      ...options.flatMap((option) => ['-pkeyopt', option]),
      '-out',
      output,
    ],
    { input: text },
  );
}
