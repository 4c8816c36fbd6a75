/** `sss retire`: ends an old set once every single shard of the new one is verified. */
import { checkReceipt, checkSuccession, retire as retireSet } from '../../../src/shard/turnover';
import { type Command, printable } from '../command';
import { readManifest, readText, refuseExisting, SHARD_LIMIT, writeNewFile } from '../files';
import { inFile, readListed, wipeShards } from '../shard-file';

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
    { name: 'out', value: 'FILE', required: true, help: 'New file for the retirement record.' },
  ],
  details: [
    'Refuses a new set that sss reshare did not make from the old one, because it may hold another key. Refuses, and names the missing shards, until there is a receipt (or the shard file) for every single shard of the new set: M are not enough. Receipts are public, so nobody has to bring shards together. Writes a record that names both sets and lists the labels to destroy; sign it as you sign the manifest. Nothing is deleted by this command.',
  ],
  example: {
    command: `sss retire --manifest manifest.json --new-manifest set2/manifest.json \\
    --out retirement.json receipt-1.json receipt-2.json`,
    output: `verified: all 2 shards of set 51c0d27a9be41f66, generation 2
retirement.json: set 9f3a5c01d2e4b677, generation 1, is retired
destroy: 9F3A-083 9F3A-101 9F3A-144 9F3A-171 9F3A-200`,
  },
  async run(args, context) {
    const old = readManifest(args.text('manifest'), context.test);
    const nextFile = args.text('new-manifest');
    const next = readManifest(nextFile, context.test);
    const out = args.text('out');
    refuseExisting(out);
    try {
      checkSuccession(old, next);
    } catch (error) {
      throw inFile(nextFile, error);
    }
    const verified = new Set<number>();
    for (const file of args.files) {
      try {
        const text = readText(file, SHARD_LIMIT, 'a receipt');
        const isReceipt = text.trimStart().startsWith('{');
        const shard = isReceipt ? undefined : readListed(file, next, context.test);
        if (shard) wipeShards([shard]);
        verified.add(shard ? shard.entry.number : checkReceipt(next, text));
      } catch (error) {
        throw inFile(file, error);
      }
    }
    const record = retireSet(old, next, verified);
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
