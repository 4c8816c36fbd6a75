/** `sss inspect`: shows the header of a shard without any of its payload. */
import { lineDigest } from '../../../src/shard/commitment';
import { keyBytesOf } from '../../../src/shard/format';
import { type Command, printable } from '../command';
import { inFile, readShard, wipeShards } from '../shard-file';

export const inspect: Command = {
  name: 'inspect',
  summary: 'show what a shard is, without its secret part',
  files: { name: 'SHARD', min: 1, max: 1, help: 'A shard file.' },
  options: [],
  details: [
    'Checks format and checksum, and shows the header. The check value and the SHA-256 are public: the manifest holds both.',
  ],
  example: {
    command: 'sss inspect shard-1.txt',
    output: `shard-1.txt: 9F3A-083
format:      v1, checksum OK
set:         9f3a5c01d2e4b677
generation:  1
needs:       3 of 5 shards
key:         32 bytes, check value 8d0c6dfa
SHA-256:     41e8f9d1b5c1e2f0a9f4d0a3a6ad1be8b5a0b4f7c0d8e3c6a1d2f3b4c5d6e7f8
kind:        real`,
  },
  async run(args, context) {
    const [file = ''] = args.files;
    try {
      const read = readShard(file, context.test);
      const { shard, label, line } = read;
      const sha256 = lineDigest(line);
      wipeShards([read]);
      const { setId, generation, threshold, total, kcv, test } = shard;
      const keyBytes = keyBytesOf(shard);
      return {
        lines: [
          `${printable(file)}: ${label}`,
          'format:      v1, checksum OK',
          `set:         ${setId}`,
          `generation:  ${generation}`,
          `needs:       ${threshold} of ${total} shards`,
          `key:         ${keyBytes} bytes, check value ${kcv}`,
          `SHA-256:     ${sha256}`,
          `kind:        ${test ? 'TEST' : 'real'}`,
        ],
        json: { file, label, setId, generation, threshold, total, keyBytes, kcv, sha256, test },
      };
    } catch (error) {
      throw inFile(file, error);
    }
  },
};
