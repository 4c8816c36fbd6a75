/** Command lines that `aws` must answer alike in stand-in and real tool, with key ids written as KEY. */
import type { Result } from './sandbox';

const kms = 'aws kms';
const alias = '--key-id alias/masterkey-shard-1';
const oaep = '--encryption-algorithm RSAES_OAEP_SHA_256';
const take = '--query Plaintext --output text';
const arn = (region: string) => `arn:aws:kms:${region}:000000000001:key/KEY`;

/** Unwraps the shard that the set-up wrapped to `shard.bin`. */
export const decrypt = `${kms} decrypt --region us-east-1 ${alias} ${oaep} --ciphertext-blob fileb://shard.bin ${take}`;

const usage = [
  '',
  'usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]',
  'To see help text, you can run:',
  '',
  '  aws help',
  '  aws <command> help',
  '  aws <command> <subcommand> help',
  '',
  '',
].join('\n');

const misuse = (message: string): Result => ({ code: 252, stdout: '', stderr: `${usage}${message}\n\n` });
const client = (code: number, message: string): Result => ({ code, stdout: '', stderr: `\n${message}\n` });
const service = (operation: string, code: string, message: string): Result =>
  client(254, `An error occurred (${code}) when calling the ${operation} operation: ${message}`);
const prints = (stdout: string): Result => ({ code: 0, stdout, stderr: '' });

/** What makes the key, its replica and their aliases; run with the administrator's profile. */
export const setUp: readonly (readonly [line: string, result: Result])[] = [
  [
    `${kms} create-key --region us-east-1 --key-spec RSA_4096 --key-usage ENCRYPT_DECRYPT --multi-region --description 'MasterKey shard 1' --query KeyMetadata.Arn --output text`,
    prints(`${arn('us-east-1')}\n`),
  ],
  [
    `${kms} create-alias --region us-east-1 --alias-name alias/masterkey-shard-1 --target-key-id @ARN`,
    prints(''),
  ],
  [
    `${kms} replicate-key --region us-east-1 ${alias} --replica-region us-west-2 --query ReplicaKeyMetadata.Arn --output text`,
    prints(`${arn('us-west-2')}\n`),
  ],
  [
    `${kms} create-alias --region us-west-2 --alias-name alias/masterkey-shard-1 --target-key-id @REPLICA`,
    prints(''),
  ],
];

const decryptWith = (change: (line: string) => string) => change(decrypt);

/** Name, command line and result, in this order; nothing here changes the key. */
export const cases: readonly (readonly [name: string, line: string, result: Result])[] = [
  [
    'who am I',
    'aws sts get-caller-identity --region us-east-1 --query Arn --output text',
    prints('arn:aws:iam::000000000001:user/masterkey-recovery\n'),
  ],
  ['decrypt', decrypt, prints('bWtzMSB0aGUgc2hhcmQ=\n')],
  [
    'decrypt in the other region',
    decrypt.replace('us-east-1', 'us-west-2'),
    prints('bWtzMSB0aGUgc2hhcmQ=\n'),
  ],
  [
    'decrypt by ARN',
    decryptWith((line) => line.replace('alias/masterkey-shard-1', '@ARN')),
    prints('bWtzMSB0aGUgc2hhcmQ=\n'),
  ],
  ['json', decrypt.replace(take, '--query EncryptionAlgorithm'), prints('"RSAES_OAEP_SHA_256"\n')],
  ['a member that is not there', decrypt.replace('Plaintext', 'Plaintex'), prints('None\n')],
  [
    'key state',
    `${kms} describe-key --region us-east-1 ${alias} --query KeyMetadata.KeyState --output text`,
    prints('Enabled\n'),
  ],
  [
    'a table of one value',
    `${kms} describe-key --region us-east-1 ${alias} --query KeyMetadata.KeyState --output table`,
    prints('-------------\n|DescribeKey|\n+-----------+\n'),
  ],
  [
    'a truth value',
    `${kms} describe-key --region us-east-1 ${alias} --query KeyMetadata.Enabled --output text`,
    prints('True\n'),
  ],
  [
    'a list',
    `${kms} describe-key --region us-east-1 ${alias} --query KeyMetadata.EncryptionAlgorithms --output text`,
    prints('RSAES_OAEP_SHA_1\tRSAES_OAEP_SHA_256\n'),
  ],
  [
    'a structure',
    `${kms} describe-key --region us-east-1 ${alias} --query KeyMetadata.MultiRegionConfiguration.PrimaryKey --output text`,
    prints(`${arn('us-east-1')}\tus-east-1\n`),
  ],
  [
    'a structure as json',
    `${kms} describe-key --region us-east-1 ${alias} --query KeyMetadata.MultiRegionConfiguration.PrimaryKey`,
    prints(`{\n    "Arn": "${arn('us-east-1')}",\n    "Region": "us-east-1"\n}\n`),
  ],

  ['no service', 'aws', misuse('aws: error: the following arguments are required: command')],
  ['no operation', kms, misuse('aws: error: the following arguments are required: operation')],
  [
    'no ciphertext',
    `${kms} decrypt --region us-east-1 ${alias}`,
    misuse('aws: error: the following arguments are required: --ciphertext-blob'),
  ],
  ['an unknown option', `${decrypt} --nonsense 3`, misuse('Unknown options: --nonsense, 3')],
  ['a stray word', `${decrypt} stray`, misuse('Unknown options: stray')],
  ['a missing value', `${decrypt} --key-id`, misuse('aws: error: argument --key-id: expected one argument')],
  [
    'a missing file',
    decrypt.replace('shard.bin', 'nope.bin'),
    client(
      252,
      "Error parsing parameter '--ciphertext-blob': Unable to load paramfile fileb://nope.bin: [Errno 2] No such file or directory: 'nope.bin'",
    ),
  ],
  [
    'text where base64 is wanted',
    decrypt.replace('fileb://shard.bin', 'abc'),
    client(255, 'Invalid base64: "abc"'),
  ],
  [
    'an empty key id',
    decrypt.replace('alias/masterkey-shard-1', "''"),
    client(
      252,
      'Parameter validation failed:\nInvalid length for parameter KeyId, value: 0, valid min length: 1',
    ),
  ],
  [
    'a number that is none',
    `${decrypt} --cli-read-timeout x`,
    client(255, "invalid literal for int() with base 10: 'x'"),
  ],
  [
    'no region',
    decrypt.replace('--region us-east-1', ''),
    client(253, 'You must specify a region. You can also configure your region by running "aws configure".'),
  ],
  [
    'a region that does not exist',
    decrypt.replace('us-east-1', 'us-east1'),
    client(255, 'Could not connect to the endpoint URL: "https://kms.us-east1.amazonaws.com/"'),
  ],
  [
    'an unknown profile',
    `${decrypt} --profile nobody`,
    client(255, 'The config profile (nobody) could not be found'),
  ],

  [
    'an unknown alias',
    decrypt.replace('shard-1', 'shard-9'),
    service(
      'Decrypt',
      'NotFoundException',
      'Alias arn:aws:kms:us-east-1:000000000001:alias/masterkey-shard-9 is not found.',
    ),
  ],
  [
    'a key id that is none',
    decrypt.replace('alias/masterkey-shard-1', 'masterkey-shard-1'),
    service('Decrypt', 'NotFoundException', "Invalid keyId 'masterkey-shard-1'"),
  ],
  [
    'an unknown key',
    decrypt.replace('alias/masterkey-shard-1', '00000000-0000-4000-8000-000000000000'),
    service(
      'Decrypt',
      'NotFoundException',
      "Key 'arn:aws:kms:us-east-1:000000000001:key/00000000-0000-4000-8000-000000000000' does not exist",
    ),
  ],
  [
    'an ARN of another region',
    decryptWith((line) => line.replace('alias/masterkey-shard-1', '@ARN').replace('us-east-1', 'us-west-2')),
    service('Decrypt', 'NotFoundException', 'Invalid arn us-east-1'),
  ],
  [
    'a third region',
    decrypt.replace('us-east-1', 'eu-west-1'),
    service(
      'Decrypt',
      'NotFoundException',
      'Alias arn:aws:kms:eu-west-1:000000000001:alias/masterkey-shard-1 is not found.',
    ),
  ],
  [
    'an algorithm that is none',
    decrypt.replace('SHA_256', 'SHA256'),
    service(
      'Decrypt',
      'ValidationException',
      "1 validation error detected: Value 'RSAES_OAEP_SHA256' at 'encryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE]",
    ),
  ],
  [
    'no algorithm',
    decrypt.replace(oaep, ''),
    service(
      'Decrypt',
      'InvalidKeyUsageException',
      'Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_4096.',
    ),
  ],
  [
    'another algorithm',
    decrypt.replace('SHA_256', 'SHA_1'),
    service('Decrypt', 'InvalidCiphertextException', ''),
  ],
  ['no key', decrypt.replace(alias, ''), service('Decrypt', 'InvalidCiphertextException', '')],
  [
    'another ciphertext',
    decrypt.replace('shard.bin', 'noise.bin'),
    service('Decrypt', 'InvalidCiphertextException', ''),
  ],
  [
    'the recovery identity makes a key',
    `${kms} create-key --region us-east-1 --key-spec RSA_4096 --key-usage ENCRYPT_DECRYPT`,
    service(
      'CreateKey',
      'AccessDeniedException',
      'User: arn:aws:iam::000000000001:user/masterkey-recovery is not authorized to perform: kms:CreateKey on resource: * because no identity-based policy allows the kms:CreateKey action',
    ),
  ],
  [
    'the administrator unwraps',
    `${decrypt} --profile 000000000001-admin`,
    service(
      'Decrypt',
      'AccessDeniedException',
      `User: arn:aws:iam::000000000001:user/masterkey-admin is not authorized to perform: kms:Decrypt on resource: ${arn('us-east-1')} because no identity-based policy allows the kms:Decrypt action`,
    ),
  ],
  [
    'a key of an unknown kind',
    `${kms} create-key --region us-east-1 --key-spec RSA_4097 --profile 000000000001-admin`,
    service(
      'CreateKey',
      'ValidationException',
      "1 validation error detected: Value 'RSA_4097' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, HMAC_512, SM2]",
    ),
  ],
  [
    'the alias a second time',
    `${kms} create-alias --region us-east-1 --alias-name alias/masterkey-shard-1 --target-key-id @ARN --profile 000000000001-admin`,
    service(
      'CreateAlias',
      'AlreadyExistsException',
      'An alias with the name arn:aws:kms:us-east-1:000000000001:alias/masterkey-shard-1 already exists',
    ),
  ],
  [
    'the replica a second time',
    `${kms} replicate-key --region us-east-1 ${alias} --replica-region us-west-2 --profile 000000000001-admin`,
    service('ReplicateKey', 'AlreadyExistsException', `Key ${arn('us-west-2')} already exists.`),
  ],
  [
    'a replica of the replica',
    `${kms} replicate-key --region us-west-2 ${alias} --replica-region eu-west-1 --profile 000000000001-admin`,
    service(
      'ReplicateKey',
      'UnsupportedOperationException',
      `${arn('us-west-2')} is not a multi-Region primary key.`,
    ),
  ],
  [
    'too short a window',
    `${kms} schedule-key-deletion --region us-west-2 ${alias} --pending-window-in-days 6 --profile 000000000001-admin`,
    service(
      'ScheduleKeyDeletion',
      'ValidationException',
      'PendingWindowInDays must be between 7 and 30 days inclusive',
    ),
  ],
];

const inWest = `--region us-west-2 ${alias}`;
const admin = '--profile 000000000001-admin';

/** One life of the replica: each line changes what the next one finds. */
export const life: readonly (readonly [line: string, result: Result])[] = [
  [`${kms} disable-key ${inWest} ${admin}`, prints('')],
  [
    decrypt.replace('us-east-1', 'us-west-2'),
    service('Decrypt', 'DisabledException', `${arn('us-west-2')} is disabled.`),
  ],
  [decrypt, prints('bWtzMSB0aGUgc2hhcmQ=\n')],
  [`${kms} enable-key ${inWest} ${admin}`, prints('')],
  [decrypt.replace('us-east-1', 'us-west-2'), prints('bWtzMSB0aGUgc2hhcmQ=\n')],
  [
    `${kms} cancel-key-deletion ${inWest} ${admin}`,
    service('CancelKeyDeletion', 'KMSInvalidStateException', `${arn('us-west-2')} is not pending deletion.`),
  ],
  [
    `${kms} schedule-key-deletion --region us-east-1 ${alias} --query KeyState --output text ${admin}`,
    prints('PendingReplicaDeletion\n'),
  ],
  [decrypt, service('Decrypt', 'KMSInvalidStateException', `${arn('us-east-1')} is pending deletion.`)],
  [
    `${kms} cancel-key-deletion --region us-east-1 ${alias} --query KeyId --output text ${admin}`,
    prints(`${arn('us-east-1')}\n`),
  ],
  [
    `${kms} schedule-key-deletion ${inWest} --pending-window-in-days 7 --query KeyState --output text ${admin}`,
    prints('PendingDeletion\n'),
  ],
  [`${kms} describe-key ${inWest} --query KeyMetadata.KeyState --output text`, prints('PendingDeletion\n')],
  [
    decrypt.replace('us-east-1', 'us-west-2'),
    service('Decrypt', 'KMSInvalidStateException', `${arn('us-west-2')} is pending deletion.`),
  ],
  [
    `${kms} enable-key ${inWest} ${admin}`,
    service('EnableKey', 'KMSInvalidStateException', `${arn('us-west-2')} is pending deletion.`),
  ],
  [
    `${kms} cancel-key-deletion ${inWest} --query KeyId --output text ${admin}`,
    prints(`${arn('us-west-2')}\n`),
  ],
  [`${kms} describe-key ${inWest} --query KeyMetadata.KeyState --output text`, prints('Disabled\n')],
];
