/** A large sound trail for the benchmarks: like one of real work in its members and sizes, varied by a counter. */
import * as fs from 'node:fs';
import { type Head, headOf, NO_RECORD, seal } from '../../src/audit/chain';
import type { EventDraft } from '../../src/audit/event';
import { nodeSha256 } from '../sss/audit/trail-end';

function draft(place: number): EventDraft {
  return {
    action: place === 1 ? 'trail.opened' : 'shard.proved',
    actor: 'ines-example',
    actorRole: 'recovery-operator',
    clockOffsetMs: place % 50,
    clockSource: 'ntp',
    detail: { round: place },
    generation: 1,
    key: 'ledger-master-key',
    keyVersion: 1,
    mode: 'real',
    outcome: 'ok',
    provider: 'aws-kms us-east-1',
    shard: '9F3A-083',
    step: 'UNS-S1-04',
    time: new Date(1_790_000_000_000 + place).toISOString(),
    witness: 'wanda-example',
    witnessRole: 'internal-witness',
  };
}

/** Writes a trail of `count` records and returns its size in bytes. */
export function writeTrail(file: string, count: number): number {
  const fd = fs.openSync(file, 'w');
  let head: Head = NO_RECORD;
  let lines: string[] = [];
  for (let place = 1; place <= count; place++) {
    const { event, line } = seal(draft(place), head, nodeSha256);
    head = headOf(event);
    lines.push(line, '\n');
    if (place % 10_000 === 0 || place === count) {
      fs.writeSync(fd, lines.join(''));
      lines = [];
    }
  }
  fs.closeSync(fd);
  return fs.statSync(file).size;
}
