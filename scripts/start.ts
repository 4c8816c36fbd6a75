/** `npm start`: builds the production site and serves it, printing the address. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Served } from './common/server';
import { serve } from './common/server';
import { printError, printOut } from './common/terminal';

const ROOT = resolve(__dirname, '..');
const SITE = resolve(ROOT, 'build');
const FIRST_PORT = 3000;
const USAGE = `usage: npm start [-- --port NUMBER] [--host ADDRESS] [--no-build]

Builds the site into build/ and serves it at http://127.0.0.1:3000/, or at the next free port; a port that you name is
taken as it is. --host 0.0.0.0 lets other machines of the network read it, and the host of a container.
--no-build serves what build/ holds.`;

/** What the system says of an address that cannot be listened on, in plain words. */
const REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken',
  EACCES: 'ports below 1024 need root',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name cannot be resolved now',
};

function fail(error: string, hint: string): never {
  printError(`start: error: ${error}\nstart: hint: ${hint}\n`);
  process.exit(1);
}

/** Listens on the port, or on the first free one after it. Ends the program where that cannot be. */
async function listen(port: number, host: string, tries: number): Promise<Served> {
  try {
    return await serve({ root: SITE, port, host });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'EADDRINUSE' && tries > 0) {
      printOut(`start: port ${port} is taken, trying ${port + 1}\n`);
      return listen(port + 1, host, tries - 1);
    }
    fail(
      `cannot listen on ${host}, port ${port}: ${REFUSALS[code] ?? code}`,
      'choose another one, for example: npm start -- --host 127.0.0.1 --port 8080',
    );
  }
}

async function main(): Promise<void> {
  let values: { port?: string | undefined; host: string; 'no-build': boolean; help: boolean };
  try {
    values = parseArgs({
      options: {
        port: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        'no-build': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    fail((error as Error).message.split('\n')[0] ?? '', 'npm start -- --help shows what there is');
  }
  if (values.help) {
    printOut(`${USAGE}\n`);
    return;
  }
  const named = values.port;
  const port = Number(named ?? FIRST_PORT);
  if (named !== undefined && (!/^\d+$/.test(named) || port > 65_535)) {
    fail(`--port: wanted 0 to 65535, found "${named}"`, 'for example: npm start -- --port 8080');
  }
  if (!values['no-build']) {
    printOut('start: building the site\n');
    const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    if (status !== 0) fail('the site did not build', 'the lines above name the file and the reason');
  }
  if (!existsSync(resolve(SITE, 'index.html')))
    fail('build/ holds no site', 'run npm start without --no-build, or npm run build first');
  const served = await listen(port, values.host, named === undefined ? 20 : 0);
  printOut(`\nThe runbook is at ${served.url}\nCtrl-C stops it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void served.close().then(() => process.exit(0)));
  }
}

void main();
