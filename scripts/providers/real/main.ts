/**
 * Entry of the bundled real tools: `node real.cjs TOOL WORLD-DIRECTORY ARGUMENT…`. Runs the unmodified tool, each call in a
 * network of its own where the providers' host names lead to the world's endpoints. Nothing outlives the call.
 * With `--inside` before the tool it is in such a network already.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { printError } from '../../common/terminal';
import { noteCall } from '../calls';
import { perform } from '../perform';
import type { HsmToken } from '../pkcs11-hsm/state';
import { postgresState } from '../postgres/state';
import { takeKeysFrom } from '../rsa';
import { denyLogin } from './denied-login';
import { openEndpoints, type Place } from './endpoint';
import { aroundToken, needsOpenCryptoki, openCryptoki } from './opencryptoki';
import { type Call, faultOf, isLacking, named, type Service } from './row';
import { type RealTool, realRows, realTools } from './rows';
import { softHsm } from './softhsm';
import { inside, pathOf, privateNetwork, systemPath } from './support';
import { tlsFiles } from './tls';

/** Where keys lie that were made before. */
const keys = join(dirname(process.argv[1] ?? ''), 'keys');

/** The services of all providers: whatever the tool, the names of the others are there too. */
const services = realTools.flatMap((tool) => realRows[tool].service ?? []);

/** The host names of the services, each with an address of its own and the service that answers there. */
function placesOf(call: Call): (Place & { readonly service: Service })[] {
  return services.flatMap((service, first) =>
    service
      .hosts(call)
      .filter(({ way }) => way !== 'unknown-host')
      .map(({ host, way }, index) => ({
        host,
        address: `127.0.${first + 1}.${index + 1}`,
        listens: way !== 'refuse' && way !== 'absent',
        service,
      })),
  );
}

/** Runs inside the private network: names, endpoints, then the tool. */
async function runInside(tool: RealTool, call: Call): Promise<number> {
  const { world } = call;
  const command = (...line: string[]) => execFileSync(line[0] ?? '', line.slice(1), { stdio: 'pipe' });
  command('ip', 'link', 'set', 'lo', 'up');
  takeKeysFrom(keys, world);
  const places = placesOf(call);
  const hosts = ['127.0.0.1 localhost', ...places.map(({ host, address }) => `${address} ${host}`)];
  const databases = Object.entries(postgresState.load(world).hosts);
  for (const [host, { ip }] of databases) {
    if (faultOf(world, `postgres:${host}`, 'postgres')?.mode === 'absent') continue;
    command('ip', 'address', 'add', `${ip}/32`, 'dev', 'lo');
    hosts.push(`${ip} ${host}`);
  }
  overlay(world, 'hosts', hosts);
  // Names are looked up in that file alone: there is no server to ask.
  overlay(world, 'nsswitch.conf', ['passwd: files', 'group: files', 'hosts: files']);
  const { service } = realRows[tool];
  if (service === undefined) {
    for (const [host, { ip }] of databases) await forward(world, host, ip);
    return runTool(tool, call.words, { PGTZ: 'UTC' });
  }
  const tls = tlsFiles(
    world,
    services.flatMap((each) => each.hosts(call).map(({ host }) => host)),
  );
  await openEndpoints(places, tls, (request) =>
    places.find(({ host }) => host === request.host)?.service.answer(call, request),
  );
  return service.start(call, tls.authority, (...line) => runTool(tool, ...line));
}

/** Puts a file of this call in the place of one in /etc; only this mount namespace sees it. */
function overlay(world: string, name: string, lines: readonly string[]): void {
  const file = join(world, `${name}.${process.pid}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  execFileSync('mount', ['--bind', file, `/etc/${name}`], { stdio: 'pipe' });
  rmSync(file);
}

/** The database server listens on a unix socket outside; inside it has an address. */
async function forward(world: string, host: string, ip: string): Promise<void> {
  const mode = faultOf(world, `postgres:${host}`, 'postgres')?.mode;
  if (mode === 'refuse' || mode === 'absent') return;
  const path = postgresState.load(world).socket ?? join(world, 'postgres.sock');
  if (mode !== 'hang' && !existsSync(path)) return;
  const server = createServer((socket) => {
    if (mode === 'hang') return;
    if (mode === 'denied') return denyLogin(socket);
    const upstream = connect(path);
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(5432, ip, resolve);
  });
}

/** pkcs11-tool talks to a module and no server; the module finds its tokens by a file. */
function runOnToken({ world, words }: Call): Promise<number> {
  const absent = ({ label, userPin }: HsmToken) =>
    userPin !== undefined && faultOf(world, `pkcs11-hsm:${label}`, 'pkcs11-hsm')?.mode === 'absent';
  const module = named(words, '--module');
  if (!needsOpenCryptoki(world, module))
    return runTool('pkcs11-tool', words, { SOFTHSM2_CONF: softHsm(world, module, absent) });
  const [program = '', ...before] = aroundToken(openCryptoki(world, module, absent), module);
  const line = [...before, pathOf('pkcs11-tool') ?? '', ...words];
  return follow(spawn(program, line, { stdio: 'inherit' }));
}

function runTool(
  tool: RealTool,
  words: readonly string[],
  more: Readonly<Record<string, string>>,
  stdio: 'inherit' | 'ignore' = 'inherit',
): Promise<number> {
  const path = pathOf(tool);
  if (path === undefined) throw new Error(`${tool} is not installed`);
  return follow(spawn(path, words, { stdio, env: { ...process.env, ...more } }));
}

/** Exit code of a child; signals that end this process end it too. */
function follow(child: ReturnType<typeof spawn>): Promise<number> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  // A mistake in an endpoint ends this process; the tool must not go on waiting for it.
  process.once('exit', () => child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', (code) => resolve(code ?? 128));
  });
}

/** What the installed tool lacks. The call is noted as one of a stand-in. */
async function runStandIn(tool: RealTool, { world, words }: Call): Promise<number> {
  const shell = {
    env: process.env,
    cwd: process.cwd(),
    umask: process.umask(),
    stdin: () => readFileSync(0),
    stdoutIsTerminal: process.stdout.isTTY === true,
  };
  const { code, stdout, stderr } = await perform({ tool, world, keys, words, shell });
  writeSync(1, stdout.toString());
  writeSync(2, stderr);
  return code;
}

async function main(): Promise<number> {
  process.env.PATH = systemPath;
  const all = process.argv.slice(2);
  const within = all[0] === inside;
  const [tool, world = '', ...words] = (within ? all.slice(1) : all) as [RealTool, string, ...string[]];
  if (pathOf(tool) === undefined) throw new Error(`${tool} is not installed`);
  const lack = realRows[tool].lacks?.();
  if (lack !== undefined && isLacking(lack, words.join(' '))) return runStandIn(tool, { world, words });
  if (within || tool === 'pkcs11-tool') noteCall(world, tool, 2);
  if (within) return runInside(tool, { world, words });
  if (tool === 'pkcs11-tool') return runOnToken({ world, words });
  const network = privateNetwork();
  if (network === undefined) throw new Error('this machine allows no network namespace');
  const [program = '', ...rest] = network;
  const self = [process.execPath, process.argv[1] ?? '', inside, tool, world, ...words];
  return follow(spawn(program, [...rest, ...self], { stdio: 'inherit' }));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    printError(`real tools: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(70);
  },
);
