/** The operations of AWS KMS behind the `aws` stand-in: what the service checks and answers (KMS API 2014-11-01). */
import { randomBytes, randomUUID } from 'node:crypto';
import { decryptOaep, generatePrivateKey, publicDer } from '../rsa';
import {
  type AwsCall,
  AwsError,
  arnOf,
  encryptionAlgorithms,
  here,
  keyOf,
  kmsArn,
  metadata,
  oneOf,
  pendingDeletion,
  stamp,
  text,
  usable,
} from './keys';
import type { AwsKey } from './state';

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
      `An alias with the name ${kmsArn(call, name)} already exists`,
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
      AliasArn: kmsArn(call, entry.name),
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
