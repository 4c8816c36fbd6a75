/** A certificate authority for one world, and one certificate for the providers' host names; made with openssl, valid for two days. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TlsFiles {
  /** Path of the authority's certificate, for the tools. */
  readonly authority: string;
  readonly key: string;
  readonly cert: string;
}

const oneDay = 86_400_000;

/** Makes or reads the certificates of a world. */
export function tlsFiles(world: string, hosts: readonly string[]): TlsFiles {
  const folder = join(world, 'tls');
  const fresh = existsSync(join(folder, 'cert.pem')) && Date.now() - statSync(folder).mtimeMs < oneDay;
  if (!fresh) make(folder, hosts);
  return {
    authority: join(folder, 'ca.pem'),
    key: readFileSync(join(folder, 'key.pem'), 'utf8'),
    cert: readFileSync(join(folder, 'cert.pem'), 'utf8'),
  };
}

function make(folder: string, hosts: readonly string[]): void {
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { mode: 0o700 });
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: draft, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '2',
    '-subj',
    '/CN=Drill authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  openssl('req', ...key, '-subj', '/CN=Drill providers', '-keyout', 'key.pem', '-out', 'request.pem');
  writeFileSync(join(draft, 'names'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'request.pem', ...signing, '-out', 'cert.pem');
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}
