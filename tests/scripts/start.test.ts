/** `npm start` on a port that is taken, on another address, without a terminal, and as whoever runs it in a container ends it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'npm start '));
const tsx = join(project, 'node_modules/tsx/dist/cli.mjs');
const script = join(folder, 'scripts/start.ts');
const open: (Server | ChildProcess)[] = [];

beforeAll(() => {
  for (const name of [
    'scripts/start.ts',
    'scripts/common/server.ts',
    'scripts/common/terminal.ts',
    'src/shard/visible.ts',
  ])
    cpSync(join(project, name), join(folder, name));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => {
  for (const one of open) if ('kill' in one) one.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Runs to its end, which a mistake is. */
function refused(...words: string[]) {
  const done = spawnSync(process.execPath, [tsx, script, '--no-build', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  return { code: done.status, lines: done.stderr.trimEnd().split('\n') };
}

/** Starts without a terminal and waits for the address. */
function started(...words: string[]): Promise<{ child: ChildProcess; url: string; said: string }> {
  const child = spawn(process.execPath, [tsx, script, '--no-build', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: '' },
  });
  open.push(child);
  return new Promise((done, failed) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /The runbook is at (\S+)/.exec(said)?.[1];
        if (url !== undefined) done({ child, url, said });
      });
    child.on('close', (code) => failed(new Error(`ended with ${code}: ${said}`)));
  });
}

function taken(port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on('error', failed);
    server.listen(port, host, () => done((server.address() as { port: number }).port));
    open.push(server);
  });
}

test('says in one line that there is no site yet', () => {
  expect(refused()).toEqual({
    code: 1,
    lines: [
      'start: error: build/ holds no site',
      'start: hint: run npm start without --no-build, or npm run build first',
    ],
  });
  mkdirSync(join(folder, 'build'));
  writeFileSync(join(folder, 'build/index.html'), '<p>runbook</p>');
});

test('takes the next free port and says so, when nobody has named one', async () => {
  // Another program may hold it already, which is the same to us.
  await taken(3000).catch(() => 3000);
  const { child, url, said } = await started();
  expect(said).toContain('start: port 3000 is taken, trying 3001\n');
  expect(url).not.toBe('http://127.0.0.1:3000/');
  expect(await (await fetch(url)).text()).toBe('<p>runbook</p>');
  child.kill('SIGTERM');
});

test('takes no other port than the one that was named', async () => {
  const port = await taken(0);
  const { code, lines } = refused('--port', String(port));
  expect(code).toBe(1);
  expect(lines[0]).toBe(`start: error: cannot listen on 127.0.0.1, port ${port}: the port is taken`);
  expect(lines).toHaveLength(2);
});

test.each([
  [['--port', '65536'], '--port: wanted 0 to 65535, found "65536"'],
  [['--port', 'web'], '--port: wanted 0 to 65535, found "web"'],
  [['--host', '203.0.113.7'], 'cannot listen on 203.0.113.7, port 3000: this machine has no such address'],
  [['--prot', '1'], "Unknown option '--prot'"],
])('refuses %j in one line', (words, message) => {
  const { code, lines } = refused(...words);
  expect([code, lines.length]).toEqual([1, 2]);
  expect(lines[0]).toContain(`start: error: ${message}`);
});

test.each([
  ['0.0.0.0', /^http:\/\/localhost:\d+\/$/],
  ['::1', /^http:\/\/\[::1\]:\d+\/$/],
])('listens on %s, answers there, and ends at once when it is told to', async (host, pattern) => {
  const hasIt = await taken(0, host).then(
    () => true,
    () => false,
  );
  if (!hasIt) return;
  const { child, url } = await started('--host', host, '--port', '0');
  expect(url).toMatch(pattern);
  expect((await fetch(url)).status).toBe(200);
  child.removeAllListeners('close');
  const ended = new Promise((done) => child.on('close', (code) => done(code)));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
