/**
 * What places can do with everything that they have seen, each alone and in coalitions, tried with the wish to break it and
 * compared with the model: plain text lies at the air-gapped machine alone, or at the workstation of that very shard; the
 * key is rebuilt nowhere else, and by as many custodians together as the threshold says, never by fewer.
 */
import type { Coalitions, PlaceReach } from '../../../src/procedure/results/drill-results';
import { mayHold } from '../../../src/procedure/rules/places';
import { kindOfPlace, shardOfPlace } from '../../../src/procedure/vocabulary/places';
import { parseShard } from '../../../src/shard/format';
import { subsets } from '../../../src/shard/search';
import { combineShares } from '../../../src/shard/shares';
import { decryptOaep } from '../../providers/rsa';
import type { Account } from '../secrets/account';
import { type Secret, secretFinder } from '../secrets/secrets';
import { isKeyOf, type KnownSet, secretsOf } from '../world/oracle';
import type { Finding } from './end-oracle';

const pem = /-----BEGIN (?:RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END (?:RSA )?PRIVATE KEY-----/g;

/** The private keys that lie in what was seen. */
const keysIn = (contents: readonly Buffer[]): string[] =>
  contents.flatMap((bytes) => bytes.toString('latin1').match(pem) ?? []);

/** Contents that can be one RSA ciphertext, as they are or in base64. */
function ciphertextsIn(contents: readonly Buffer[]): Buffer[] {
  return contents
    .flatMap((bytes) => [
      bytes,
      ...(bytes.length < 2048 ? [Buffer.from(bytes.toString('latin1'), 'base64')] : []),
    ])
    .filter(({ length }) => length >= 256 && length <= 1024 && length % 64 === 0);
}

/** What one place has seen, sorted by what it is good for. */
interface Sight {
  readonly place: string;
  /** Names of secrets that lay there in clear. */
  readonly clear: readonly string[];
  readonly keys: readonly string[];
  readonly ciphertexts: readonly Buffer[];
}

const numberIn = (name: string) => Number(/shard (\d+)$/.exec(name)?.[1]);

/** Tries to get at shards and key with what places have seen, put together. */
class Breaker {
  private readonly find: (bytes: Buffer) => string[];
  /** Names of the secrets in a ciphertext, by key and ciphertext: coalitions overlap. */
  private readonly opened = new Map<string, Map<Buffer, readonly string[]>>();

  constructor(
    private readonly set: KnownSet,
    pictures: readonly Secret[],
  ) {
    this.find = secretFinder([...secretsOf(set), ...pictures]);
  }

  sightOf(place: string, contents: readonly Buffer[]): Sight {
    const clear = [...new Set(contents.flatMap(this.find))].sort();
    return { place, clear, keys: keysIn(contents), ciphertexts: ciphertextsIn(contents) };
  }

  /** Names of the secrets that a key opens in a ciphertext. */
  open(key: string, ciphertext: Buffer): readonly string[] {
    const known = this.opened.get(key) ?? new Map<Buffer, readonly string[]>();
    this.opened.set(key, known);
    const before = known.get(ciphertext);
    if (before) return before;
    const names = (['sha256', 'sha1'] as const).flatMap((hash) => {
      const text = decryptOaep(key, hash, ciphertext);
      return text ? this.find(text) : [];
    });
    known.set(ciphertext, names);
    return names;
  }

  /** What these places have together, with shards that passed through pipes and of which nothing is left. */
  async together(
    sights: readonly Sight[],
    passed: readonly number[],
  ): Promise<{ readonly shards: number[]; readonly rebuilds: boolean }> {
    const had = new Set(sights.flatMap(({ clear }) => clear));
    const ciphertexts = sights.flatMap((sight) => sight.ciphertexts);
    for (const key of sights.flatMap(({ keys }) => keys))
      for (const ciphertext of ciphertexts) for (const name of this.open(key, ciphertext)) had.add(name);
    const numbers = [...had].filter((name) => name !== 'MasterKey').map(numberIn);
    const shards = [...new Set([...numbers, ...passed])].sort((a, b) => a - b);
    return { shards, rebuilds: had.has('MasterKey') || (await this.combines(shards)) };
  }

  private async combines(shards: readonly number[]): Promise<boolean> {
    const { manifest, lines } = this.set;
    if (shards.length < manifest.threshold) return false;
    const chosen = shards.flatMap((number) => lines.get(number) ?? []).slice(0, manifest.threshold);
    const key = await combineShares(
      chosen.map((line) => parseShard(line).share),
      manifest.threshold,
    );
    const is = isKeyOf(manifest, key);
    key.fill(0);
    return is;
  }
}

const isAirGapped = ({ place }: Pick<Sight, 'place'>) => kindOfPlace(place) === 'air-gapped';

/**
 * Tries every set of workstations that the model puts below the threshold, together with all that other places with a
 * network have seen, and every set that it puts at the threshold. More than `M - 1` are not needed of the first kind, as
 * whoever has less than they have less (the sets that open a secret are closed under inclusion), nor more than `M` of the
 * second. `quorum`: shards that were to give the key, and gave it; each of their workstations has wrapped its own.
 */
async function judgeCoalitions(
  breaker: Breaker,
  sights: readonly Sight[],
  threshold: number,
  quorum: readonly number[],
): Promise<{ coalitions: Coalitions; findings: Finding[] }> {
  const findings: Finding[] = [];
  const workstations = sights.filter(({ place }) => shardOfPlace(place) !== undefined);
  const others = sights.filter((sight) => !workstations.includes(sight) && !isAirGapped(sight));
  const sessionKeys = sights.filter(isAirGapped).flatMap(({ keys }) => keys);
  /** Whether a shard was in the hands of its custodian: in clear, or wrapped there for the session. */
  const hasPassed = ({ place, clear, ciphertexts }: Sight) => {
    const name = `shard ${shardOfPlace(place)}`;
    return (
      clear.includes(name) ||
      sessionKeys.some((key) => ciphertexts.some((each) => breaker.open(key, each).includes(name)))
    );
  };
  const setsOf = (size: number, all: readonly Sight[]) =>
    size === 0 || size > all.length
      ? []
      : [...subsets(all.length, size)].map((members) => members.flatMap((at) => all[at] ?? []));
  const numbers = (members: readonly Sight[]) => members.flatMap(({ place }) => shardOfPlace(place) ?? []);
  const names = (members: readonly Sight[]) => members.map(({ place }) => place).join(' and ');
  const below = setsOf(Math.min(threshold - 1, workstations.length), workstations);
  for (const members of below) {
    const { rebuilds, shards } = await breaker.together([...members, ...others], numbers(members));
    if (rebuilds)
      findings.push({
        wanted: `no key from ${names(members)}, whose sum is below ${threshold}`,
        found: `the key, from shards ${shards.join(', ')}`,
      });
  }
  const chosen = workstations.filter(({ place }) => quorum.includes(shardOfPlace(place) ?? 0));
  const enough = setsOf(threshold, chosen);
  for (const members of enough) {
    const holding = members.filter(hasPassed);
    const { rebuilds } = await breaker.together(members, numbers(holding));
    if (!rebuilds)
      findings.push({
        wanted: `the key from ${names(members)}, whose sum is ${threshold}`,
        found: `shards of ${names(holding) || 'none of them'} alone`,
      });
  }
  return { coalitions: { below: below.length, enough: enough.length }, findings };
}

/**
 * Judges what each place has seen, alone and with others. `recovered`: the shards of which the key was rebuilt, so that the
 * account must show where; undefined where it was not.
 * Returns a row for each place, the sets of workstations that were tried, and what differs from the model.
 */
export async function judgePlaces(
  account: Account,
  set: KnownSet,
  pictures: readonly Secret[],
  { recovered }: { readonly recovered: readonly number[] | undefined },
): Promise<{ rows: PlaceReach[]; coalitions: Coalitions; findings: Finding[] }> {
  const rows: PlaceReach[] = [];
  const findings: Finding[] = [];
  const wrong = (wanted: string, found: string) => findings.push({ wanted, found });
  const { threshold } = set.manifest;
  const breaker = new Breaker(set, pictures);
  const sights = account.places().map((place) => breaker.sightOf(place, account.contents(place)));
  for (const sight of sights) {
    const { place, clear } = sight;
    const own = shardOfPlace(place);
    const { shards, rebuilds } = await breaker.together([sight], own === undefined ? [] : [own]);
    rows.push({ place, clear: [...clear], shards, rebuilds });
    const foreign = clear.filter((name) =>
      name === 'MasterKey' ? !isAirGapped(sight) : !mayHold(place, numberIn(name)),
    );
    if (foreign.length > 0) wrong(`no clear text at ${place} but its own`, foreign.join(', '));
    if (rebuilds && !isAirGapped(sight))
      wrong(`fewer than ${threshold} shards at ${place}`, `the key, from shards ${shards.join(', ')}`);
  }
  const others = sights.filter((sight) => !isAirGapped(sight));
  const { rebuilds } = await breaker.together(others, []);
  if (rebuilds)
    wrong('no key in what all places but the air-gapped machine have seen', 'the key, from all of it');
  if (recovered && others.length < sights.length && !rows.some((row) => row.rebuilds))
    wrong('the key from what the air-gapped machine has seen', 'nothing that gives it');
  const tried = await judgeCoalitions(breaker, sights, threshold, recovered ?? []);
  return { rows, coalitions: tried.coalitions, findings: [...findings, ...tried.findings] };
}
