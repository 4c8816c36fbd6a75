/** From an old set to a new one of the same key: receipts of the new shards, then the record that retires the old. */
import { digestOf } from './commitment';
import { ShardError } from './format';
import { formatManifest, type Manifest, type ManifestShard } from './manifest';

/** A custodian's statement that one new shard was read back and checked; public, to be signed. */
export interface Receipt {
  format: 'mks-receipt/1';
  /** SHA-256 of the manifest against which the shard was checked. */
  manifestSha256: string;
  number: number;
  label: string;
  sha256: string;
}

/** The record that a new set is in force and the old one is to be destroyed; public, to be signed. */
export interface Retirement {
  format: 'mks-retirement/1';
  keyName: string;
  retired: SetName;
  inForce: SetName;
  /** Labels of the old shards, whose destruction has to be proved one by one. */
  destroy: string[];
}

interface SetName {
  setId: string;
  generation: number;
  manifestSha256: string;
}

/** SHA-256 of the manifest's one byte form. */
export const manifestDigest = (manifest: Manifest): string =>
  digestOf(new TextEncoder().encode(formatManifest(manifest)));

export function receiptFor(manifest: Manifest, { number, label, sha256 }: ManifestShard): Receipt {
  return { format: 'mks-receipt/1', manifestSha256: manifestDigest(manifest), number, label, sha256 };
}

/**
 * Reads a receipt for a shard of `manifest`.
 * @returns the shard's number. @throws ShardError `manifest` when it is for anything else.
 */
export function checkReceipt(manifest: Manifest, json: string): number {
  let found: Partial<Receipt> | null;
  try {
    found = JSON.parse(json) as Partial<Receipt> | null;
  } catch {
    throw new ShardError('manifest', 'neither a shard nor a receipt');
  }
  const entry = manifest.shards.find(({ number }) => number === found?.number);
  const wanted = entry && receiptFor(manifest, entry);
  if (!wanted || Object.entries(wanted).some(([name, value]) => found?.[name as keyof Receipt] !== value)) {
    throw new ShardError('manifest', 'no receipt for a shard of the new manifest');
  }
  return wanted.number;
}

/**
 * @throws ShardError `foreign` unless `next` follows `old`: same key name and length, higher generation, and dealt by
 * `sss reshare` from that very set, so that it holds the same key.
 */
export function checkSuccession(old: Manifest, next: Manifest): void {
  const refuse = (message: string) => {
    throw new ShardError('foreign', message);
  };
  if (next.keyName !== old.keyName) refuse(`key ${next.keyName} can't follow key ${old.keyName}`);
  if (next.keyBytes !== old.keyBytes)
    refuse(`a key of ${next.keyBytes} bytes can't follow one of ${old.keyBytes}`);
  if (next.generation <= old.generation) {
    refuse(`generation ${next.generation} can't follow generation ${old.generation}: wanted a higher one`);
  }
  const { setId, commitment, shards } = next.follows ?? { shards: 0 };
  if (setId !== old.setId || commitment !== old.commitment) {
    const hint = 'Without the old set the key would be gone. Make the new set from the old one: sss reshare.';
    throw new ShardError(
      'foreign',
      `not made from set ${old.setId} by sss reshare: it may hold another key`,
      hint,
    );
  }
  if (old.shards.length < shards) {
    const listed = `the old manifest lists ${old.shards.length} shards, and sss reshare saw ${shards}`;
    throw new ShardError(
      'foreign',
      listed,
      'Take the newest manifest of the old set: reissue --raise-n makes one.',
    );
  }
}

/**
 * The record that retires `old`, possible only when every shard of `next` was verified.
 * @throws ShardError `threshold` naming the shards that were not.
 */
export function retire(old: Manifest, next: Manifest, verified: ReadonlySet<number>): Retirement {
  checkSuccession(old, next);
  const open = next.shards.filter(({ number }) => !verified.has(number));
  if (open.length > 0) {
    const labels = open.map(({ number, label }) => `shard ${number} (${label})`).join(', ');
    const hint = 'The old set stays in force. Verify every new shard where it is kept: sss verify --receipt.';
    throw new ShardError('threshold', `not verified yet: ${labels}`, hint);
  }
  const name = (manifest: Manifest): SetName => ({
    setId: manifest.setId,
    generation: manifest.generation,
    manifestSha256: manifestDigest(manifest),
  });
  return {
    format: 'mks-retirement/1',
    keyName: old.keyName,
    retired: name(old),
    inForce: name(next),
    destroy: old.shards.map(({ label }) => label),
  };
}
