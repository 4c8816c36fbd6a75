/**
 * Transcripts of the real tools, by release: what each command of a script printed, and how it ended. Stand-ins are judged
 * by all of them, so that also a machine without the tools tests them. `record.ts` makes a new one.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { injectFault } from '../../../scripts/providers/seed';
import type { Seeded } from '../../../scripts/providers/stand-in';
import { standInOf } from '../../../scripts/providers/stand-ins';
import { faultState, type StateFile, stateFile } from '../../../scripts/providers/world';
import type { ShardFields } from '../../../src/deployment/providers/registry';
import type { Result } from './sandbox';

/** Name, command line, and the fault that is on while it runs. `@FILE` in a line is a file of the folder, in base64. */
export type Case = readonly [name: string, line: string, fault?: string];

/** Commands in one world, one after the other. */
export interface Script {
  /** Name of its transcripts: the tool, or the tool and what it talks to. */
  readonly tool: string;
  /** Where its faults are injected. */
  readonly target: string;
  /** The shards of its world, where they are not those of every test. */
  readonly held?: readonly ShardFields[];
  /** Environment of its commands. */
  env?(seeded: Seeded): Readonly<Record<string, string>>;
  readonly setUp: readonly string[];
  /** Makes what the cases need, after the set-up. */
  prepare?(world: string, cwd: string): void;
  readonly cases: readonly Case[];
  /** What of standard error must be the same. */
  judged?(stderr: string): string;
}

/** One command as it was seen. */
export interface Entry extends Result {
  readonly name: string;
  readonly line: string;
  readonly fault?: string;
}

export interface Transcript {
  readonly tool: string;
  /** As the tool reports itself. */
  readonly version: string;
  readonly locale: string;
  readonly recorded: string;
  readonly entries: readonly Entry[];
}

export const folder = resolve(__dirname, '../../fixtures/transcripts');

/** All recorded releases of a tool, the oldest first. */
export function transcriptsOf(tool: string): Transcript[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${tool}-`) && /^-\d/.test(file.slice(tool.length)))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Transcript)
    .sort((a, b) => a.recorded.localeCompare(b.recorded));
}

/** What differs from run to run: addresses in memory, ids of keys. */
const masked = (text: string): string =>
  text
    .replace(/\b0x[0-9a-f]{8,}\b/g, '0xADDRESS')
    .replace(/\b[0-9a-f]{32}\b/g, 'KEY')
    .replaceAll('\r\n', '\n');

/** Plays a script in a world: by a stand-in, or by the real tool. */
export async function play(
  script: Script,
  { world, cwd }: { readonly world: string; readonly cwd: string },
  run: (line: string) => Promise<Result>,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  const { judged = (stderr: string) => stderr } = script;
  const state: StateFile<unknown> = stateFile(standInOf(script.target)?.state.name ?? '', () => ({}));
  const filled = (line: string) =>
    line.replace(/@(\S+)/g, (_, file: string) => readFileSync(join(cwd, file)).toString('base64'));
  const one = async ([name, line, fault]: Case) => {
    const before = state.load(world);
    if (fault !== undefined) injectFault(world, script.target, fault as 'refuse');
    const { code, stdout, stderr } = await run(filled(line));
    if (fault !== undefined) {
      faultState.save(world, {});
      state.save(world, before);
    }
    const seen = { code, stdout: masked(stdout), stderr: masked(judged(stderr)) };
    entries.push({ name, line, ...(fault === undefined ? {} : { fault }), ...seen });
  };
  for (const line of script.setUp) await one([line, line]);
  script.prepare?.(world, cwd);
  for (const each of script.cases) await one(each);
  return entries;
}
