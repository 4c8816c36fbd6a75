/** `sss generate`: makes a uniformly random MasterKey and deals it; the key never touches a disk or a screen. */
import { MAX_KEY_BYTES, MIN_KEY_BYTES } from '../../../src/shard/format';
import type { CoreCommand } from '../command';
import { DEAL_OPTIONS, deal, KEY_NAME_OPTION, planOf, writeSet } from '../deal';
import { drawKey, readDice } from '../dice';
import { requireSelfTests } from '../draw';

export const generate: CoreCommand = {
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
