/** KMS (JSON 1.1) and STS (query protocol) as the AWS CLI speaks to them; the service behind is the one of the stand-in. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../aws-kms/keys';
import { callAws } from '../aws-kms/service';
import { awsState } from '../aws-kms/state';
import type { Answer, Request } from './endpoint';
import { type Call, faultOf, named, type Service } from './row';
import { isSignedWith, scopeOf, signedAt } from './signature';

/** Regions that have an endpoint. */
const awsRegions = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'sa-east-1',
];

/** A configuration in which the profile of a command exists and has no credentials. */
function emptyProfile({ world, words }: Call): string {
  const profile = words.includes('--profile') ? named(words, '--profile') : process.env.AWS_PROFILE;
  const file = join(world, 'aws-without-credentials');
  writeFileSync(
    file,
    profile === undefined || profile === 'default' ? '[default]\n' : `[profile ${profile}]\n`,
  );
  return file;
}

const wayTo = (world: string, region: string) => faultOf(world, `aws-kms:${region}`, 'aws-kms')?.mode;

/** The AWS CLI in the private network: two services in each region. */
export const awsService: Service = {
  hosts: ({ world }) =>
    awsRegions.flatMap((region) =>
      ['kms', 'sts'].map((service) => ({
        host: `${service}.${region}.amazonaws.com`,
        way: wayTo(world, region),
      })),
    ),
  answer: ({ world }, request) =>
    wayTo(world, request.host.split('.')[1] ?? '') === 'hang' ? undefined : answerAws(world, request),
  start(call, authority, start) {
    const empty = wayTo(call.world, named(call.words, '--region')) === 'no-credentials';
    const none = () => ({
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_CONFIG_FILE: emptyProfile(call),
    });
    return start(call.words, {
      AWS_CA_BUNDLE: authority,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(empty ? none() : {}),
    });
  },
};

/** Answers one request of the AWS CLI. */
export function answerAws(directory: string, request: Request): Answer | undefined {
  const [service = '', region = ''] = request.host.split('.');
  const sts = service === 'sts';
  const scope = scopeOf(request);
  const api = sts
    ? (new URLSearchParams(request.body).get('Action') ?? '')
    : String(request.headers['x-amz-target'] ?? '').replace(/^TrentService\./, '');
  const fail = (error: AwsError) => (sts ? stsError(error) : kmsError(error));
  if (scope === undefined)
    return fail(new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token'));
  if (scope.region !== region || scope.service !== service) {
    return fail(
      new AwsError(
        'InvalidSignatureException',
        `Credential should be scoped to a valid region, not '${scope.region}'. `,
      ),
    );
  }
  const world = awsState.load(directory);
  const user = world.accounts
    .flatMap(({ users }) => users)
    .find(({ accessKeyId }) => accessKeyId === scope.accessKeyId);
  if (user !== undefined && !isSignedWith(request, user.secretAccessKey)) {
    return fail(
      new AwsError(
        'InvalidSignatureException',
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      ),
    );
  }
  const result = callAws(directory, world, {
    service,
    api,
    region,
    parameters: sts ? {} : parametersOf(request.body),
    accessKeyId: scope.accessKeyId,
    secretAccessKey: user?.secretAccessKey,
    signedAt: signedAt(request),
    attempts: 0,
    readTimeout: 0,
  });
  if (result instanceof AwsError) return fail(result);
  if (result.kind !== 'response') return undefined;
  awsState.save(directory, world);
  if (sts) return stsIdentity(result.response ?? {});
  return {
    status: 200,
    type: 'application/x-amz-json-1.1',
    body: JSON.stringify(onWire(result.response ?? {})),
  };
}

function parametersOf(body: string): Record<string, string | number | boolean | Buffer> {
  const parameters = JSON.parse(body) as Record<string, string | number | boolean>;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      name === 'CiphertextBlob' ? Buffer.from(String(value), 'base64') : value,
    ]),
  );
}

/** Blobs are base64 and times are seconds since 1970. */
function onWire(value: unknown, name = ''): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map((item) => onWire(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([member, inner]) => [member, onWire(inner, member)]),
    );
  }
  return typeof value === 'string' && name.endsWith('Date') ? Date.parse(value) / 1000 : value;
}

function kmsError(error: AwsError): Answer {
  const body = JSON.stringify({ __type: error.code, message: error.message });
  return { status: error.httpStatus, type: 'application/x-amz-json-1.1', body };
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function stsError(error: AwsError): Answer {
  const fields = `<Type>Sender</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>${fields}</Error><RequestId>0</RequestId></ErrorResponse>`;
  return { status: error.httpStatus === 400 ? 403 : error.httpStatus, type: 'text/xml', body };
}

function stsIdentity(identity: Readonly<Record<string, unknown>>): Answer {
  const fields = ['Arn', 'UserId', 'Account'].map((name) => `<${name}>${identity[name]}</${name}>`).join('');
  const body = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${fields}</GetCallerIdentityResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
  return { status: 200, type: 'text/xml', body };
}
