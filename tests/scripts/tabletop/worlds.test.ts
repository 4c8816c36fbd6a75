/** The stored world, and the bad shards that are planted in it: each differs from the fixture in what it says, and in nothing else. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DrillPostgres, startPostgres } from '../../../scripts/providers/postgres/engine';
import { createSandbox, type Sandbox } from '../../../scripts/tabletop/machine/sandbox';
import {
  isKeyOf,
  type KnownSet,
  kitManifest,
  openSet,
  storedShards,
  unwrapFor,
  wrapFor,
} from '../../../scripts/tabletop/world/oracle';
import { readSheet, sheetFile } from '../../../scripts/tabletop/world/sheets';
import { plant } from '../../../scripts/tabletop/world/tamper';
import {
  checkFixture,
  dumpRegistry,
  fixtureFolder,
  loadRegistry,
  secretInput,
} from '../../../scripts/tabletop/world/worlds';
import { loadDeployment } from '../../../src/deployment/load';
import { parseShard } from '../../../src/shard/format';
import { exampleDeployment, exampleRoot } from '../../example';

const root = exampleRoot();
const deployment = loadDeployment(exampleDeployment);
const scratch = mkdtempSync(join(tmpdir(), 'worlds-test-'));
let postgres: DrillPostgres;
let sandbox: Sandbox;
let set: KnownSet;

const firstOf = (medium: 'paper' | 'wrapped') =>
  deployment.shards.find((shard) => shard.medium === medium)?.n;
const [paper, wrapped] = [firstOf('paper'), firstOf('wrapped')];
/** Another shard than the given one. */
const otherThan = (n: number) => deployment.shards.find((shard) => shard.n !== n)?.n ?? 0;

beforeAll(async () => {
  postgres = await startPostgres(join(scratch, 'db.sock'));
});
beforeEach(async () => {
  const from = fixtureFolder(root);
  sandbox?.destroy();
  sandbox = createSandbox({ tools: [], wrappers: {}, home: join(from, 'home'), world: join(from, 'world') });
  await loadRegistry(postgres, root, deployment);
  set = await openSet(deployment, sandbox.world, kitManifest(sandbox.home), await storedShards(postgres));
});
afterAll(async () => {
  sandbox?.destroy();
  await postgres?.close();
  rmSync(scratch, { recursive: true });
});

const opened = async () =>
  (await openSet(deployment, sandbox.world, set.manifest, await storedShards(postgres))).lines;

describe('the fixture', () => {
  it('holds the key of its manifest', () => {
    expect(set.lines.size).toBe(deployment.shards.length);
    expect(isKeyOf(set.manifest, set.key)).toBe(true);
    const other = Uint8Array.from(set.key);
    other[0] = (other[0] ?? 0) ^ 1;
    expect(isKeyOf(set.manifest, other)).toBe(false);
  });

  it('comes out of the database as it went in', async () => {
    const before = await dumpRegistry(postgres);
    await loadRegistry(postgres, root, deployment);
    expect(await dumpRegistry(postgres)).toEqual(before);
    expect(before.shards.length).toBeGreaterThan(0);
  });

  it('is refused where it is missing, or was made for another deployment', () => {
    expect(() => checkFixture(root, deployment)).not.toThrow();
    const empty = join(scratch, 'empty');
    mkdirSync(empty);
    expect(() => checkFixture(empty, deployment)).toThrow(
      /there is no fixture; run npm run tabletop -- fixture/,
    );
    const file = `tests/fixtures/deployments/${deployment.shards.length === 3 ? '4-of-7' : '2-of-3'}.yaml`;
    const other = loadDeployment(file);
    expect(() => checkFixture(root, other)).toThrow(/was made for .* wanted \d+ of \d+ shards/);
  });

  it('knows the PIN of the HSM, and nothing by another name', () => {
    for (const { n, provider } of deployment.shards) {
      const pin = () => secretInput('hsm-user-pin', sandbox.world, deployment, n);
      if (provider === 'pkcs11-hsm') expect(pin()).toMatch(/^\d{4,}$/);
      else expect(pin).toThrow(`shard ${n} has no HSM`);
      expect(() => secretInput('root-password', sandbox.world, deployment, n)).toThrow(
        'no secret is called "root-password"',
      );
    }
  });
});

describe('planted shards', () => {
  it.each(
    [wrapped, paper].flatMap((n) =>
      n === undefined ? [] : ['other-generation', 'duplicate'].map((kind) => [n, kind]),
    ) as [number, 'other-generation' | 'duplicate'][],
  )('change shard %i alone: %s', async (shard, kind) => {
    const before = set.lines;
    await plant({ kind, shard, other: otherThan(shard) }, sandbox, deployment, postgres, set);
    const rows = await storedShards(postgres);
    for (const { n, medium } of deployment.shards) {
      const row = rows.find((each) => each.shard === n);
      const kept =
        medium === 'paper'
          ? readSheet(sheetFile(sandbox.world, deployment.shards[n - 1] as never))
          : unwrapFor(sandbox.world, deployment.shards[n - 1] as never, row?.ciphertext as Uint8Array);
      if (n === shard) expect(kept, `shard ${n}`).not.toBe(before.get(n));
      else expect(kept, `shard ${n}`).toBe(before.get(n));
      if (n === shard && kind === 'duplicate') expect(kept).toBe(before.get(otherThan(shard)));
    }
  });

  it.each(['ciphertext-flipped', 'row-missing'] as const)('cannot be opened: %s', async (kind) => {
    if (wrapped === undefined) return;
    await plant({ kind, shard: wrapped, other: otherThan(wrapped) }, sandbox, deployment, postgres, set);
    await expect(opened()).rejects.toThrow();
  });

  it('give a real set with one shard of the TEST set in it', async () => {
    const real = await plant(
      { kind: 'test-among-real', shard: 2, other: 1 },
      sandbox,
      deployment,
      postgres,
      set,
    );
    expect(real?.manifest.test).toBe(false);
    expect(kitManifest(sandbox.home)).toEqual(real?.manifest);
    const kinds = [...(real?.lines ?? [])].map(([n, line]) => [n, parseShard(line).test]);
    expect(kinds).toEqual(deployment.shards.map(({ n }) => [n, n === 2]));
    expect(real && isKeyOf(real.manifest, real.key)).toBe(true);
  });

  it('are wrapped anew each time, as OAEP demands', () => {
    const shard = deployment.shards.find(({ n }) => n === wrapped);
    if (!shard) return;
    const line = set.lines.get(shard.n) as string;
    const [one, two] = [wrapFor(sandbox.world, shard, line), wrapFor(sandbox.world, shard, line)];
    expect(one).toHaveLength(512);
    expect(Buffer.from(one).equals(two)).toBe(false);
  });
});
