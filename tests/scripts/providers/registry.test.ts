/** The registry's tables keep what they were given, byte for byte and for good: the embedded engine and the machine's PostgreSQL. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DrillPostgres, startPostgres } from '../../../scripts/providers/postgres/engine';
import { startRealPostgres } from '../../../scripts/providers/real/postgresql';
import { pathOf } from '../../../scripts/providers/real/support';
import { registrySql } from '../../../scripts/tabletop/world/worlds';
import { exampleRoot } from '../../example';

const folder = mkdtempSync(join(tmpdir(), 'registry-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROOT = join(__dirname, '../../..');
const MANIFEST = readFileSync(join(exampleRoot(), 'tests/fixtures/tabletop/home/recovery-kit/manifest.json'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** What a database that keeps values, and not bytes, would write anew: order, blanks, numbers, escapes, the last newline. */
const TEXTS: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['the manifest of the fixture', MANIFEST],
  ['no newline at the end', MANIFEST.subarray(0, -1)],
  ['two newlines at the end', Buffer.concat([MANIFEST, Buffer.from('\n')])],
  ['another order, blanks, escapes', Buffer.from('{ "b":1.0, "a" : "\\u0041\\/" ,"shards":[]}\r\n')],
];

const ENGINES: readonly (readonly [name: string, start: () => Promise<DrillPostgres>])[] = [
  ['the embedded engine', () => startPostgres(join(folder, 'socket'))],
  ...(pathOf('psql') === undefined
    ? []
    : [['PostgreSQL of this machine', () => startRealPostgres()] as const]),
];

describe.each(ENGINES)('%s', (name, start) => {
  const isEmbedded = name === 'the embedded engine';
  let postgres: DrillPostgres;
  beforeAll(async () => {
    postgres = await start();
  });
  afterAll(() => postgres.close());

  const insert = (bytes: Uint8Array, generation: number) =>
    `INSERT INTO shard_manifest (key_name, key_version, generation, manifest)
     VALUES ('k', 1, ${generation}, decode('${Buffer.from(bytes).toString('base64')}', 'base64'));`;
  const shard = `INSERT INTO shard_registry (key_name, key_version, generation, shard, label, state, provider_key, ciphertext)
     VALUES ('k', 1, 1, 1, 'A27E-152', 'stored', 'p', '\\x00ff');`;
  /** As the pages do it: the role of the operators makes the tables, and owns them. */
  const asOwner = () =>
    postgres.reset(
      `CREATE ROLE operator LOGIN; GRANT USAGE, CREATE ON SCHEMA public TO operator; SET ROLE operator;
       ${registrySql(ROOT)} ${insert(MANIFEST, 1)} ${shard}`,
    );
  beforeEach(asOwner);
  /** The embedded engine takes one statement at a time and keeps its role; psql takes several and forgets it. */
  async function asOperator(text: string): Promise<void> {
    if (!isEmbedded) return void (await postgres.query(`SET ROLE operator; ${text}`));
    await postgres.query('SET ROLE operator');
    try {
      await postgres.query(text);
    } finally {
      await postgres.query('RESET ROLE');
    }
  }

  it('gives a manifest back with its digest, byte for byte', async () => {
    for (const [index, [what, bytes]] of TEXTS.entries()) {
      await postgres.query(insert(bytes, index + 2));
      const [row] = await postgres.query(
        `SELECT encode(manifest, 'hex') AS manifest, manifest_sha256 FROM shard_manifest WHERE generation = ${index + 2}`,
      );
      expect(row, what).toEqual({
        manifest: Buffer.from(bytes).toString('hex'),
        manifest_sha256: sha256(bytes),
      });
    }
    const [label] = await postgres.query(
      'SELECT shard_label(manifest, 1) AS label FROM shard_manifest WHERE generation = 1',
    );
    expect(label).toEqual({ label: JSON.parse(MANIFEST.toString()).shards[0].label });
  });

  it('refuses a manifest that is no JSON object', async () => {
    for (const [index, text] of ['[1]', 'null', 'x', ''].entries())
      await expect(postgres.query(insert(Buffer.from(text), 20 + index))).rejects.toThrow();
  });

  it.each([
    ['shard_manifest', "key_name = 'x'"],
    ['shard_registry', "state = 'proved'"],
  ])(
    'refuses every change of %s, to its owner and to a superuser who does not switch triggers off',
    async (table, change) => {
      const changes = [
        `UPDATE ${table} SET ${change}`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `TRUNCATE shard_manifest, shard_registry`,
      ];
      for (const text of changes) {
        await expect(postgres.query(text), text).rejects.toThrow(/append-only/);
        await expect(asOperator(text), text).rejects.toThrow(/permission denied/);
      }
      const insertOver = `INSERT INTO shard_manifest (key_name, key_version, generation, manifest)
      VALUES ('k', 1, 1, '{}') ON CONFLICT (key_name, key_version, generation) DO UPDATE SET manifest = '{}'`;
      await expect(postgres.query(insertOver)).rejects.toThrow(/append-only/);
      const rows = await postgres.query(
        'SELECT manifest_sha256, state FROM shard_manifest JOIN shard_current USING (key_name)',
      );
      expect(rows).toEqual([{ manifest_sha256: sha256(MANIFEST), state: 'stored' }]);
    },
  );

  it('refuses a row that brings its own number, and would be the latest for ever', async () => {
    const forged = (entry: number) =>
      `INSERT INTO shard_registry (entry, key_name, key_version, generation, shard, label, state, provider_key)
       OVERRIDING SYSTEM VALUE VALUES (${entry}, 'k', 1, 1, 1, 'A27E-152', 'lost', 'p')`;
    for (const entry of [2, 3, 1_000_000, -1]) {
      await expect(postgres.query(forged(entry)), String(entry)).rejects.toThrow(
        /with an entry number refused|is not yet defined in this session/,
      );
      await expect(asOperator(forged(entry)), String(entry)).rejects.toThrow(
        /refused|permission denied|is not yet defined/,
      );
    }
    await asOperator(shard.replace('stored', 'proved'));
    const rows = await postgres.query('SELECT entry::integer AS entry, state FROM shard_current');
    expect(rows).toEqual([{ entry: 2, state: 'proved' }]);
  });
});
