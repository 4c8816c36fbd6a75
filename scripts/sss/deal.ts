/** Deals a key into a new set: split, prove every combination, and only then write the folder. */
import { join } from 'node:path';
import { commitmentOf, kcvOf, lineDigest, sameHex } from '../../src/shard/commitment';
import { formatShard, labelOf, type SetHeader, type ShardError, shardX, toHex } from '../../src/shard/format';
import {
  checkHolder,
  checkKeyName,
  formatManifest,
  type Manifest,
  type ManifestShard,
  type Origin,
} from '../../src/shard/manifest';
import { appearanceOf } from '../../src/shard/names';
import { type Proof, proveSplit } from '../../src/shard/search';
import { splitKey } from '../../src/shard/shares';
import {
  type Args,
  BAD_MACHINE,
  type Context,
  type Option,
  printable,
  type Report,
  refusal,
  usageError,
} from './command';
import { draw } from './draw';
import { refuseExisting, writeNewFolder } from './files';
import { receiptKeyOf, sealManifest } from './seal';
import { inFile } from './shard-file';
import { readWrappingKey, type WrappingKey, wrap, wrappedFor } from './wrapping';

export const KEY_NAME_OPTION: Option = {
  name: 'key-name',
  value: 'NAME',
  required: true,
  help: 'Name of the key in the manifest.',
};

/** The options that describe a new set, shared by `generate`, `split` and `reshare`. */
export const DEAL_OPTIONS: Option[] = [
  { name: 'threshold', value: 'M', required: true, help: 'How many shards recover the key, 2 to 255.' },
  {
    name: 'holder',
    value: 'TEXT',
    required: true,
    repeat: true,
    help: 'Who or what will hold the shard; once for each shard, in order. Their number is N.',
  },
  { name: 'generation', value: 'G', required: true, help: 'Which set of this key it is, 1 to 65535.' },
  { name: 'out', value: 'FOLDER', required: true, help: 'New folder for manifest.json and the shard files.' },
  {
    name: 'wrap-to',
    value: 'N=FILE',
    repeat: true,
    help: 'Write shard N encrypted for this public key, as shard-N.wrapped, and never in clear. Append ,sha1 for a module that cannot do OAEP with SHA-256.',
  },
];

export interface Plan {
  keyName: string;
  threshold: number;
  generation: number;
  holders: string[];
  out: string;
  /** The set that a reshare begins with. */
  follows?: Origin;
  /** For whom a shard is encrypted, by its number; the others are written in clear. */
  wrapTo: Map<number, WrappingKey>;
}

const TOLD_APART = 'The manifest tells the shards apart by their holders: give each a holder of its own.';

/** Refuses a holder that a manifest could not carry; says which, and never quotes it. */
export function checkHolders(holders: readonly string[]): void {
  for (const [i, holder] of holders.entries()) {
    try {
      checkHolder(holder);
    } catch (error) {
      throw usageError(`--holder, number ${i + 1}: ${(error as Error).message}`, (error as ShardError).hint);
    }
    const first = holders.findIndex((other) => appearanceOf(other) === appearanceOf(holder));
    if (first === i) continue;
    const how = holders[first] === holder ? 'the same as' : 'looks the same as';
    throw usageError(`--holder, number ${i + 1}: ${how} number ${first + 1}`, TOLD_APART);
  }
}

const ONE_KEY_EACH = 'Who can use that key would hold both shards, and count twice in every quorum.';

/** The keys of `--wrap-to`, by the number of the shard. */
function wrapKeys(args: Args, total: number): Map<number, WrappingKey> {
  const keys = new Map<number, WrappingKey>();
  for (const given of args.list('wrap-to')) {
    const [, digits = '', file = ''] = /^(\d{1,3})=(.+)$/s.exec(given) ?? [];
    const number = Number(digits);
    if (number < 1 || number > total || keys.has(number)) {
      const wanted = `wanted N=FILE with N from 1 to ${total}, each once`;
      throw usageError(`--wrap-to ${printable(given)}: ${wanted}`);
    }
    const key = readWrappingKey(file);
    const same = [...keys].find(([, { digest }]) => digest === key.digest);
    if (same) throw refusal(`${printable(file)}: the same key as for shard ${same[0]}`, ONE_KEY_EACH);
    keys.set(number, key);
  }
  return keys;
}

/** Reads and checks the options of DEAL_OPTIONS before any key exists. */
export function planOf(args: Args, keyName: string): Plan {
  const holders = args.list('holder');
  const threshold = args.number('threshold', 2, 255);
  if (holders.length < threshold || holders.length > 255) {
    const found = `${holders.length} --holder for --threshold ${threshold}`;
    throw usageError(`${found}: wanted ${threshold} to 255`, 'Give --holder once for each shard.');
  }
  try {
    checkKeyName(keyName);
  } catch (error) {
    throw usageError(`--key-name ${printable(keyName)}: ${(error as Error).message}`);
  }
  checkHolders(holders);
  const out = args.text('out').replace(/(?<=.)\/+$/, '');
  refuseExisting(out);
  const wrapTo = wrapKeys(args, holders.length);
  return { keyName, threshold, generation: args.number('generation', 1, 65535), holders, out, wrapTo };
}

/** A set that is proved but not written yet. Shards in clear are secret. */
export interface Dealt {
  manifest: Manifest;
  /** The content of each shard's file. */
  shards: Uint8Array[];
  proof: Proof;
}

/** Splits the key and proves that every combination of M shards gives it back. The caller wipes the key. */
export async function deal(key: Uint8Array, plan: Plan, context: Context): Promise<Dealt> {
  const { threshold, generation, holders } = plan;
  const setId = new Uint8Array(8);
  await draw(setId);
  const header: SetHeader = {
    test: context.test,
    threshold,
    total: holders.length,
    generation,
    setId: toHex(setId),
  };
  const commitment = commitmentOf(key, header);
  const shares = await splitKey(key, threshold, holders.length);
  try {
    const accept = (found: Uint8Array) => sameHex(commitmentOf(found, header), commitment);
    const fault = (await import('./checks')).splitFault(key, shares, threshold);
    if (fault !== undefined) throw refusal(`the split failed: ${fault}`, BAD_MACHINE);
    const proof = await proveSplit(shares, threshold, accept, (tried, of) => {
      if (tried % Math.ceil(of / 100) === 0) context.progress(`verifying: ${tried} of ${of} combinations`);
    });
    context.progress('');
    const shards = shares.map((share) => ({ ...header, kcv: kcvOf(commitment), share }));
    const lines = shards.map(formatShard);
    const files = lines.map((line, i) => wrap(plan.wrapTo.get(i + 1), new TextEncoder().encode(line)));
    const entries = shards.map((shard, i) => ({
      number: i + 1,
      label: labelOf(shard),
      x: shardX(shard),
      sha256: lineDigest(lines[i] ?? ''),
      receiptKey: receiptKeyOf(lines[i] ?? ''),
      ...files[i]?.record,
      holder: holders[i] ?? '',
    }));
    const manifest: Manifest = {
      format: 'mks-manifest/1',
      keyName: plan.keyName,
      keyBytes: key.length,
      ...header,
      commitment,
      ...(plan.follows ? { follows: plan.follows } : {}),
      shards: entries,
    };
    return { manifest: sealManifest(manifest, key), shards: files.map(({ bytes }) => bytes), proof };
  } catch (error) {
    throw inFile(plan.out, error);
  } finally {
    for (const share of shares) share.fill(0);
  }
}

/** Writes the set's folder, complete or not at all, and reports it. */
export function writeSet({ manifest, shards, proof }: Dealt, out: string): Report {
  const nameOf = (shard: ManifestShard) => `shard-${shard.number}.${shard.wrapped ? 'wrapped' : 'txt'}`;
  const files = new Map<string, Uint8Array | string>(
    manifest.shards.map((shard, i) => [nameOf(shard), shards[i] ?? new Uint8Array()]),
  );
  writeNewFolder(out, files.set('manifest.json', formatManifest(manifest)));
  const { threshold, total } = manifest;
  const how =
    proof.tried === proof.of ? `${proof.of} of ${proof.of}` : `by ${proof.tried} that prove the rest`;
  return {
    lines: [
      ...manifest.shards.map((shard) => {
        const what = `shard ${shard.number} of ${total}, ${shard.label}, ${shard.holder}`;
        return `${printable(join(out, nameOf(shard)))}: ${what}${wrappedFor(shard)}`;
      }),
      `${printable(join(out, 'manifest.json'))}: ${describeSet(manifest)}`,
      `commitment: ${manifest.commitment}`,
      `verified: every combination of ${threshold} shards gives the same key (${how})`,
    ],
    json: { manifest, verified: proof.tried },
  };
}

/** One line on a set: name, size, M of N, generation, id. The same in a drill, so that a page can print it. */
export function describeSet(manifest: Manifest): string {
  const { keyName, keyBytes, threshold, total, generation, setId } = manifest;
  return `${keyName}, ${keyBytes} bytes, ${threshold} of ${total} shards, generation ${generation}, set ${setId}`;
}
