/** What a day in the room leaves: the set on the medium opened with the keys of the test providers, and the search for it in memory. */
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { commitmentOf, digestOf } from '../../../src/shard/commitment';
import { parseShard } from '../../../src/shard/format';
import { parseManifest } from '../../../src/shard/manifest';
import { combineShares } from '../../../src/shard/shares';

/** Keys that stand for those of the providers, by number of the shard. */
export interface ProviderKeys {
  readonly publicPem: ReadonlyMap<string, string>;
  readonly privatePem: ReadonlyMap<number, string>;
}

/** Makes a key for each wrapped shard. */
export function makeProviderKeys(numbers: readonly number[]): ProviderKeys {
  const [publicPem, privatePem] = [new Map<string, string>(), new Map<number, string>()];
  for (const n of numbers) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 4096,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    publicPem.set(`shard-${n}.pub.pem`, publicKey);
    privatePem.set(n, privateKey);
  }
  return { publicPem, privatePem };
}

/** A set that was opened: each form in which a part of it could lie in memory, by name. */
export interface OpenedSet {
  readonly commitment: string;
  readonly digests: ReadonlyMap<number, string>;
  readonly secrets: ReadonlyMap<string, Buffer>;
}

/** Opens the wrapped shards in a folder. Throws when one does not open, or when they do not give the key of the manifest. */
export async function openSetOf(
  folder: string,
  { privatePem }: ProviderKeys,
  printed: readonly string[],
): Promise<OpenedSet> {
  const manifest = parseManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const digests = new Map<number, string>();
  const lines = [...printed];
  for (const [n, key] of privatePem) {
    const wrapped = readFileSync(join(folder, `shard-${n}.wrapped`));
    digests.set(n, digestOf(wrapped));
    const oaepHash = manifest.shards[n - 1]?.wrapped?.hash ?? 'sha256';
    const clear = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, wrapped);
    lines.push(clear.toString('utf8').trim());
  }
  const shards = lines.map((line) => parseShard(line));
  const [first] = shards;
  if (first === undefined) throw new Error('no shard was made');
  const shares = shards.map(({ share }) => share);
  const key = await combineShares(shares.slice(-manifest.threshold), manifest.threshold);
  const commitment = commitmentOf(key, first);
  if (commitment !== manifest.commitment)
    throw new Error('the shards give another key than the manifest says');
  const secrets = new Map([['the key', Buffer.from(key)]]);
  shards.forEach(({ share }, index) => {
    const line = lines[index] ?? '';
    secrets.set(`a share (${index + 1})`, Buffer.from(share.subarray(0, -1)));
    // The beginning is the same in every shard of the set, and lies in the manifest as well.
    const tail = line.slice(-48);
    secrets.set(`a shard (${index + 1})`, Buffer.from(tail));
    secrets.set(`a shard in capitals (${index + 1})`, Buffer.from(tail.toUpperCase()));
  });
  return { commitment, digests, secrets };
}

const PART = 32 << 20;

/** Which of some secrets lie in a file; it is read in parts that overlap. */
export function secretsIn(file: string, secrets: ReadonlyMap<string, Buffer>): string[] {
  const overlap = Math.max(0, ...[...secrets.values()].map(({ length }) => length));
  const found = new Set<string>();
  const buffer = Buffer.alloc(PART);
  const handle = openSync(file, 'r');
  try {
    for (let at = 0; ; at += PART - overlap) {
      const part = buffer.subarray(0, readSync(handle, buffer, 0, PART, at));
      for (const [name, secret] of secrets) if (part.includes(secret)) found.add(name);
      if (part.length < PART) return [...found];
    }
  } finally {
    closeSync(handle);
  }
}
