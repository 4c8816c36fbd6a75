/** Signs the kit's list of digests with `ssh-keygen -Y` (PROTOCOL.sshsig of OpenSSH), so that OpenSSH alone checks it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Namespace of the signatures: one that was made for anything else is worth nothing here. */
export const NAMESPACE = 'mks-kit';

/**
 * Writes SHA256SUMS.sig into a folder. ssh-keygen itself asks for a passphrase, PIN or touch.
 * @param key A private key, or a public key whose private half is in an agent.
 * @throws RangeError when the key is missing or ssh-keygen does not sign.
 */
export function signSums(folder: string, key: string): void {
  if (!existsSync(key)) throw new RangeError(`${key}: no such key`);
  const file = join(folder, 'SHA256SUMS');
  const argv = ['-Y', 'sign', '-q', '-f', key, '-n', NAMESPACE, file];
  const { error, status } = spawnSync('ssh-keygen', argv, { stdio: ['inherit', 'ignore', 'inherit'] });
  if (error !== undefined) throw new RangeError('ssh-keygen is not installed; install the OpenSSH client');
  if (status !== 0 || !existsSync(`${file}.sig`)) throw new RangeError(`${key}: ssh-keygen did not sign`);
}
