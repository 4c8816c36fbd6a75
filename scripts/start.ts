/** `npm start`: builds the production site and serves it, printing the address. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Served } from './common/server';
import { serve } from './common/server';
import { printError, printOut } from './common/terminal';

const ROOT = resolve(__dirname, '..');
const USAGE = `usage: npm start [-- --port NUMBER] [--host ADDRESS] [--no-build]

Builds the site into build/ and serves it at http://127.0.0.1:3000/ (or the next free port).
--host 0.0.0.0 lets other machines of the network read it. --no-build serves what build/ holds.`;

function fail(error: string, hint: string): never {
  printError(`start: error: ${error}\nstart: hint: ${hint}\n`);
  process.exit(1);
}

async function listen(port: number, host: string, tries: number): Promise<Served> {
  try {
    return await serve({ root: resolve(ROOT, 'build'), port, host });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE' && tries > 0) return listen(port + 1, host, tries - 1);
    fail(`cannot listen on ${host}:${port} (${code})`, 'choose another one: npm start -- --port 8080');
  }
}

async function main(): Promise<void> {
  let values: { port: string; host: string; 'no-build': boolean; help: boolean };
  try {
    values = parseArgs({
      options: {
        port: { type: 'string', default: '3000' },
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
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    fail(`--port: expected 0 to 65535, got ${values.port}`, 'for example: npm start -- --port 8080');
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
  const served = await listen(port, values.host, 20);
  printOut(`\nThe runbook is at ${served.url}\nCtrl-C stops it.\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void served.close().then(() => process.exit(0)));
  }
}

void main();
