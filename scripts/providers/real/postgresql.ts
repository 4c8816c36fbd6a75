/** The machine's own PostgreSQL for a drill: a cluster in a temporary folder, reached over a unix socket only. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DrillPostgres } from '../postgres/engine';
import { pathOf } from './support';

/** nobody: PostgreSQL refuses to run as root. */
const unprivileged = 65_534;

export interface RealPostgres extends DrillPostgres {
  /** Socket to name in the `postgres.json` of a world. */
  readonly socket: string;
  /** Where everything of it lies; it is the HOME of its processes. */
  readonly folder: string;
}

/** File in the folder of a cluster that holds the id of its first process. */
export const processFile = (folder: string) => join(folder, 'data', 'postmaster.pid');

/**
 * Makes a cluster (about three seconds) and starts it. `onFolder` is told where before anything runs there.
 * Throws Error where PostgreSQL is not installed.
 */
export async function startRealPostgres(
  onFolder: (folder: string) => void = () => undefined,
): Promise<RealPostgres> {
  const psql = pathOf('psql');
  if (psql === undefined) throw new Error('PostgreSQL is not installed');
  const programs = dirname(psql);
  const root = mkdtempSync(join(tmpdir(), 'masterkey-postgresql-'));
  onFolder(root);
  const data = join(root, 'data');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(root, unprivileged, unprivileged);
  const env = { HOME: root, PATH: `${programs}:/usr/bin:/bin`, LANG: 'C.UTF-8', TZ: 'UTC' };
  const prefix = isRoot
    ? ['setpriv', `--reuid=${unprivileged}`, `--regid=${unprivileged}`, '--clear-groups']
    : [];
  const run = (words: readonly string[], input = '') => {
    const [program = '', ...rest] = [...prefix, ...words];
    return execFileSync(program, rest, { cwd: root, env, input, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
  };
  const control = (...words: string[]) =>
    run(['pg_ctl', '--pgdata', data, '--log', join(root, 'log'), '--wait', ...words]);
  const session = [
    'psql',
    '--host',
    root,
    '--username',
    'postgres',
    '--no-psqlrc',
    '--quiet',
    '--set',
    'ON_ERROR_STOP=1',
  ];
  const sql = (database: string, text: string, ...words: string[]) =>
    run([...session, '--dbname', database, ...words], text);

  run(['initdb', '--pgdata', data, '--auth', 'trust', '--username', 'postgres', '--no-sync']);
  const settings = `-c listen_addresses='' -c fsync=off -c timezone=UTC -k ${root}`;
  const start = async () => {
    control('--options', settings, 'start');
  };
  const stop = async () => {
    control('--mode', 'immediate', 'stop');
  };
  await start();
  const reset = async (text = '') => {
    sql('postgres', 'DROP DATABASE IF EXISTS masterkey WITH (FORCE);');
    const roles = sql(
      'postgres',
      "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'",
      '--tuples-only',
      '--no-align',
    );
    const drops = roles.split('\n').filter((role) => role !== '');
    sql(
      'postgres',
      [...drops.map((role) => `DROP ROLE "${role}";`), 'CREATE DATABASE masterkey;'].join('\n'),
    );
    if (text !== '') sql('masterkey', text);
  };
  await reset();
  const bare = ['--tuples-only', '--no-align'];
  return {
    socket: join(root, '.s.PGSQL.5432'),
    folder: root,
    start,
    stop,
    reset,
    query: async (text) => {
      if (!/^\s*(?:SELECT|WITH)\b/i.test(text)) {
        sql('masterkey', text);
        return [];
      }
      const wrapped = `SELECT coalesce(json_agg(answer), '[]') FROM (${text}) AS answer`;
      const rows = JSON.parse(sql('masterkey', wrapped, ...bare)) as Record<string, unknown>[];
      const types = sql('masterkey', `${text} \\gdesc`, ...bare).trim();
      return rows.map((row) => typed(row, types));
    },
    close: async () => {
      spawnSync(
        prefix[0] ?? join(programs, 'pg_ctl'),
        [...(isRoot ? [...prefix.slice(1), 'pg_ctl'] : []), '--pgdata', data, '--mode', 'immediate', 'stop'],
        { cwd: root, env },
      );
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Gives bytes and times of a JSON row the types that the embedded engine returns; `types` is psql's description. */
function typed(row: Readonly<Record<string, unknown>>, types: string): Record<string, unknown> {
  const found: Record<string, unknown> = { ...row };
  for (const line of types.split('\n')) {
    const [name = '', type = ''] = line.split('|');
    const value = found[name];
    if (typeof value !== 'string') continue;
    if (type === 'bytea') found[name] = new Uint8Array(Buffer.from(value.slice(2), 'hex'));
    if (type.startsWith('timestamp')) found[name] = new Date(value);
  }
  return found;
}
