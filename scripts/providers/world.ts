/** State of the providers that a drill plays with: one JSON file a provider in the world directory, saved atomically. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM (PKCS#8) of a private key that lives in a provider. Test material, made for one drill. */
export type PrivateKeyPem = string;

export interface AwsKey {
  /** UUID, or `mrk-` and 32 hex digits for a multi-Region key. */
  readonly id: string;
  readonly spec: string;
  readonly usage: string;
  readonly createdAt: string;
  readonly multiRegion: boolean;
  readonly primaryRegion: string;
  readonly privateKey: PrivateKeyPem;
  /** State in each region that holds the key: the primary and the replicas. */
  readonly regions: Record<string, AwsKeyInRegion>;
}

export interface AwsKeyInRegion {
  description: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingReplicaDeletion';
  deletionDate?: string;
  pendingWindowInDays?: number;
}

export interface AwsUser {
  readonly id: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `recovery` may unwrap and look; `administrator` may do all but unwrap. Without a role a user may do everything. */
  readonly role?: 'recovery' | 'administrator';
}

export interface AwsAccount {
  readonly account: string;
  readonly users: AwsUser[];
  readonly keys: AwsKey[];
  aliases: {
    readonly name: string;
    readonly region: string;
    keyId: string;
    readonly createdAt: string;
  }[];
}

export interface AwsWorld {
  readonly accounts: AwsAccount[];
}

export interface GcpVersion {
  readonly number: number;
  readonly algorithm: string;
  readonly protectionLevel: string;
  readonly createdAt: string;
  state: 'ENABLED' | 'DISABLED' | 'DESTROY_SCHEDULED' | 'DESTROYED';
  destroyTime?: string;
  readonly privateKey: PrivateKeyPem;
}

export interface GcpKey {
  readonly name: string;
  readonly purpose: string;
  readonly destroyScheduledDuration: string;
  readonly createdAt: string;
  readonly versions: GcpVersion[];
}

export interface GcpWorld {
  /** The account that the recovery identity is logged in as. */
  readonly account: string;
  readonly projects: Record<string, { readonly keyrings: Record<string, { readonly keys: GcpKey[] }> }>;
}

export interface AzureKey {
  enabled: boolean;
  /** When the vault will purge it; until then a deleted key can be recovered. */
  purgeDate?: string;
  readonly version: string;
  readonly createdAt: string;
  readonly privateKey: PrivateKeyPem;
}

export interface AzureWorld {
  /** Name of the signed-in user or service principal; empty when nobody is signed in. */
  readonly account: string;
  readonly vaults: Record<string, { readonly keys: Record<string, AzureKey> }>;
}

export interface VaultServer {
  readonly address: string;
  /** Shown by the client when nothing listens there. */
  readonly ip: string;
  sealed: boolean;
  readonly tokens: readonly string[];
  readonly keys: Record<
    string,
    { deletionAllowed: boolean; readonly createdAt: string; readonly privateKey: PrivateKeyPem }
  >;
}

export interface VaultWorld {
  readonly servers: VaultServer[];
}

export interface HsmObject {
  /** CKA_ID in lower-case hex. */
  readonly id: string;
  readonly label: string;
  readonly bits: number;
  readonly privateKey: PrivateKeyPem;
  /** Both halves are made together and deleted one by one. */
  hasPrivate: boolean;
  hasPublic: boolean;
}

export interface HsmToken {
  label: string;
  readonly slotId: string;
  readonly serial: string;
  soPin: string;
  /** Undefined until the security officer has set it. */
  userPin?: string;
  /** Wrong PINs in a row; at `pinTries` the user is locked out. */
  failedPins: number;
  readonly pinTries: number;
  readonly objects: HsmObject[];
}

export interface HsmWorld {
  /** Modules by path; each sees its own tokens, in slot order. */
  readonly modules: Record<string, { readonly tokens: HsmToken[] }>;
}

export interface PostgresWorld {
  /** Connections by the host name of pg_service.conf. */
  readonly hosts: Record<string, { readonly ip: string }>;
  /** Unix socket of the engine; `postgres.sock` in the world directory where it is not named. */
  readonly socket?: string;
}

/** What goes wrong on the way to a provider. What is wrong inside it (a key pending deletion) is its state: see `inject`. */
export const faultModes = [
  'refuse',
  'absent',
  'hang',
  'http-503',
  'throttle',
  'denied',
  'no-credentials',
  'clock-skew',
  'wrong-shard',
  'tampered',
] as const;

export type FaultMode = (typeof faultModes)[number];

export interface Fault {
  readonly mode: FaultMode;
  /** `hang`: seconds really waited for each second that the client would wait. */
  readonly scale?: number;
  /** `wrong-shard`: what the provider returns instead. */
  readonly plaintext?: string;
}

/** Faults by target: `aws-kms:us-east-1`, `gcp-kms`, `vault-transit`, `pkcs11-hsm`, `postgres`, or one of them with `:PLACE`. */
export type Faults = Record<string, FaultMode | Fault>;

interface Files {
  aws: AwsWorld;
  azure: AzureWorld;
  gcp: GcpWorld;
  vault: VaultWorld;
  hsm: HsmWorld;
  postgres: PostgresWorld;
  faults: Faults;
}

/** Names of the state files. */
export type StateName = keyof Files;

const empty: { [Name in keyof Files]: () => Files[Name] } = {
  aws: () => ({ accounts: [] }),
  azure: () => ({ account: '', vaults: {} }),
  gcp: () => ({ account: '', projects: {} }),
  vault: () => ({ servers: [] }),
  hsm: () => ({ modules: {} }),
  postgres: () => ({ hosts: {} }),
  faults: () => ({}),
};

/** Reads one state file; a provider that was never seeded is empty: no account, no token, nothing listens. */
export function load<Name extends keyof Files>(directory: string, name: Name): Files[Name] {
  const path = join(directory, `${name}.json`);
  if (!existsSync(path)) return empty[name]();
  return JSON.parse(readFileSync(path, 'utf8')) as Files[Name];
}

/** Replaces one state file; a reader sees the old or the new one, never half of it. */
export function save<Name extends keyof Files>(directory: string, name: Name, state: Files[Name]): void {
  const path = join(directory, `${name}.json`);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 1)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

const scaleOfHang = 0.005;

/**
 * The fault on the first of `targets` that has one: name the special target first, then the general one.
 * A mode outside `allowed` is an error of the drill, not of the operator, so it is thrown.
 */
export function faultOn(
  directory: string,
  allowed: readonly FaultMode[],
  ...targets: readonly string[]
): (Fault & { readonly scale: number }) | undefined {
  const faults = load(directory, 'faults');
  for (const target of targets) {
    const entry = faults[target];
    if (entry === undefined) continue;
    const fault = typeof entry === 'string' ? { mode: entry } : entry;
    if (!allowed.includes(fault.mode)) {
      throw new RangeError(
        `faults.json: ${target} cannot be "${fault.mode}"; wanted one of ${allowed.join(', ')}`,
      );
    }
    return { scale: scaleOfHang, ...fault };
  }
  return undefined;
}

/** Blocks this process, as the tools that are played do. */
export function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Blocks for `seconds` of the client's time, scaled down by the fault. */
export function hang(fault: { readonly scale: number }, seconds: number): void {
  block(Math.round(seconds * fault.scale * 1000));
}
