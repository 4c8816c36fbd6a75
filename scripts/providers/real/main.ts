/**
 * Entry of the bundled real tools: `node real.cjs TOOL WORLD-DIRECTORY ARGUMENT…`. Runs the unmodified tool, each call in a
 * network of its own where the providers' host names lead to the world's endpoints. Nothing outlives the call.
 * With `--inside` before the tool it is in such a network already.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { printError } from '../../common/terminal';
import { noteCall } from '../calls';
import { gcpState } from '../gcp-kms/state';
import type { HsmToken } from '../pkcs11-hsm/state';
import { postgresState } from '../postgres/state';
import { takeKeysFrom } from '../rsa';
import { type FaultMode, faultModes, faultOn } from '../world';
import { answerAws, awsRegions } from './aws-endpoint';
import { denyLogin } from './denied-login';
import { openEndpoints, type Place } from './endpoint';
import { accessToken, answerToken, loggedInConfig, tokenHost } from './gcloud-account';
import { answerGcp, gcpHost } from './gcp-endpoint';
import { softHsm } from './softhsm';
import { inside, pathOf, privateNetwork, type RealTool, systemPath } from './support';
import { tlsFiles } from './tls';

const awsHosts = awsRegions.flatMap((region) =>
  ['kms', 'sts'].map((service) => `${service}.${region}.amazonaws.com`),
);

/** Fault on the way to a place: only what the network itself shows is decided here. */
function way(world: string, ...targets: readonly string[]): FaultMode | undefined {
  return faultOn(world, faultModes, ...targets)?.mode;
}

/** Fault on the way to Cloud KMS for the location and the project that a command names. */
function wayToGcp(world: string, words: readonly string[]): FaultMode | undefined {
  const named = (option: string) => (words.includes(option) ? (words[words.indexOf(option) + 1] ?? '') : '');
  const targets = [`gcp-kms:locations/${named('--location')}`, `gcp-kms:${named('--project')}`];
  return way(world, ...targets, 'gcp-kms');
}

function placesOf(world: string, words: readonly string[]): Place[] {
  const up = (mode: FaultMode | undefined) => !['refuse', 'absent'].includes(mode ?? '');
  return [
    ...awsHosts.map((host, index) => ({
      host,
      address: `127.0.1.${index + 1}`,
      listens: up(way(world, `aws-kms:${host.split('.')[1]}`, 'aws-kms')),
    })),
    { host: gcpHost, address: '127.0.2.1', listens: up(wayToGcp(world, words)) },
    { host: tokenHost, address: '127.0.2.2', listens: true },
  ];
}

/** Runs inside the private network: names, endpoints, then the tool. */
async function runInside(tool: RealTool, world: string, words: readonly string[]): Promise<number> {
  const command = (...line: string[]) => execFileSync(line[0] ?? '', line.slice(1), { stdio: 'pipe' });
  command('ip', 'link', 'set', 'lo', 'up');
  takeKeysFrom(join(dirname(process.argv[1] ?? ''), 'keys'), world);
  const places = placesOf(world, words);
  const hosts = ['127.0.0.1 localhost', ...places.map(({ host, address }) => `${address} ${host}`)];
  const databases = Object.entries(postgresState.load(world).hosts);
  for (const [host, { ip }] of databases) {
    if (way(world, `postgres:${host}`, 'postgres') === 'absent') continue;
    command('ip', 'address', 'add', `${ip}/32`, 'dev', 'lo');
    hosts.push(`${ip} ${host}`);
  }
  overlay(world, 'hosts', hosts);
  // Names are looked up in that file alone: there is no server to ask.
  overlay(world, 'nsswitch.conf', ['passwd: files', 'group: files', 'hosts: files']);
  if (tool === 'psql') {
    for (const [host, { ip }] of databases) await forward(world, host, ip);
  } else {
    const tls = tlsFiles(world, [...awsHosts, gcpHost, tokenHost]);
    await openEndpoints(places, tls, (request) => {
      if (request.host === tokenHost) return answerToken(request, wayToGcp(world, words) === 'clock-skew');
      if (request.host === gcpHost) return answerGcp(world, request, accessToken);
      const region = request.host.split('.')[1] ?? '';
      return way(world, `aws-kms:${region}`, 'aws-kms') === 'hang' ? undefined : answerAws(world, request);
    });
  }
  if (tool === 'gcloud') return runGcloud(world, words);
  return runTool(tool, words, environment(tool, world, words));
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
  const mode = way(world, `postgres:${host}`, 'postgres');
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

/** What the tool gets besides the operator's own environment. */
function environment(
  tool: Exclude<RealTool, 'gcloud'>,
  world: string,
  words: readonly string[],
): Record<string, string> {
  const authority = join(world, 'tls', 'ca.pem');
  switch (tool) {
    case 'aws': {
      const region = words[words.indexOf('--region') + 1] ?? '';
      const empty = way(world, `aws-kms:${region}`, 'aws-kms') === 'no-credentials';
      const none = () => ({
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        AWS_CONFIG_FILE: emptyProfile(world, words),
      });
      return {
        AWS_CA_BUNDLE: authority,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...(empty ? none() : {}),
      };
    }
    case 'pkcs11-tool': {
      const module = words[words.indexOf('--module') + 1] ?? '';
      const absent = ({ label }: HsmToken) => way(world, `pkcs11-hsm:${label}`, 'pkcs11-hsm') === 'absent';
      return {
        SOFTHSM2_CONF: softHsm(world, module, (token) => token.userPin !== undefined && absent(token)),
      };
    }
    case 'psql':
      return { PGTZ: 'UTC' };
  }
}

/** A configuration in which the profile of a command exists and has no credentials. */
function emptyProfile(world: string, words: readonly string[]): string {
  const at = words.indexOf('--profile');
  const profile = at < 0 ? process.env.AWS_PROFILE : words[at + 1];
  const file = join(world, 'aws-without-credentials');
  writeFileSync(
    file,
    profile === undefined || profile === 'default' ? '[default]\n' : `[profile ${profile}]\n`,
  );
  return file;
}

/** gcloud keeps its logins in a database of its own: the account of the operator's configuration gets one there. */
function runGcloud(world: string, words: readonly string[]): Promise<number> {
  const env = (config: string) => ({
    CLOUDSDK_CONFIG: config,
    CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE: join(world, 'tls', 'ca.pem'),
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
  });
  const { account } = gcpState.load(world);
  const loggedIn = configuredAccount() === account && wayToGcp(world, words) !== 'no-credentials';
  if (!loggedIn) return runTool('gcloud', words, env(join(world, 'gcloud-nobody')));
  const activate = (config: string, line: readonly string[]) =>
    runTool('gcloud', [...line, '--quiet'], env(config), 'ignore');
  return loggedInConfig(world, account, activate).then((config) => {
    // A token that was given out before the clock was wrong would hide it.
    if (wayToGcp(world, words) === 'clock-skew') rmSync(join(config, 'access_tokens.db'), { force: true });
    return runTool('gcloud', words, env(config));
  });
}

function configuredAccount(): string | undefined {
  const folder = process.env.CLOUDSDK_CONFIG ?? join(process.env.HOME ?? '', '.config', 'gcloud');
  const path = join(folder, 'configurations', 'config_default');
  return existsSync(path) ? /^account\s*=\s*(\S+)/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
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

async function main(): Promise<number> {
  process.env.PATH = systemPath;
  const all = process.argv.slice(2);
  const within = all[0] === inside;
  const [tool, world = '', ...words] = (within ? all.slice(1) : all) as [RealTool, string, ...string[]];
  if (pathOf(tool) === undefined) throw new Error(`${tool} is not installed`);
  if (within || tool === 'pkcs11-tool') noteCall(world, tool, 2);
  if (within) return runInside(tool, world, words);
  if (tool === 'pkcs11-tool') return runTool(tool, words, environment(tool, world, words));
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
