/** The tools that pages use and that the drill brings: the shard tool itself, and the stand-ins of the providers. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Results } from '../../src/procedure/drill-results';
import { bundleProviders } from '../providers/bundle';
import { bundleSss } from '../sss/bundle';

export interface Tools {
  readonly providers: string;
  readonly sss: string;
}

/** The project that the tools are built from, whichever project is drilled. */
const source = resolve(__dirname, '../..');

const standIns = ['aws', 'az', 'gcloud', 'vault', 'pkcs11-tool', 'psql'] as const;

/** Bundles the tools into a folder of this drill, so that a call costs the start of Node and little more. */
export async function buildTools(): Promise<Tools> {
  const folder = join(source, 'node_modules', '.cache', 'tabletop', String(process.pid));
  mkdirSync(folder, { recursive: true });
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const tools = { providers: join(folder, 'providers.cjs'), sss: join(folder, 'sss.cjs') };
  await Promise.all([bundleSss(folder), bundleProviders(tools.providers)]);
  return tools;
}

/** Wrappers for exactly the tools that a page lists. */
export function wrappersFor(tools: Tools, listed: readonly string[]): Record<string, string[]> {
  const wrappers: Record<string, string[]> = {};
  for (const tool of standIns) if (listed.includes(tool)) wrappers[tool] = [tools.providers, tool, '{world}'];
  if (listed.includes('sss')) wrappers.sss = [tools.sss];
  return wrappers;
}

/** The tools of a drill as they report themselves. */
export function toolVersions(): Results['tools'] {
  const own = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const bash = execFileSync('bash', ['-c', 'printf %s "$BASH_VERSION"'], { encoding: 'utf8' });
  const openssl = execFileSync('openssl', ['version'], { encoding: 'utf8' }).trim();
  return [
    { name: 'sss', version: own.version, rung: 2 },
    { name: 'bash', version: bash, rung: 2 },
    { name: 'openssl', version: openssl, rung: 2 },
    ...standIns.map((name) => ({ name, version: `stand-in of ${own.version}`, rung: 1 as const })),
  ];
}
