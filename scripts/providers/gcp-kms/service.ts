/** The Cloud KMS service behind the `gcloud` stand-in: resources, version states and errors of the v1 API. */
import { decryptOaep, generatePrivateKey, publicPem } from '../rsa';
import type { GcpKey, GcpVersion, GcpWorld } from './state';

/** A google.rpc.Status as the service sends it. */
export class GcpError extends Error {
  override readonly name = 'GcpError';

  constructor(
    readonly status: string,
    message: string,
  ) {
    super(message);
  }
}

/** Ids that the path of a resource is made of. */
export interface GcpNames {
  readonly project: string;
  readonly location: string;
  readonly keyring: string;
  readonly key: string;
  readonly version: string;
}

export const keyringName = (ids: GcpNames) =>
  `projects/${ids.project}/locations/${ids.location}/keyRings/${ids.keyring}`;
export const keyName = (ids: GcpNames) => `${keyringName(ids)}/cryptoKeys/${ids.key}`;
export const versionName = (ids: GcpNames) => `${keyName(ids)}/cryptoKeyVersions/${ids.version}`;

/** Algorithms of an asymmetric-encryption key, by the name that gcloud gives them. */
export const decryptAlgorithms = [
  'rsa-decrypt-oaep-2048-sha1',
  'rsa-decrypt-oaep-2048-sha256',
  'rsa-decrypt-oaep-3072-sha1',
  'rsa-decrypt-oaep-3072-sha256',
  'rsa-decrypt-oaep-4096-sha1',
  'rsa-decrypt-oaep-4096-sha256',
  'rsa-decrypt-oaep-4096-sha512',
] as const;

const locations = /^(global|us|europe|asia|eur[3-6]|nam\d+|asia1|[a-z]+-[a-z]+\d+)$/;
const resourceId = /^[a-zA-Z0-9_-]{1,63}$/;

function projectOf(world: GcpWorld, ids: GcpNames, permission: string) {
  const project = Object.hasOwn(world.projects, ids.project) ? world.projects[ids.project] : undefined;
  if (project === undefined) throw permissionDenied(permission, `projects/${ids.project}`);
  if (!locations.test(ids.location)) {
    throw new GcpError(
      'NOT_FOUND',
      `The request concerns location '${ids.location}' but was sent to location 'global'. Either Cloud KMS is not available in '${ids.location}' or the request was misrouted. gRPC clients must ensure that 'x-goog-request-params' is specified in request metadata.`,
    );
  }
  return project;
}

/** The error for a caller without the permission; the service does not tell absence from denial. */
export function permissionDenied(permission: string, resource: string): GcpError {
  return new GcpError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`,
  );
}

const ringPath = (ids: GcpNames) => `${ids.location}/${ids.keyring}`;

function keyOf(world: GcpWorld, ids: GcpNames, permission: string): GcpKey {
  const ring = projectOf(world, ids, permission).keyrings[ringPath(ids)];
  if (ring === undefined) throw new GcpError('NOT_FOUND', `KeyRing ${keyringName(ids)} not found.`);
  const key = ring.keys.find(({ name }) => name === ids.key);
  if (key === undefined) throw new GcpError('NOT_FOUND', `CryptoKey ${keyName(ids)} not found.`);
  return key;
}

/** The version that is named, in whatever state. */
export function versionOf(world: GcpWorld, ids: GcpNames, permission: string): GcpVersion {
  const version = keyOf(world, ids, permission).versions.find(
    (entry) => String(entry.number) === ids.version,
  );
  if (version === undefined)
    throw new GcpError('NOT_FOUND', `CryptoKeyVersion ${versionName(ids)} not found.`);
  return version;
}

function enabled(world: GcpWorld, ids: GcpNames, permission: string): GcpVersion {
  const version = versionOf(world, ids, permission);
  if (version.state !== 'ENABLED') {
    throw new GcpError(
      'FAILED_PRECONDITION',
      `${versionName(ids)} is not enabled, current state is: ${version.state}.`,
    );
  }
  return version;
}

export function createKeyring(world: GcpWorld, ids: GcpNames): void {
  const project = projectOf(world, ids, 'cloudkms.keyRings.create');
  checkId(ids.keyring);
  if (project.keyrings[ringPath(ids)] !== undefined) {
    throw new GcpError('ALREADY_EXISTS', `KeyRing ${keyringName(ids)} already exists.`);
  }
  project.keyrings[ringPath(ids)] = { keys: [] };
}

export function createKey(
  world: GcpWorld,
  ids: GcpNames,
  made: { algorithm: string; protectionLevel: string; destroyScheduledDuration: string },
): void {
  const ring = projectOf(world, ids, 'cloudkms.cryptoKeys.create').keyrings[ringPath(ids)];
  if (ring === undefined) throw new GcpError('NOT_FOUND', `KeyRing ${keyringName(ids)} not found.`);
  checkId(ids.key);
  if (ring.keys.some(({ name }) => name === ids.key)) {
    throw new GcpError('ALREADY_EXISTS', `CryptoKey ${keyName(ids)} already exists.`);
  }
  const createdAt = new Date().toISOString();
  const privateKey = generatePrivateKey(Number(/-(\d{4})-/.exec(made.algorithm)?.[1]));
  ring.keys.push({
    name: ids.key,
    purpose: 'ASYMMETRIC_DECRYPT',
    destroyScheduledDuration: made.destroyScheduledDuration,
    createdAt,
    versions: [
      {
        number: 1,
        algorithm: made.algorithm,
        protectionLevel: made.protectionLevel,
        createdAt,
        state: 'ENABLED',
        privateKey,
      },
    ],
  });
}

function checkId(id: string): void {
  if (!resourceId.test(id)) {
    throw new GcpError('INVALID_ARGUMENT', `Resource ID '${id}' does not match '[a-zA-Z0-9_-]{1,63}'.`);
  }
}

export function getPublicKey(world: GcpWorld, ids: GcpNames): string {
  return publicPem(enabled(world, ids, 'cloudkms.cryptoKeyVersions.viewPublicKey').privateKey);
}

export function asymmetricDecrypt(world: GcpWorld, ids: GcpNames, ciphertext: Buffer): Buffer {
  const version = enabled(world, ids, 'cloudkms.cryptoKeyVersions.useToDecrypt');
  const hash = version.algorithm.slice(version.algorithm.lastIndexOf('-') + 1) as
    | 'sha1'
    | 'sha256'
    | 'sha512';
  const plaintext = decryptOaep(version.privateKey, hash, ciphertext);
  if (plaintext === undefined) throw undecipherable();
  return plaintext;
}

export function undecipherable(): GcpError {
  return new GcpError('INVALID_ARGUMENT', 'Decryption failed: the ciphertext is invalid.');
}

/** States from which each transition is allowed, and where it leads. */
const transitions = {
  enable: { from: ['DISABLED', 'ENABLED'], to: 'ENABLED' },
  disable: { from: ['ENABLED', 'DISABLED'], to: 'DISABLED' },
  destroy: { from: ['ENABLED', 'DISABLED'], to: 'DESTROY_SCHEDULED' },
  restore: { from: ['DESTROY_SCHEDULED'], to: 'DISABLED' },
} as const;

export type Transition = keyof typeof transitions;

/** Moves a version to another state and returns it. */
export function move(world: GcpWorld, ids: GcpNames, transition: Transition): GcpVersion {
  const permission = transition === 'destroy' || transition === 'restore' ? transition : 'update';
  const version = versionOf(world, ids, `cloudkms.cryptoKeyVersions.${permission}`);
  const { from, to } = transitions[transition];
  if (!(from as readonly string[]).includes(version.state)) {
    throw new GcpError(
      'FAILED_PRECONDITION',
      `The request cannot be fulfilled. Resource ${versionName(ids)} has value ${version.state} in field crypto_key_version.state.`,
    );
  }
  version.state = to;
  delete version.destroyTime;
  if (to === 'DESTROY_SCHEDULED') {
    const seconds = Number.parseInt(keyOf(world, ids, '').destroyScheduledDuration, 10);
    version.destroyTime = new Date(Date.now() + seconds * 1000).toISOString();
  }
  return version;
}
