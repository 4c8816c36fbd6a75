/** Contract of `psql`: the stand-in on PGlite and, where it is installed, the real client on PostgreSQL answer the same command lines alike. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../../scripts/providers/postgres/engine';
import { injectFault } from '../../../scripts/providers/seed';
import { type Call, makeSandbox, type Result, words } from './sandbox';

interface Subject {
  run(line: string, call?: Call): Promise<Result>;
  file(name: string, content: string): void;
  reset(): Promise<void>;
  remove(): Promise<void>;
}

const schema = `
  CREATE TABLE entry (
    id integer PRIMARY KEY, label text, content bytea, made timestamptz, done boolean, size bigint, note jsonb
  );
  INSERT INTO entry VALUES
    (1, '9F3A-001', '\\xdeadbeef', '2026-01-02 03:04:05.5+00', true, 12345678901, '{"a": 1}'),
    (2, NULL, NULL, NULL, false, NULL, NULL);
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'history is append-only' USING HINT = 'Insert a new row.'; END $$;
  CREATE TRIGGER history BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse();
`;

async function standIn(): Promise<Subject> {
  const sandbox = makeSandbox();
  const engine = await startPostgres(join(sandbox.world, 'postgres.sock'));
  return {
    run: sandbox.run,
    file: (name, content) => sandbox.file(name, content),
    reset: () =>
      engine.reset(
        `CREATE ROLE "masterkey-recovery" LOGIN; GRANT ALL ON SCHEMA public TO "masterkey-recovery";
         SET SESSION AUTHORIZATION "masterkey-recovery"; ${schema} RESET SESSION AUTHORIZATION;`,
      ),
    remove: async () => {
      await engine.close();
      sandbox.remove();
    },
  };
}

const binaries = (existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [])
  .map((version) => `/usr/lib/postgresql/${version}/bin`)
  .find((folder) => existsSync(`${folder}/initdb`) && existsSync(`${folder}/psql`));
const unprivileged = 65_534;

function real(): Subject {
  const root = mkdtempSync(join(tmpdir(), 'postgresql-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(root, unprivileged, unprivileged);
  const env = { HOME: root, PATH: `${binaries}:/usr/bin:/bin`, LANG: 'C.UTF-8', TZ: 'UTC', PGTZ: 'UTC' };
  const call = (command: readonly string[], { stdin = '', env: more = {} }: Call = {}): Result => {
    const prefix = isRoot
      ? ['setpriv', `--reuid=${unprivileged}`, `--regid=${unprivileged}`, '--clear-groups']
      : [];
    const [program = '', ...rest] = [...prefix, ...command];
    const { status, stdout, stderr } = spawnSync(program, rest, {
      cwd: root,
      env: { ...env, ...more },
      input: stdin,
    });
    return { code: status ?? -1, stdout: stdout.toString(), stderr: stderr.toString() };
  };
  const settings = `-c listen_addresses='' -c fsync=off -c timezone=UTC -k ${root}`;
  call(['initdb', '--pgdata', join(root, 'data'), '--auth', 'trust', '--username', 'masterkey-recovery']);
  call([
    'pg_ctl',
    '--pgdata',
    join(root, 'data'),
    '--options',
    settings,
    '--log',
    join(root, 'log'),
    '--wait',
    'start',
  ]);
  writeFileSync(
    join(root, '.pg_service.conf'),
    `[masterkey]\nhost=${root}\nuser=masterkey-recovery\ndbname=postgres\n`,
  );
  return {
    run: async (line, more) => call(words(line), more),
    file: (name, content) => {
      mkdirSync(root, { recursive: true });
      writeFileSync(join(root, name), content);
      chmodSync(join(root, name), 0o644);
    },
    reset: async () => {
      const clean = `DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${schema}`;
      const result = call(['psql', 'service=masterkey', '--no-psqlrc', '--quiet', '--command', clean]);
      expect(result.code).toBe(0);
    },
    remove: async () => {
      call(['pg_ctl', '--pgdata', join(root, 'data'), '--mode', 'immediate', 'stop']);
      rmSync(root, { recursive: true });
    },
  };
}

const plain = 'psql service=masterkey --no-psqlrc';
const strict = `${plain} --quiet --tuples-only --no-align --set ON_ERROR_STOP=1`;
const subjects = [
  ['stand-in', standIn],
  ['PostgreSQL', real],
] as const;

describe.each(subjects)('psql: %s', (name, make) => {
  const skipped = name !== 'stand-in' && binaries === undefined;
  let subject: Subject;

  beforeAll(async () => {
    if (!skipped) subject = await make();
  });
  beforeEach(async () => {
    if (!skipped) await subject.reset();
  });
  afterAll(async () => {
    await subject?.remove();
  });

  const select = 'SELECT id, label, content, made, done, size, note FROM entry ORDER BY id';
  const printed: readonly (readonly [string, string, string])[] = [
    [
      'aligned',
      `${plain} --command "${select}"`,
      ' id |  label   |  content   |           made           | done |    size     |   note   \n' +
        '----+----------+------------+--------------------------+------+-------------+----------\n' +
        '  1 | 9F3A-001 | \\xdeadbeef | 2026-01-02 03:04:05.5+00 | t    | 12345678901 | {"a": 1}\n' +
        '  2 |          |            |                          | f    |             | \n' +
        '(2 rows)\n\n',
    ],
    [
      'unaligned',
      `${plain} --no-align --command "${select}"`,
      'id|label|content|made|done|size|note\n' +
        '1|9F3A-001|\\xdeadbeef|2026-01-02 03:04:05.5+00|t|12345678901|{"a": 1}\n2||||f||\n(2 rows)\n',
    ],
    ['tuples only', `${strict} --command "SELECT id, label FROM entry ORDER BY id"`, '1|9F3A-001\n2|\n'],
    ['no rows, tuples only', `${strict} --command "SELECT id FROM entry WHERE id = 9"`, ''],
    ['no rows', `${plain} --command "SELECT id FROM entry WHERE id = 9"`, ' id \n----\n(0 rows)\n\n'],
    [
      'aligned tuples only',
      `${plain} --tuples-only --command "SELECT id, label FROM entry ORDER BY id"`,
      '  1 | 9F3A-001\n  2 | \n\n',
    ],
    [
      'expanded',
      `${plain} --expanded --command "SELECT id, label, made FROM entry ORDER BY id"`,
      '-[ RECORD 1 ]-------------------\nid    | 1\nlabel | 9F3A-001\nmade  | 2026-01-02 03:04:05.5+00\n' +
        '-[ RECORD 2 ]-------------------\nid    | 2\nlabel | \nmade  | \n\n',
    ],
    [
      'csv',
      `${plain} --csv --command "SELECT id, note FROM entry ORDER BY id"`,
      'id,note\n1,"{""a"": 1}"\n2,\n',
    ],
    [
      'several results',
      `${plain} --command "SELECT 1; SELECT 2"`,
      ' ?column? \n----------\n        1\n(1 row)\n\n ?column? \n----------\n        2\n(1 row)\n\n',
    ],
    [
      'lines in a value',
      `${plain} --command "SELECT E'long\\ntext' AS a, 1.50 AS b"`,
      '  a   |  b   \n------+------\n long+| 1.50\n text | \n(1 row)\n\n',
    ],
    ['a command tag', `${plain} --command "UPDATE entry SET done = true WHERE id = 1"`, 'UPDATE 1\n'],
    ['nothing updated', `${plain} --command "UPDATE entry SET done = true WHERE id = 9"`, 'UPDATE 0\n'],
    ['no tag when quiet', `${strict} --command "UPDATE entry SET done = true WHERE id = 1"`, ''],
    [
      'rows and tag of an insert',
      `${plain} --no-align --command "INSERT INTO entry (id) VALUES (3) RETURNING id"`,
      'id\n3\n(1 row)\nINSERT 0 1\n',
    ],
    [
      'base64 in lines',
      `${strict} --command "SELECT encode(decode(repeat('00', 60), 'hex'), 'base64')"`,
      `${'A'.repeat(76)}\nAAAA\n`,
    ],
    [
      'another separator',
      `${strict} --field-separator , --command "SELECT id, done FROM entry ORDER BY id"`,
      '1,t\n2,f\n',
    ],
  ];
  test.skipIf(skipped).each(printed)('prints: %s', async (_, line, stdout) => {
    expect(await subject.run(line)).toEqual({ code: 0, stdout, stderr: '' });
  });

  const failing: readonly (readonly [string, string, Result])[] = [
    [
      'a constraint',
      `${plain} --command "INSERT INTO entry (id) VALUES (1)"`,
      {
        code: 1,
        stdout: '',
        stderr:
          'ERROR:  duplicate key value violates unique constraint "entry_pkey"\nDETAIL:  Key (id)=(1) already exists.\n',
      },
    ],
    [
      'a table that is not there',
      `${plain} --command "SELECT * FROM nope"`,
      {
        code: 1,
        stdout: '',
        stderr:
          'ERROR:  relation "nope" does not exist\nLINE 1: SELECT * FROM nope\n                      ^\n',
      },
    ],
    [
      'a typing error',
      `${plain} --command "SELEC 1"`,
      {
        code: 1,
        stdout: '',
        stderr: 'ERROR:  syntax error at or near "SELEC"\nLINE 1: SELEC 1\n        ^\n',
      },
    ],
    [
      'an error in a long line',
      `${plain} --command "SELECT id, label, content, made, done, size, note, nope, id, label, content, made, done FROM entry"`,
      {
        code: 1,
        stdout: '',
        stderr:
          'ERROR:  column "nope" does not exist\n' +
          'LINE 1: ...ELECT id, label, content, made, done, size, note, nope, id, ...\n' +
          '                                                             ^\n' +
          'HINT:  Perhaps you meant to reference the column "entry.note".\n',
      },
    ],
    [
      'a trigger',
      `${plain} --command "DELETE FROM entry"`,
      {
        code: 1,
        stdout: '',
        stderr:
          'ERROR:  history is append-only\nHINT:  Insert a new row.\n' +
          'CONTEXT:  PL/pgSQL function refuse() line 2 at RAISE\n',
      },
    ],
    [
      'a variable in --command',
      `${plain} --set v=1 --command "SELECT :'v'"`,
      {
        code: 1,
        stdout: '',
        stderr: 'ERROR:  syntax error at or near ":"\nLINE 1: SELECT :\'v\'\n               ^\n',
      },
    ],
    [
      'a file that is not there',
      `${plain} --file nope.sql`,
      { code: 1, stdout: '', stderr: 'psql: error: nope.sql: No such file or directory\n' },
    ],
    [
      'an unknown service',
      'psql service=nope --no-psqlrc --command "SELECT 1"',
      { code: 2, stdout: '', stderr: 'psql: error: definition of service "nope" not found\n' },
    ],
    [
      'an unknown option',
      `${plain} --nonsense`,
      {
        code: 1,
        stdout: '',
        stderr: `psql: unrecognized option '--nonsense'\npsql: hint: Try "psql --help" for more information.\n`,
      },
    ],
    [
      'a missing value',
      `${plain} --command`,
      {
        code: 1,
        stdout: '',
        stderr: `psql: option '--command' requires an argument\npsql: hint: Try "psql --help" for more information.\n`,
      },
    ],
  ];
  test.skipIf(skipped).each(failing)('fails: %s', async (_, line, result) => {
    expect(await subject.run(line)).toEqual(result);
  });

  test.skipIf(skipped)('goes on after an error in a script, unless told to stop', async () => {
    const script = "SELECT 1;\nSELECT 1/0;\nSELECT :'v';\n";
    subject.file('q.sql', script);
    const one = '1\n';
    const error = 'ERROR:  division by zero\n';
    const loose = `${plain} --tuples-only --no-align --set "v=it's"`;
    const through = { code: 0, stdout: `${one}it's\n` };
    expect(await subject.run(loose, { stdin: script })).toEqual({ ...through, stderr: error });
    expect(await subject.run(`${loose} --file q.sql`)).toEqual({
      ...through,
      stderr: `psql:q.sql:2: ${error}`,
    });
    expect(await subject.run(strict, { stdin: script })).toEqual({ code: 3, stdout: one, stderr: error });
    const stopped = { code: 3, stdout: one, stderr: `psql:q.sql:2: ${error}` };
    expect(await subject.run(`${strict} --file q.sql`)).toEqual(stopped);
    const commands = '--command "SELECT 1" --command "SELECT 1/0" --command "SELECT 2"';
    expect(await subject.run(`${strict} ${commands}`)).toEqual({ code: 1, stdout: one, stderr: error });
    expect(await subject.run(`${plain} --tuples-only --no-align ${commands}`)).toEqual({
      code: 0,
      stdout: '1\n2\n',
      stderr: error,
    });
  });

  test.skipIf(skipped)('fills in variables outside of quotes and comments only', async () => {
    const script =
      "SELECT :v, :'w', :\"c\", ':v', $$:v$$, E'\\':v', 1::text /* :v */ -- :v\n  FROM (SELECT 7 AS \"a;b\") AS t;\n" +
      "SELECT :'q', :'b';\nSELECT 5 -- last; without semicolon";
    const line = `${plain} --tuples-only --no-align --set v=3 --set w=x;y --set c=a;b --set q=it''s --set b=\\n`;
    const quoted = line.replace("it''s", '"it\'s"');
    expect(await subject.run(quoted, { stdin: script })).toEqual({
      code: 0,
      stdout: "3|x;y|7|:v|:v|':v|1\nit's|\\n\n5\n",
      stderr: '',
    });
    const missing = await subject.run(plain, { stdin: "SELECT :'nope';" });
    expect(missing.stderr).toBe(
      'ERROR:  syntax error at or near ":"\nLINE 1: SELECT :\'nope\';\n               ^\n',
    );
  });

  test.skipIf(skipped)('keeps one transaction, and rolls it back when a client leaves', async () => {
    subject.file('bad.sql', 'INSERT INTO entry (id) VALUES (7);\nINSERT INTO entry (id) VALUES (1);\n');
    const failed = await subject.run(`${strict} --single-transaction --file bad.sql`);
    expect(failed).toMatchObject({ code: 3, stdout: '' });
    expect(failed.stderr).toMatch(/^psql:bad\.sql:2: ERROR: {2}duplicate key/);
    await subject.run(plain, { stdin: 'BEGIN; INSERT INTO entry (id) VALUES (8);' });
    const count = `${strict} --command "SELECT count(*) FROM entry"`;
    expect((await subject.run(count)).stdout).toBe('2\n');
    subject.file('good.sql', 'INSERT INTO entry (id) VALUES (7);\nINSERT INTO entry (id) VALUES (9);\n');
    expect((await subject.run(`${strict} --single-transaction --file good.sql`)).code).toBe(0);
    expect((await subject.run(count)).stdout).toBe('4\n');
  });

  test.skipIf(skipped)('honors ~/.psqlrc unless --no-psqlrc', async () => {
    subject.file('.psqlrc', '\\set QUIET 1\n\\pset null (none)\n\\x on\n');
    const query = '--tuples-only --no-align --command "SELECT label FROM entry WHERE id = 2"';
    expect(await subject.run(`psql service=masterkey ${query}`)).toEqual({
      code: 0,
      stdout: 'label|(none)\n',
      stderr: '',
    });
    expect(await subject.run(`${plain} ${query}`)).toEqual({ code: 0, stdout: '\n', stderr: '' });
  });

  test.skipIf(skipped)('sends notices to standard error and goes on', async () => {
    const block = "DO $$ BEGIN RAISE NOTICE 'look'; END $$";
    expect(await subject.run(plain, { stdin: `${block};` })).toEqual({
      code: 0,
      stdout: 'DO\n',
      stderr: 'NOTICE:  look\n',
    });
  });
});

describe('psql: faults of the stand-in', () => {
  const sandbox = makeSandbox();
  afterAll(sandbox.remove);
  const at = 'psql: error: connection to server at "db.ledger.example" (192.0.2.50), port 5432 failed: ';
  const refused = `${at}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n`;

  test('nothing listens', async () => {
    expect(await sandbox.run(`${plain} --command "SELECT 1"`)).toEqual({
      code: 2,
      stdout: '',
      stderr: refused,
    });
  });
  test.each([
    ['refuse', refused],
    ['hang', `${at}timeout expired\n`],
    ['denied', `${at}FATAL:  password authentication failed for user "masterkey-recovery"\n`],
    ['no-credentials', `${at}fe_sendauth: no password supplied\n`],
    [
      'absent',
      'psql: error: could not translate host name "db.ledger.example" to address: Name or service not known\n',
    ],
  ] as const)('%s', async (mode, stderr) => {
    injectFault(sandbox.world, 'postgres', { mode, scale: 0.0001 });
    expect(await sandbox.run(`${plain} --command "SELECT 1"`)).toEqual({ code: 2, stdout: '', stderr });
  });
  test('a fault that a database cannot have is an error of the drill', async () => {
    injectFault(sandbox.world, 'postgres', 'throttle');
    await expect(sandbox.run(`${plain} --command "SELECT 1"`)).rejects.toThrow(
      'postgres cannot be "throttle"',
    );
  });
});

test('a role that the engine does not have is refused', async () => {
  const sandbox = makeSandbox();
  const engine = await startPostgres(join(sandbox.world, 'postgres.sock'));
  try {
    const { code, stderr } = await sandbox.run(`${plain} --command "SELECT 1"`);
    expect(code).toBe(2);
    expect(stderr).toContain('failed: FATAL:  role "masterkey-recovery" does not exist\n');
    await engine.stop();
    expect((await sandbox.run(`${plain} --command "SELECT 1"`)).stderr).toContain('Connection refused');
  } finally {
    await engine.close();
    sandbox.remove();
  }
});
