/** The import key of the service of a drill: made once by each process that drills, and thrown away with it. */
import { generateKeyPairSync } from 'node:crypto';
import type { PrivateKeyPem } from '../world';

let made: PrivateKeyPem | undefined;

/** An RSA-3072 key as PKCS#8 PEM, the same each time. */
export function testImportKey(): PrivateKeyPem {
  made ??= generateKeyPairSync('rsa', {
    modulusLength: 3072,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
  return made;
}
