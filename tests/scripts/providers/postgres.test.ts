/** The database of the drill can be brought back to where it was, whatever clients have done to it in between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type DrillPostgres, startPostgres } from '../../../scripts/providers/postgres/engine';

const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
const socket = join(folder, 'p.sock');
let postgres: DrillPostgres;

beforeAll(async () => {
  postgres = await startPostgres(socket);
});
afterAll(async () => {
  await postgres.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() =>
  postgres.reset(`
    CREATE ROLE clerk LOGIN; GRANT USAGE, CREATE ON SCHEMA public TO clerk;
    CREATE TABLE entries (entry bigint GENERATED ALWAYS AS IDENTITY, what text, by text DEFAULT current_user);
    GRANT SELECT, INSERT ON entries TO clerk;`),
);

/** One client: what the server answers to each statement. */
async function client(...statements: string[]): Promise<unknown[]> {
  const connection = connect(socket).setEncoding('utf8');
  const lines = connection[Symbol.asyncIterator]() as AsyncIterator<string>;
  const answers: unknown[] = [];
  for (const request of [{ user: 'clerk' }, ...statements.map((sql) => ({ sql }))]) {
    connection.write(`${JSON.stringify(request)}\n`);
    answers.push(JSON.parse((await lines.next()).value));
  }
  connection.end();
  return answers.slice(1);
}

const entries = () => postgres.query('SELECT entry::int, what, by FROM entries ORDER BY entry');
const tables = () => postgres.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");

it('brings back rows, numbers, tables and who made them', async () => {
  await client("INSERT INTO entries (what) VALUES ('one')", 'CREATE TABLE notes (text text)');
  await client('BEGIN', "INSERT INTO entries (what) VALUES ('lost')", 'ROLLBACK');
  const [rows, names] = [await entries(), await tables()];
  const back = await postgres.checkpoint?.();
  for (let tries = 0; tries < 2; tries++) {
    await client("INSERT INTO entries (what) VALUES ('two')", 'DROP TABLE notes');
    expect(await entries()).toHaveLength(2);
    await back?.();
    expect(await entries()).toEqual(rows);
    expect(await tables()).toEqual(names);
  }
  // The number that the rolled-back entry took is taken again.
  await client("INSERT INTO entries (what) VALUES ('three')");
  expect((await entries()).at(-1)).toEqual({ entry: 3, what: 'three', by: 'clerk' });
});

it('brings back what the drill itself has changed', async () => {
  await client("INSERT INTO entries (what) VALUES ('one')");
  await postgres.query("UPDATE entries SET what = 'damaged'");
  const back = await postgres.checkpoint?.();
  await client('SELECT * FROM entries');
  await postgres.query('DROP TABLE entries');
  await back?.();
  expect(await entries()).toEqual([{ entry: 1, what: 'damaged', by: 'clerk' }]);
});

it('notices a change in what begins like a question', async () => {
  for (const sql of ["SELECT 1; INSERT INTO entries (what) VALUES ('x')", 'SELECT 1 AS one INTO more']) {
    const back = await postgres.checkpoint?.();
    await client(sql);
    await back?.();
    expect(await entries(), sql).toEqual([]);
    expect(await tables(), sql).toEqual([{ tablename: 'entries' }]);
  }
});
