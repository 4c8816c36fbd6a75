/** `sss manifest`: shows a manifest, reads its digest aloud, signs it and checks signatures with `ssh-keygen -Y`. */
import { digestOf } from '../../../src/shard/commitment';
import type { ManifestShard } from '../../../src/shard/manifest';
import { checkSuccession } from '../../../src/shard/turnover';
import { spell, spellPairs } from '../../../src/shard/words';
import { type Args, type Command, type Context, printable, usageError } from '../command';
import { describeSet } from '../deal';
import { type ManifestFile, readManifest, readManifestFile, requireSeal } from '../files';
import { inFile } from '../shard-file';
import { checkSignature, signManifest } from '../signature';
import { wrappedFor } from '../wrapping';

/** What the manifest says about the set before it, and whether that is proved. */
function origin(file: string, { manifest }: ManifestFile, args: Args, context: Context): string[] {
  const old = args.get('old');
  const { follows } = manifest;
  if (old !== undefined) {
    try {
      checkSuccession(readManifest(old, context.test), manifest);
    } catch (error) {
      throw inFile(file, error);
    }
    return [`the same key as set ${follows?.setId}, generation ${follows?.generation}: sealed with it`];
  }
  if (!follows) return [];
  return [`follows set ${follows.setId}, generation ${follows.generation}, as it says: --old checks it`];
}

/** One line a shard, and a second one for the ciphertext of one that was dealt wrapped. */
const shardLines = (shard: ManifestShard): string[] => {
  const { number, label, holder, wrapped } = shard;
  return [
    `shard ${number}: ${label}, ${holder}${wrappedFor(shard)}`,
    ...(wrapped ? [`         ciphertext (OAEP ${wrapped.hash}): SHA-256 ${wrapped.sha256}`] : []),
  ];
};

export const manifest: Command = {
  name: 'manifest',
  summary: 'show, sign and check a manifest, and read its digest aloud',
  files: { name: 'MANIFEST', min: 1, max: 1, help: 'The manifest of a set.' },
  options: [
    {
      name: 'sign',
      value: 'KEY',
      help: 'Sign with this SSH key (a file key or a hardware key) to MANIFEST.sig.',
    },
    {
      name: 'check',
      value: 'SIGNERS',
      help: 'Check against this allowed-signers file (see ssh-keygen); needs --signer.',
    },
    { name: 'signer', value: 'NAME', help: 'Only with --check: the name in the allowed-signers file.' },
    {
      name: 'signature',
      value: 'FILE',
      help: 'Only with --check: the signature, when it is not MANIFEST.sig.',
    },
    {
      name: 'old',
      value: 'FILE',
      help: 'The manifest of the set before it: proves that both are of the same key.',
    },
  ],
  details: [
    'Lists the shards of the set, says from which set it was reshared, checks its seal, and prints the SHA-256 of the file as hex and as words: 16 proquints of five letters, each for four hex digits in order. Two people compare them aloud, one reading, one following.',
    'For a shard that was dealt wrapped it shows the words of the key, as sss session-key --show does, and the SHA-256 of the ciphertext, as sha256sum does.',
    'The seal is a signature over every field with a key that only the MasterKey gives: nothing was changed since. Whose key that is, the signature or the digest tells.',
    'Signatures are made and checked by ssh-keygen -Y (namespace mks-manifest), also without sss.',
  ],
  example: {
    command: 'sss manifest manifest.json --check allowed_signers --signer witness',
    output: `manifest.json: signature OK, by witness
manifest.json: example-key, 32 bytes, 2 of 2 shards, generation 1, set 9f3a5c01d2e4b677
shard 1: 9F3A-083, safe, Oslo
shard 2: 9F3A-101, safe, Lima
commitment: 8d0c6dfa24e52efb0e9b5c9d9e1b28a6cb52b4a33b8f5a1d6f5b8df7ad5a3c11
SHA-256: 7f000001e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959b1b
words:   lusab-babad vapuh-hikoh nosul-dofih namuz-zojim
         nidoz-radif faqab-damok bihup-namij muhif-mudus`,
  },
  async run(args, context) {
    const [file = ''] = args.files;
    const read = readManifestFile(file, context.test);
    const { bytes } = read;
    if (args.has('sign') && args.has('check')) throw usageError('--sign and --check exclude each other');
    if (args.has('check') && !args.has('signer')) throw usageError('--check needs --signer NAME');
    const only = ['signer', 'signature'].find((name) => args.has(name) && !args.has('check'));
    if (only) throw usageError(`--${only} belongs to --check`);
    const key = args.get('sign');
    const lines: string[] = [];
    if (key !== undefined) {
      requireSeal(file, read.manifest);
      lines.push(signManifest(file, bytes, key));
    }
    if (args.has('check')) {
      const signature = args.get('signature') ?? `${file}.sig`;
      const by = { signers: args.text('check'), signer: args.text('signer'), signature };
      lines.push(checkSignature(file, bytes, by));
    }
    requireSeal(file, read.manifest);
    const story = origin(file, read, args, context);
    const sha256 = digestOf(bytes);
    const words = spell(sha256);
    const pairs = spellPairs(sha256);
    lines.push(
      `${printable(file)}: ${describeSet(read.manifest)}`,
      ...read.manifest.shards.flatMap(shardLines),
      `commitment: ${read.manifest.commitment}`,
      ...story,
      `SHA-256: ${sha256}`,
      `words:   ${pairs.slice(0, 4).join(' ')}`,
      `         ${pairs.slice(4).join(' ')}`,
    );
    return { lines, json: { file, manifest: read.manifest, sha256, words, signer: args.get('signer') } };
  },
};
