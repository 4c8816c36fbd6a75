/** `sss reissue`: recreates one shard of a set from M others: the same shard, or knowingly one above N. */
import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { commitmentOf, lineDigest, sameHex } from '../../../src/shard/commitment';
import { formatShard, shardLabel } from '../../../src/shard/format';
import { formatManifest, type Manifest, type ManifestShard } from '../../../src/shard/manifest';
import { appearanceOf } from '../../../src/shard/names';
import { combineShares, shareAt } from '../../../src/shard/shares';
import { type Args, type Context, type CoreCommand, printable, refusal, usageError } from '../command';
import { checkHolders } from '../deal';
import { draw } from '../draw';
import { readManifest, refuseExisting, writeNewFiles } from '../files';
import { receiptKeyOf, sealManifest } from '../seal';
import { readShards, wipeShards } from '../shard-file';
import { sessionKeyOf, UNWRAP_OPTION, WRAP_OPTION, wrap, wrappedFor, wrapToOf } from '../wrapping';

const RAISED =
  'this shard is above N: every older shard still counts, so more people than before can form a quorum. After a loss that may be a theft use sss reshare instead';

const TWO_LISTS = 'Take the manifest that was made then. Two lists from one would each miss a holder.';
const ONE_EACH = 'Who holds two shards counts twice in every quorum: give the new shard to somebody else.';

/**
 * The x of the wanted shard: that of its entry in the manifest, or with --raise-n any unused one. By lot, so that two
 * raises that know nothing of each other hardly ever make the same shard for two holders.
 */
async function wantedX(args: Args, manifest: Manifest): Promise<{ number: number; x: number }> {
  const listed = manifest.shards.length;
  const number = args.number('number', 1, 255);
  const entry = manifest.shards[number - 1];
  if (entry) {
    if (args.has('raise-n'))
      throw usageError(`--raise-n: shard ${number} exists; the next number is ${listed + 1}`);
    return { number, x: entry.x };
  }
  if (!args.has('raise-n')) {
    const hint =
      'A new label raises N. If that is what you want, add --raise-n, --holder and --new-manifest.';
    throw refusal(`the manifest lists no shard ${number}, wanted 1 to ${listed}`, hint);
  }
  if (number !== listed + 1) throw usageError(`--number ${number}: the next number is ${listed + 1}`);
  const used = new Set(manifest.shards.map(({ x }) => x));
  const free = Array.from({ length: 255 }, (_, i) => i + 1).filter((candidate) => !used.has(candidate));
  if (free.length === 0) throw refusal('the set has 255 shards, and there can be no more');
  // A coordinate is public; 64 bits of a tested draw leave no bias that matters.
  const lot = new Uint8Array(8);
  await draw(lot);
  return { number, x: free[Number(new DataView(lot.buffer).getBigUint64(0) % BigInt(free.length))] ?? 0 };
}

/** The extended manifest of --raise-n, sealed anew with the key, which is computed for that alone. */
async function raisedManifest(
  manifest: Manifest,
  shares: readonly Uint8Array[],
  entry: Omit<ManifestShard, 'sha256' | 'receiptKey'>,
  line: string,
): Promise<Manifest> {
  const { holder, wrapped, ...place } = entry;
  const digests = { sha256: lineDigest(line), receiptKey: receiptKeyOf(line) };
  const added = { ...place, ...digests, ...(wrapped && { wrapped }), holder };
  const key = await combineShares(shares, manifest.threshold);
  try {
    if (!sameHex(commitmentOf(key, manifest), manifest.commitment))
      throw refusal('the key does not match the commitment: nothing was made');
    return sealManifest({ ...manifest, shards: [...manifest.shards, added] }, key);
  } finally {
    key.fill(0);
  }
}

/**
 * The mark beside a manifest from which a shard above N was made: a second one from the same list would be a shard that
 * the first new list does not know.
 */
const markOf = (file: string): string => `${file}.raised`;

function refuseRaisedTwice(file: string): void {
  if (!lstatSync(markOf(file), { throwIfNoEntry: false })) return;
  const which = `${printable(markOf(file))} says which`;
  throw refusal(`${printable(file)}: a shard above N was made from it already: ${which}`, TWO_LISTS);
}

export const reissue: CoreCommand = {
  name: 'reissue',
  summary: 'recreate a lost or damaged shard from M others',
  files: { name: 'SHARD…', min: 2, max: 255, help: 'At least M other shards of the set.' },
  options: [
    { name: 'manifest', value: 'FILE', required: true, help: 'The manifest of the set.' },
    { name: 'number', value: 'n', required: true, help: 'Number of the wanted shard, 1 to N.' },
    { name: 'out', value: 'FILE', required: true, help: 'New file (0600) for the shard line.' },
    UNWRAP_OPTION,
    { ...WRAP_OPTION, help: 'Write the shard encrypted for this public key, and never in clear.' },
    { name: 'raise-n', help: 'Make a further shard with a new label instead; needs the next two options.' },
    { name: 'holder', value: 'TEXT', help: 'Only with --raise-n: who will hold it.' },
    { name: 'new-manifest', value: 'FILE', help: 'Only with --raise-n: new file for the new manifest.' },
  ],
  async run(args: Args, context: Context) {
    const manifest = readManifest(args.text('manifest'), context.test);
    const { number, x } = await wantedX(args, manifest);
    const raise = args.has('raise-n');
    const mark = raise ? markOf(args.text('manifest')) : undefined;
    const extra = ['holder', 'new-manifest'].find((name) => args.has(name) !== raise);
    if (extra) throw usageError(raise ? `--raise-n needs --${extra}` : `--${extra} belongs to --raise-n`);
    const [out, list] = [args.text('out'), args.get('new-manifest')];
    refuseExisting(out);
    if (list !== undefined) {
      refuseExisting(list);
      if (resolve(list) === resolve(out)) throw usageError('--out and --new-manifest name the same file');
      checkHolders([args.text('holder')]);
      const name = appearanceOf(args.text('holder'));
      const held = manifest.shards.find(({ holder }) => appearanceOf(holder) === name);
      refuseRaisedTwice(args.text('manifest'));
      if (held) throw usageError(`--holder: holds shard ${held.number} already`, ONE_EACH);
    }
    const to = wrapToOf(args);
    const { good, damaged } = readShards(args.files, manifest, context.test, sessionKeyOf(args));
    const { threshold } = manifest;
    try {
      const used = good.filter(({ entry }) => entry?.number !== number).slice(0, threshold);
      if (used.length < threshold)
        throw refusal(`give ${threshold} shards other than shard ${number}`, 'Bring another one of the set.');
      const [header] = used;
      const shares = used.map(({ shard }) => shard.share);
      const share = await shareAt(shares, threshold, x);
      const line = header ? formatShard({ ...header.shard, share }) : '';
      share.fill(0);
      const { bytes, record } = wrap(to, new TextEncoder().encode(line));
      const at = { number, label: shardLabel(manifest.setId, x), x, ...record };
      const after = raise
        ? await raisedManifest(manifest, shares, { ...at, holder: args.get('holder') ?? '' }, line)
        : manifest;
      const entry = after.shards[number - 1];
      if (entry?.sha256 !== lineDigest(line))
        throw refusal('the recreated shard is not the one in the manifest');
      // In this order: a shard that no manifest names must never be alone on the disk, nor a list without its mark.
      writeNewFiles([
        ...(mark === undefined
          ? []
          : [[mark, `shard ${number}, ${entry.label}, ${entry.holder}\n`] as const]),
        ...(list === undefined ? [] : [[list, formatManifest(after)] as const]),
        [out, bytes],
      ]);
      for (const each of damaged) context.warn(`${each}; left out`);
      if (raise) context.warn(RAISED);
      const labels = used.map(({ label }) => label);
      const what = `shard ${number} of ${after.shards.length}, ${entry.label}, ${entry.holder}`;
      return {
        lines: [`${printable(out)}: ${what}${wrappedFor(record)}`, `from shards ${labels.join(' ')}`],
        json: { file: out, ...entry, ...record, from: labels },
      };
    } finally {
      wipeShards(good);
    }
  },
};
