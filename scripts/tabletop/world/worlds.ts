/** The worlds that scenarios start from: the stored fixture, or authenticated providers without a single key. */

import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Deployment } from '../../../src/deployment/deployment';
import { InvalidInput } from '../../../src/deployment/problem';
import { parseManifest } from '../../../src/shard/manifest';
import { hsmState } from '../../providers/pkcs11-hsm/state';
import type { DrillPostgres } from '../../providers/postgres/engine';
import { injectFault, seedWorld, writeHome } from '../../providers/seed';
import type { Sandbox } from '../machine/sandbox';
import { findTool } from '../machine/tools';
import { insertBrokenTrail } from './broken-trail';

/** Where the stored TEST set lies. */
export const fixtureFolder = (root: string) => join(root, 'tests', 'fixtures', 'tabletop');

/** The SQL of the registry's tables, as the recovery kit has it. */
export const registrySql = (root: string) =>
  readFileSync(join(root, 'static', 'sql', 'shard-registry.sql'), 'utf8');

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** What a database administrator does before the first ceremony: the role that operators log in as. */
export function databaseSql(deployment: Deployment): string {
  const role = quoted(deployment.database.recoveryRole);
  return `CREATE ROLE ${role} LOGIN; GRANT USAGE, CREATE ON SCHEMA public TO ${role};`;
}

/** Fills a sandbox with accounts, projects, tokens and PINs, and the SQL file of the kit; no keys. */
export function seedEmpty(sandbox: Sandbox, deployment: Deployment, root: string): void {
  const database = { service: deployment.database.service, user: deployment.database.recoveryRole };
  const seeded = seedWorld(sandbox.world, deployment.shards, database);
  writeHome(sandbox.home, seeded);
  mkdirSync(join(sandbox.home, 'recovery-kit'), { mode: 0o700 });
  fillKit(sandbox, root);
}

const everyKit = ['sql/shard-registry.sql', 'recover.py'];

const signersFile = 'allowed_signers';

/** Names of the files of the recovery kit that no fixture keeps: every drill makes them anew. */
export const kitFiles = [...everyKit.map((file) => basename(file)), signersFile];

/** Puts the files that are the same in every deployment into a recovery kit, and the list of who may sign. */
export function fillKit(sandbox: Sandbox, root: string): void {
  const kit = join(sandbox.home, 'recovery-kit');
  for (const file of everyKit) copyFileSync(join(root, 'static', file), join(kit, basename(file)));
  writeFileSync(join(kit, signersFile), seedWitness(sandbox.home), { mode: 0o600 });
}

/**
 * The signing key of the internal witness. In the room it lies on a token, and the file only says which; here the file
 * is the key. Returns the line of the list of allowed signers.
 */
function seedWitness(home: string): string {
  const key = join(home, 'witness_key');
  const argv = ['-q', '-t', 'ed25519', '-N', '', '-C', 'drill', '-f', key];
  if (!existsSync(key)) execFileSync(findTool('ssh-keygen'), argv, { stdio: 'ignore' });
  return `internal-witness ${readFileSync(`${key}.pub`, 'utf8')}`;
}

export interface RegistryRows {
  readonly manifests: readonly Record<string, unknown>[];
  readonly shards: readonly Record<string, unknown>[];
}

const literal = (value: unknown): string =>
  value === null
    ? 'NULL'
    : typeof value === 'number'
      ? String(value)
      : `'${String(value).replaceAll("'", "''")}'`;

/** Rows of the registry as they are stored in the fixture; ciphertext and manifest in hex, times left out. */
export async function dumpRegistry(postgres: DrillPostgres): Promise<RegistryRows> {
  return {
    manifests: await postgres.query(
      `SELECT key_name, key_version, generation, encode(manifest, 'hex') AS manifest FROM shard_manifest ORDER BY key_name, key_version, generation`,
    ),
    shards: await postgres.query(
      `SELECT key_name, key_version, generation, shard, label, state, provider_key, encode(ciphertext, 'hex') AS ciphertext
       FROM shard_registry ORDER BY entry`,
    ),
  };
}

/** Fills the database with the fixture's rows. */
export async function loadRegistry(
  postgres: DrillPostgres,
  root: string,
  deployment: Deployment,
): Promise<void> {
  const file = join(fixtureFolder(root), 'registry.json');
  await fillRegistry(postgres, root, deployment, JSON.parse(readFileSync(file, 'utf8')) as RegistryRows);
}

/** Fills the database with rows; without rows it is as a database administrator leaves it. */
export async function fillRegistry(
  postgres: DrillPostgres,
  root: string,
  deployment: Deployment,
  rows: RegistryRows | undefined,
): Promise<void> {
  if (!rows) return postgres.reset(databaseSql(deployment));
  const insert = (table: string, row: Record<string, unknown>) => {
    const columns = Object.keys(row);
    const values = columns.map((column) =>
      ['ciphertext', 'manifest'].includes(column) && row[column] !== null
        ? `decode(${literal(row[column])}, 'hex')`
        : literal(row[column]),
    );
    return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')});`;
  };
  const role = quoted(deployment.database.recoveryRole);
  await postgres.reset(
    [
      databaseSql(deployment),
      registrySql(root),
      ...rows.manifests.map((row) => insert('shard_manifest', row)),
      ...rows.shards.map((row) => insert('shard_registry', row)),
      `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${role};`,
    ].join('\n'),
  );
}

/** Refuses a fixture that was made for another deployment. */
export function checkFixture(root: string, deployment: Deployment): void {
  const refuse = (message: string) =>
    new InvalidInput([
      {
        file: 'tests/fixtures/tabletop',
        line: 1,
        rule: 'FIXTURE',
        message: `${message}; run npm run tabletop -- fixture`,
      },
    ]);
  const file = join(fixtureFolder(root), 'home', 'recovery-kit', 'manifest.json');
  if (!existsSync(file)) throw refuse('there is no fixture');
  const manifest = parseManifest(readFileSync(file, 'utf8'));
  const made = `${manifest.threshold} of ${manifest.total} shards (${manifest.shards.map((shard) => shard.holder).join(', ')}), generation ${manifest.generation} of ${manifest.keyName}`;
  const { key, shards } = deployment;
  const wanted = `${key.threshold} of ${shards.length} shards (${shards.map((shard) => shard.name).join(', ')}), generation ${key.generation} of ${key.name}`;
  if (made !== wanted) throw refuse(`was made for ${made}; wanted ${wanted}`);
}

/** What an operator enters when a command asks. Throws RangeError on an unknown name. */
export function secretInput(name: string, world: string, deployment: Deployment, shard: number): string {
  const known = ['hsm-user-pin', 'hsm-so-pin', 'hsm-new-user-pin'];
  if (!known.includes(name))
    throw new RangeError(`no secret is called "${name}"; known: ${known.join(', ')}`);
  const holder = deployment.shards[shard - 1];
  if (holder?.provider !== 'pkcs11-hsm')
    throw new RangeError(`shard ${shard} has no HSM whose PIN could be entered`);
  const token = hsmState
    .load(world)
    .modules[holder.module]?.tokens.find(({ label }) => label === holder.token);
  if (!token?.userPin) throw new RangeError(`the token "${holder.token}" has no user PIN`);
  if (name === 'hsm-so-pin') return token.soPin;
  if (name === 'hsm-new-user-pin') return String(randomInt(100_000, 1_000_000));
  return token.userPin;
}

/** Damages the registry as a disk failure or an intruder with the rights of its owner would. */
export async function damageRegistry(postgres: DrillPostgres, mode: string): Promise<void> {
  if (mode === 'registry-lost') {
    await postgres.query('DROP VIEW shard_current');
    await postgres.query('DROP TABLE shard_registry, shard_manifest CASCADE');
    await postgres.query('DROP FUNCTION shard_label, shard_registry_order, shard_registry_refuse');
    return;
  }
  await postgres.query('ALTER TABLE shard_registry DISABLE TRIGGER ALL');
  await postgres.query(
    `UPDATE shard_registry SET ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1)
     WHERE shard = (SELECT min(shard) FROM shard_registry WHERE ciphertext IS NOT NULL)`,
  );
  await postgres.query('ALTER TABLE shard_registry ENABLE TRIGGER ALL');
}

/** True for a fault of the registry's contents, which lives in the database and not in the world. */
const isRegistryFault = (mode: string) => mode.startsWith('registry-');

/** A copy of the manifest that is not the one of the printed log: one letter of a holder's name differs. */
function changeKit(home: string): void {
  const file = join(home, 'recovery-kit', 'manifest.json');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(
    /("holder": ?")(.)/,
    (_, before: string, letter: string) => `${before}${letter === 'X' ? 'Y' : 'X'}`,
  );
  if (changed === text) throw new RangeError('the manifest names no holder');
  writeFileSync(file, changed);
}

/** Puts the faults of a scenario into its world, its kit and its registry. `other`: the line that `wrong-shard` gives. */
export async function injectFaults(
  { world, home }: Pick<Sandbox, 'world' | 'home'>,
  postgres: DrillPostgres,
  faults: Readonly<Record<string, string>>,
  other?: string,
): Promise<void> {
  for (const [target, mode] of Object.entries(faults)) {
    if (isRegistryFault(mode)) await damageRegistry(postgres, mode);
    else if (mode === 'trail-gap') insertBrokenTrail(world);
    else if (mode === 'bundle-changed') changeKit(home);
    else if (mode === 'wrong-shard') injectFault(world, target, { mode, plaintext: other ?? '' });
    else if (!isMistyped(target, mode)) injectFault(world, target, mode as never);
  }
}

/** A PIN that the token denies is not a fault of the token: somebody enters a wrong one. */
export const isMistyped = (target: string, mode: string): boolean =>
  target.startsWith('pkcs11-hsm') && mode === 'denied';
