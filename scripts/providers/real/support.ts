/** Which unmodified tools this machine has, and whether it can give them a private network. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultModes } from '../world';

export type RealTool = 'aws' | 'gcloud' | 'pkcs11-tool' | 'psql';

/** First word for the runner of the real tools where it is started in a private network. */
export const inside = '--inside';

/** Where the system's own programs are: an operator's PATH may hold nothing but the tools of a page. */
export const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Absolute path of a tool as its package installs it; undefined where it is not installed, or not version 2 of the AWS CLI. */
export function pathOf(tool: RealTool): string | undefined {
  if (tool === 'psql') {
    const root = '/usr/lib/postgresql';
    const versions = existsSync(root) ? readdirSync(root).sort().reverse() : [];
    return versions.map((version) => `${root}/${version}/bin/psql`).find((path) => existsSync(path));
  }
  const path = `/usr/bin/${tool}`;
  if (!existsSync(path)) return undefined;
  if (tool === 'pkcs11-tool' && !existsSync('/usr/bin/softhsm2-util')) return undefined;
  if (tool === 'aws' && !readFileSync(path, 'latin1').startsWith('#!/usr/bin/python3')) return undefined;
  return path;
}

/** Words that start a program in a network and mount namespace of its own; undefined where the machine forbids it. */
export function privateNetwork(): readonly string[] | undefined {
  const root = process.getuid?.() === 0;
  const words = ['unshare', ...(root ? [] : ['--user', '--map-root-user']), '--net', '--mount'];
  const trial = spawnSync(words[0] ?? '', [...words.slice(1), 'sh', '-c', 'ip link set lo up'], {
    stdio: 'ignore',
    env: { PATH: systemPath },
  });
  return trial.status === 0 ? words : undefined;
}

/** What is wrong with a sign-in or a certificate is shown by the stand-ins: the private network has one home and one authority. */
const onTheWire = faultModes.filter(
  (mode) =>
    !['expired-sign-in', 'unknown-profile', 'unknown-service', 'unknown-authority', 'unknown-host'].includes(
      mode,
    ),
);

const keyStates = ['key-pending-deletion', 'key-disabled', 'key-deleted'];

/** What each tool can be made to meet in the private network; the rest is shown by the stand-ins only. */
const meets: Readonly<Record<RealTool, readonly string[]>> = {
  aws: [...onTheWire, ...keyStates],
  // A hanging Cloud KMS would cost gcloud's own five minutes.
  gcloud: [...onTheWire.filter((mode) => mode !== 'hang'), ...keyStates],
  // SoftHSM2 neither locks a PIN nor loses its module. A PIN is denied because a wrong one was entered.
  'pkcs11-tool': ['absent', 'denied', 'key-deleted'],
  psql: ['refuse', 'absent', 'hang', 'denied'],
};

const toolOf: Readonly<Record<string, RealTool>> = {
  'aws-kms': 'aws',
  'gcp-kms': 'gcloud',
  'pkcs11-hsm': 'pkcs11-tool',
  postgres: 'psql',
};

/** The real tool that talks to a place; `target` as for `injectFault`. Undefined where none can. */
export function realToolFor(target: string): RealTool | undefined {
  return toolOf[target.split(':')[0] ?? ''];
}

/** True where the real tool can meet this fault; `target` as for `injectFault`. */
export function realToolMeets(target: string, mode: string): boolean {
  const tool = realToolFor(target);
  return tool !== undefined && meets[tool].includes(mode);
}

const packages: Readonly<Record<RealTool, string>> = {
  aws: 'awscli',
  gcloud: 'google-cloud-cli',
  'pkcs11-tool': 'opensc and softhsm2',
  psql: 'postgresql',
};

/** The tools that can run unmodified somewhere. */
export const realTools = Object.keys(packages) as RealTool[];

/** The tools that can't run unmodified on this machine, each with what is missing. */
export function missingRealTools(): Map<RealTool, string> {
  const network = privateNetwork() !== undefined;
  return new Map(
    realTools.flatMap((tool): [RealTool, string][] => {
      if (pathOf(tool) === undefined) return [[tool, `install the package ${packages[tool]}`]];
      if (network || tool === 'pkcs11-tool') return [];
      return [
        [
          tool,
          'this machine allows no network namespace (root, or unprivileged user namespaces and iproute2)',
        ],
      ];
    }),
  );
}

/** One line for each tool that can't run unmodified: what is missing. Empty where all can. */
export function missingForRealTools(): string[] {
  return [...missingRealTools()].map(([tool, reason]) => `${tool}: ${reason}`);
}

/** A real tool as it reports itself. pkcs11-tool does not: the program beside it does. Throws Error where it is not installed. */
export function versionOf(tool: RealTool): string {
  const program = tool === 'pkcs11-tool' ? '/usr/bin/opensc-tool' : pathOf(tool);
  if (program === undefined || pathOf(tool) === undefined) throw new Error(`${tool} is not installed`);
  const words = tool === 'pkcs11-tool' ? ['--info'] : ['--version'];
  // gcloud writes a log and settings even then.
  const home = mkdtempSync(join(tmpdir(), 'version-'));
  try {
    const { stdout } = spawnSync(program, words, { encoding: 'utf8', env: { PATH: systemPath, HOME: home } });
    return stdout.split('\n')[0]?.trim() ?? '';
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
