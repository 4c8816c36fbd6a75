/** What a system cannot run, in one line, before anything of it is tried. */
import { spawnSync } from 'node:child_process';

/** The system as far as it matters here. */
export interface System {
  /** As `process.platform` names it. */
  readonly platform: string;
  /** What `sha256sum --version` prints; undefined where there is no such command, or it knows no version. */
  readonly coreutils: string | undefined;
}

const names: Readonly<Record<string, string>> = { darwin: 'macOS', win32: 'Windows' };

/** This machine. */
export function thisSystem(): System {
  const { status, stdout } = spawnSync('sha256sum', ['--version'], { encoding: 'utf8', input: '' });
  return { platform: process.platform, coreutils: status === 0 ? stdout.split('\n')[0] : undefined };
}

/** Why the drill, and every test that runs the commands of the pages, cannot run on a system; undefined where it can. */
export function drillUnavailable({ platform, coreutils }: System = thisSystem()): string | undefined {
  const remedy = 'use Linux with GNU coreutils, such as Debian in a container';
  if (platform !== 'linux')
    return `it runs bash, GNU coreutils and /proc of Linux, and this is ${names[platform] ?? platform}; ${remedy}`;
  if (coreutils === undefined || !/coreutils/.test(coreutils))
    return `the pages use options of GNU coreutils, and this machine has others, such as those of BusyBox; ${remedy}`;
  return undefined;
}
