/** The world directory that a drill plays in: a JSON file for the state of each provider, saved atomically, and the faults on the way to them. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** PEM (PKCS#8) of a private key that lives in a provider. Test material, made for one drill. */
export type PrivateKeyPem = string;

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
  'expired-sign-in',
  'unknown-profile',
  'unknown-service',
  'unknown-authority',
  'unknown-host',
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

/** One file of the world directory. A state that was never seeded is empty: no account, no token, nothing listens. */
export interface StateFile<State> {
  /** Name of the file, without `.json`. */
  readonly name: string;
  load(directory: string): State;
  /** Replaces the file; a reader sees the old or the new one, never half of it. */
  save(directory: string, state: State): void;
}

export function stateFile<State>(name: string, empty: () => State): StateFile<State> {
  return {
    name,
    load(directory) {
      const path = join(directory, `${name}.json`);
      return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as State) : empty();
    },
    save(directory, state) {
      const path = join(directory, `${name}.json`);
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, `${JSON.stringify(state, null, 1)}\n`, { mode: 0o600 });
      renameSync(draft, path);
    },
  };
}

export const faultState = stateFile<Faults>('faults', () => ({}));

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
  const faults = faultState.load(directory);
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
