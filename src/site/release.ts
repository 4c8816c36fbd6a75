/** Which runbook this is: version and commit, printed at the foot of every page and sheet. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Identity of a build. `commit` is `unknown` outside a git checkout and ends in `+` with uncommitted changes. */
export interface Release {
  readonly version: string;
  readonly commit: string;
}

/** Reads the release of the project in a folder. */
export function readRelease(root: string): Release {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git('rev-parse', '--short=12', 'HEAD');
  const changes = commit === undefined ? '' : git('status', '--porcelain');
  return {
    version: manifest.version,
    commit: commit === undefined ? 'unknown' : `${commit}${changes ? '+' : ''}`,
  };
}
