/** `sss session-key`: the RSA pair of one recovery, and the words of a public key that people compare. */
import { generateKeyPairSync } from 'node:crypto';
import { fingerprintWords } from '../../../src/shard/words';
import { BAD_MACHINE, type Command, printable, refusal, usageError } from '../command';
import { refuseExisting, writeNewFiles } from '../files';
import { readWrappingKey, type WrappingKey } from '../wrapping';

const BITS = 3072;

const describe = (file: string, { key, digest }: WrappingKey) => ({
  line: `${printable(file)}: RSA-${key.asymmetricKeyDetails?.modulusLength}, ${fingerprintWords(digest)}`,
  json: {
    file,
    bits: key.asymmetricKeyDetails?.modulusLength,
    sha256: digest,
    words: fingerprintWords(digest),
  },
});

/** Writes NAME.key and NAME.pub.pem, both or none. */
function makePair(name: string): string {
  const [secretFile, publicFile] = [`${name}.key`, `${name}.pub.pem`];
  for (const file of [secretFile, publicFile]) refuseExisting(file);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: BITS });
  const secret = Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  try {
    writeNewFiles([
      [secretFile, secret],
      [publicFile, publicKey.export({ format: 'pem', type: 'spki' }).toString()],
    ]);
  } finally {
    secret.fill(0);
  }
  return publicFile;
}

export const sessionKey: Command = {
  name: 'session-key',
  summary: 'make the key pair of one recovery, or show the words of a public key',
  options: [
    { name: 'out', value: 'NAME', help: 'Make a pair: NAME.key (0600, secret) and NAME.pub.pem, both new.' },
    { name: 'show', value: 'FILE', help: 'Show the words of this public key, wherever it comes from.' },
  ],
  details: [
    'Makes an RSA-3072 pair on the air-gapped machine. Custodians wrap their shards for it (sss wrap), and only this machine opens them (sss combine --unwrap-with). Destroy NAME.key when the recovery is over: then nothing that was wrapped for it can be read again.',
    'The words are the first 128 bits of the SHA-256 of the public key (its SubjectPublicKeyInfo), as proquints. Read them aloud on a second channel, and let each custodian compare them with those that --show prints.',
    '3072 bits are 128 bits of strength (NIST SP 800-57 part 1, table 2); sss refuses keys below.',
  ],
  example: {
    command: 'sss session-key --out session',
    output: 'session.pub.pem: RSA-3072, lusab-babad vapuh-hikoh nosul-dofih namuz-zojim',
  },
  async run(args, context) {
    const [name, shown] = [args.get('out'), args.get('show')];
    if ((name === undefined) === (shown === undefined))
      throw usageError('wanted one of --out NAME and --show FILE');
    let file = shown ?? '';
    if (name !== undefined) {
      const failed = (await context.selfTests()).find(({ ok }) => !ok);
      if (failed) throw refusal(`self-test failed: ${failed.name}`, BAD_MACHINE);
      file = makePair(name);
    }
    const { line, json } = describe(file, readWrappingKey(file));
    return { lines: [line], json };
  },
};
