/** `sss verify`: checks shards one by one against the manifest, offline, without any other shard. */
import { receiptFor } from '../../../src/shard/turnover';
import { CliError, type Command, EXIT, printable, usageError } from '../command';
import { readManifest, refuseExisting, writeNewFile } from '../files';
import { signReceipt } from '../seal';
import { inFile, readListed, wipeShards } from '../shard-file';

export const verify: Command = {
  name: 'verify',
  summary: 'check each shard alone against the manifest',
  files: {
    name: 'SHARD…',
    min: 1,
    max: 255,
    pipe: true,
    help: 'Shard files; one is enough. - is standard input, a pipe.',
  },
  options: [
    {
      name: 'manifest',
      value: 'FILE',
      required: true,
      help: 'The manifest of the set; check its signature first.',
    },
    { name: 'receipt', value: 'FILE', help: 'New file for a public receipt; with exactly one shard.' },
  ],
  details: [
    'Checks format, checksum, set, generation and the SHA-256 that the manifest lists. Needs no other shard, no key and no network, and reveals nothing. It cannot tell whether the manifest is genuine: sss manifest --check does.',
    'A receipt is signed with a key that only the text of the shard gives. It shows nothing of the shard, and not when it was made.',
    'Every file is reported; one bad file makes the exit code 1 (or 3 when it is no shard at all).',
  ],
  example: {
    command: 'sss verify --manifest manifest.json shard-1.txt',
    output: 'shard-1.txt: OK, shard 1 of 5, 9F3A-083, AWS KMS us-east-1',
  },
  async run(args, context) {
    const manifest = readManifest(args.text('manifest'), context.test);
    const receipt = args.get('receipt');
    if (receipt !== undefined) {
      if (args.files.length !== 1) throw usageError('--receipt goes with exactly one shard');
      refuseExisting(receipt);
    }
    const lines: string[] = [];
    const json: object[] = [];
    let exit: number = EXIT.ok;
    for (const file of args.files) {
      try {
        const read = readListed(file, manifest, context.test);
        wipeShards([read]);
        const { number, label, holder } = read.entry;
        lines.push(
          `${printable(file)}: OK, shard ${number} of ${manifest.shards.length}, ${label}, ${holder}`,
        );
        if (receipt !== undefined) {
          const signed = signReceipt(receiptFor(manifest, read.entry), read.line);
          const text = `${JSON.stringify(signed, null, 2)}\n`;
          writeNewFile(receipt, new TextEncoder().encode(text));
          lines.push(`${printable(receipt)}: receipt for ${label}`);
        }
        json.push({ file, ok: true, number, label, holder });
      } catch (error) {
        const problem = inFile(file, error);
        exit = Math.max(exit, context.fail(problem));
        json.push({ file, ok: false, ...(problem instanceof CliError ? { error: problem.message } : {}) });
      }
    }
    return { lines, json: { ok: exit === EXIT.ok, files: json }, exit };
  },
};
