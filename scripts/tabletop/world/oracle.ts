/** What the drill itself knows of a set, independent of the tools that the pages use: node:crypto and the stand-ins' own keys. */
import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  privateDecrypt,
  publicEncrypt,
  timingSafeEqual,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment, Shard } from '../../../src/deployment/deployment';
import { parseShard } from '../../../src/shard/format';
import { type Manifest, parseManifest } from '../../../src/shard/manifest';
import { combineShares } from '../../../src/shard/shares';
import type { DrillPostgres } from '../../providers/postgres/engine';
import type { Secret } from '../secrets/secrets';
import { privateKeyOf } from './provider-keys';
import { readSheet, sheetFile } from './sheets';

/** The secrets of a TEST set. They live in the drill's memory only. */
export interface KnownSet {
  readonly manifest: Manifest;
  /** Shard lines by shard number. */
  readonly lines: ReadonlyMap<number, string>;
  readonly key: Uint8Array;
}

/** Row of the registry that holds the present ciphertext of a shard. */
export interface StoredShard {
  readonly shard: number;
  readonly ciphertext: Uint8Array;
}

const oaep = (shard: Shard) => ({
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: shard.oaepHash ?? 'sha256',
});

/** Wraps a line for a shard's provider, as the ceremony does with openssl. */
export function wrapFor(world: string, shard: Shard, line: string): Uint8Array {
  const key = createPrivateKey(privateKeyOf(world, shard));
  return publicEncrypt({ key: key as never, ...oaep(shard) }, Buffer.from(line));
}

/** Opens what was wrapped for a shard's provider, with that provider's own key. */
export function unwrapFor(world: string, shard: Shard, ciphertext: Uint8Array): string {
  const key = createPrivateKey(privateKeyOf(world, shard));
  return privateDecrypt({ key, ...oaep(shard) }, ciphertext).toString('latin1');
}

/** The commitment of the shard format (docs/ceremony/shard-format.mdx), computed here a second time: HMAC-SHA-256(key, "mks/v1/kcv" ‖ header). */
function commitmentOf(key: Uint8Array, manifest: Manifest): Buffer {
  const header = Buffer.alloc(13);
  header[0] = 0x10 | (manifest.test ? 1 : 0);
  header[1] = manifest.threshold;
  header[2] = manifest.total;
  header.writeUInt16BE(manifest.generation, 3);
  header.write(manifest.setId, 5, 'hex');
  return createHmac('sha256', key).update('mks/v1/kcv').update(header).digest();
}

/** True when these bytes are the key of the manifest. */
export function isKeyOf(manifest: Manifest, key: Uint8Array): boolean {
  return timingSafeEqual(commitmentOf(key, manifest), Buffer.from(manifest.commitment, 'hex'));
}

/** Reads the manifest of a recovery kit. */
export function kitManifest(home: string): Manifest {
  return parseManifest(readFileSync(join(home, 'recovery-kit', 'manifest.json'), 'utf8'));
}

/** SHA-256 of the manifest file, as the Ceremony Log has it. */
export function digestOfKit(home: string): string {
  return createHash('sha256')
    .update(readFileSync(join(home, 'recovery-kit', 'manifest.json')))
    .digest('hex');
}

/** The present ciphertext of every shard in the registry. */
export async function storedShards(postgres: DrillPostgres): Promise<StoredShard[]> {
  const rows = await postgres.query(
    'SELECT shard, ciphertext FROM shard_current WHERE ciphertext IS NOT NULL ORDER BY shard',
  );
  return rows.map((row) => ({ shard: row.shard as number, ciphertext: row.ciphertext as Uint8Array }));
}

/** Opens every shard of a world with the providers' own keys, and the key with the first M of them. */
export async function openSet(
  deployment: Deployment,
  world: string,
  manifest: Manifest,
  stored: readonly StoredShard[],
): Promise<KnownSet> {
  const lines = new Map<number, string>();
  for (const shard of deployment.shards) {
    if (shard.medium === 'paper') {
      lines.set(shard.n, readSheet(sheetFile(world, shard)));
      continue;
    }
    const row = stored.find((candidate) => candidate.shard === shard.n);
    if (!row) throw new RangeError(`the registry holds no shard ${shard.n}`);
    lines.set(shard.n, unwrapFor(world, shard, row.ciphertext));
  }
  const shares = [...lines.values()].slice(0, manifest.threshold).map((line) => parseShard(line).share);
  const key = await combineShares(shares, manifest.threshold);
  if (!isKeyOf(manifest, key))
    throw new RangeError('the shards of the fixture do not give the key of its manifest');
  return { manifest, lines, key };
}

/** The secrets to search for in everything that a scenario leaves behind. */
export function secretsOf({ key, lines }: KnownSet): Secret[] {
  return [
    { name: 'MasterKey', value: key },
    ...[...lines].map(([n, value]) => ({ name: `shard ${n}`, value })),
  ];
}
