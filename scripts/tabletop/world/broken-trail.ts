/** A copy of an audit trail on a marked medium, from which somebody has removed records: what the page on log gaps begins with. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Head, headOf, NO_RECORD, seal } from '../../../src/audit/chain';

/** Files on the medium that lies ready in a world; the act media-insert brings them into the working folder. */
export const mediumFolder = (world: string) => join(world, 'medium');

const RECORDS = 12;
/** Sequence numbers of the records that are gone. */
const GONE = [7, 8];
const START = Date.parse('2026-01-05T08:00:00.000Z');

/** Puts `trail.jsonl`, a drill's trail with a gap, on the medium of a world. */
export function insertBrokenTrail(world: string): void {
  let head: Head = NO_RECORD;
  const lines: string[] = [];
  for (let place = 1; place <= RECORDS; place++) {
    const { event, line } = seal(
      {
        action: place === 1 ? 'trail.opened' : 'provider.checked',
        actor: 'monitor',
        actorRole: 'monitor',
        clockOffsetMs: 0,
        clockSource: 'ntp',
        mode: 'drill',
        outcome: 'ok',
        time: new Date(START + place * 60_000).toISOString(),
      },
      head,
    );
    head = headOf(event);
    if (!GONE.includes(place)) lines.push(`${line}\n`);
  }
  mkdirSync(mediumFolder(world), { recursive: true });
  writeFileSync(join(mediumFolder(world), 'trail.jsonl'), lines.join(''), { mode: 0o600 });
}
