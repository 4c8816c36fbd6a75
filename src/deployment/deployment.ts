/** A checked deployment: the shards numbered and named. Everything that prints a fact of the deployment reads it from here. */
import { appearanceOf } from '../shard/names';
import type { Trait } from './providers/kind';
import type { ShardFields } from './providers/registry';
import { kindOf } from './providers/registry';
import type { DeploymentFile } from './schema';

export type Shard = ShardFields & {
  /** Number of the shard, 1..N, its place in the file. */
  readonly n: number;
  /** Name for people, for example `AWS KMS us-east-1`; no two shards of a deployment look the same in it. */
  readonly name: string;
  readonly providerName: string;
  readonly place: string;
  readonly medium: 'wrapped' | 'paper';
  readonly has: readonly Trait[];
  readonly oaepHash: 'sha256' | 'sha1' | undefined;
  /** Command of the vendor's tool; none on paper. */
  readonly tool: string | undefined;
  readonly keyReference: string;
  /** True for the first shard whose key lies in its container, a key ring or a server: what is done once for all its keys is done there. */
  readonly newContainer: true | undefined;
  /** Region in which the key is used, and with its provider, as `aws-kms:us-east-1`; none where no region can take the key away. */
  readonly keyRegion: string | undefined;
  readonly regionId: string | undefined;
  /** True for the first shard of its region. */
  readonly newRegion: true | undefined;
};

export interface Deployment extends Omit<DeploymentFile, 'shards'> {
  readonly shards: readonly Shard[];
}

/** What is new with a shard: a container or a region that no shard before it has. */
type News = Partial<Pick<Shard, 'newContainer' | 'newRegion'>>;

function regionId(fields: ShardFields): string | undefined {
  const region = kindOf(fields.provider).region?.(fields);
  return region === undefined ? undefined : `${fields.provider}:${region}`;
}

function resolveShard(fields: ShardFields, n: number, { newContainer, newRegion }: News = {}): Shard {
  const kind = kindOf(fields.provider);
  const place = kind.place(fields);
  const tool = 'command' in fields ? fields.command : kind.tool;
  const providerName = kind.otherTools?.[tool ?? ''] ?? kind.name;
  return {
    ...fields,
    n,
    name: `${providerName} ${place}`,
    providerName,
    place,
    medium: kind.medium,
    has: kind.has,
    oaepHash: kind.oaepHash(fields),
    tool,
    keyReference: kind.keyReference(fields),
    newContainer,
    keyRegion: kind.region?.(fields),
    regionId: regionId(fields),
    newRegion,
  } as Shard;
}

/** Numbers and names the shards of a file that the schema has accepted. */
export function resolveDeployment(file: DeploymentFile): Deployment {
  const known = new Set<string>();
  const isNew = (name: string | undefined): true | undefined =>
    name === undefined || known.has(name) || !known.add(name) ? undefined : true;
  const names = new Set<string>();
  const shards = file.shards.map((fields, index) => {
    const container = kindOf(fields.provider).container?.(fields);
    const news = { newContainer: isNew(container), newRegion: isNew(regionId(fields)) };
    const shard = resolveShard(fields, index + 1, news);
    // The first of a place keeps its plain name, so that a shard that is added changes no name.
    const taken = names.has(appearanceOf(shard.name));
    const name = taken ? `${shard.name} (shard ${shard.n})` : shard.name;
    names.add(appearanceOf(name));
    return { ...shard, name };
  });
  return { ...file, shards };
}

/** The same shard under the key that replaces its present one. Throws RangeError for a shard without a key. */
export function withNextKey(shard: Shard): Shard {
  const change = kindOf(shard.provider).next(shard);
  if (!change) throw new RangeError(`shard ${shard.n} (${shard.name}) has no key that could be replaced`);
  return { ...resolveShard({ ...shard, ...change } as ShardFields, shard.n), name: shard.name };
}

/** Name of a person for print. Throws RangeError on an unknown id. */
export function personName(deployment: Deployment, id: string): string {
  const person = deployment.people.find((candidate) => candidate.id === id);
  if (!person) {
    throw new RangeError(
      `person "${id}" is not in people; known: ${deployment.people.map((known) => known.id).join(', ')}`,
    );
  }
  return person.name;
}
