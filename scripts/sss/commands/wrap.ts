/** `sss wrap`: takes one shard from a pipe and writes it encrypted, so that it is never a file in clear. */
import { type Command, printable } from '../command';
import { readManifest, refuseExisting, writeNewFile } from '../files';
import { inFile, readListed, wipeShards } from '../shard-file';
import { readWrappingKey, wrap, wrappedFor } from '../wrapping';

export const wrapShard: Command = {
  name: 'wrap',
  summary: 'encrypt one shard from a pipe for a public key',
  files: {
    name: '[SHARD]',
    min: 0,
    max: 1,
    pipe: true,
    help: 'Standard input, a pipe, when it is left out or -.',
  },
  options: [
    {
      name: 'manifest',
      value: 'FILE',
      required: true,
      help: 'The manifest of the set; check its signature first.',
    },
    {
      name: 'to',
      value: 'FILE',
      required: true,
      help: 'The public key, RSA of 3072 bits or more; append ,sha1 for a module that cannot do OAEP with SHA-256.',
    },
    { name: 'out', value: 'FILE', required: true, help: 'New file (0600) for the wrapped shard.' },
  ],
  details: [
    'Checks the shard as sss verify does, and encrypts the very line that a shard file holds: RSA-OAEP with SHA-256 (MGF1 as well), by the OpenSSL of Node. Only the holder of the private key reads it: sss combine --unwrap-with, or openssl pkeyutl -decrypt.',
    'Before you run it, compare the words of the key with those that its owner reads to you on a second channel. Whoever has you wrap a shard for a key of their own has the shard.',
  ],
  example: {
    command: `cat shard-1.txt | sss wrap --manifest manifest.json --to session.pub.pem \\
    --out shard-1.wrapped`,
    output:
      'shard-1.wrapped: shard 1 of 5, 9F3A-083, AWS KMS us-east-1, wrapped for lusab-babad vapuh-hikoh nosul-dofih namuz-zojim',
  },
  async run(args, context) {
    const [file = '-'] = args.files;
    const manifest = readManifest(args.text('manifest'), context.test);
    const to = readWrappingKey(args.text('to'));
    const out = args.text('out');
    refuseExisting(out);
    try {
      const read = readListed(file, manifest, context.test);
      wipeShards([read]);
      const { bytes, record } = wrap(to, new TextEncoder().encode(read.line));
      writeNewFile(out, bytes);
      const { number, label, holder } = read.entry;
      const what = `shard ${number} of ${manifest.shards.length}, ${label}, ${holder}`;
      return {
        lines: [`${printable(out)}: ${what}${wrappedFor(record)}`],
        json: { file: out, number, label, holder, ...record },
      };
    } catch (error) {
      throw inFile(file, error);
    }
  },
};
