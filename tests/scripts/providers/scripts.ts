/** The scripts whose transcripts are kept, and how each tool says which release it is. */
import { spawnSync } from 'node:child_process';
import { versionOf } from '../../../scripts/providers/real/support';
import { azScript } from './az-cases';
import { openCryptokiScript } from './opencryptoki-cases';
import type { Script } from './transcripts';

/** Of the package: neither the tool nor the library says it. */
function openCryptokiVersion(): string {
  const { stdout } = spawnSync('dpkg-query', ['--show', 'opencryptoki'], { encoding: 'utf8' });
  const [, release = 'unknown'] = /\t([\d.]+)/.exec(stdout ?? '') ?? [];
  return `${versionOf('pkcs11-tool')} on openCryptoki ${release}`;
}

export const scripts: Readonly<Record<string, { readonly script: Script; version(): string }>> = {
  opencryptoki: { script: openCryptokiScript, version: openCryptokiVersion },
  az: { script: azScript, version: () => versionOf('az') },
};
