/** What help and reference explain of the commands that handle keys: apart, so that their file holds what runs. */
import type { Command, CoreCommand } from './command';

const PROSE: Readonly<Record<string, Pick<Command, 'details' | 'example'>>> = {
  generate: {
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
  },
  split: {
    details: [
      'As sss generate, for a key that exists already. Check value and commitment are public, so a key that can be guessed must not be split. No program can tell whether 16 to 64 bytes are random: --uniformly-random is your word for it. What obviously is not random is refused: text, few different bytes, bytes that count up or are close together, a block that repeats. Of random keys, 1 in 100,000 of 16 bytes looks like text, and 1 in 10^10 of 32 bytes. The digest of a password passes, and is as weak as the password. Encrypt whatever is not random with AES-256-GCM under a new random key, and split that key.',
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
  },
  combine: {
    details: [
      'Uses exactly M shards, compares the 4-byte check value of the shards and then the 32-byte commitment, and only then writes the key. With more than M shards, damaged ones are named, left out and reported on standard error; the key is found as long as M good ones remain. Shards of another set, a shard given twice, and x = 0 are refused.',
      'With --unwrap-with the files are shards that sss wrap made for this recovery, and with --wrap-to the key is written for the service alone: neither is a file in clear.',
      'Without manifest and --commitment only the check value (4 bytes) is compared, and the report says so.',
    ],
    example: {
      command: `sss combine --manifest manifest.json --out master.key \\
      shard-1.txt shard-3.txt shard-5.txt`,
      output: `master.key: 32 bytes, KCV 8d0c6dfa, commitment OK
from shards 9F3A-083 9F3A-101 9F3A-200`,
    },
  },
  reissue: {
    details: [
      'Recreates exactly the shard that the manifest lists under this number: the same label, the same text, proved by its SHA-256. The key is not computed. Use it for a damaged or lost shard that nobody else can have seen, and give the shard to the same custodian. It does not undo an exposure: then make a new set with sss reshare, and rotate the key when M shards may be out.',
      'With --raise-n the key is computed, to seal the new manifest, which replaces the old one everywhere. A mark beside the old one refuses a second raise from it; of other copies sss knows nothing, so a witness first counts the shards above N in the Ceremony Log.',
    ],
    example: {
      command: `sss reissue --manifest manifest.json --number 2 --out shard-2.txt \\
      shard-1.txt shard-3.txt shard-5.txt`,
      output: `shard-2.txt: shard 2 of 5, 9F3A-101, GCP KMS
from shards 9F3A-083 9F3A-144 9F3A-200`,
    },
  },
  reshare: {
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
  },
};

/** A command with its explanation: that of its own file, or of this one. */
export function explained(command: CoreCommand | Command): Command {
  if ('details' in command) return command;
  const prose = PROSE[command.name];
  if (!prose) throw new RangeError(`no explanation of sss ${command.name}`);
  return { ...command, ...prose };
}
