/** Which unmodified tools this machine has, and whether it can give them a private network. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from './row';
import { type RealTool, realRows, realTools } from './rows';

/** First word for the runner of the real tools where it is started in a private network. */
export const inside = '--inside';

/** Where the system's own programs are: an operator's PATH may hold nothing but the tools of a page. */
export const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Absolute path of a tool as its package installs it; undefined where it is not installed. */
export const pathOf = (tool: RealTool): string | undefined => realRows[tool].path();

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

/** The real tool that talks to a place; `target` as for `injectFault`. Undefined where none can. */
export function realToolFor(target: string): RealTool | undefined {
  return realTools.find((tool) => realRows[tool].target === target.split(':')[0]);
}

/** True where the real tool can meet this fault; `target` as for `injectFault`. */
export function realToolMeets(target: string, mode: string): boolean {
  const tool = realToolFor(target);
  return tool !== undefined && realRows[tool].meets.includes(mode);
}

/** The tools that can't run unmodified on this machine, each with what is missing. */
export function missingRealTools(): Map<RealTool, string> {
  const network = privateNetwork() !== undefined;
  return new Map(
    realTools.flatMap((tool): [RealTool, string][] => {
      if (pathOf(tool) === undefined) return [[tool, `install ${realRows[tool].install}`]];
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

/** openCryptoki's daemon of slots, where the machine has it and lets this user start it. */
const canOpenCryptoki = (): boolean =>
  installed('/usr/sbin/pkcsslotd') !== undefined && process.getuid?.() === 0;

/** The same, and what else a deployment can need, by the name that `--allow-rung` takes. */
export function missingOnRung2(): Map<string, string> {
  const missing = new Map<string, string>(missingRealTools());
  const wanted = 'install the package opencryptoki, and run the drill as root';
  return canOpenCryptoki() ? missing : missing.set('pkcs11-tool:opencryptoki', wanted);
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
  const env = { PATH: systemPath, HOME: home, ...realRows[tool].quiet };
  try {
    const { stdout } = spawnSync(program, words, { encoding: 'utf8', env });
    return stdout.split('\n')[0]?.trim().replace(/\s+/g, ' ') ?? '';
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
