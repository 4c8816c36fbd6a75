/** `sss reshare`: deals the same key into a new set; the old one stays in force until `sss retire`. */
import { commitmentOf, sameHex } from '../../../src/shard/commitment';
import { combineShares } from '../../../src/shard/shares';
import { type CoreCommand, refusal } from '../command';
import { DEAL_OPTIONS, deal, planOf, writeSet } from '../deal';
import { requireSelfTests } from '../draw';
import { readManifest } from '../files';
import { sealKeyOf } from '../seal';
import { readShards, wipeShards } from '../shard-file';
import { sessionKeyOf, UNWRAP_OPTION } from '../wrapping';

const FORGED = 'Somebody rewrote it: compare its digest with the Ceremony Log, and fetch another copy.';

export const reshare: CoreCommand = {
  name: 'reshare',
  summary: 'deal the same key into a new set (phase 1 of 2)',
  files: { name: 'SHARD…', min: 2, max: 255, help: 'At least M shards of the old set.' },
  options: [
    { name: 'manifest', value: 'FILE', required: true, help: 'The manifest of the old set.' },
    ...DEAL_OPTIONS,
    UNWRAP_OPTION,
  ],
  async run(args, context) {
    const old = readManifest(args.text('manifest'), context.test);
    const { setId, generation, commitment } = old;
    const follows = { setId, generation, commitment, shards: old.shards.length };
    const plan = { ...planOf(args, old.keyName), follows };
    if (plan.generation <= old.generation) {
      throw refusal(`--generation ${plan.generation}: wanted more than ${old.generation}, the old set's`);
    }
    const session = sessionKeyOf(args);
    await requireSelfTests();
    const { good, damaged } = readShards(args.files, old, context.test, session);
    let key: Uint8Array | undefined;
    try {
      const shares = good.slice(0, old.threshold).map(({ shard }) => shard.share);
      key = await combineShares(shares, old.threshold);
      if (!sameHex(commitmentOf(key, old), old.commitment))
        throw refusal('the key does not match the commitment');
      if (old.seal && old.seal.key !== sealKeyOf(key))
        throw refusal('the manifest is sealed with another key', FORGED);
      const report = writeSet(await deal(key, plan, context), plan.out);
      for (const line of damaged) context.warn(`${line}; left out`);
      report.lines.push(`in force: set ${old.setId}, generation ${old.generation}, until sss retire`);
      return report;
    } finally {
      key?.fill(0);
      wipeShards(good);
    }
  },
};
