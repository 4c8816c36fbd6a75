/** `sss split`: deals a key that exists already, if its owner states that it is uniformly random. */
import { MAX_KEY_BYTES, MIN_KEY_BYTES } from '../../../src/shard/format';
import { type CoreCommand, printable, refusal } from '../command';
import { DEAL_OPTIONS, deal, KEY_NAME_OPTION, planOf, writeSet } from '../deal';
import { requireSelfTests } from '../draw';
import { readLimited } from '../files';

const ADVICE =
  'Encrypt it with AES-256-GCM under a new random 32-byte key, and split that key: sss generate makes one.';

/** Check value and hashes of a guessable secret would give it away. */
async function refuseGuessable(file: string, key: Uint8Array): Promise<void> {
  if (key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES) {
    const wanted = `wanted ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES}`;
    throw refusal(`${printable(file)}: ${key.length} bytes, ${wanted}`, ADVICE);
  }
  const found = (await import('../checks')).keyFault(key);
  if (found) throw refusal(`${printable(file)}: not uniformly random: ${found}`, ADVICE);
}

export const split: CoreCommand = {
  name: 'split',
  summary: 'split an imported key into shards',
  options: [
    { name: 'key-file', value: 'FILE', required: true, help: 'The raw key, 16 to 64 bytes.' },
    {
      name: 'uniformly-random',
      required: true,
      help: 'Your statement that a random generator made every bit of the key: no password, no text, no structure.',
    },
    KEY_NAME_OPTION,
    ...DEAL_OPTIONS,
  ],
  refusedInDrill: () => true,
  async run(args, context) {
    const plan = planOf(args, args.text('key-name'));
    await requireSelfTests();
    const file = args.text('key-file');
    const key = readLimited(file, 65_536, 'a key');
    try {
      await refuseGuessable(file, key);
      return writeSet(await deal(key, plan, context), plan.out);
    } finally {
      key.fill(0);
    }
  },
};
