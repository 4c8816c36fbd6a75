/** What a stand-in brings for its provider beside the tool: its world, its faults, its keys. One row each in stand-ins.ts. */
import { randomBytes } from 'node:crypto';
import type { ProviderId, ShardFields } from '../../src/deployment/providers/registry';
import type { Outcome, Shell } from './exit';
import type { FaultMode } from './world';

/** Runs a tool as its command line says, on the state in a world directory. */
export type Tool = (directory: string, words: readonly string[], shell: Shell) => Outcome | Promise<Outcome>;

/** What is wrong inside a provider, written into its state, so that the vendor's own commands can show and undo it. */
export const innerFaults = [
  'key-pending-deletion',
  'key-disabled',
  'key-deleted',
  'sealed',
  'pin-locked',
] as const;

export type InnerFault = (typeof innerFaults)[number];

/** Where an operator who unwraps a shard is stopped, and the words that are seen there. */
export interface SeenStop {
  /** `look`: when the session is opened. `unwrap`: at the decryption. `check`: when the shard is verified. */
  readonly at: 'look' | 'unwrap' | 'check';
  readonly message: string;
}

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

export type ShardOf<Id extends ProviderId> = Extract<ShardFields, { readonly provider: Id }>;

/** A method instead of a function property where a registry calls it with the very shards it was chosen by. */
export interface StandIn<Id extends ProviderId> {
  /** Command on PATH: the tool of the provider, without the schemas that come with `providers`. */
  readonly tool: string;
  readonly run: Tool;
  /** Other commands that a shard can name, each with what it runs. */
  readonly otherTools?: Readonly<Record<string, Tool>>;
  /** File of the world directory that holds its state. */
  readonly state: { readonly name: string };
  /** Where its tool keeps who is signed in, below the home directory; a folder ends with a slash. */
  readonly logins: readonly string[];
  /** What of a session is still there in a world and a home; undefined where nobody is signed in. */
  signedIn?(directory: string, home: string): string | undefined;
  /** Wrong tries of a PIN that the provider has counted since the last right one. */
  wrongPins?(directory: string): number;
  /** Makes the world know again the session whose files lie in the home. */
  signIn?(directory: string, home: string): void;
  /** Takes every sign-in out of a home but that of the recovery identity of one shard. Without it, the files of `logins` hold one sign-in. */
  keepSignIn?(directory: string, home: string, shard: ShardOf<Id>): void;
  /** What the operator sees where it refuses a ciphertext; stands on the pages, under "If a step stops you". */
  readonly refusal: string;
  /** What the operator sees of each fault on the way to it, or in its answer; stands on the pages in the same place. */
  readonly stops: Readonly<Partial<Record<FaultMode | InnerFault, SeenStop>>>;
  /** Writes the state of its part of an authenticated world without keys. */
  seed(directory: string, shards: readonly ShardOf<Id>[]): Partial<Seeded>;
  /** Changes its state; how many things were changed, 0 where the fault does not exist there. An empty place means all. */
  inject(directory: string, place: string, mode: InnerFault): number;
  /** Names under which faults of a shard's key are injected. */
  targets(shard: ShardOf<Id>): readonly string[];
  /** Names under which an outage of the shard's region is injected; undefined where no region can take its key away. */
  outage?(shard: ShardOf<Id>): readonly string[];
  /** PEM of the private key that unwraps a shard. */
  privateKey(directory: string, shard: ShardOf<Id>): string | undefined;
}

export const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
export const digits = (count: number): string =>
  Array.from(randomBytes(count), (byte) => String(byte % 10)).join('');
export const inThirtyDays = (): string => new Date(Date.now() + 30 * 86_400_000).toISOString();
