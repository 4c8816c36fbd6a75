/** One call of a stand-in, from its words to what it prints and how it exits. */
import { noteCall } from './calls';
import { Exit, type Outcome, type Shell } from './exit';
import { psql } from './postgres/psql';
import { takeKeysFrom } from './rsa';
import { service } from './service/service';
import { serviceState } from './service/state';
import type { Tool } from './stand-in';
import { toolRuns } from './stand-ins';

const tools: Readonly<Record<string, Tool>> = {
  ...toolRuns,
  psql,
};

/** Thrown where a call needs a process of its own. */
export class NeedsProcess extends Error {}

export interface Call {
  readonly tool: string;
  /** World directory; keys are taken from the folder `keys`. */
  readonly world: string;
  readonly keys: string;
  readonly words: readonly string[];
  readonly shell: Shell;
}

/** Runs a call to its end; a mistake in a stand-in ends it with status 70. Throws NeedsProcess as `shell` does, and nothing else. */
export async function perform({ tool: name, world, keys, words, shell }: Call): Promise<Outcome> {
  // The service of a deployment has a command of its own name.
  const own = () => (serviceState.load(world)?.program === name ? service : undefined);
  const tool = Object.hasOwn(tools, name) ? tools[name] : own();
  if (tool === undefined || world === '') {
    const stderr = `usage: node providers.cjs ${Object.keys(tools).join('|')} WORLD-DIRECTORY [ARGUMENT…]\n`;
    return { code: 64, stdout: '', stderr };
  }
  noteCall(world, name, 1);
  takeKeysFrom(keys, world);
  try {
    return await tool(world, words, shell);
  } catch (error) {
    if (error instanceof NeedsProcess) throw error;
    if (error instanceof Exit) return { code: error.code, stdout: error.stdout, stderr: error.stderr };
    const message = error instanceof Error ? error.message : String(error);
    return { code: 70, stdout: '', stderr: `stand-in ${name}: ${message}\n` };
  }
}
