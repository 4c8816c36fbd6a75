/** Connection of the `psql` stand-in: libpq's connection string and service file, then JSON lines over the drill's socket. */
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Exit, type Shell } from '../exit';
import { type FaultMode, faultOn, hang } from '../world';
import type { PostgresMessage, PostgresRequest } from './engine';
import { postgresState } from './state';

const modes: readonly FaultMode[] = [
  'refuse',
  'absent',
  'hang',
  'denied',
  'no-credentials',
  'unknown-service',
  'unknown-host',
  'unknown-authority',
];
const keywords = [
  'service',
  'host',
  'port',
  'user',
  'dbname',
  'connect_timeout',
  'sslmode',
  'application_name',
];

export interface Session {
  /** Sends one simple query and returns what the server answers. */
  query(sql: string): Promise<readonly PostgresMessage[]>;
  end(): void;
}

function refuse(message: string): Exit {
  return new Exit(2, `psql: error: ${message}\n`);
}

/** Words of psql-15.mo, libpq5-15.mo and libc.mo for the failures that a page has rows for. */
const german: readonly (readonly [RegExp, string])[] = [
  [/^psql: error: /, 'psql: Fehler: '],
  [
    /connection to server at "([^"]*)" \(([^)]*)\), port (\d+) failed/,
    'Verbindung zum Server auf »$1« ($2), Port $3 fehlgeschlagen',
  ],
  [/Connection refused/, 'Verbindungsaufbau abgelehnt'],
  [
    /Is the server running on that host and accepting TCP\/IP connections\?/,
    'Läuft der Server auf diesem Host und akzeptiert er TCP/IP-Verbindungen?',
  ],
  [/timeout expired/, 'Timeout abgelaufen'],
  [/definition of service "([^"]*)" not found/, 'Definition von Service »$1« nicht gefunden'],
];

/** An error as the environment wants it: gettext reads LANGUAGE first, but not in the locale C; PG_COLOR=always paints. */
export function inTheirWords(error: Exit, env: Shell['env']): Exit {
  const locale = env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? 'C';
  const language = ['C', 'POSIX', ''].includes(locale) ? 'C' : (env.LANGUAGE ?? locale);
  let text = error.stderr;
  if (language.startsWith('de')) for (const [words, theirs] of german) text = text.replace(words, theirs);
  if (env.PG_COLOR === 'always')
    text = text.replace(/^psql: (error|Fehler): /, '\x1b[01mpsql: \x1b[0m\x1b[01;31m$1: \x1b[0m');
  return new Exit(error.code, text, error.stdout);
}

/** Reads `key=value` words; values may stand in single quotes. */
function conninfo(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, key = '', quoted, bare] of text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g)) {
    if (!keywords.includes(key)) throw refuse(`invalid connection option "${key}"`);
    found.set(key, quoted ?? bare ?? '');
  }
  return found;
}

function serviceSettings(service: string, shell: Shell): Map<string, string> {
  const named = shell.env.PGSERVICEFILE;
  const path = named ?? join(shell.env.HOME ?? homedir(), '.pg_service.conf');
  if (named !== undefined && !existsSync(named)) throw refuse(`service file "${named}" not found`);
  const found = new Map<string, string>();
  let inside = false;
  let seen = false;
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    const header = /^\[(.+)\]/.exec(line.trim());
    if (header !== null) {
      inside = header[1] === service;
      seen ||= inside;
    } else if (inside && /^\w+=/.test(line)) {
      const at = line.indexOf('=');
      found.set(line.slice(0, at), line.slice(at + 1).trim());
    }
  }
  if (!seen) throw refuse(`definition of service "${service}" not found`);
  return found;
}

/** Connects, or ends with libpq's own words for why not. */
export async function openSession(
  directory: string,
  target: string | undefined,
  shell: Shell,
): Promise<Session> {
  const given = target?.includes('=')
    ? conninfo(target)
    : new Map(target === undefined ? [] : [['dbname', target]]);
  const service = given.get('service') ?? shell.env.PGSERVICE;
  // As on a new recovery machine, whose home names no service.
  if (service !== undefined && faultOn(directory, modes, 'postgres')?.mode === 'unknown-service')
    throw refuse(`definition of service "${service}" not found`);
  const settings = new Map([...(service === undefined ? [] : serviceSettings(service, shell)), ...given]);
  const host = settings.get('host') ?? shell.env.PGHOST;
  const port = settings.get('port') ?? shell.env.PGPORT ?? '5432';
  const user = settings.get('user') ?? shell.env.PGUSER ?? 'postgres';
  const world = postgresState.load(directory);
  if (host === undefined || host.startsWith('/')) {
    const path = `${host ?? '/var/run/postgresql'}/.s.PGSQL.${port}`;
    throw refuse(
      `connection to server on socket "${path}" failed: No such file or directory\n` +
        '\tIs the server running locally and accepting connections on that socket?',
    );
  }
  const known = Object.hasOwn(world.hosts, host) ? world.hosts[host] : undefined;
  const fault = faultOn(directory, modes, `postgres:${host}`, 'postgres');
  const address = settings.get('hostaddr') ?? shell.env.PGHOSTADDR;
  if (known !== undefined && address !== undefined && address !== known.ip) {
    throw refuse(
      `connection to server at "${host}" (${address}), port ${port} failed: Connection refused\n` +
        '\tIs the server running on that host and accepting TCP/IP connections?',
    );
  }
  if (known === undefined || fault?.mode === 'absent' || fault?.mode === 'unknown-host') {
    throw refuse(`could not translate host name "${host}" to address: Name or service not known`);
  }
  const failed = (reason: string) =>
    refuse(`connection to server at "${host}" (${known.ip}), port ${port} failed: ${reason}`);
  const refused = () =>
    failed('Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?');
  if (fault?.mode === 'refuse') throw refused();
  if (fault?.mode === 'hang') {
    hang(fault, Number(settings.get('connect_timeout') ?? shell.env.PGCONNECT_TIMEOUT ?? '130'));
    throw failed('timeout expired');
  }
  if (fault?.mode === 'unknown-authority') throw failed('SSL error: certificate verify failed');
  if (fault?.mode === 'no-credentials') throw failed('fe_sendauth: no password supplied');
  if (fault?.mode === 'denied') throw failed(`FATAL:  password authentication failed for user "${user}"`);

  const socket = connect(world.socket ?? join(directory, 'postgres.sock'));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', () => reject(refused()));
  });
  const send = channel(socket);
  const [problem] = await send({ user });
  if (problem?.type === 'error') throw failed(`${problem.fields.severity}:  ${problem.fields.message}`);
  for (const [, name = '', value = ''] of (shell.env.PGOPTIONS ?? '').matchAll(/-c\s*(\w+)=(\S+)/g))
    await send({ sql: `SET ${name} TO '${value.replaceAll("'", "''")}'` });
  return { query: (sql) => send({ sql }), end: () => socket.end() };
}

/** One answer line for each request line, in order. */
function channel(socket: Socket): (request: PostgresRequest) => Promise<readonly PostgresMessage[]> {
  let buffer = '';
  let waiting: ((messages: readonly PostgresMessage[]) => void) | undefined;
  let lost: ((error: Exit) => void) | undefined;
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    buffer += chunk;
    const end = buffer.indexOf('\n');
    if (end < 0) return;
    const line = buffer.slice(0, end);
    buffer = buffer.slice(end + 1);
    waiting?.(JSON.parse(line) as PostgresMessage[]);
  });
  const gone = () => lost?.(new Exit(2, 'psql: error: server closed the connection unexpectedly\n'));
  socket.on('error', gone).on('close', gone);
  return (request) =>
    new Promise((resolve, reject) => {
      waiting = resolve;
      lost = reject;
      socket.write(`${JSON.stringify(request)}\n`);
    });
}
