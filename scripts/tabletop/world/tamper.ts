/** Plants a bad shard in a world: what an accident, a mix-up or a thief could leave there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bech32m } from '@scure/base';
import type { Deployment, Shard } from '../../../src/deployment/deployment';
import { commitmentOf, kcvOf, lineDigest } from '../../../src/shard/commitment';
import { formatShard, labelOf, PREFIX, type Shard as ShardText } from '../../../src/shard/format';
import { formatManifest, type Manifest } from '../../../src/shard/manifest';
import { splitKey } from '../../../src/shard/shares';
import type { DrillPostgres } from '../../providers/postgres/engine';
import { receiptKeyOf, sealManifest } from '../../sss/seal';
import type { Sandbox } from '../machine/sandbox';
import type { Scenario } from '../plan/scenario';
import { type KnownSet, wrapFor } from './oracle';
import { drawSheet, sheetFile, stain, storeSheet } from './sheets';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function shardOf(deployment: Deployment, n: number): Shard {
  const shard = deployment.shards[n - 1];
  if (!shard) throw new RangeError(`there is no shard ${n}`);
  return shard;
}

/** Adds a registry row whose ciphertext replaces the one of a shard. */
async function replaceRow(postgres: DrillPostgres, n: number, ciphertext: Uint8Array): Promise<void> {
  await postgres.query(
    `INSERT INTO shard_registry (key_name, key_version, generation, shard, label, state, provider_key, ciphertext)
     SELECT key_name, key_version, generation, shard, label, 'stored', provider_key, decode('${hex(ciphertext)}', 'hex')
     FROM shard_current WHERE shard = ${n}`,
  );
}

/** Puts a shard line where shard n is kept. */
async function putLine(sandbox: Sandbox, postgres: DrillPostgres, shard: Shard, line: string): Promise<void> {
  if (shard.medium === 'paper') storeSheet(sheetFile(sandbox.world, shard), drawSheet(line));
  else await replaceRow(postgres, shard.n, wrapFor(sandbox.world, shard, line));
}

function flip(bytes: Uint8Array): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  const at = Math.floor(flipped.length / 2);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

/** A shard line of the same key and threshold, in another set. */
async function otherSet(
  set: KnownSet,
  change: Partial<ShardText>,
): Promise<{ manifest: Manifest; lines: string[] }> {
  const { manifest, key } = set;
  const header = {
    test: manifest.test,
    threshold: manifest.threshold,
    total: manifest.total,
    generation: manifest.generation,
    setId: hex(crypto.getRandomValues(new Uint8Array(8))),
    ...change,
  };
  const commitment = commitmentOf(key, header as never);
  const shares = await splitKey(key, manifest.threshold, manifest.total);
  const texts = shares.map((share): ShardText => ({ ...header, kcv: kcvOf(commitment), share }) as ShardText);
  const lines = texts.map(formatShard);
  return {
    lines,
    manifest: sealManifest(
      {
        ...manifest,
        test: header.test,
        generation: header.generation,
        setId: header.setId,
        commitment,
        shards: texts.map((text, index) => ({
          number: index + 1,
          label: labelOf(text),
          x: text.share.at(-1) ?? 0,
          sha256: lineDigest(lines[index] as string),
          receiptKey: receiptKeyOf(lines[index] as string),
          holder: manifest.shards[index]?.holder ?? '',
        })),
      },
      key,
    ),
  };
}

/** A line whose x is 0: whoever made it would choose the key. The format refuses to write one, so the last byte is forged here. */
function withoutX(line: string): string {
  const bytes = bech32m.decodeToBytes(line).bytes;
  bytes[bytes.length - 1] = 0;
  return bech32m.encode(PREFIX, bech32m.toWords(bytes), false);
}

/** Plants the bad shard of a scenario. Returns the set that is now the true one, when it is no longer the fixture's. */
export async function plant(
  { kind, shard: n, other }: NonNullable<Scenario['tampering']>,
  sandbox: Sandbox,
  deployment: Deployment,
  postgres: DrillPostgres,
  set: KnownSet,
): Promise<KnownSet | undefined> {
  const shard = shardOf(deployment, n);
  const line = set.lines.get(n) as string;
  switch (kind) {
    case 'ciphertext-flipped': {
      const [row] = await postgres.query(`SELECT ciphertext FROM shard_current WHERE shard = ${n}`);
      await replaceRow(postgres, n, flip(row?.ciphertext as Uint8Array));
      return undefined;
    }
    case 'row-missing':
      await postgres.query(
        `INSERT INTO shard_registry (key_name, key_version, generation, shard, label, state, provider_key)
         SELECT key_name, key_version, generation, shard, label, 'lost', provider_key FROM shard_current WHERE shard = ${n}`,
      );
      return undefined;
    case 'sheet-altered': {
      const last = line.at(-1) === 'q' ? 'p' : 'q';
      storeSheet(sheetFile(sandbox.world, shard as never), drawSheet(line.slice(0, -1) + last));
      return undefined;
    }
    case 'sheet-unreadable':
      storeSheet(sheetFile(sandbox.world, shard as never), stain(drawSheet(line)));
      return undefined;
    case 'no-shard':
      // As long as a shard, so that nothing but its reader can tell.
      await putLine(sandbox, postgres, shard, 'x'.repeat(line.length));
      return undefined;
    case 'x-zero':
      await putLine(sandbox, postgres, shard, withoutX(line));
      return undefined;
    case 'duplicate':
      await putLine(sandbox, postgres, shard, set.lines.get(other) as string);
      return undefined;
    case 'other-generation': {
      const { lines } = await otherSet(set, { generation: set.manifest.generation + 1 });
      await putLine(sandbox, postgres, shard, lines[n - 1] as string);
      return undefined;
    }
    case 'test-among-real': {
      // A real set in a real shell, with one shard of the TEST set among its own.
      const real = await otherSet(set, { test: false });
      for (const each of deployment.shards) {
        await putLine(sandbox, postgres, each, each.n === n ? line : (real.lines[each.n - 1] as string));
      }
      const kit = join(sandbox.home, 'recovery-kit', 'manifest.json');
      writeFileSync(kit, formatManifest(real.manifest), { mode: 0o600 });
      return {
        manifest: real.manifest,
        key: set.key,
        lines: new Map(real.lines.map((text, index) => [index + 1, index + 1 === n ? line : text])),
      };
    }
  }
}
