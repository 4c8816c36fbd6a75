/** Appends the end of a drill to an audit trail of drills: what came out of it, at which commit, and the digest of its results. */
import { closeSync, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { EventDraft } from '../../../src/audit/event';
import { resultsSchema } from '../../../src/procedure/results/drill-results';
import { digestOfFile } from '../../sss/audit/commands/append';
import { withLock } from '../../sss/audit/lock';
import { openToRead, readHead } from '../../sss/audit/trail-end';
import { appendRecord } from '../../sss/audit/trail-file';
import { printable, refusal } from '../../sss/command';

const by = () =>
  ({
    actor: 'tabletop',
    actorRole: 'automated-drill',
    clockOffsetMs: 0,
    clockSource: 'system clock',
    mode: 'drill',
    outcome: 'ok',
    time: new Date().toISOString(),
  }) as const;

const isNew = (trail: string) => !existsSync(trail) || statSync(trail).size === 0;

/**
 * Refuses a trail to which a drill cannot be appended, before hours are spent on it.
 * @throws CliError when its end is torn or damaged, or when it records exercises or real work.
 */
export function checkDrillTrail(trail: string): void {
  if (isNew(trail)) return;
  const fd = openToRead(trail);
  try {
    const { mode } = readHead(trail, fd);
    if (mode !== 'drill')
      throw refusal(`${printable(trail)}: is a trail of mode ${mode}`, 'Drills have a trail of their own.');
  } finally {
    closeSync(fd);
  }
}

/**
 * Appends `drill.finished`; a trail that is not there yet is opened first.
 * @param results File of the drill: reports/tabletop/results.json.
 * @returns One line about the record.
 * @throws CliError as `sss audit append` does; nothing is appended then.
 */
export async function recordDrill(trail: string, results: string): Promise<string> {
  const { commit, dirty, totals, kind } = resultsSchema.parse(JSON.parse(readFileSync(results, 'utf8')));
  if (kind !== 'automated drill') throw refusal(`${printable(results)}: is no drill`);
  const finished: Omit<EventDraft, 'time'> = {
    ...by(),
    action: 'drill.finished',
    ...(totals.failed > 0 && { outcome: 'failed', reason: `${totals.failed} scenarios failed` }),
    detail: {
      commands: totals.commands,
      commit: `${commit.slice(0, 12)}${dirty ? ' with changes' : ''}`,
      failures: totals.failed,
      scenarios: totals.passed + totals.failed,
    },
    digests: { results: digestOfFile(results) },
  };
  const event = await withLock(trail, () => {
    if (isNew(trail)) appendRecord(trail, { ...by(), action: 'trail.opened' });
    return appendRecord(trail, { ...finished, time: new Date().toISOString() });
  });
  return `${printable(path.basename(trail))}: record ${event.sequence}, ${event.action}`;
}
