/** `sss retire`: ends an old set once every single shard of the new one is verified. */
import { normalizeShard, parseShard } from '../../../src/shard/format';
import { checkListed, type Manifest } from '../../../src/shard/manifest';
import { checkReceipt, checkSuccession, retire as retireSet } from '../../../src/shard/turnover';
import { type Args, type Command, type Context, printable } from '../command';
import {
  readManifestFile,
  readText,
  refuseExisting,
  refuseOtherKind,
  requireSeal,
  SHARD_LIMIT,
  writeNewFile,
} from '../files';
import { receiptHolds } from '../seal';
import { inFile } from '../shard-file';
import { checkSignature } from '../signature';

/** A manifest whose signature is good, read once. */
function readSigned(file: string, signature: string | undefined, args: Args, context: Context): Manifest {
  const { manifest, bytes } = readManifestFile(file, context.test);
  const by = { signers: args.text('check'), signer: args.text('signer') };
  checkSignature(file, bytes, { ...by, signature: signature ?? `${file}.sig` });
  requireSeal(file, manifest);
  return manifest;
}

/** Number of the new shard that a file proves: a receipt, or the shard itself. */
function provedBy(file: string, next: Manifest, test: boolean): number {
  const text = readText(file, SHARD_LIMIT, 'a receipt');
  if (text.trimStart().startsWith('{')) return checkReceipt(next, text, receiptHolds);
  const shard = parseShard(text);
  refuseOtherKind(file, shard.test, test);
  try {
    return checkListed(next, shard, normalizeShard(text)).number;
  } finally {
    shard.share.fill(0);
  }
}

export const retire: Command = {
  name: 'retire',
  summary: 'declare the old set dead once every new shard is verified (phase 2)',
  files: {
    name: 'RECEIPT…',
    min: 1,
    max: 510,
    help: 'A receipt or the shard file itself, for every new shard.',
  },
  options: [
    { name: 'manifest', value: 'FILE', required: true, help: 'The manifest of the old set.' },
    { name: 'new-manifest', value: 'FILE', required: true, help: 'The manifest of the new set.' },
    {
      name: 'check',
      value: 'SIGNERS',
      required: true,
      help: 'Check the signatures of both manifests against this allowed-signers file.',
    },
    { name: 'signer', value: 'NAME', required: true, help: 'The name in the allowed-signers file.' },
    { name: 'signature', value: 'FILE', help: 'Signature of the old manifest, when it is not MANIFEST.sig.' },
    {
      name: 'new-signature',
      value: 'FILE',
      help: 'Signature of the new manifest, when it is not beside it.',
    },
    { name: 'out', value: 'FILE', required: true, help: 'New file for the retirement record.' },
  ],
  details: [
    'Nothing counts that anybody could have written. Both manifests need a good signature by --signer, and the seal of one key. Each receipt must be signed with its own shard. Refuses, and names the missing shards, until there is a receipt (or the shard file) for every single shard of the new set: M are not enough. Receipts are public. Writes a record that names both sets and lists the labels to destroy; sign it as you sign the manifest. Nothing is deleted by this command.',
  ],
  example: {
    command: `sss retire --manifest manifest.json --new-manifest set2/manifest.json \\
    --check allowed_signers --signer witness \\
    --out retirement.json receipt-1.json receipt-2.json`,
    output: `verified: all 2 shards of set 51c0d27a9be41f66, generation 2
retirement.json: set 9f3a5c01d2e4b677, generation 1, is retired
destroy: 9F3A-083 9F3A-101 9F3A-144 9F3A-171 9F3A-200`,
  },
  async run(args, context) {
    const nextFile = args.text('new-manifest');
    const out = args.text('out');
    refuseExisting(out);
    const old = readSigned(args.text('manifest'), args.get('signature'), args, context);
    const next = readSigned(nextFile, args.get('new-signature'), args, context);
    try {
      checkSuccession(old, next);
    } catch (error) {
      throw inFile(nextFile, error);
    }
    const verified = new Set<number>();
    for (const file of args.files) {
      try {
        verified.add(provedBy(file, next, context.test));
      } catch (error) {
        throw inFile(file, error);
      }
    }
    const record = retireSet(old, next, verified, args.text('signer'));
    writeNewFile(out, new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`));
    return {
      lines: [
        `verified: all ${next.shards.length} shards of set ${next.setId}, generation ${next.generation}`,
        `${printable(out)}: set ${old.setId}, generation ${old.generation}, is retired`,
        `destroy: ${record.destroy.join(' ')}`,
      ],
      json: record,
    };
  },
};
