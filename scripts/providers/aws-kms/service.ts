/** The AWS endpoints behind the `aws` stand-in: who calls, which region answers, which fault is on; then KMS or STS. */

import { awsKmsPermissions } from '../../../src/deployment/providers/aws-kms.permissions';
import { awsRegion } from '../../../src/deployment/providers/aws-kms.regions';
import { type Fault, faultModes, faultOn, hang } from '../world';
import { type AwsCall, AwsError, denied, type Parameters, resourceOf, userArn } from './keys';
import { kmsOperations } from './operations';
import type { AwsAccount, AwsUser, AwsWorld } from './state';

export interface AwsRequest {
  readonly service: string;
  readonly api: string;
  readonly region: string;
  readonly parameters: Parameters;
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  /** When the client signed it, by its own clock; now where it is not said. */
  readonly signedAt?: Date;
  readonly attempts: number;
  /** Seconds. */
  readonly readTimeout: number;
}

export type AwsResult =
  | {
      readonly kind:
        | 'unreachable'
        | 'silent'
        | 'no-credentials'
        | 'expired-sign-in'
        | 'unknown-profile'
        | 'unknown-authority';
    }
  | { readonly kind: 'response'; readonly response: Record<string, unknown> | undefined }
  | AwsError;

/** Answers one request; changes `world` where the operation does. */
export function callAws(directory: string, world: AwsWorld, request: AwsRequest): AwsResult {
  const fault = faultOn(directory, faultModes, `aws-kms:${request.region}`, 'aws-kms');
  if (fault?.mode === 'no-credentials' || request.accessKeyId === undefined)
    return { kind: 'no-credentials' };
  if (fault?.mode === 'expired-sign-in' || fault?.mode === 'unknown-profile') return { kind: fault.mode };
  if (fault?.mode === 'unknown-authority') return { kind: fault.mode };
  // The client says the same where the name of a region does not resolve.
  if (
    fault?.mode === 'refuse' ||
    fault?.mode === 'absent' ||
    fault?.mode === 'unknown-host' ||
    !awsRegion.test(request.region)
  ) {
    return { kind: 'unreachable' };
  }
  if (fault?.mode === 'hang') {
    hang(fault, request.attempts * request.readTimeout);
    return { kind: 'silent' };
  }
  if (fault?.mode === 'http-503') {
    return new AwsError('ServiceUnavailableException', 'Service Unavailable', 503);
  }
  if (fault?.mode === 'throttle') return new AwsError('ThrottlingException', 'Rate exceeded');
  const expired = fault?.mode === 'clock-skew' ? signatureExpired(request.signedAt ?? new Date()) : undefined;
  if (expired !== undefined) return expired;
  const caller = callerOf(world, request);
  if (caller === undefined) {
    const code = request.service === 'sts' ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
    return new AwsError(code, 'The security token included in the request is invalid.');
  }
  const call = { ...caller, region: request.region, parameters: request.parameters, now: new Date() };
  try {
    return { kind: 'response', response: answer(request, call, fault) };
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** With the fault `clock-skew` the client's clock is this many minutes slow. */
const skewMinutes = 20;
/** Minutes that a signature may be old (AWS Signature Version 4). */
const signatureMinutes = 5;

/** AWS Signature Version 4: a signature that is too old by the clock of the service is refused. */
function signatureExpired(signedAt: Date): AwsError | undefined {
  const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
  const compact = (time: Date) => `${time.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const now = new Date(Date.now() + skewMinutes * 60_000);
  if (signedAt >= minutes(-signatureMinutes)) return undefined;
  const text = `Signature expired: ${compact(signedAt)} is now earlier than ${compact(minutes(-signatureMinutes))} (${compact(now)} - ${signatureMinutes} min.)`;
  return new AwsError('InvalidSignatureException', text);
}

function callerOf(
  world: AwsWorld,
  { accessKeyId, secretAccessKey }: AwsRequest,
): { readonly account: AwsAccount; readonly user: AwsUser } | undefined {
  for (const account of world.accounts) {
    const user = account.users.find(
      (entry) => entry.accessKeyId === accessKeyId && entry.secretAccessKey === secretAccessKey,
    );
    if (user !== undefined) return { account, user };
  }
  return undefined;
}

/** Operations that name no existing key; IAM checks them against every resource. */
const withoutKey = ['CreateKey', 'ListAliases'];

/** IAM's answer before the operation itself: whatever the table of permissions does not name is denied. */
function authorize(api: string, call: AwsCall, fault: Fault | undefined): void {
  const { role } = call.user;
  const forbidden =
    (role !== undefined && !(awsKmsPermissions[role] as readonly string[]).includes(`kms:${api}`)) ||
    (fault?.mode === 'denied' && (api === 'Decrypt' || api === 'GetPublicKey'));
  if (!forbidden) return;
  const resource = withoutKey.includes(api)
    ? '*'
    : resourceOf(call, api === 'CreateAlias' ? 'TargetKeyId' : 'KeyId');
  throw denied(call, resource, `kms:${api}`);
}

function answer({ service, api }: AwsRequest, call: AwsCall, fault: Fault | undefined) {
  if (service === 'sts') return callerIdentity(call);
  authorize(api, call, fault);
  const operation = kmsOperations[api];
  if (operation === undefined) throw new RangeError(`no operation ${api}`);
  const response = operation(call);
  if (api === 'Decrypt' && fault?.mode === 'tampered') throw new AwsError('InvalidCiphertextException', '');
  if (api === 'Decrypt' && fault?.mode === 'wrong-shard') {
    return { ...response, Plaintext: Buffer.from(fault.plaintext ?? '') };
  }
  return response;
}

function callerIdentity(call: AwsCall): Record<string, unknown> {
  return {
    UserId: call.user.id,
    Account: call.account.account,
    Arn: userArn(call),
  };
}
