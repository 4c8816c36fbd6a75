/** Entry of the bundled stand-ins: `node providers.cjs TOOL WORLD-DIRECTORY ARGUMENT…`. Prints what the tool prints, exits as it exits. */
import { readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { noteCall } from './calls';
import { Exit, type Shell } from './exit';
import { psql } from './psql';
import { takeKeysFrom } from './rsa';
import type { Tool } from './stand-in';
import { standIns } from './stand-ins';

const tools: Readonly<Record<string, Tool>> = {
  ...Object.fromEntries(Object.values(standIns).map(({ tool, run }) => [tool, run])),
  psql,
};

function write(descriptor: number, content: string | Buffer): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // A pipe that is full for a moment is tried again; a reader that is gone ends the tool as it ends the real one.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}

async function main(): Promise<void> {
  const [name = '', directory = '', ...words] = process.argv.slice(2);
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined || directory === '') {
    write(2, `usage: node providers.cjs ${Object.keys(tools).join('|')} WORLD-DIRECTORY [ARGUMENT…]\n`);
    process.exitCode = 64;
    return;
  }
  noteCall(directory, name, 1);
  takeKeysFrom(join(dirname(process.argv[1] ?? ''), 'keys'), directory);
  const shell: Shell = {
    env: process.env,
    cwd: process.cwd(),
    stdin: () => readFileSync(0),
    stdoutIsTerminal: process.stdout.isTTY === true,
  };
  try {
    const outcome = await tool(directory, words, shell);
    write(1, outcome.stdout);
    write(2, outcome.stderr);
    process.exitCode = outcome.code;
  } catch (error) {
    if (error instanceof Exit) {
      write(1, error.stdout);
      write(2, error.stderr);
      process.exitCode = error.code;
    } else {
      write(2, `stand-in ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 70;
    }
  }
}

void main();
