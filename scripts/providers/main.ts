/**
 * Entry of the bundled stand-ins. `node providers.cjs TOOL WORLD-DIRECTORY ARGUMENT…` prints what the tool prints and exits
 * as it exits; `node providers.cjs --switchboard FOLDER` answers the calls of many.
 */
import { readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { perform } from './perform';
import { switchboard } from './switchboard';

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
  const [, program = '', tool = '', world = '', ...words] = process.argv;
  if (tool === '--switchboard') return switchboard(world);
  const shell = {
    env: process.env,
    cwd: process.cwd(),
    umask: process.umask(),
    stdin: () => readFileSync(0),
    stdoutIsTerminal: process.stdout.isTTY === true,
  };
  const { code, stdout, stderr } = await perform({
    tool,
    world,
    keys: join(dirname(program), 'keys'),
    words,
    shell,
  });
  write(1, stdout);
  write(2, stderr);
  process.exitCode = code;
}

void main();
