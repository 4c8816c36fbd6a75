/** The Vault server behind the `vault` stand-in: seal, tokens and the transit engine; errors as Vault 1.15 words them. */
import { decryptOaep, generatePrivateKey, publicPem } from '../rsa';
import { keyName, type VaultServer } from './state';

/** An API error: HTTP status and the entries of its `errors` list. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    readonly status: number,
    readonly errors: readonly string[],
  ) {
    super(errors.join('; '));
  }
}

export type Data = Readonly<Record<string, string>>;

/** The error for a caller whose policies do not allow the path. */
export function forbidden(): VaultError {
  return new VaultError(403, ['1 error occurred:\n\t* permission denied\n\n']);
}

function badRequest(message: string): VaultError {
  return new VaultError(400, [message]);
}

const keyTypes = [
  'aes128-gcm96',
  'aes256-gcm96',
  'chacha20-poly1305',
  'ed25519',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'hmac',
  'managed_key',
];

/**
 * Answers one request. `undefined` is an empty answer (204 for a write, 404 for a read).
 * The path is the one after `/v1/`, without slashes at its ends; the namespace, empty for the root, stands before it.
 */
export function callVault(
  server: VaultServer,
  method: 'GET' | 'PUT' | 'DELETE',
  namespace: string,
  path: string,
  token: string,
  data: Data,
): { readonly data: Record<string, unknown>; readonly warnings?: readonly string[] } | undefined {
  if (server.sealed) throw new VaultError(503, ['Vault is sealed']);
  if (token === '') throw new VaultError(403, ['permission denied']);
  if (!server.tokens.includes(token)) {
    throw new VaultError(403, ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n']);
  }
  // The policies of the token name no path of another namespace.
  const { namespaces = [''], engines = ['transit'] } = server;
  if (!namespaces.includes(namespace)) throw forbidden();
  if (path === 'auth/token/revoke-self' && method === 'PUT') {
    server.tokens.splice(server.tokens.indexOf(token), 1);
    return undefined;
  }
  const whole = namespace === '' ? path : `${namespace}/${path}`;
  const engine = engines.find((mount) => whole.startsWith(`${mount}/`));
  if (engine === undefined) throw forbidden();
  return callTransit({ server, engine }, method, whole.slice(engine.length + 1), data);
}

/** A transit engine of a server. */
interface Transit {
  readonly server: VaultServer;
  readonly engine: string;
}

function callTransit(transit: Transit, method: 'GET' | 'PUT' | 'DELETE', path: string, data: Data) {
  const key = /^keys\/([\w.-]+)(\/config)?$/.exec(path);
  if (key !== null) return keys(transit, method, key[1] ?? '', key[2] !== undefined, data);
  const decryption = /^decrypt\/([\w.-]+)$/.exec(path);
  if (decryption !== null && method === 'PUT') return decrypt(transit, decryption[1] ?? '', data);
  const exported = /^export\/([\w-]+)\/([\w.-]+)(?:\/(\w+))?$/.exec(path);
  if (exported !== null && method === 'GET') {
    return exportKey(transit, exported[1] ?? '', exported[2] ?? '', exported[3]);
  }
  throw new VaultError(405, ['1 error occurred:\n\t* unsupported operation\n\n']);
}

/** The key of a name, or undefined. */
function keyOf({ server, engine }: Transit, name: string) {
  const stored = keyName(engine, name);
  return Object.hasOwn(server.keys, stored) ? server.keys[stored] : undefined;
}

function keys(transit: Transit, method: string, name: string, config: boolean, data: Data) {
  const key = keyOf(transit, name);
  if (method === 'GET') return key === undefined || config ? undefined : describe(transit, name);
  if (method === 'DELETE') {
    if (key === undefined) throw badRequest(`error deleting policy ${name}: could not delete key; not found`);
    if (!key.deletionAllowed) {
      throw badRequest(`error deleting policy ${name}: deletion is not allowed for this key`);
    }
    delete transit.server.keys[keyName(transit.engine, name)];
    return undefined;
  }
  if (config) {
    if (key === undefined) throw badRequest(`no existing key named ${name} could be found`);
    for (const [field, value] of Object.entries(data)) {
      if (field !== 'deletion_allowed') throw badRequest(`the stand-in does not know the field ${field}`);
      key.deletionAllowed = value === 'true';
    }
    return describe(transit, name);
  }
  for (const field of Object.keys(data)) {
    if (field !== 'type') throw badRequest(`the stand-in does not know the field ${field}`);
  }
  const type = data.type ?? 'aes256-gcm96';
  if (!keyTypes.includes(type)) throw badRequest(`unknown key type ${type}`);
  if (key !== undefined) return { ...describe(transit, name), warnings: [`key ${name} already existed`] };
  const bits = /^rsa-(\d+)$/.exec(type)?.[1];
  if (bits === undefined) throw badRequest(`the stand-in makes rsa keys, not ${type}`);
  transit.server.keys[keyName(transit.engine, name)] = {
    deletionAllowed: false,
    createdAt: new Date().toISOString(),
    privateKey: generatePrivateKey(Number(bits)),
  };
  return describe(transit, name);
}

function describe(transit: Transit, name: string) {
  const key = keyOf(transit, name);
  const pem = publicPem(key?.privateKey ?? '');
  return {
    data: {
      allow_plaintext_backup: false,
      auto_rotate_period: 0,
      deletion_allowed: key?.deletionAllowed,
      derived: false,
      exportable: false,
      imported_key: false,
      keys: {
        '1': { certificate_chain: '', creation_time: key?.createdAt, name: 'rsa-4096', public_key: pem },
      },
      latest_version: 1,
      min_available_version: 0,
      min_decryption_version: key?.minDecryptionVersion ?? 1,
      min_encryption_version: 0,
      name,
      supports_decryption: true,
      supports_derivation: false,
      supports_encryption: true,
      supports_signing: true,
      type: 'rsa-4096',
    },
  };
}

function exportKey(transit: Transit, type: string, name: string, version: string | undefined) {
  if (!['encryption-key', 'signing-key', 'hmac-key', 'public-key'].includes(type)) {
    throw badRequest(`invalid export type: ${type}`);
  }
  const key = keyOf(transit, name);
  if (key === undefined) return undefined;
  if (type !== 'public-key') throw badRequest('private key material is not exportable');
  const wanted = version === undefined || version === 'latest' ? '1' : version.replace(/^v/, '');
  if (!/^\d+$/.test(wanted)) throw badRequest('invalid key version');
  if (wanted === '0') throw badRequest('version for export is below minimum decryption version');
  if (wanted !== '1') throw badRequest('version does not exist or cannot be found');
  return { data: { keys: { '1': publicPem(key.privateKey) }, name, type: 'rsa-4096' } };
}

function decrypt(transit: Transit, name: string, data: Data) {
  const ciphertext = data.ciphertext ?? '';
  if (ciphertext === '') throw badRequest('missing ciphertext to decrypt');
  const key = keyOf(transit, name);
  if (key === undefined) throw badRequest('encryption key not found');
  if (!ciphertext.startsWith('vault:v')) throw badRequest('invalid ciphertext: no prefix');
  const [version, ...rest] = ciphertext.slice('vault:v'.length).split(':');
  if (rest.length === 0) throw badRequest('invalid ciphertext: wrong number of fields');
  if (!/^\d+$/.test(version ?? '')) {
    throw badRequest('invalid ciphertext: version number could not be decoded');
  }
  if (Number(version) > 1) throw badRequest('invalid ciphertext: version is too new');
  if (Number(version) < (key.minDecryptionVersion ?? 1))
    throw badRequest('ciphertext or signature version is disallowed by policy (too old)');
  // Go's decoder skips line breaks and refuses everything else that is not base64.
  const base64 = rest.join(':').replace(/[\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw badRequest('invalid ciphertext: could not decode base64');
  }
  const plaintext = decryptOaep(key.privateKey, 'sha256', Buffer.from(base64, 'base64'));
  if (plaintext === undefined) throw undecipherable();
  return { data: { plaintext: plaintext.toString('base64') } };
}

/** The error for a ciphertext that does not belong to the key. */
export function undecipherable(): VaultError {
  return new VaultError(500, [
    '1 error occurred:\n\t* failed to RSA decrypt the ciphertext: crypto/rsa: decryption error\n\n',
  ]);
}
