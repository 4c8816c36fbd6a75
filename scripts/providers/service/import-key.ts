/** The import key of the service of a drill: made once by each process that drills, and thrown away with it. */
import { generatePrivateKey } from '../rsa';
import type { PrivateKeyPem } from '../world';

let made: PrivateKeyPem | undefined;

/** An RSA-3072 key as PKCS#8 PEM, the same each time. */
export function testImportKey(): PrivateKeyPem {
  made ??= generatePrivateKey(3072);
  return made;
}
