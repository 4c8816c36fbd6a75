/** `sss reshare`: deals the same key into a new set; the old one stays in force until `sss retire`. */
import { commitmentOf, sameHex } from '../../../src/shard/commitment';
import { combineShares } from '../../../src/shard/shares';
import { type Command, refusal } from '../command';
import { DEAL_OPTIONS, deal, planOf, writeSet } from '../deal';
import { requireSelfTests } from '../draw';
import { readManifest } from '../files';
import { sealKeyOf } from '../seal';
import { readShards, wipeShards } from '../shard-file';

const FORGED = 'Somebody wrote it anew: compare its digest with the Ceremony Log, and fetch another copy.';

export const reshare: Command = {
  name: 'reshare',
  summary: 'deal the same key into a new set (phase 1 of 2)',
  files: { name: 'SHARD…', min: 2, max: 255, help: 'At least M shards of the old set.' },
  options: [
    { name: 'manifest', value: 'FILE', required: true, help: 'The manifest of the old set.' },
    ...DEAL_OPTIONS,
  ],
  details: [
    'Recovers the key in memory, checks it against the old commitment, and deals it into a new set with its own M, N, holders and a higher generation. The key is never written. The new manifest names the old set, and is sealed with the same key: that is how sss retire knows that both protect it. The old set stays in force: hand out the new shards, let every custodian verify theirs (sss verify --receipt), then run sss retire, and only then destroy the old shards. A power cut before that leaves the old set as it was.',
    'It helps when fewer than M old shards are exposed, and only if old shards that survive plus exposed ones stay below M. When M or more may be out, rotate the key instead.',
  ],
  example: {
    command: `sss reshare --manifest manifest.json --threshold 2 --generation 2 \\
    --holder 'safe, Oslo' --holder 'safe, Lima' --out set2 \\
    shard-1.txt shard-3.txt shard-5.txt`,
    output: `set2/shard-1.txt: shard 1 of 2, 51C0-017, safe, Oslo
set2/shard-2.txt: shard 2 of 2, 51C0-230, safe, Lima
set2/manifest.json: example-key, 32 bytes, 2 of 2 shards, generation 2, set 51c0d27a9be41f66
commitment: 1f4f7f3b0c6a9be36b5f5d1f3f0c2f3d8f0f7b6d5e4c3b2a19080706f5e4d3c2
verified: every combination of 2 shards gives the same key (1 of 1)
in force: set 9f3a5c01d2e4b677, generation 1, until sss retire`,
  },
  async run(args, context) {
    const old = readManifest(args.text('manifest'), context.test);
    const { setId, generation, commitment } = old;
    const follows = { setId, generation, commitment, shards: old.shards.length };
    const plan = { ...planOf(args, old.keyName), follows };
    if (plan.generation <= old.generation) {
      throw refusal(`--generation ${plan.generation}: wanted more than ${old.generation}, the old set's`);
    }
    await requireSelfTests();
    const { good, damaged } = readShards(args.files, old, context.test);
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
