/** `sss manifest`: shows a manifest, reads its digest aloud, signs it and checks signatures with `ssh-keygen -Y`. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { digestOf } from '../../../src/shard/commitment';
import { spell } from '../../../src/shard/words';
import { type Args, type Command, fileError, printable, refusal, usageError } from '../command';
import { describeSet } from '../deal';
import { readLimited, readManifest, refuseExisting } from '../files';

/** The namespace of the signatures: a signature for anything else is worth nothing here. */
const NAMESPACE = 'mks-manifest';

/** Runs ssh-keygen; what it prints goes to the operator, because it may ask for a PIN or a touch. */
function sshKeygen(argv: string[], input?: Uint8Array): boolean {
  const stdio = [input ? 'pipe' : 'inherit', 'ignore', 'inherit'] as const;
  let ran: ReturnType<typeof spawnSync>;
  try {
    ran = spawnSync('ssh-keygen', argv, { stdio: [...stdio], ...(input ? { input } : {}) });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_ACCESS_DENIED') throw error;
    throw fileError(
      'ssh-keygen: denied by the permissions of this Node process',
      'Add --allow-child-process.',
    );
  }
  if (ran.error)
    throw fileError('ssh-keygen: not found', 'Install the OpenSSH client; nothing else signs a manifest.');
  return ran.status === 0;
}

function sign(file: string, key: string): string {
  const signature = `${file}.sig`;
  refuseExisting(signature);
  if (!fs.existsSync(key))
    throw fileError(`${printable(key)}: no such key`, 'Name the SSH key file, or its .pub.');
  if (!sshKeygen(['-Y', 'sign', '-q', '-f', key, '-n', NAMESPACE, file]) || !fs.existsSync(signature)) {
    throw refusal(`${printable(file)}: ssh-keygen did not sign it`, 'Its own message stands above.');
  }
  return `${printable(signature)}: signed with ${printable(key)}`;
}

function check(file: string, args: Args): string {
  const signer = args.text('signer');
  const list = args.text('check');
  readLimited(list, 65_536, 'a list of allowed signers');
  const signature = args.get('signature') ?? `${file}.sig`;
  const bytes = readLimited(file, 1024 * 1024, 'a manifest');
  readLimited(signature, 65_536, 'a signature');
  if (!sshKeygen(['-Y', 'verify', '-f', list, '-I', signer, '-n', NAMESPACE, '-s', signature], bytes)) {
    const hint = 'Do not use this manifest. Compare its digest with the Ceremony Log and fetch another copy.';
    throw refusal(
      `${printable(file)}: the signature is not by ${printable(signer)} over this manifest`,
      hint,
    );
  }
  return `${printable(file)}: signature OK, by ${printable(signer)}`;
}

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
  ],
  details: [
    'Lists the shards of the set, says from which set it was reshared, and prints the SHA-256 of the file as hex and as words: 16 proquints of five letters, each for four hex digits in order. Two people compare them aloud, one reading, one following.',
    'Signatures are SSH signatures in the namespace mks-manifest, made and checked by ssh-keygen -Y, so that a manifest can be checked without sss.',
  ],
  example: {
    command: 'sss manifest manifest.json --check allowed_signers --signer witness',
    output: `manifest.json: signature OK, by witness
manifest.json: ledger-master-key, 32 bytes, 2 of 2 shards, generation 1, set 9f3a5c01d2e4b677
shard 1: 9F3A-083, safe, Oslo
shard 2: 9F3A-101, safe, Lima
commitment: 8d0c6dfa24e52efb0e9b5c9d9e1b28a6cb52b4a33b8f5a1d6f5b8df7ad5a3c11
SHA-256: 7f000001e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959b1b
words:   lusab-babad vapuh-hikoh nosul-dofih namuz-zojim
         nidoz-radif faqab-damok bihup-namij muhif-mudus`,
  },
  async run(args, context) {
    const [file = ''] = args.files;
    const read = readManifest(file, context.test);
    if (args.has('sign') && args.has('check')) throw usageError('--sign and --check exclude each other');
    if (args.has('check') && !args.has('signer')) throw usageError('--check needs --signer NAME');
    const only = ['signer', 'signature'].find((name) => args.has(name) && !args.has('check'));
    if (only) throw usageError(`--${only} belongs to --check`);
    const key = args.get('sign');
    const lines = key !== undefined ? [sign(file, key)] : args.has('check') ? [check(file, args)] : [];
    const sha256 = digestOf(readLimited(file, 1024 * 1024, 'a manifest'));
    const words = spell(sha256);
    const pairs = words.flatMap((word, i) => (i % 2 === 0 ? `${word}-${words[i + 1]}` : []));
    lines.push(
      `${printable(file)}: ${describeSet(read)}`,
      ...read.shards.map(({ number, label, holder }) => `shard ${number}: ${label}, ${holder}`),
      `commitment: ${read.commitment}`,
      ...(read.follows
        ? [`the same key as set ${read.follows.setId}, generation ${read.follows.generation}`]
        : []),
      `SHA-256: ${sha256}`,
      `words:   ${pairs.slice(0, 4).join(' ')}`,
      `         ${pairs.slice(4).join(' ')}`,
    );
    return { lines, json: { file, manifest: read, sha256, words, signer: args.get('signer') } };
  },
};
