/** The records of a period, from a folder of an adopter's: trail with heads, trail of drills, filled logs, reports of exercises. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { AuditEvent } from '../../src/audit/event';
import { forms } from '../../src/audit/forms/catalog';
import { type Anchor, parseHead } from '../../src/audit/head';
import { attestationsFile, loadAttestations } from '../../src/audit/load-attestations';
import { type Dated, missingDuties, missingWork, type Period } from '../../src/audit/period';
import { type Standing, standingOf } from '../../src/audit/standing';
import { judge } from '../../src/audit/verdict';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { verifyFiles } from '../sss/audit/trail-file';

/** Where each kind of record lies in the folder. */
export const RECORD_FOLDERS = ['trail', 'drills', 'logs', 'exercises'] as const;

export interface PeriodReport {
  readonly period: Period;
  readonly standing: Standing;
  /** What is wrong with what is there. */
  readonly wrong: readonly string[];
  /** What is not there, in sentences. */
  readonly missing: readonly string[];
}

const filesOf = (folder: string, ending: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .sort()
        .map((name) => path.join(folder, name))
    : [];

/** The newest of the heads that were printed beside a trail. */
function newestHead(folder: string): Anchor | undefined {
  const heads = filesOf(folder, '.txt').flatMap((file) => {
    try {
      return parseHead(readFileSync(file, 'utf8'));
    } catch {
      return [];
    }
  });
  return heads.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)).at(-1);
}

interface Trail {
  readonly events: readonly (Dated & { readonly step: string | undefined })[];
  readonly wrong: readonly string[];
  readonly missing: readonly string[];
}

/** Verifies the trail of a folder, as `sss audit verify` does, and keeps what lies up to the end of the period. */
function readTrail(records: string, name: string, { to }: Period): Trail {
  const folder = path.join(records, name);
  const files = filesOf(folder, '.jsonl');
  if (files.length === 0) return { events: [], wrong: [], missing: [`${name}/: no trail (*.jsonl)`] };
  const events: (Dated & { step: string | undefined })[] = [];
  const anchor = newestHead(folder);
  const onEvent = ({ time, action, step }: AuditEvent) => {
    const date = time.slice(0, 10);
    if (date <= to) events.push({ date, action, step });
  };
  const { standing, lines } = judge(verifyFiles(files, { ...(anchor && { anchor }), onEvent }));
  const shown = lines.map((line) => `${name}/: ${line.replaceAll(`${folder}${path.sep}`, '')}`);
  return {
    events,
    wrong: standing === 'FAILED' ? shown.slice(0, 1) : [],
    missing: standing === 'UNVERIFIABLE' ? shown.filter((line) => line.includes('Not checked')) : [],
  };
}

/** The date of a filled log or a report; undefined when the file is none. */
function dated(file: string): { readonly form: string; readonly date: string } | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'));
    const { date } = value.sections?.ceremony ?? value.sections?.procedure ?? {};
    const day = date ?? value.started ?? value.steps?.find((step: { time?: string }) => step.time)?.time;
    const form = value.form ?? (value.format === 'mks-ceremony-log/1' ? 'ceremony-log' : 'report');
    return typeof day === 'string' ? { form: String(form), date: day.slice(0, 10) } : undefined;
  } catch {
    return undefined;
  }
}

/** Procedures that the trail shows as done in the period, and whose log is not there. */
function missingLogs(
  records: string,
  { from }: Period,
  events: Trail['events'],
  procedures: readonly Procedure[],
): string[] {
  const logs = filesOf(path.join(records, 'logs'), '.json').flatMap((file) => dated(file) ?? []);
  return forms.flatMap(({ id, title, follows }) => {
    const prefix = procedures.find(({ file }) => file === follows)?.page.prefix;
    if (prefix === undefined) return [];
    const done = events.filter(({ date, step }) => date >= from && step?.startsWith(`${prefix}-`));
    return [...new Set(done.map(({ date }) => date))].flatMap((date) => {
      // A procedure may pass midnight.
      const near = (log: string) => Math.abs(Date.parse(log) - Date.parse(date)) <= 86_400_000;
      return logs.some((log) => log.form === id && near(log.date))
        ? []
        : [`logs/: no ${title} of ${date}, when ${prefix} was followed`];
    });
  });
}

/**
 * Checks the records of a period against the calendar.
 * @param records The adopter's folder of records.
 * @param today `YYYY-MM-DD`; what is due later is not asked for.
 */
export function periodReport(
  root: string,
  records: string,
  period: Period,
  today: string,
  procedures: readonly Procedure[],
): PeriodReport {
  const deployment = loadDeployment(path.join(root, 'deployment.yaml'));
  const { attestations, example } = loadAttestations(path.join(root, attestationsFile), deployment);
  const [trail, drills] = [readTrail(records, 'trail', period), readTrail(records, 'drills', period)];
  const within = ({ date }: { readonly date: string }) => date >= period.from && date <= period.to;
  const exercises = filesOf(path.join(records, 'exercises'), '.json').flatMap((file) => dated(file) ?? []);
  const finished = drills.events.filter(({ action }) => action === 'drill.finished').some(within);
  const wrong = [
    ...trail.wrong,
    ...drills.wrong,
    ...(example ? [`${attestationsFile}: the entries are examples and attest nothing`] : []),
  ];
  const filed = trail.events.some((event) => event.action === 'report.filed' && within(event));
  const missing = [
    ...(today <= period.to
      ? [`the period ends on ${period.to}: what follows ${today} is not there yet`]
      : []),
    ...trail.missing,
    ...drills.missing,
    ...(finished || drills.missing.length > 0 ? [] : ['drills/: no drill.finished in the period']),
    ...(filed && !exercises.some(within)
      ? ['exercises/: no report (*.json) of the period, and the trail has report.filed']
      : []),
    ...missingLogs(records, period, trail.events, procedures),
    ...missingWork(period, trail.events, today),
    ...missingDuties(period, deployment, attestations, today),
  ];
  return { period, standing: standingOf(wrong.length > 0, missing), wrong, missing };
}
