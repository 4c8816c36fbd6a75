/** The tools that pages use and that the drill brings: the shard tool, the stand-ins of the providers, and the way to the real ones. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { type Service, serviceProgram } from '../../../src/deployment/service';
import type { Results } from '../../../src/procedure/results/drill-results';
import { bundleProviders, bundleRealTools } from '../../providers/bundle';
import { inside, privateNetwork, versionOf } from '../../providers/real/support';
import { providerTools } from '../../providers/stand-ins';
import { callsPipe } from '../../providers/switchboard';
import { bundleSss } from '../../sss/bundle';
import type { SandboxOptions } from '../machine/sandbox';
import { findTool } from '../machine/tools';
import { watch } from '../machine/watchdog';
import { type Drop, isReal } from '../plan/rung';

export interface Tools {
  readonly providers: string;
  readonly sss: string;
  /** Runs the unmodified tools; there only on rung 2. */
  readonly real?: string;
  /** Words that start a program in a network of its own; there only on rung 2, where the machine allows it. */
  readonly network?: readonly string[] | undefined;
  /** Folder in which the stand-ins' calls can be answered; not on rung 2, and not on every machine. */
  readonly switchboard?: string;
}

/** The project that the tools are built from, whichever project is drilled. */
const source = resolve(__dirname, '../../..');

const standIns = [...providerTools, 'psql'];

/** Bundles the tools into a folder of this drill. */
export async function buildTools(rung: 1 | 2 = 1): Promise<Tools> {
  const cache = join(source, 'node_modules', '.cache', 'tabletop');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, `${process.pid}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  watch({ folder });
  const tools = { providers: join(folder, 'providers.cjs'), sss: join(folder, 'sss.cjs') };
  await Promise.all([bundleSss(folder), bundleProviders(tools.providers)]);
  if (rung === 1) return { ...tools, ...(hasSwitchboard ? { switchboard: folder } : {}) };
  const real = join(folder, 'real.cjs');
  await bundleRealTools(real);
  const [unshare = '', ...words] = privateNetwork() ?? [];
  return { ...tools, real, network: words.length > 0 ? [findTool(unshare), ...words] : undefined };
}

/** Linux shows what a process is given. */
const hasSwitchboard = process.platform === 'linux' && existsSync('/proc/self/environ');

/** Folders whose calls are answered already. */
const opened = new Set<string>();

/** Starts the process that answers the stand-ins' calls in a folder. It ends with this one. */
function openSwitchboard(providers: string, folder: string): void {
  execFileSync(findTool('mkfifo'), ['-m', '600', join(folder, callsPipe)]);
  const child = spawn(process.execPath, [providers, '--switchboard', folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {},
    cwd: '/',
  });
  child.unref();
  (child.stdin as Socket).unref();
}

/** What a sandbox is told of the switchboard: the stand-ins that it answers for. The first sandbox that asks starts it. */
export function answeredBy(
  { providers, switchboard }: Tools,
  service?: Service,
): SandboxOptions['switchboard'] {
  if (switchboard === undefined) return undefined;
  if (!opened.has(switchboard)) openSwitchboard(providers, switchboard);
  opened.add(switchboard);
  return { folder: switchboard, names: [...standIns, ...programsOf(service)] };
}

/** The command of the service, where the deployment names one. */
const programsOf = (service: Service | undefined): string[] => (service ? [serviceProgram(service)] : []);

/** Wrappers for exactly the tools that a page lists; real ones, where there are and `drops` does not name them. */
export function wrappersFor(
  tools: Tools,
  listed: readonly string[],
  drops: ReadonlyMap<string, Drop> = new Map(),
  service?: Service,
): SandboxOptions['wrappers'] {
  const node = process.execPath;
  const wrappers: Record<string, string[]> = {};
  for (const program of programsOf(service))
    if (listed.includes(program)) wrappers[program] = [node, tools.providers, program, '{world}'];
  for (const tool of standIns) {
    if (!listed.includes(tool)) continue;
    const real = isReal(tool, drops) ? tools.real : undefined;
    if (real === undefined) wrappers[tool] = [node, tools.providers, tool, '{world}'];
    else if (tools.network === undefined || tool === 'pkcs11-tool')
      wrappers[tool] = [node, real, tool, '{world}'];
    else wrappers[tool] = [...tools.network, node, real, inside, tool, '{world}'];
  }
  if (listed.includes('sss')) wrappers.sss = [node, tools.sss];
  return wrappers;
}

/** What a stand-in says about itself; pkcs11-tool, like the real one, says nothing. */
function standInVersion(tools: Tools, name: string, own: string): string {
  const empty = mkdtempSync(join(tools.providers, '..', 'nothing-'));
  const { stdout, status } = spawnSync(process.execPath, [tools.providers, name, empty, '--version'], {
    encoding: 'utf8',
    env: {},
  });
  rmSync(empty, { recursive: true });
  return (status === 0 && stdout.split('\n')[0]) || `stand-in of ${own}`;
}

/** The tools of a drill as they report themselves. Without `tools`, the stand-ins are not asked. */
export function toolVersions(tools?: Tools, missing: ReadonlySet<string> = new Set()): Results['tools'] {
  const own = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const bash = execFileSync('bash', ['-c', 'printf %s "$BASH_VERSION"'], { encoding: 'utf8' });
  const openssl = execFileSync('openssl', ['version'], { encoding: 'utf8' }).trim();
  return [
    { name: 'sss', version: own.version, rung: 2 },
    { name: 'bash', version: bash, rung: 2 },
    { name: 'openssl', version: openssl, rung: 2 },
    ...standIns.flatMap((name): Results['tools'] => {
      if (tools?.real !== undefined && isReal(name, new Map()) && !missing.has(name))
        return [{ name, version: versionOf(name), rung: 2 }];
      const version = tools ? standInVersion(tools, name, own.version) : `stand-in of ${own.version}`;
      return [{ name, version, rung: 1 }];
    }),
  ];
}
