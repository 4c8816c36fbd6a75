/** The service of a drill: its import key, what it was told of the MasterKey, and the key itself while it is active. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type Service, serviceProgram } from '../../../src/deployment/service';
import { digestOf } from '../../../src/shard/commitment';
import { publicDer } from '../rsa';
import { type PrivateKeyPem, stateFile } from '../world';

/** A record that the service encrypted under the MasterKey before it lost the key; all parts in base64. */
interface StoredRecord {
  readonly nonce: string;
  readonly tag: string;
  readonly ciphertext: string;
}

export interface ServiceState {
  readonly program: string;
  /** Its commands, as deployment.yaml has them. */
  readonly commands: Pick<Service, 'showImportKey' | 'load' | 'check' | 'answer'>;
  readonly importKey: PrivateKeyPem;
  /** What a request asks it to decrypt. */
  readonly record: StoredRecord;
  /** The MasterKey in base64, for as long as the process runs: a restart seals the service. */
  readonly memory?: string;
}

export const serviceState = stateFile<ServiceState | undefined>('service', () => undefined);

const cipher = 'aes-256-gcm';

/** The key of the service's records: HKDF-SHA-256 (RFC 5869) of the MasterKey. */
const recordKey = (key: Uint8Array) =>
  Buffer.from(hkdfSync('sha256', key, new Uint8Array(), 'records of the service', 32));

/** Encrypts a record, as the service has done before the incident. */
export function recordUnder(key: Uint8Array): StoredRecord {
  const nonce = randomBytes(12);
  const encryption = createCipheriv(cipher, recordKey(key), nonce);
  const ciphertext = Buffer.concat([encryption.update('a record of the service'), encryption.final()]);
  const [tag, ...others] = [encryption.getAuthTag(), nonce, ciphertext].map((part) =>
    part.toString('base64'),
  );
  return { tag: tag ?? '', nonce: others[0] ?? '', ciphertext: others[1] ?? '' };
}

/** True where a key opens the record: the service checks what it is given before it takes it. */
export function opensRecord({ record }: Pick<ServiceState, 'record'>, key: Uint8Array): boolean {
  const [nonce, tag, ciphertext] = [record.nonce, record.tag, record.ciphertext].map((part) =>
    Buffer.from(part, 'base64'),
  ) as [Buffer, Buffer, Buffer];
  try {
    const decryption = createDecipheriv(cipher, recordKey(key), nonce).setAuthTag(tag);
    decryption.update(ciphertext);
    decryption.final();
    return true;
  } catch {
    return false;
  }
}

/** Makes the service of a world, sealed. */
export function seedService(
  world: string,
  service: Service,
  { importKey, key }: { readonly importKey: PrivateKeyPem; readonly key: Uint8Array },
): void {
  const { showImportKey, load, check, answer } = service;
  serviceState.save(world, {
    program: serviceProgram(service),
    commands: { showImportKey, load, check, answer },
    importKey,
    record: recordUnder(key),
  });
}

/** SHA-256 of its public import key (DER, SubjectPublicKeyInfo), as deployment.yaml has that of the real one. */
export const importKeyDigest = ({ importKey }: Pick<ServiceState, 'importKey'>): string =>
  digestOf(publicDer(importKey));

/** True where the service of a world can answer a request: it has the key in its memory, and the key is the right one. */
export function answers(world: string): boolean {
  const state = serviceState.load(world);
  return state?.memory !== undefined && opensRecord(state, Buffer.from(state.memory, 'base64'));
}
