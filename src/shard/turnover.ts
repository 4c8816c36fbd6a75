/** From an old set to a new one of the same key: receipts of the new shards, then the record that retires the old. */
import { digestOf } from './commitment';
import { ShardError } from './format';
import { formatManifest, type Manifest, type ManifestShard } from './manifest';

/**
 * A statement that one new shard was read back and checked. Public, and signed with a key that only the text of the
 * shard gives, so that nobody makes it from the manifest alone.
 */
export interface Receipt {
  format: 'mks-receipt/2';
  /** SHA-256 of the manifest against which the shard was checked. */
  manifestSha256: string;
  number: number;
  label: string;
  sha256: string;
  /** Ed25519 over `receiptText`, 128 hex digits. */
  signature: string;
}

/** The record that a new set is in force and the old one is to be destroyed; public, to be signed. */
export interface Retirement {
  format: 'mks-retirement/1';
  keyName: string;
  retired: SetName;
  inForce: SetName;
  /** Who signed both manifests, as the list of allowed signers names them. */
  signedBy: string;
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

/** The receipt of a shard of `manifest`, still to be signed. */
export const receiptFor = (
  manifest: Manifest,
  { number, label, sha256 }: ManifestShard,
): Omit<Receipt, 'signature'> => ({
  format: 'mks-receipt/2',
  manifestSha256: manifestDigest(manifest),
  number,
  label,
  sha256,
});

/** What a receipt's signature covers. */
export const receiptText = ({
  format,
  manifestSha256,
  number,
  label,
  sha256,
}: Omit<Receipt, 'signature'>): string =>
  `mks/v1/receipt\n${JSON.stringify([format, manifestSha256, number, label, sha256])}`;

/**
 * Reads a receipt for a shard of `manifest`; `holds` checks a signature against the public key of a shard.
 * @returns the shard's number. @throws ShardError `manifest` when it is for anything else, `altered` when it is forged.
 */
export function checkReceipt(
  manifest: Manifest,
  json: string,
  holds: (receipt: Receipt, key: string) => boolean,
): number {
  let found: Partial<Receipt> | null;
  try {
    found = JSON.parse(json) as Partial<Receipt> | null;
  } catch {
    throw new ShardError('manifest', 'neither a shard nor a receipt');
  }
  if (typeof found === 'object' && (found?.format as string) === 'mks-receipt/1') {
    const again =
      'It proves nothing: anybody can write it. Make it again where the shard is: sss verify --receipt.';
    throw new ShardError('manifest', 'a receipt of an older sss', again);
  }
  const entry = manifest.shards.find(({ number }) => number === found?.number);
  const wanted = entry && receiptFor(manifest, entry);
  const signature = found?.signature;
  if (
    !wanted ||
    typeof signature !== 'string' ||
    Object.keys(found ?? {}).length !== Object.keys(wanted).length + 1 ||
    Object.entries(wanted).some(([name, value]) => found?.[name as keyof Receipt] !== value)
  ) {
    throw new ShardError('manifest', 'no receipt for a shard of the new manifest');
  }
  if (entry.receiptKey === undefined || !holds({ ...wanted, signature }, entry.receiptKey)) {
    const hint =
      'Whoever wrote it did not hold the shard. The old set stays in force; find out who wrote it.';
    throw new ShardError('altered', `not signed with shard ${wanted.number} (${wanted.label})`, hint);
  }
  return wanted.number;
}

/**
 * @throws ShardError `foreign` unless `next` follows `old`: same key name and length, higher generation, dealt by
 * `sss reshare` from that very set, and sealed with the same key. The caller has checked that both seals hold.
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
  if (next.seal === undefined || next.seal.key !== old.seal?.key) {
    const hint =
      'Whoever made it did not hold the key of the old set. The old set stays in force: keep its shards.';
    throw new ShardError(
      'foreign',
      `not sealed with the key of set ${old.setId}: it holds another key`,
      hint,
    );
  }
  if (next.follows?.generation !== old.generation) refuse('it follows another generation of that set');
  if (next.test !== old.test) refuse('a TEST set and a real one');
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
export function retire(
  old: Manifest,
  next: Manifest,
  verified: ReadonlySet<number>,
  signedBy: string,
): Retirement {
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
    signedBy,
    destroy: old.shards.map(({ label }) => label),
  };
}
