/** The AWS endpoints behind the `aws` stand-in: who calls, which region answers, which fault is on; then KMS or STS. */
import { type AwsCall, AwsError, denied, kmsOperations, type Parameters, resourceOf } from './aws-kms';
import { type AwsAccount, type AwsWorld, type Fault, type FaultMode, faultOn, hang } from './world';

export interface AwsRequest {
  readonly service: string;
  readonly api: string;
  readonly region: string;
  readonly parameters: Parameters;
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly attempts: number;
  /** Seconds. */
  readonly readTimeout: number;
}

export type AwsResult =
  | { readonly kind: 'unreachable' | 'silent' | 'no-credentials' }
  | { readonly kind: 'response'; readonly response: Record<string, unknown> | undefined }
  | AwsError;

const regions =
  /^(us|eu|ap|sa|ca|me|af|il|mx)-(east|west|north|south|central|northeast|southeast|northwest|southwest)-[1-9]$/;

const modes: readonly FaultMode[] = [
  'refuse',
  'absent',
  'hang',
  'http-503',
  'throttle',
  'denied',
  'no-credentials',
  'wrong-shard',
  'tampered',
];

/** Answers one request; changes `world` where the operation does. */
export function callAws(directory: string, world: AwsWorld, request: AwsRequest): AwsResult {
  const fault = faultOn(directory, modes, `aws-kms:${request.region}`, 'aws-kms');
  if (fault?.mode === 'no-credentials' || request.accessKeyId === undefined)
    return { kind: 'no-credentials' };
  if (fault?.mode === 'refuse' || fault?.mode === 'absent' || !regions.test(request.region)) {
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
  const account = accountOf(world, request);
  if (account === undefined) {
    const code = request.service === 'sts' ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
    return new AwsError(code, 'The security token included in the request is invalid.');
  }
  const call = { account, region: request.region, parameters: request.parameters, now: new Date() };
  try {
    return { kind: 'response', response: answer(request, call, fault) };
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function accountOf(world: AwsWorld, { accessKeyId, secretAccessKey }: AwsRequest): AwsAccount | undefined {
  return world.accounts.find(({ users }) =>
    users.some((user) => user.accessKeyId === accessKeyId && user.secretAccessKey === secretAccessKey),
  );
}

const usesKeyMaterial = ['Decrypt', 'GetPublicKey'];

function answer({ service, api }: AwsRequest, call: AwsCall, fault: Fault | undefined) {
  if (service === 'sts') return callerIdentity(call);
  const uses = usesKeyMaterial.includes(api);
  if (uses && fault?.mode === 'denied') throw denied(call, resourceOf(call), `kms:${api}`);
  const operation = kmsOperations[api];
  if (operation === undefined) throw new RangeError(`no operation ${api}`);
  const response = operation(call);
  if (api === 'Decrypt' && fault?.mode === 'tampered') throw new AwsError('InvalidCiphertextException', '');
  if (api === 'Decrypt' && fault?.mode === 'wrong-shard') {
    return { ...response, Plaintext: Buffer.from(fault.plaintext ?? '') };
  }
  return response;
}

function callerIdentity({ account }: AwsCall): Record<string, unknown> {
  const user = account.users[0];
  return {
    UserId: user?.id,
    Account: account.account,
    Arn: `arn:aws:iam::${account.account}:user/${user?.name}`,
  };
}
