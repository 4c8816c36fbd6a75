/** Keys of AWS KMS as a caller names and sees them: lookup by id, ARN and alias, states, metadata, and the errors that go with them. */
import { partitionOf } from '../../../src/deployment/providers/aws-kms.regions';
import type { AwsAccount, AwsKey, AwsKeyInRegion, AwsUser } from './state';

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
  /** Who calls. */
  readonly user: AwsUser;
  readonly region: string;
  readonly parameters: Parameters;
  readonly now: Date;
}

export const encryptionAlgorithms = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];

/** A time as the client prints it. */
export function stamp(time: Date): string {
  return time.toISOString().replace('Z', '000+00:00');
}

export function oneOf(call: AwsCall, name: string, allowed: readonly string[], fallback: string): string {
  const value = call.parameters[name] ?? fallback;
  if (typeof value === 'string' && allowed.includes(value)) return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ` +
      `Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );
}

export function arnOf(call: AwsCall, key: AwsKey, region = call.region): string {
  return kmsArn(call, `key/${key.id}`, region);
}

/** The ARN of a key or an alias in a region. */
export function kmsArn({ account, region }: AwsCall, resource: string, where = region): string {
  return `arn:${partitionOf(where)}:kms:${where}:${account.account}:${resource}`;
}

export function text(call: AwsCall, name: string): string {
  const value = call.parameters[name];
  return typeof value === 'string' ? value : '';
}

/** Finds the key that `KeyId` names in this region: id, key ARN, `alias/…` or alias ARN. */
export function keyOf(call: AwsCall, parameter = 'KeyId'): AwsKey {
  const { account, region } = call;
  let reference = text(call, parameter);
  const arn = /^arn:aws(?:-[a-z]+)*:kms:([^:]*):([^:]*):((?:key|alias)\/.+)$/.exec(reference);
  if (arn !== null) {
    if (arn[1] !== region) throw new AwsError('NotFoundException', `Invalid arn ${arn[1]}`);
    if (arn[2] !== account.account) throw denied(call, reference, 'kms:DescribeKey');
    reference = (arn[3] ?? '').replace(/^key\//, '');
  }
  if (reference.startsWith('alias/')) {
    const alias = account.aliases.find((entry) => entry.name === reference && entry.region === region);
    if (alias === undefined) {
      throw new AwsError('NotFoundException', `Alias ${kmsArn(call, reference)} is not found.`);
    }
    reference = alias.keyId;
  } else if (!/^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(reference)) {
    throw new AwsError('NotFoundException', `Invalid keyId '${reference}'`);
  }
  const key = account.keys.find((entry) => entry.id === reference && entry.regions[region] !== undefined);
  if (key === undefined) {
    throw new AwsError('NotFoundException', `Key '${kmsArn(call, `key/${reference}`)}' does not exist`);
  }
  return key;
}

export function here(call: AwsCall, key: AwsKey): AwsKeyInRegion {
  const state = key.regions[call.region];
  if (state === undefined)
    throw new AwsError('NotFoundException', `Key '${arnOf(call, key)}' does not exist`);
  return state;
}

/** The ARN of who calls. */
export function userArn({ account, user, region }: AwsCall): string {
  return `arn:${partitionOf(region)}:iam::${account.account}:user/${user.name}`;
}

/** The error that IAM sends; `resource` is the ARN that was asked for. */
export function denied(call: AwsCall, resource: string, action: string): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `User: ${userArn(call)} is not authorized to perform: ${action} ` +
      `on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}

export function pendingDeletion(call: AwsCall, key: AwsKey): AwsError {
  return new AwsError('KMSInvalidStateException', `${arnOf(call, key)} is pending deletion.`);
}

/** ARN of the key that the call names. */
export function resourceOf(call: AwsCall, parameter: string): string {
  return arnOf(call, keyOf(call, parameter));
}

export function usable(call: AwsCall, key: AwsKey): AwsKey {
  const { state } = here(call, key);
  if (state === 'Disabled') throw new AwsError('DisabledException', `${arnOf(call, key)} is disabled.`);
  if (state !== 'Enabled') throw pendingDeletion(call, key);
  return key;
}

export function metadata(call: AwsCall, key: AwsKey, region = call.region): Record<string, unknown> {
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
