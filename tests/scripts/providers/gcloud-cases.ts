/** Command lines that `gcloud` must answer alike in stand-in and real tool. Of an error only the first line is compared: the rest is advice. */
export interface GcloudResult {
  readonly code: number;
  readonly stdout: string;
  /** First line of standard error; empty where nothing is said. */
  readonly says: string;
}

const inRing = '--project example-shards --location europe-west4 --keyring masterkey';
const inKey = `${inRing} --key masterkey-shard-2`;
const version =
  'projects/example-shards/locations/europe-west4/keyRings/masterkey/cryptoKeys/masterkey-shard-2/cryptoKeyVersions/1';
const create = `gcloud kms keys create masterkey-shard-2 ${inRing} --purpose asymmetric-encryption --default-algorithm rsa-decrypt-oaep-4096-sha256`;
const versions = (verb: string) => `gcloud kms keys versions ${verb} 1 ${inKey}`;
const state = "--format 'value(state)'";

/** Unwraps the shard that the set-up wrapped to `shard.bin`. */
export const decrypt = `gcloud kms asymmetric-decrypt ${inKey} --version 1 --ciphertext-file shard.bin --plaintext-file shard.txt`;

export const fetchPublicKey = `${versions('get-public-key')} --output-file pub.pem`;

const prints = (stdout: string): GcloudResult => ({ code: 0, stdout, says: '' });
const whose =
  ' This command is authenticated as masterkey-recovery@example-shards.iam.gserviceaccount.com which is the active account specified by the [core/account] property.';
const fails = (command: string, code: number, message: string): GcloudResult => ({
  code,
  stdout: '',
  says: `ERROR: (gcloud.${command}) ${message}${message.startsWith('NOT_FOUND') ? whose : ''}`,
});
const unwrap = (code: number, message: string) => fails('kms.asymmetric-decrypt', code, message);
const make = (code: number, message: string) => fails('kms.keys.create', code, message);

export const setUp: readonly (readonly [line: string, result: GcloudResult])[] = [
  [
    create,
    make(
      1,
      'NOT_FOUND: KeyRing projects/example-shards/locations/europe-west4/keyRings/masterkey not found.',
    ),
  ],
  ['gcloud kms keyrings create masterkey --project example-shards --location europe-west4', prints('')],
  [`${create} --protection-level hsm --destroy-scheduled-duration 30d`, prints('')],
];

const algorithms =
  'rsa-decrypt-oaep-2048-sha1, rsa-decrypt-oaep-2048-sha256, rsa-decrypt-oaep-3072-sha1, rsa-decrypt-oaep-3072-sha256, rsa-decrypt-oaep-4096-sha1, rsa-decrypt-oaep-4096-sha256, rsa-decrypt-oaep-4096-sha512';

/** Words that gcloud itself judges, before anything is sent. */
export const grammar: readonly (readonly [name: string, line: string, result: GcloudResult])[] = [
  [
    'no such command',
    'gcloud kms asymmetric-decript',
    fails('kms', 2, "Invalid choice: 'asymmetric-decript'."),
  ],
  ['half a command', 'gcloud kms', fails('kms', 2, 'Command name argument expected.')],
  ['an unknown flag', `${decrypt} --cipher-file x`, unwrap(2, 'unrecognized arguments:')],
  ['a stray word', `${decrypt} stray`, unwrap(2, 'unrecognized arguments: stray ')],
  ['a missing value', `${decrypt} --key`, unwrap(2, 'argument --key: expected one argument')],
  [
    'no plaintext file',
    decrypt.replace('--plaintext-file shard.txt', ''),
    unwrap(2, 'argument --plaintext-file: Must be specified.'),
  ],
  [
    'no location',
    decrypt.replace('--location europe-west4', ''),
    unwrap(1, 'argument --location: Must be specified.'),
  ],
  [
    'no key ring',
    decrypt.replace('--keyring masterkey', ''),
    unwrap(1, 'argument --keyring: Must be specified.'),
  ],
  ['no key', decrypt.replace('--key masterkey-shard-2', ''), unwrap(1, 'argument --key: Must be specified.')],
  [
    'no version',
    decrypt.replace('--version 1', ''),
    unwrap(
      1,
      'value for field [cryptoKeyVersionsId] in collection [cloudkms.projects.locations.keyRings.cryptoKeys.cryptoKeyVersions] is required but was not provided',
    ),
  ],
  [
    'no project',
    decrypt.replace('--project example-shards', ''),
    unwrap(1, 'The required property [project] is not currently set.'),
  ],
  [
    'a missing file',
    decrypt.replace('shard.bin', 'nope.bin'),
    unwrap(
      1,
      "Failed to read ciphertext file [nope.bin]: Unable to read file [nope.bin]: [Errno 2] No such file or directory: 'nope.bin'",
    ),
  ],
  [
    'a purpose that is none',
    create.replace('asymmetric-e', 'asymetric-e'),
    make(
      2,
      "argument --purpose: Invalid choice: 'asymetric-encryption'. Did you mean 'asymmetric-encryption'?",
    ),
  ],
  [
    'an algorithm that is none',
    create.replace('sha256', 'sha25'),
    make(
      2,
      "argument --default-algorithm: Invalid choice: 'rsa-decrypt-oaep-4096-sha25'. Did you mean 'rsa-decrypt-oaep-4096-sha256'?",
    ),
  ],
  [
    'a protection level that is none',
    `${create} --protection-level hardware`,
    make(2, "argument --protection-level: Invalid choice: 'hardware'."),
  ],
  [
    'no algorithm',
    create.replace('--default-algorithm rsa-decrypt-oaep-4096-sha256', ''),
    make(
      1,
      `--default-algorithm needs to be specified when creating a key with --purpose=asymmetric-encryption. The valid algorithms are: ${algorithms}`,
    ),
  ],
  [
    'no purpose',
    create.replace('--purpose asymmetric-encryption', ''),
    make(2, 'argument --purpose: Must be specified.'),
  ],
  [
    'no name of the key',
    create.replace('create masterkey-shard-2', 'create').replace(/--location \S+/, ''),
    make(2, 'argument --keyring: KEY must be specified.'),
  ],
  [
    'no name and no place',
    'gcloud kms keyrings create',
    fails('kms.keyrings.create', 2, 'argument (KEYRING : --location=LOCATION): Must be specified.'),
  ],
  [
    'no version to describe',
    `gcloud kms keys versions describe ${inKey}`,
    fails('kms.keys.versions.describe', 2, 'argument VERSION: Must be specified.'),
  ],
  [
    'a second version',
    `gcloud kms keys versions describe 1 2 ${inKey}`,
    fails('kms.keys.versions.describe', 2, 'unrecognized arguments: 2 '),
  ],
];

/** What the service decides. */
export const cases: readonly (readonly [name: string, line: string, result: GcloudResult])[] = [
  ['decrypt', decrypt, prints('')],
  ['state', `${versions('describe')} ${state}`, prints('ENABLED\n')],
  [
    'another ciphertext',
    decrypt.replace('shard.bin', 'noise.bin'),
    unwrap(1, 'INVALID_ARGUMENT: Decryption failed: the ciphertext is invalid.'),
  ],
  [
    'the key ring a second time',
    'gcloud kms keyrings create masterkey --project example-shards --location europe-west4',
    fails(
      'kms.keyrings.create',
      1,
      'ALREADY_EXISTS: KeyRing projects/example-shards/locations/europe-west4/keyRings/masterkey already exists.',
    ),
  ],
  [
    'the key a second time',
    create,
    make(
      1,
      'ALREADY_EXISTS: CryptoKey projects/example-shards/locations/europe-west4/keyRings/masterkey/cryptoKeys/masterkey-shard-2 already exists.',
    ),
  ],
  [
    'an unknown key',
    decrypt.replace('shard-2', 'shard-9'),
    unwrap(
      1,
      'NOT_FOUND: CryptoKey projects/example-shards/locations/europe-west4/keyRings/masterkey/cryptoKeys/masterkey-shard-9 not found.',
    ),
  ],
  [
    'an unknown version',
    decrypt.replace('--version 1', '--version 2'),
    unwrap(1, `NOT_FOUND: CryptoKeyVersion ${version.replace(/1$/, '2')} not found.`),
  ],
  [
    'another location',
    decrypt.replace('europe-west4', 'europe-west1'),
    unwrap(
      1,
      'NOT_FOUND: KeyRing projects/example-shards/locations/europe-west1/keyRings/masterkey not found.',
    ),
  ],
];

/** One life of a version: each line changes what the next one finds. */
export const life: readonly (readonly [line: string, result: GcloudResult])[] = [
  [`${versions('disable')} ${state}`, prints('DISABLED\n')],
  [decrypt, unwrap(1, `FAILED_PRECONDITION: ${version} is not enabled, current state is: DISABLED.`)],
  [`${versions('enable')} ${state}`, prints('ENABLED\n')],
  [`${versions('destroy')} ${state}`, prints('DESTROY_SCHEDULED\n')],
  [
    decrypt,
    unwrap(1, `FAILED_PRECONDITION: ${version} is not enabled, current state is: DESTROY_SCHEDULED.`),
  ],
  [`${versions('restore')} ${state}`, prints('DISABLED\n')],
  [`${versions('destroy')} ${state}`, prints('DESTROY_SCHEDULED\n')],
  [versions('restore'), prints('')],
  [`${versions('enable')} ${state}`, prints('ENABLED\n')],
  [decrypt, prints('')],
];
