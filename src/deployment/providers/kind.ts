/** What the rest of the project must know of a provider. A new provider is one file beside this one and one row in `registry.ts`; CONTRIBUTING.md names its other two places. */
import type { z } from 'zod';
import type { ProviderDomain } from '../domain-kinds';

/**
 * `masterkey-shard-1` → `masterkey-shard-1-r2` → `masterkey-shard-1-r3`: names of deleted keys are not used again. The end
 * of a name that would be longer than the vendor's `most` characters gives way.
 */
export function nextName(name: string, most: number): string {
  const [, base = name, count = '1'] = /^(.*)-r(\d{1,6})$/.exec(name) ?? [];
  const turn = `-r${Number(count) + 1}`;
  return base.slice(0, most - turn.length) + turn;
}

/**
 * What each identity may do at a provider, in the vendor's own words. The pages print it, and the stand-in of AWS denies the rest.
 * `{mount}` stands for the field of the shard that has this name. It stands in a file without the schema, because the stand-ins start with every command of a drill.
 */
export interface Permissions {
  /** What the recovery identity needs for the steps that unwrap a shard, and nothing more. */
  readonly recovery: readonly string[];
  /** What the administrators need for the life of the key. */
  readonly administrator: readonly string[];
  /** The one permission that no administrator may have. */
  readonly unwraps: string;
  /** What each command of the pages needs, by its words; of a tool with options, by the option that names the act. */
  readonly needs: Readonly<Record<string, string>>;
}

/**
 * Names of the regions that a vendor lists, with the source and the day on which it was read. Vendors open regions between
 * two releases of this project: an unknown name is a warning and never an error.
 */
export interface RegionList {
  /** Who lists them, as a warning names it. */
  readonly vendor: string;
  readonly source: string;
  /** Day on which the source was read. */
  readonly checked: string;
  readonly names: readonly string[];
}

/** What can happen to a provider's key by its nature: each is the condition of an emergency, as `has=seal`. */
export const traits = [
  /** A vendor can close the account. */
  'account',
  /** A deleted key can be brought back for some time. */
  'deletion-window',
  /** A shard is wrapped under one version of a key, and versions are destroyed one by one. */
  'key-version',
  /** The server must be unsealed before it decrypts. */
  'seal',
  /** The keys lie in a storage of the company's own, with snapshots. */
  'storage',
  /** A PIN that wrong tries lock. */
  'pin',
  /** One device, which can be erased, tampered with or dead. */
  'device',
] as const;

export type Trait = (typeof traits)[number];

export interface ProviderKind<Fields> {
  /** Name as the reader knows it. */
  readonly name: string;
  /** `wrapped`: ciphertext in the registry, unwrapped by a key of the provider. `paper`: the shard itself, in a safe. */
  readonly medium: 'wrapped' | 'paper';
  /** Which emergencies it has: pages ask for these, and never for its name. */
  readonly has: readonly Trait[];
  /** Command of the vendor's tool; none on paper. */
  readonly tool: string | undefined;
  /** Other commands that take the same words, each with the name of what it talks to; a shard names one as its `command`. */
  readonly otherTools?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Fields>;
  /** Undefined where no tool asks anybody's permission. */
  readonly permissions: Permissions | undefined;
  /** Short place that tells two shards of one provider apart: region, host, token, safe. */
  place(fields: Fields): string;
  /** Full name of the unwrapping key, as the registry records it. */
  keyReference(fields: Fields): string;
  /** Hash of RSA-OAEP and of its MGF1 (RFC 8017 section 7.1) that the key decrypts with; none on paper. */
  oaepHash(fields: Fields): 'sha256' | 'sha1' | undefined;
  /** Region in which the key is used: its outage takes the key away, unless there is a replica. Undefined where there is none. */
  region?(fields: Fields): string;
  /** Fields that name a region, and the regions that the vendor lists. */
  readonly regions?: RegionList & { readonly fields: readonly string[] };
  /** What holds several keys, such as a key ring or a server, so that something is done once for all of them; undefined where keys stand alone. */
  container?(fields: Fields): string;
  /** The fields with the name that a new key gets when the old one is gone; undefined where there is no key. */
  next(fields: Fields): Partial<Fields> | undefined;
  /** Where the name of an identity means one and the same: an account, a tenant, a server. The account of `domains` or who runs it, unless it is told here. */
  realm?(fields: Fields): string;
  /** What of the provider's own fails or is breached together, such as an account or a region; who runs it is told by `operator`. */
  domains(fields: Fields): readonly ProviderDomain[];
  /** Who runs it: shards of one operator fail or are breached together. Undefined where nobody outside does. */
  operator(fields: Fields): { readonly id: string; readonly name: string } | undefined;
}
