/** SSH signatures over manifests (PROTOCOL.sshsig of OpenSSH), made and checked by `ssh-keygen -Y` alone. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { fileError, printable, refusal } from './command';
import { refuseExisting, systemError, writeNewFile } from './files';

/** The namespace of the signatures: a signature for anything else is worth nothing here. */
const NAMESPACE = 'mks-manifest';

/** Runs ssh-keygen; what it reports goes to the operator, because it may ask for a PIN or a touch. */
function sshKeygen(argv: string[], input: Uint8Array): Uint8Array | undefined {
  let ran: ReturnType<typeof spawnSync>;
  try {
    ran = spawnSync('ssh-keygen', argv, { stdio: ['pipe', 'pipe', 'inherit'], input });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_ACCESS_DENIED') throw error;
    throw fileError(
      'ssh-keygen: denied by the permissions of this Node process',
      'Add --allow-child-process.',
    );
  }
  // A key that ends ssh-keygen before it has read everything is a refusal, not a missing program.
  if (ran.error && (ran.error as { code?: unknown }).code !== 'EPIPE')
    throw fileError('ssh-keygen: not found', 'Install the OpenSSH client; nothing else signs a manifest.');
  return ran.status === 0 ? Uint8Array.from(ran.stdout as Buffer) : undefined;
}

/** Signs the bytes that were read, not the file, into FILE.sig. Returns the line of the report. */
export function signManifest(file: string, bytes: Uint8Array, key: string): string {
  const signature = `${file}.sig`;
  refuseExisting(signature);
  if (!fs.existsSync(key))
    throw fileError(`${printable(key)}: no such key`, 'Name the SSH key file, or its .pub.');
  const made = sshKeygen(['-Y', 'sign', '-q', '-f', key, '-n', NAMESPACE], bytes);
  if (!made?.length)
    throw refusal(`${printable(file)}: ssh-keygen did not sign it`, 'Its own message stands above.');
  writeNewFile(signature, made);
  return `${printable(signature)}: signed with ${printable(key)}`;
}

/** Refuses what ssh-keygen could not read twice, such as a pipe: only the file that it reads itself counts. */
function requireFile(file: string): void {
  let stat: fs.Stats;
  try {
    stat = fs.statSync(file);
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    fs.accessSync(file, fs.constants.R_OK);
  } catch (error) {
    throw systemError(file, error);
  }
  if (!stat.isFile()) throw fileError(`${printable(file)}: wanted a regular file`);
  if (stat.size > 65_536) throw fileError(`${printable(file)}: larger than 65536 bytes`);
}

export interface SignatureCheck {
  /** The file of allowed signers, and the name that must stand in it. */
  signers: string;
  signer: string;
  signature: string;
}

/**
 * Checks a signature over the bytes that were read. Returns the line of the report.
 * @throws CliError (exit 1) when it is not by this signer over these bytes.
 */
export function checkSignature(
  file: string,
  bytes: Uint8Array,
  { signers, signer, signature }: SignatureCheck,
): string {
  requireFile(signers);
  requireFile(signature);
  const argv = ['-Y', 'verify', '-f', signers, '-I', signer, '-n', NAMESPACE, '-s', signature];
  if (!sshKeygen(argv, bytes)) {
    const hint = 'Do not use this manifest. Compare its digest with the Ceremony Log and fetch another copy.';
    throw refusal(
      `${printable(file)}: the signature is not by ${printable(signer)} over this manifest`,
      hint,
    );
  }
  return `${printable(file)}: signature OK, by ${printable(signer)}`;
}
