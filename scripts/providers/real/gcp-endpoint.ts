/** Cloud KMS v1 over REST as gcloud speaks to it; the service behind is the one of the stand-in. Checksums are checked and sent. */
import {
  asymmetricDecrypt,
  createKey,
  createKeyring,
  GcpError,
  type GcpNames,
  getPublicKey,
  keyName,
  keyringName,
  move,
  permissionDenied,
  type Transition,
  undecipherable,
  versionName,
  versionOf,
} from '../gcp-kms/service';
import { type GcpVersion, type GcpWorld, gcpState } from '../gcp-kms/state';
import { type Fault, faultModes, faultOn } from '../world';
import { crc32c } from './crc32c';
import type { Answer, Request } from './endpoint';

export const gcpHost = 'cloudkms.googleapis.com';

const httpStatus: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
};

/** Answers one request of gcloud. `token` is the access token of the one account that is logged in. */
export function answerGcp(directory: string, request: Request, token: string): Answer | undefined {
  const world = gcpState.load(directory);
  try {
    if (request.headers.authorization !== `Bearer ${token}`) {
      throw new GcpError('UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    }
    const [, project = '', location = ''] =
      /^\/v1\/projects\/([^/]+)(?:\/locations\/([^/]+))?/.exec(request.url.pathname) ?? [];
    const targets = [`gcp-kms:locations/${location}`, `gcp-kms:${project}`, 'gcp-kms'];
    const fault = faultOn(directory, faultModes, ...targets);
    if (fault?.mode === 'hang') return undefined;
    if (fault?.mode === 'http-503')
      throw new GcpError('UNAVAILABLE', 'The service is currently unavailable.');
    if (fault?.mode === 'throttle') throw new GcpError('RESOURCE_EXHAUSTED', 'Quota exceeded.');
    const body = JSON.stringify(route(world, request, fault));
    gcpState.save(directory, world);
    return { status: 200, type: 'application/json', body };
  } catch (error) {
    if (!(error instanceof GcpError)) throw error;
    const status = httpStatus[error.status] ?? 500;
    const body = JSON.stringify({ error: { code: status, message: error.message, status: error.status } });
    return { status, type: 'application/json', body };
  }
}

const resource =
  /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/keyRings(?:\/([^/:]+)(?:\/cryptoKeys(?:\/([^/:]+)(?:\/cryptoKeyVersions\/([^/:]+))?)?)?)?(?:[/:](\w+))?$/;

function route(world: GcpWorld, request: Request, fault: Fault | undefined): Record<string, unknown> {
  const match = resource.exec(request.url.pathname);
  if (match === null) throw new GcpError('NOT_FOUND', 'The requested URL was not found.');
  const [, project = '', location = '', keyring = '', key = '', version = '', verb = ''] = match;
  const ids: GcpNames = { project, location, keyring, key, version };
  const query = request.url.searchParams;
  const body = request.body === '' ? {} : (JSON.parse(request.body) as Record<string, unknown>);
  if (request.method === 'POST' && version === '') {
    if (keyring === '') {
      const made = { ...ids, keyring: query.get('keyRingId') ?? '' };
      createKeyring(world, made);
      return { name: keyringName(made) };
    }
    return makeKey(world, { ...ids, key: query.get('cryptoKeyId') ?? '' }, body);
  }
  switch (`${request.method} ${verb}`) {
    case 'GET ':
      return described(ids, versionOf(world, ids, 'cloudkms.cryptoKeyVersions.get'));
    case 'GET publicKey': {
      const pem = getPublicKey(world, ids);
      return {
        pem,
        pemCrc32c: String(crc32c(Buffer.from(pem))),
        name: versionName(ids),
        ...kind(world, ids),
      };
    }
    case 'POST asymmetricDecrypt':
      return decrypt(world, ids, body, fault);
    case 'POST destroy':
    case 'POST restore':
      return described(ids, move(world, ids, verb as Transition));
    case 'PATCH ':
      return described(ids, move(world, ids, body.state === 'ENABLED' ? 'enable' : 'disable'));
    default:
      throw new GcpError('NOT_FOUND', 'The requested URL was not found.');
  }
}

function makeKey(
  world: GcpWorld,
  ids: GcpNames,
  body: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const template = (body.versionTemplate ?? {}) as { algorithm?: string; protectionLevel?: string };
  if (body.purpose !== 'ASYMMETRIC_DECRYPT') throw new GcpError('INVALID_ARGUMENT', 'Unknown purpose.');
  createKey(world, ids, {
    algorithm: (template.algorithm ?? '').toLowerCase().replaceAll('_', '-'),
    protectionLevel: (template.protectionLevel ?? 'SOFTWARE').toLowerCase(),
    destroyScheduledDuration: String(body.destroyScheduledDuration ?? '2592000s'),
  });
  return { name: keyName(ids), purpose: body.purpose };
}

const kind = (world: GcpWorld, ids: GcpNames) => {
  const { algorithm, protectionLevel } = versionOf(world, ids, '');
  return {
    algorithm: algorithm.toUpperCase().replaceAll('-', '_'),
    protectionLevel: protectionLevel.toUpperCase(),
  };
};

function described(ids: GcpNames, version: GcpVersion): Record<string, unknown> {
  return {
    name: versionName(ids),
    state: version.state,
    protectionLevel: version.protectionLevel.toUpperCase(),
    algorithm: version.algorithm.toUpperCase().replaceAll('-', '_'),
    createTime: version.createdAt,
    generateTime: version.createdAt,
    ...(version.destroyTime === undefined ? {} : { destroyTime: version.destroyTime }),
  };
}

function decrypt(
  world: GcpWorld,
  ids: GcpNames,
  body: Readonly<Record<string, unknown>>,
  fault: Fault | undefined,
): Record<string, unknown> {
  const ciphertext = Buffer.from(String(body.ciphertext ?? ''), 'base64');
  if (body.ciphertextCrc32c !== undefined && Number(body.ciphertextCrc32c) !== crc32c(ciphertext)) {
    throw new GcpError(
      'INVALID_ARGUMENT',
      'The checksum in field ciphertext_crc32c did not match the data in field ciphertext.',
    );
  }
  if (fault?.mode === 'denied')
    throw permissionDenied('cloudkms.cryptoKeyVersions.useToDecrypt', versionName(ids));
  const right = asymmetricDecrypt(world, ids, ciphertext);
  if (fault?.mode === 'tampered') throw undecipherable();
  const plaintext = fault?.mode === 'wrong-shard' ? Buffer.from(fault.plaintext ?? '') : right;
  return {
    plaintext: plaintext.toString('base64'),
    plaintextCrc32c: String(crc32c(plaintext)),
    verifiedCiphertextCrc32c: true,
    ...kind(world, ids),
  };
}
