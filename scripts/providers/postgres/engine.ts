/** PostgreSQL for drills: one PGlite engine behind a unix socket; each client has a session of its own, one after the other. */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { PGlite, protocol } from '@electric-sql/pglite';

/** Request of a client, one JSON line. The first request of a connection names the user. */
export type PostgresRequest = { readonly user: string } | { readonly sql: string };

/** One message of the PostgreSQL protocol (version 3), in the form that the `psql` stand-in reads. */
export type PostgresMessage =
  | { readonly type: 'columns'; readonly columns: readonly { readonly name: string; readonly oid: number }[] }
  | { readonly type: 'row'; readonly values: readonly (string | null)[] }
  | { readonly type: 'done'; readonly tag: string }
  | { readonly type: 'notice' | 'error'; readonly fields: PostgresError };

export interface PostgresError {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** 1-based character of the statement. */
  readonly position?: string;
  readonly where?: string;
}

export interface DrillPostgres {
  /** Drops everything and runs `sql` in the empty database. Waits for the running client; milliseconds to tens of them. */
  reset(sql?: string): Promise<void>;
  /** Rows of a query, for the drill's own assertions; past every client. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Remembers the database as it is between two clients. What is returned brings it back, as often as it is called. */
  checkpoint?(): Promise<() => Promise<void>>;
  /** Closes the socket (clients see "connection refused") and opens it again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Each runs by itself: DISCARD ALL refuses to run among other statements. The engine's superuser is named because
 * its RESET SESSION AUTHORIZATION goes back to the user of the last session.
 */
const endOfSession = ['ROLLBACK', 'SET SESSION AUTHORIZATION postgres', 'DISCARD ALL'];

const emptyDatabase = `
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user
    LOOP EXECUTE format('DROP OWNED BY %I CASCADE', name); EXECUTE format('DROP ROLE %I', name); END LOOP;
    CREATE SCHEMA public;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
  END $$;
`;

/** One client from its first line to its last; without a user, the drill itself. */
interface Session {
  user?: string;
  readonly statements: string[];
}

/** True for SQL that may change something: when in doubt. */
const mayChange = (sql: string) => !/^\s*SELECT\b[^;]*;?\s*$/i.test(sql) || /\bINTO\b|\bnextval\b/i.test(sql);

/**
 * Starts the engine (about two seconds) and listens on `socketPath`. `dump` is SQL that a fresh database gets.
 * An engine that starts from an `image` of a new cluster needs half the time and memory.
 */
export async function startPostgres(
  socketPath: string,
  { dump = '', image }: { readonly dump?: string; readonly image?: Blob | undefined } = {},
): Promise<DrillPostgres> {
  const engine = await PGlite.create(image === undefined ? {} : { loadDataDir: image });
  if (dump !== '') await engine.exec(dump);
  const sockets = new Set<Socket>();
  let turn: Promise<void> = Promise.resolve();
  let server: Server | undefined;
  /** What the present database was made of, and every session since that may have changed it. */
  let made = { sql: '', sessions: [] as Session[] };

  /** Sessions take turns: the engine has one backend. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = turn.then(work);
    turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async function start(): Promise<void> {
    rmSync(socketPath, { force: true });
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      const session: Session = { statements: [] };
      void inTurn(async () => {
        await serve(engine, socket, session);
        if (session.statements.some(mayChange)) made.sessions.push(session);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server?.once('error', reject).listen(socketPath, resolve);
    });
    server.unref();
  }

  async function stop(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    const closing = server;
    server = undefined;
    if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
    rmSync(socketPath, { force: true });
  }

  async function empty(sql: string): Promise<void> {
    await endSession(engine);
    await engine.exec(emptyDatabase);
    if (sql !== '') await engine.exec(sql);
    await endSession(engine);
  }

  await start();
  return {
    start,
    stop,
    reset: (sql = '') =>
      inTurn(async () => {
        made = { sql, sessions: [] };
        await empty(sql);
      }),
    query: (sql) =>
      inTurn(async () => {
        if (mayChange(sql)) made.sessions.push({ statements: [sql] });
        return (await engine.query<Record<string, unknown>>(sql)).rows;
      }),
    // In turn: a session whose client has just left belongs to what is kept.
    checkpoint: () =>
      inTurn(async () => {
        const then = { made, count: made.sessions.length };
        return () =>
          inTurn(async () => {
            if (made === then.made && made.sessions.length === then.count) return;
            made = { sql: then.made.sql, sessions: then.made.sessions.slice(0, then.count) };
            then.made = made;
            await empty(made.sql);
            for (const { user, statements } of made.sessions) {
              if (user !== undefined) await logIn(engine, user);
              for (const sql of statements) await execute(engine, sql);
              await endSession(engine);
            }
          });
      }),
    close: async () => {
      await stop();
      await engine.close();
    },
  };
}

/** Serves one client from its first line to its last, and notes what it says; whatever it leaves open is rolled back. */
async function serve(engine: PGlite, socket: Socket, session: Session): Promise<void> {
  let open = true;
  const reply = (messages: readonly PostgresMessage[]) => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(messages)}\n`);
  };
  try {
    for await (const line of linesOf(socket)) {
      const request = JSON.parse(line) as PostgresRequest;
      if ('sql' in request) {
        session.statements.push(request.sql);
        reply(await execute(engine, request.sql));
        continue;
      }
      session.user = request.user;
      const failure = await logIn(engine, request.user);
      reply(failure === undefined ? [] : [{ type: 'error', fields: failure }]);
      open = failure === undefined;
      if (!open) break;
    }
  } catch {
    // A client that is killed in the middle is no reason to stop serving.
  } finally {
    socket.end();
    await endSession(engine);
  }
}

async function endSession(engine: PGlite): Promise<void> {
  for (const statement of endOfSession) await engine.exec(statement);
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let buffer = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    buffer += chunk as string;
    for (let end = buffer.indexOf('\n'); end >= 0; end = buffer.indexOf('\n')) {
      yield buffer.slice(0, end);
      buffer = buffer.slice(end + 1);
    }
  }
}

async function logIn(engine: PGlite, user: string): Promise<PostgresError | undefined> {
  const { rows } = await engine.query('SELECT 1 FROM pg_roles WHERE rolname = $1 AND rolcanlogin', [user]);
  if (rows.length === 0) {
    return { severity: 'FATAL', code: '28000', message: `role "${user}" does not exist` };
  }
  await engine.exec(`SET SESSION AUTHORIZATION "${user.replaceAll('"', '""')}"; SET TimeZone TO 'UTC';`);
  return undefined;
}

/** Runs one simple query (it may hold several statements) and returns what the server sends back. */
async function execute(engine: PGlite, sql: string): Promise<PostgresMessage[]> {
  const { messages } = await engine.execProtocol(protocol.serialize.query(sql), { throwOnError: false });
  const results: PostgresMessage[] = [];
  for (const message of messages as unknown as readonly Record<string, unknown>[]) {
    switch (message.name) {
      case 'rowDescription': {
        const fields = message.fields as readonly { name: string; dataTypeID: number }[];
        results.push({
          type: 'columns',
          columns: fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID })),
        });
        break;
      }
      case 'dataRow':
        results.push({ type: 'row', values: message.fields as (string | null)[] });
        break;
      case 'commandComplete':
        results.push({ type: 'done', tag: message.text as string });
        break;
      case 'error':
      case 'notice':
        results.push({ type: message.name, fields: errorOf(message) });
        break;
    }
  }
  return results;
}

function errorOf(message: Readonly<Record<string, unknown>>): PostgresError {
  const text = (name: string) =>
    typeof message[name] === 'string' ? { [name]: message[name] as string } : {};
  return {
    severity: String(message.severity),
    code: String(message.code),
    message: String(message.message),
    ...text('detail'),
    ...text('hint'),
    ...text('position'),
    ...text('where'),
  };
}
