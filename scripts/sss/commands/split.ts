/** `sss split`: deals a key that exists already, if its owner states that it is uniformly random. */
import { MAX_KEY_BYTES, MIN_KEY_BYTES } from '../../../src/shard/format';
import { type Command, printable, refusal } from '../command';
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

export const split: Command = {
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
  details: [
    'As sss generate, for a key that exists already. Check value and commitment are public, so a key that can be guessed must not be split. No program can tell whether 16 to 64 bytes are random: --uniformly-random is your word for it. Refused is what obviously is not: text, few different bytes, bytes that count or lie close together, a block that repeats. Of random keys, 1 in 100,000 of 16 bytes looks like text, and 1 in 10^10 of 32 bytes. The digest of a password passes, and is as weak as the password. Encrypt whatever is not random with AES-256-GCM under a new random key, and split that key.',
    'The key file stays where it is. Destroy it after the shards are verified.',
  ],
  example: {
    command: `sss split --key-file old.key --uniformly-random --threshold 2 \\
    --key-name example-key --generation 1 \\
    --holder 'safe, Oslo' --holder 'safe, Lima' --out set`,
    output: `set/shard-1.txt: shard 1 of 2, 9F3A-083, safe, Oslo
set/shard-2.txt: shard 2 of 2, 9F3A-101, safe, Lima
set/manifest.json: example-key, 32 bytes, 2 of 2 shards, generation 1, set 9f3a5c01d2e4b677
commitment: 8d0c6dfa24e52efb0e9b5c9d9e1b28a6cb52b4a33b8f5a1d6f5b8df7ad5a3c11
verified: every combination of 2 shards gives the same key (1 of 1)`,
  },
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
