/** Trails for tests: sealed by the code under test, varied by a counter, never by chance. */
import { type Head, headOf, NO_RECORD, type Sealed, seal } from '../../src/audit/chain';
import type { EventDraft } from '../../src/audit/event';
import type { Verdict } from '../../src/audit/verdict';
import { TrailVerifier, type VerifyOptions } from '../../src/audit/verify';

const START = Date.parse('2026-11-23T08:00:00.000Z');

/** A draft that every rule accepts; `place` counts from 1 and makes it differ from its neighbors. */
export function draft(place: number, changes: Partial<EventDraft> = {}): EventDraft {
  return {
    action: place === 1 ? 'trail.opened' : 'shard.unwrapped',
    actor: `operator-${'abcdefgh'[place % 8]}`,
    actorRole: 'recovery-operator',
    clockOffsetMs: place % 50,
    clockSource: 'ntp',
    detail: { note: `été ${place}`, minutes: place % 7 },
    digests: { ciphertext: place.toString(16).padStart(64, '0') },
    generation: 1,
    key: 'ledger-master-key',
    keyVersion: 1,
    mode: 'real',
    outcome: 'ok',
    provider: 'aws-kms us-east-1',
    requestId: `7f1c2d3e-0000-4000-8000-${place.toString(16).padStart(12, '0')}`,
    shard: '9F3A-083',
    step: 'UNS-04',
    time: new Date(START + place * 1000).toISOString(),
    witness: 'wanda-example',
    witnessRole: 'internal-witness',
    ...changes,
  };
}

/** `count` records behind `head`. */
export function trail(count: number, head: Head = NO_RECORD, changes: Partial<EventDraft> = {}): Sealed[] {
  const sealed: Sealed[] = [];
  let at = head;
  for (let i = 0; i < count; i++) {
    const next = seal(draft(at.sequence + 1, changes), at);
    sealed.push(next);
    at = headOf(next.event);
  }
  return sealed;
}

export const toText = (records: readonly Sealed[]) => records.map((record) => `${record.line}\n`).join('');
export const toBytes = (text: string) => new TextEncoder().encode(text);

/** Verifies files given as bytes, fed in pieces of `size` bytes. */
export function verify(
  files: readonly Uint8Array[],
  options: VerifyOptions = {},
  size = Number.POSITIVE_INFINITY,
): Verdict {
  const verifier = new TrailVerifier(options);
  files.forEach((bytes, place) => {
    verifier.beginFile(`trail-${place + 1}.jsonl`);
    for (let at = 0; at < bytes.length; at += size) {
      if (!verifier.push(bytes.subarray(at, Math.min(at + size, bytes.length)))) break;
    }
    verifier.endFile();
  });
  return verifier.verdict();
}
