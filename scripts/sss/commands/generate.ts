/** `sss generate`: makes a uniformly random MasterKey and deals it; the key never touches a disk or a screen. */
import { MAX_KEY_BYTES, MIN_KEY_BYTES } from '../../../src/shard/format';
import type { Command } from '../command';
import { DEAL_OPTIONS, deal, KEY_NAME_OPTION, planOf, writeSet } from '../deal';
import { drawKey, readDice } from '../dice';
import { requireSelfTests } from '../draw';

export const generate: Command = {
  name: 'generate',
  summary: 'make a new MasterKey and split it into shards',
  options: [
    { name: 'bytes', value: 'L', required: true, help: 'Length of the key in bytes, 16 to 64.' },
    KEY_NAME_OPTION,
    ...DEAL_OPTIONS,
    {
      name: 'dice',
      value: 'FILE',
      help: 'Rolls of a six-sided die (digits 1 to 6), mixed into the key with HKDF-SHA-512. Refused when they count for less than the key needs, 256 bits at most; 32 bytes take about 120 rolls. Destroy the file afterwards.',
    },
  ],
  details: [
    'Makes a uniformly random key, splits it with Shamir secret sharing, and recombines every combination of M shards before anything is written (above 200,000 combinations: the N-M+1 that prove all the others). The folder appears complete or not at all. The key itself is never written and never shown.',
    'Shard files hold one line each (mode 0600, no newline at the end). The manifest is public: it names the set and lists label, SHA-256 and holder of every shard.',
  ],
  example: {
    command: `sss generate --threshold 2 --bytes 32 --key-name example-key --generation 1 \\
    --holder 'HSM, Zurich' --holder 'safe, Oslo' --holder 'safe, Lima' --out set`,
    output: `set/shard-1.txt: shard 1 of 3, 9F3A-083, HSM, Zurich
set/shard-2.txt: shard 2 of 3, 9F3A-101, safe, Oslo
set/shard-3.txt: shard 3 of 3, 9F3A-200, safe, Lima
set/manifest.json: example-key, 32 bytes, 2 of 3 shards, generation 1, set 9f3a5c01d2e4b677
commitment: 8d0c6dfa24e52efb0e9b5c9d9e1b28a6cb52b4a33b8f5a1d6f5b8df7ad5a3c11
verified: every combination of 2 shards gives the same key (3 of 3)`,
  },
  async run(args, context) {
    const bytes = args.number('bytes', MIN_KEY_BYTES, MAX_KEY_BYTES);
    const plan = planOf(args, args.text('key-name'));
    const dice = args.has('dice') ? readDice(args.text('dice'), bytes) : undefined;
    await requireSelfTests();
    const key = new Uint8Array(bytes);
    try {
      await drawKey(key, dice?.rolls ?? '');
      const report = writeSet(await deal(key, plan, context), plan.out);
      if (dice) report.lines.push(`dice: ${dice.rolls.length} rolls, counted as ${dice.bits} bits`);
      return report;
    } finally {
      key.fill(0);
    }
  },
};
