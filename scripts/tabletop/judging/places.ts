/**
 * What a place can do with everything that it has seen, tried with the wish to break it, and compared with the model: plain
 * text lies at the air-gapped machine alone, or at the workstation of that very shard; the key is rebuilt nowhere else.
 */
import type { PlaceReach } from '../../../src/procedure/results/drill-results';
import { mayHold } from '../../../src/procedure/rules/places';
import { kindOfPlace } from '../../../src/procedure/vocabulary/places';
import { parseShard } from '../../../src/shard/format';
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

/** What these keys open of what was seen. */
function opened(contents: readonly Buffer[]): Buffer[] {
  const ciphertexts = ciphertextsIn(contents);
  return keysIn(contents).flatMap((key) =>
    ciphertexts.flatMap((ciphertext) =>
      (['sha256', 'sha1'] as const).flatMap((hash) => decryptOaep(key, hash, ciphertext) ?? []),
    ),
  );
}

interface Broken {
  /** Names of secrets that lay there in clear. */
  readonly clear: readonly string[];
  /** Numbers of the shards that can be had from it. */
  readonly shards: readonly number[];
  readonly rebuilds: boolean;
}

const numberIn = (name: string) => Number(/shard (\d+)$/.exec(name)?.[1]);

/** Tries to get at the key with what was seen, and with one shard more that passed through a pipe. */
async function breakWith(
  contents: readonly Buffer[],
  set: KnownSet,
  pictures: readonly Secret[],
  passed: number | undefined,
): Promise<Broken> {
  const find = secretFinder([...secretsOf(set), ...pictures]);
  const clear = new Set(contents.flatMap((bytes) => find(bytes)));
  const had = new Set([...clear, ...opened(contents).flatMap((bytes) => find(bytes))]);
  const shards = new Set([...had].filter((name) => name !== 'MasterKey').map(numberIn));
  if (passed !== undefined) shards.add(passed);
  const { threshold } = set.manifest;
  let rebuilds = had.has('MasterKey');
  if (!rebuilds && shards.size >= threshold) {
    const lines = [...shards].flatMap((number) => set.lines.get(number) ?? []).slice(0, threshold);
    const key = await combineShares(
      lines.map((line) => parseShard(line).share),
      threshold,
    );
    rebuilds = isKeyOf(set.manifest, key);
    key.fill(0);
  }
  return { clear: [...clear].sort(), shards: [...shards].sort((a, b) => a - b), rebuilds };
}

/** Number of the shard whose workstation a place is. */
const ownShard = (place: string) =>
  kindOfPlace(place) === 'workstation' ? Number(/-(\d+)$/.exec(place)?.[1]) : undefined;

/**
 * Judges what each place has seen. `recovered`: the key was rebuilt, so that the account must show where.
 * Returns a row for each place, and what differs from the model.
 */
export async function judgePlaces(
  account: Account,
  set: KnownSet,
  pictures: readonly Secret[],
  { recovered }: { readonly recovered: boolean },
): Promise<{ rows: PlaceReach[]; findings: Finding[] }> {
  const rows: PlaceReach[] = [];
  const findings: Finding[] = [];
  const wrong = (wanted: string, found: string) => findings.push({ wanted, found });
  const { threshold } = set.manifest;
  for (const place of account.places()) {
    const own = ownShard(place);
    const { clear, shards, rebuilds } = await breakWith(account.contents(place), set, pictures, own);
    rows.push({ place, clear: [...clear], shards: [...shards], rebuilds });
    const isAirGapped = kindOfPlace(place) === 'air-gapped';
    const foreign = clear.filter((name) =>
      name === 'MasterKey' ? !isAirGapped : !mayHold(place, numberIn(name)),
    );
    if (foreign.length > 0) wrong(`no clear text at ${place} but its own`, foreign.join(', '));
    if (rebuilds && !isAirGapped)
      wrong(`fewer than ${threshold} shards at ${place}`, `the key, from shards ${shards.join(', ')}`);
  }
  const others = account.places().filter((place) => kindOfPlace(place) !== 'air-gapped');
  const together = await breakWith(
    others.flatMap((place) => account.contents(place)),
    set,
    pictures,
    undefined,
  );
  if (together.rebuilds)
    wrong('no key in what all places but the air-gapped machine have seen', 'the key, from all of it');
  if (recovered && others.length < account.places().length && !rows.some(({ rebuilds }) => rebuilds))
    wrong('the key from what the air-gapped machine has seen', 'nothing that gives it');
  return { rows, findings };
}
