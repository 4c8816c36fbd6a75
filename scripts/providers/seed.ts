/** Makes the world that a drill plays in: accounts, projects, tokens and PINs, but no keys; the ceremony's own commands make those. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ShardFields } from '../../src/deployment/providers/registry';
import { type AwsUser, type AwsWorld, type Fault, type FaultMode, type Faults, load, save } from './world';

/** What the seeded identities need to work: files of their home directory, and secrets that are typed in. */
export interface Seeded {
  /** Content by path below the home directory. */
  readonly home: Readonly<Record<string, string>>;
  /** User PIN of each HSM token, by its label. */
  readonly userPins: Readonly<Record<string, string>>;
  /** PIN of the security officer of each HSM token, by its label. */
  readonly officerPins: Readonly<Record<string, string>>;
  /** Values that must never reach a log: tokens, access keys and PINs. */
  readonly secrets: readonly string[];
}

/** The deployment's database, as far as `psql` must know it. */
export interface SeedDatabase {
  /** Name in pg_service.conf. */
  readonly service: string;
  /** Role that the client logs in as; it must exist in the engine. */
  readonly user: string;
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
const digits = (count: number) => Array.from(randomBytes(count), (byte) => String(byte % 10)).join('');
const databaseHost = 'db.ledger.example';

/** Writes the state files of an empty but authenticated world for the providers of `shards` to `directory`. */
export function seedWorld(directory: string, shards: readonly ShardFields[], database: SeedDatabase): Seeded {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const home: Record<string, string> = {};
  const userPins: Record<string, string> = {};
  const officerPins: Record<string, string> = {};
  const secrets: string[] = [];

  const aws: AwsWorld = { accounts: [] };
  const azure = { account: '', vaults: {} as Record<string, { keys: Record<string, never> }> };
  const gcp = { account: '', projects: {} as Record<string, { keyrings: Record<string, never> }> };
  const vaultToken = `hvs.${hex(12)}`;
  const servers = new Map<
    string,
    { address: string; ip: string; sealed: boolean; tokens: string[]; keys: Record<string, never> }
  >();
  const modules: Record<string, { tokens: ReturnType<typeof hsmToken>[] }> = {};

  for (const shard of shards) {
    if (shard.provider === 'aws-kms' && !aws.accounts.some(({ account }) => account === shard.account)) {
      const users = [
        awsUser(shard.recoveryIdentity, 'recovery'),
        awsUser('masterkey-admin', 'administrator'),
      ];
      aws.accounts.push({ account: shard.account, users, keys: [], aliases: [] });
      secrets.push(...users.map(({ secretAccessKey }) => secretAccessKey));
    }
    if (shard.provider === 'azure-key-vault') {
      azure.account = shard.recoveryIdentity;
      azure.vaults[shard.vault] ??= { keys: {} };
    }
    if (shard.provider === 'gcp-kms') {
      gcp.account = `${shard.recoveryIdentity}@${shard.project}.iam.gserviceaccount.com`;
      gcp.projects[shard.project] ??= { keyrings: {} };
    }
    if (shard.provider === 'vault-transit') {
      const address = shard.address.replace(/\/+$/, '');
      const ip = `192.0.2.${30 + servers.size}`;
      servers.set(address, { address, ip, sealed: false, tokens: [vaultToken], keys: {} });
    }
    if (shard.provider === 'pkcs11-hsm') {
      modules[shard.module] ??= { tokens: [hsmToken('decoy', digits(8))] };
      const token = hsmToken(shard.token, digits(8), digits(6));
      modules[shard.module]?.tokens.push(token);
      userPins[shard.token] = token.userPin ?? '';
      officerPins[shard.token] = token.soPin;
      secrets.push(token.userPin ?? '', token.soPin);
    }
  }

  save(directory, 'aws', aws);
  save(directory, 'azure', azure);
  save(directory, 'gcp', gcp);
  save(directory, 'vault', { servers: [...servers.values()] });
  save(directory, 'hsm', { modules });
  save(directory, 'postgres', { hosts: { [databaseHost]: { ip: '192.0.2.50' } } });
  save(directory, 'faults', {});

  home['.pg_service.conf'] =
    `[${database.service}]\nhost=${databaseHost}\nport=5432\nuser=${database.user}\ndbname=masterkey\n`;
  if (aws.accounts.length > 0) home['.aws/credentials'] = awsCredentials(aws);
  if (gcp.account !== '') {
    home['.config/gcloud/configurations/config_default'] = `[core]\naccount = ${gcp.account}\n`;
  }
  if (servers.size > 0) {
    home['.vault-token'] = vaultToken;
    secrets.push(vaultToken);
  }
  return { home, userPins, officerPins, secrets };
}

function awsUser(name: string, role: 'recovery' | 'administrator'): AwsUser {
  return {
    id: `AIDA${hex(8).toUpperCase()}`,
    name,
    accessKeyId: `AKIA${hex(8).toUpperCase()}`,
    secretAccessKey: hex(20),
    role,
  };
}

/**
 * Profiles: the recovery identity of an account under the account's twelve digits, its administrator under those and
 * `-admin`; the first account's recovery identity is also the default.
 */
function awsCredentials({ accounts }: AwsWorld): string {
  const sections = accounts.flatMap(({ account, users }, index) =>
    users.flatMap((user) => {
      const name = user.role === 'administrator' ? `${account}-admin` : account;
      const names = index === 0 && user.role === 'recovery' ? ['default', name] : [name];
      return names.map(
        (profile) =>
          `[${profile}]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`,
      );
    }),
  );
  return sections.join('\n');
}

function hsmToken(label: string, soPin: string, userPin?: string) {
  const serial = hex(8);
  return {
    label,
    slotId: `0x${serial.slice(8)}`,
    serial,
    soPin,
    ...(userPin === undefined ? {} : { userPin }),
    failedPins: 0,
    pinTries: 3,
    objects: [],
  };
}

/** Writes the seeded files to a home directory; only its owner can read them. */
export function writeHome(home: string, seeded: Seeded): void {
  for (const [path, content] of Object.entries(seeded.home)) {
    mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, path), content, { mode: 0o600 });
  }
}

/** What is wrong inside a provider, written into its state, so that the vendor's own commands can show and undo it. */
export type InnerFault = 'key-pending-deletion' | 'key-disabled' | 'key-deleted' | 'sealed' | 'pin-locked';

/**
 * Injects a fault. `target` is `aws-kms:REGION`, `gcp-kms`, `vault-transit`, `pkcs11-hsm` or `postgres`; the last four
 * may be narrowed: `gcp-kms:PROJECT`, `vault-transit:HOST`, `pkcs11-hsm:TOKEN`. Throws where the fault does not exist there.
 */
export function injectFault(directory: string, target: string, fault: FaultMode | InnerFault | Fault): void {
  const mode = typeof fault === 'string' ? fault : fault.mode;
  if (isInner(mode)) {
    if (!injectInner(directory, target, mode))
      throw new RangeError(`${target} cannot be "${mode}", or it has no key yet`);
    return;
  }
  const faults: Faults = load(directory, 'faults');
  faults[target] = fault as FaultMode | Fault;
  save(directory, 'faults', faults);
}

function isInner(mode: string): mode is InnerFault {
  return ['key-pending-deletion', 'key-disabled', 'key-deleted', 'sealed', 'pin-locked'].includes(mode);
}

const inThirtyDays = () => new Date(Date.now() + 30 * 86_400_000).toISOString();

/** Changes the state of whatever `target` names; false where nothing was there to change. */
function injectInner(directory: string, target: string, mode: InnerFault): boolean {
  const [kind = '', place = ''] = target.split(':');
  const keyFault = mode.startsWith('key-');
  let changed = 0;
  if (kind === 'aws-kms' && keyFault) {
    const world = load(directory, 'aws');
    const owned = world.accounts.flatMap((account) => account.keys.map((key) => ({ account, key })));
    for (const { account, key } of owned) {
      const state = key.regions[place];
      if (state === undefined) continue;
      changed += 1;
      if (mode === 'key-deleted') {
        delete key.regions[place];
        // AWS KMS deletes the aliases of a key together with it.
        account.aliases = account.aliases.filter(({ region, keyId }) => region !== place || keyId !== key.id);
      } else if (mode === 'key-disabled') state.state = 'Disabled';
      else
        Object.assign(state, {
          state: 'PendingDeletion',
          deletionDate: inThirtyDays(),
          pendingWindowInDays: 30,
        });
    }
    save(directory, 'aws', world);
  } else if (kind === 'azure-key-vault' && keyFault) {
    const world = load(directory, 'azure');
    for (const { keys } of Object.entries(world.vaults).flatMap(([name, vault]) =>
      place === '' || name === place ? [vault] : [],
    )) {
      for (const [name, key] of Object.entries(keys)) {
        changed += 1;
        if (mode === 'key-disabled') key.enabled = false;
        else if (mode === 'key-pending-deletion') key.purgeDate = inThirtyDays();
        else delete keys[name];
      }
    }
    save(directory, 'azure', world);
  } else if (kind === 'gcp-kms' && keyFault) {
    const world = load(directory, 'gcp');
    const projects = Object.entries(world.projects).filter(([name]) => place === '' || name === place);
    for (const version of projects.flatMap(([, { keyrings }]) =>
      Object.values(keyrings).flatMap(({ keys }) => keys.flatMap(({ versions }) => versions)),
    )) {
      changed += 1;
      version.state =
        mode === 'key-deleted' ? 'DESTROYED' : mode === 'key-disabled' ? 'DISABLED' : 'DESTROY_SCHEDULED';
      if (mode === 'key-pending-deletion') version.destroyTime = inThirtyDays();
    }
    save(directory, 'gcp', world);
  } else if (kind === 'vault-transit' && (mode === 'sealed' || mode === 'key-deleted')) {
    const world = load(directory, 'vault');
    for (const server of world.servers.filter(
      ({ address }) => place === '' || address.includes(`//${place}`),
    )) {
      changed += mode === 'sealed' ? 1 : Object.keys(server.keys).length;
      if (mode === 'sealed') server.sealed = true;
      else for (const name of Object.keys(server.keys)) delete server.keys[name];
    }
    save(directory, 'vault', world);
  } else if (kind === 'pkcs11-hsm' && (mode === 'pin-locked' || mode === 'key-deleted')) {
    const world = load(directory, 'hsm');
    const tokens = Object.values(world.modules).flatMap((module) => module.tokens);
    for (const token of tokens.filter(({ label }) => (place === '' ? label !== 'decoy' : label === place))) {
      changed += mode === 'pin-locked' ? 1 : token.objects.length;
      if (mode === 'pin-locked') token.failedPins = token.pinTries;
      else token.objects.length = 0;
    }
    save(directory, 'hsm', world);
  }
  return changed > 0;
}
