/**
 * `npx tsx tests/scripts/providers/record.ts [TOOL…]`: plays the contract cases on the real tools of this machine and keeps
 * the transcripts, one file a release. A new release of a tool is this one command away.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleRealTools } from '../../../scripts/providers/bundle';
import { makeSandbox, type Result, type Sandbox, words } from './sandbox';
import { scripts } from './scripts';
import { folder, play, type Transcript } from './transcripts';

export const locale = 'C.UTF-8';

/** Runs a command line of the real tool in a world, as the drill does. */
export function callReal(
  bundle: string,
  { world, cwd, home }: Pick<Sandbox, 'world' | 'cwd' | 'home'>,
  more: Readonly<Record<string, string>> = {},
) {
  return async (line: string): Promise<Result> => {
    const [tool = '', ...rest] = words(line);
    const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, tool, world, ...rest], {
      cwd,
      encoding: 'utf8',
      env: { HOME: home, LANG: locale, TZ: 'UTC', COLUMNS: '200', PATH: '/usr/bin:/bin', ...more },
    });
    return { code: status ?? -1, stdout, stderr };
  };
}

/** Plays a script on the real tool, in a world of its own. */
export async function record(bundle: string, name: string): Promise<Transcript> {
  const entry = scripts[name];
  if (entry === undefined)
    throw new RangeError(`no script ${name}; there are ${Object.keys(scripts).join(', ')}`);
  const sandbox = makeSandbox(entry.script.held);
  try {
    const entries = await play(
      entry.script,
      sandbox,
      callReal(bundle, sandbox, entry.script.env?.(sandbox.seeded)),
    );
    const recorded = new Date().toISOString().slice(0, 10);
    return { tool: entry.script.tool, version: entry.version(), locale, recorded, entries };
  } finally {
    sandbox.remove();
  }
}

async function main(names: readonly string[]): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'record-'));
  const bundle = join(place, 'real.cjs');
  try {
    await bundleRealTools(bundle);
    mkdirSync(folder, { recursive: true });
    for (const name of names) {
      const transcript = await record(bundle, name);
      // The tool stands first, what it talks to last.
      const release = transcript.version.match(/\d+(?:\.\d+)+/g)?.at(-1) ?? 'unknown';
      const file = join(folder, `${name}-${release}.json`);
      writeFileSync(file, `${JSON.stringify(transcript, null, 2)}\n`);
      process.stdout.write(`${file}: ${transcript.entries.length} commands of ${transcript.version}\n`);
    }
  } finally {
    rmSync(place, { recursive: true });
  }
}

if (process.argv[1]?.endsWith('record.ts')) {
  const names = process.argv.slice(2);
  main(names.length > 0 ? names : Object.keys(scripts)).catch((error: Error) => {
    process.stderr.write(`record: error: ${error.message}\n`);
    process.exitCode = 1;
  });
}
