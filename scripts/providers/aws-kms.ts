/** The AWS KMS service behind the `aws` stand-in: key states, regions, enums and errors of the KMS API (2014-11-01). */
import { randomBytes, randomUUID } from 'node:crypto';
import { decryptOaep, generatePrivateKey, publicDer } from './rsa';
import type { AwsAccount, AwsKey, AwsKeyInRegion } from './world';

/** An error as the service sends it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    readonly code: string,
    message: string,
    readonly httpStatus = 400,
  ) {
    super(message);
  }
}

export type Parameters = Readonly<Record<string, string | number | boolean | Buffer>>;

export interface AwsCall {
  readonly account: AwsAccount;
  readonly region: string;
  readonly parameters: Parameters;
  readonly now: Date;
}

/** Operations by API name. Each checks what the service checks and returns the response in the order of the API model. */
export const kmsOperations: Readonly<Record<string, (call: AwsCall) => Record<string, unknown> | undefined>> =
  {
    CreateKey: createKey,
    ReplicateKey: replicateKey,
    CreateAlias: createAlias,
    ListAliases: listAliases,
    DescribeKey: (call) => ({ KeyMetadata: metadata(call, keyOf(call)) }),
    GetPublicKey: getPublicKey,
    Decrypt: decrypt,
    ScheduleKeyDeletion: scheduleKeyDeletion,
    CancelKeyDeletion: cancelKeyDeletion,
    EnableKey: (call) => setEnabled(call, 'Enabled'),
    DisableKey: (call) => setEnabled(call, 'Disabled'),
  };

const keySpecs = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'SYMMETRIC_DEFAULT',
  'HMAC_224',
  'HMAC_256',
  'HMAC_384',
  'HMAC_512',
  'SM2',
];
const keyUsages = ['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC'];
const algorithms = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'];
const encryptionAlgorithms = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];

/** A time as the client prints it. */
function stamp(time: Date): string {
  return time.toISOString().replace('Z', '000+00:00');
}

function oneOf(call: AwsCall, name: string, allowed: readonly string[], fallback: string): string {
  const value = call.parameters[name] ?? fallback;
  if (typeof value === 'string' && allowed.includes(value)) return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ` +
      `Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );
}

function arnOf(call: AwsCall, key: AwsKey, region = call.region): string {
  return `arn:aws:kms:${region}:${call.account.account}:key/${key.id}`;
}

function text(call: AwsCall, name: string): string {
  const value = call.parameters[name];
  return typeof value === 'string' ? value : '';
}

/** Finds the key that `KeyId` names in this region: id, key ARN, `alias/…` or alias ARN. */
function keyOf(call: AwsCall, parameter = 'KeyId'): AwsKey {
  const { account, region } = call;
  let reference = text(call, parameter);
  const arn = /^arn:aws:kms:([^:]*):([^:]*):((?:key|alias)\/.+)$/.exec(reference);
  if (arn !== null) {
    if (arn[1] !== region) throw new AwsError('NotFoundException', `Invalid arn ${arn[1]}`);
    if (arn[2] !== account.account) throw denied(call, reference);
    reference = (arn[3] ?? '').replace(/^key\//, '');
  }
  if (reference.startsWith('alias/')) {
    const alias = account.aliases.find((entry) => entry.name === reference && entry.region === region);
    if (alias === undefined) {
      throw new AwsError(
        'NotFoundException',
        `Alias arn:aws:kms:${region}:${account.account}:${reference} is not found.`,
      );
    }
    reference = alias.keyId;
  } else if (!/^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(reference)) {
    throw new AwsError('NotFoundException', `Invalid keyId '${reference}'`);
  }
  const key = account.keys.find((entry) => entry.id === reference && entry.regions[region] !== undefined);
  if (key === undefined) {
    throw new AwsError(
      'NotFoundException',
      `Key 'arn:aws:kms:${region}:${account.account}:key/${reference}' does not exist`,
    );
  }
  return key;
}

function here(call: AwsCall, key: AwsKey): AwsKeyInRegion {
  const state = key.regions[call.region];
  if (state === undefined)
    throw new AwsError('NotFoundException', `Key '${arnOf(call, key)}' does not exist`);
  return state;
}

/** The error that IAM sends; `resource` is the ARN that was asked for. */
export function denied(call: AwsCall, resource: string, action = 'kms:Decrypt'): AwsError {
  const user = call.account.users[0]?.name ?? 'unknown';
  return new AwsError(
    'AccessDeniedException',
    `User: arn:aws:iam::${call.account.account}:user/${user} is not authorized to perform: ${action} ` +
      `on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}

function pendingDeletion(call: AwsCall, key: AwsKey): AwsError {
  return new AwsError('KMSInvalidStateException', `${arnOf(call, key)} is pending deletion.`);
}

/** ARN of the key that the call names. */
export function resourceOf(call: AwsCall): string {
  return arnOf(call, keyOf(call));
}

function usable(call: AwsCall, key: AwsKey): AwsKey {
  const { state } = here(call, key);
  if (state === 'Disabled') throw new AwsError('DisabledException', `${arnOf(call, key)} is disabled.`);
  if (state !== 'Enabled') throw pendingDeletion(call, key);
  return key;
}

function metadata(call: AwsCall, key: AwsKey, region = call.region): Record<string, unknown> {
  const { account } = call.account;
  const state = key.regions[region];
  const replicas = Object.keys(key.regions).filter((name) => name !== key.primaryRegion);
  const place = (name: string) => ({ Arn: arnOf(call, key, name), Region: name });
  return {
    AWSAccountId: account,
    KeyId: key.id,
    Arn: arnOf(call, key, region),
    CreationDate: key.createdAt,
    Enabled: state?.state === 'Enabled',
    Description: state?.description ?? '',
    KeyUsage: key.usage,
    KeyState: state?.state,
    ...(state?.deletionDate === undefined ? {} : { DeletionDate: state.deletionDate }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    EncryptionAlgorithms: encryptionAlgorithms,
    MultiRegion: key.multiRegion,
    ...(key.multiRegion
      ? {
          MultiRegionConfiguration: {
            MultiRegionKeyType: region === key.primaryRegion ? 'PRIMARY' : 'REPLICA',
            PrimaryKey: place(key.primaryRegion),
            ReplicaKeys: replicas.map(place),
          },
        }
      : {}),
    ...(state?.pendingWindowInDays === undefined
      ? {}
      : { PendingDeletionWindowInDays: state.pendingWindowInDays }),
  };
}

function createKey(call: AwsCall): Record<string, unknown> {
  const spec = oneOf(call, 'KeySpec', keySpecs, 'SYMMETRIC_DEFAULT');
  const usage = oneOf(call, 'KeyUsage', keyUsages, spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : '');
  const bits = /^RSA_(\d+)$/.exec(spec)?.[1];
  if (bits === undefined || usage !== 'ENCRYPT_DECRYPT') {
    throw new AwsError('ValidationException', `KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  }
  const multiRegion = call.parameters.MultiRegion === true;
  const key: AwsKey = {
    id: multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID(),
    spec,
    usage,
    createdAt: stamp(call.now),
    multiRegion,
    primaryRegion: call.region,
    privateKey: generatePrivateKey(Number(bits)),
    regions: { [call.region]: { description: text(call, 'Description'), state: 'Enabled' } },
  };
  call.account.keys.push(key);
  return { KeyMetadata: metadata(call, key) };
}

function replicateKey(call: AwsCall): Record<string, unknown> {
  const key = usable(call, keyOf(call));
  const region = text(call, 'ReplicaRegion');
  if (!key.multiRegion) {
    throw new AwsError('UnsupportedOperationException', `${arnOf(call, key)} is not a multi-Region key.`);
  }
  if (call.region !== key.primaryRegion) {
    throw new AwsError(
      'UnsupportedOperationException',
      `${arnOf(call, key)} is not a multi-Region primary key.`,
    );
  }
  if (key.regions[region] !== undefined) {
    throw new AwsError('AlreadyExistsException', `Key ${arnOf(call, key, region)} already exists.`);
  }
  key.regions[region] = { description: text(call, 'Description'), state: 'Enabled' };
  return { ReplicaKeyMetadata: metadata(call, key, region), ReplicaPolicy: '', ReplicaTags: [] };
}

function createAlias(call: AwsCall): undefined {
  const name = text(call, 'AliasName');
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) {
    throw new AwsError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see our documentation',
    );
  }
  const key = keyOf(call, 'TargetKeyId');
  if (call.account.aliases.some((entry) => entry.name === name && entry.region === call.region)) {
    throw new AwsError(
      'AlreadyExistsException',
      `An alias with the name arn:aws:kms:${call.region}:${call.account.account}:${name} already exists`,
    );
  }
  call.account.aliases.push({ name, region: call.region, keyId: key.id, createdAt: stamp(call.now) });
  return undefined;
}

function listAliases(call: AwsCall): Record<string, unknown> {
  const only = call.parameters.KeyId === undefined ? undefined : keyOf(call).id;
  const aliases = call.account.aliases.filter(
    (entry) => entry.region === call.region && (only === undefined || entry.keyId === only),
  );
  return {
    Aliases: aliases.map((entry) => ({
      AliasName: entry.name,
      AliasArn: `arn:aws:kms:${call.region}:${call.account.account}:${entry.name}`,
      TargetKeyId: entry.keyId,
      CreationDate: entry.createdAt,
      LastUpdatedDate: entry.createdAt,
    })),
    Truncated: false,
  };
}

function getPublicKey(call: AwsCall): Record<string, unknown> {
  const key = usable(call, keyOf(call));
  return {
    KeyId: arnOf(call, key),
    PublicKey: publicDer(key.privateKey),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    EncryptionAlgorithms: encryptionAlgorithms,
  };
}

function decrypt(call: AwsCall): Record<string, unknown> {
  const algorithm = oneOf(call, 'EncryptionAlgorithm', algorithms, 'SYMMETRIC_DEFAULT');
  const ciphertext = call.parameters.CiphertextBlob as Buffer;
  if (call.parameters.KeyId === undefined) {
    // Only a symmetric ciphertext names its own key; no such key exists here.
    throw new AwsError('InvalidCiphertextException', '');
  }
  const key = usable(call, keyOf(call));
  if (!encryptionAlgorithms.includes(algorithm)) {
    throw new AwsError(
      'InvalidKeyUsageException',
      `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
    );
  }
  const plaintext = decryptOaep(
    key.privateKey,
    algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256',
    ciphertext,
  );
  if (plaintext === undefined) throw new AwsError('InvalidCiphertextException', '');
  return { KeyId: arnOf(call, key), Plaintext: plaintext, EncryptionAlgorithm: algorithm };
}

function scheduleKeyDeletion(call: AwsCall): Record<string, unknown> {
  const key = keyOf(call);
  const state = here(call, key);
  const days = call.parameters.PendingWindowInDays ?? 30;
  if (typeof days !== 'number' || days < 7 || days > 30) {
    throw new AwsError('ValidationException', `PendingWindowInDays must be between 7 and 30 days inclusive`);
  }
  if (state.state === 'PendingDeletion' || state.state === 'PendingReplicaDeletion')
    throw pendingDeletion(call, key);
  const replicas = Object.keys(key.regions).length - 1;
  state.pendingWindowInDays = days;
  if (key.multiRegion && call.region === key.primaryRegion && replicas > 0) {
    state.state = 'PendingReplicaDeletion';
  } else {
    state.state = 'PendingDeletion';
    state.deletionDate = stamp(new Date(call.now.getTime() + days * 86_400_000));
  }
  return {
    KeyId: arnOf(call, key),
    ...(state.deletionDate === undefined ? {} : { DeletionDate: state.deletionDate }),
    KeyState: state.state,
    PendingWindowInDays: days,
  };
}

function cancelKeyDeletion(call: AwsCall): Record<string, unknown> {
  const key = keyOf(call);
  const state = here(call, key);
  if (state.state !== 'PendingDeletion' && state.state !== 'PendingReplicaDeletion') {
    throw new AwsError('KMSInvalidStateException', `${arnOf(call, key)} is not pending deletion.`);
  }
  state.state = 'Disabled';
  delete state.deletionDate;
  delete state.pendingWindowInDays;
  return { KeyId: arnOf(call, key) };
}

function setEnabled(call: AwsCall, wanted: 'Enabled' | 'Disabled'): undefined {
  const key = keyOf(call);
  const state = here(call, key);
  if (state.state !== 'Enabled' && state.state !== 'Disabled') throw pendingDeletion(call, key);
  state.state = wanted;
  return undefined;
}
