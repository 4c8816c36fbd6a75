/** The after-action report of an exercise: objectives, timeline, what was skipped, what to improve (NIST SP 800-84, CISA packages). Pure. */
import { z } from 'zod';

const seconds = z.number().nonnegative();
const measured = z.strictObject({
  name: z.string().min(1),
  /** Seconds from the start; null when it did not happen. */
  seconds: seconds.nullable(),
  targetSeconds: seconds,
});

export const exerciseSchema = z.strictObject({
  format: z.literal('tabletop-exercise/1'),
  kind: z.literal('exercise by people'),
  scenario: z.string().min(1),
  title: z.string().min(1),
  page: z.string().min(1),
  seed: z.int().nonnegative(),
  people: z.array(z.string().min(1)),
  commit: z.string().regex(/^[0-9a-f]{40}$|^none$/),
  dirty: z.boolean(),
  started: z.iso.datetime(),
  seconds,
  /** `recovered` and `repaired`: reached, and every objective met; `… with faults`: reached, but not as it must be. */
  verdict: z.enum([
    'recovered',
    'recovered with faults',
    'not recovered',
    'repaired',
    'repaired with faults',
    'not repaired',
    'aborted',
  ]),
  objectives: z.array(z.strictObject({ text: z.string(), met: z.boolean() })),
  /** What was done wrong: one sentence for each objective that was not met. */
  faults: z.array(z.string()),
  times: z.array(measured),
  /** Minutes that hints have cost; they count towards the time to recover. */
  hintMinutes: z.number().nonnegative(),
  timeline: z.array(
    z.strictObject({
      seconds,
      kind: z.enum(['inject', 'typed', 'act', 'hint', 'check', 'note']),
      text: z.string(),
      /** Exit status of what was typed. */
      status: z.int().nullable(),
      /** Where it was typed, on a page that is done at several places. */
      place: z.string().min(1).optional(),
    }),
  ),
  steps: z.strictObject({
    done: z.array(z.string()),
    skipped: z.array(z.string()),
    repeated: z.array(z.string()),
    /** Mistyped commands, with the step that each comes nearest to. */
    mistyped: z.array(z.strictObject({ text: z.string(), step: z.string() })),
    /** Commands that failed, those left out that their step lets fail. */
    failed: z.array(z.string()),
  }),
  strengths: z.array(z.string()),
  improvements: z.array(z.string()),
  questions: z.array(z.string()),
  signatures: z.array(z.string()),
});
export type Exercise = z.infer<typeof exerciseSchema>;

/** 75 → `1:15`. */
export function clock(value: number): string {
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** What went well by the numbers alone; the people add theirs. */
export function strengthsOf(
  exercise: Pick<Exercise, 'objectives' | 'steps' | 'times' | 'timeline' | 'hintMinutes'>,
): string[] {
  const within = exercise.times.filter(
    ({ seconds: found, targetSeconds }) => (found ?? Infinity) <= targetSeconds,
  );
  const { skipped, done } = exercise.steps;
  return [
    ...within.map(
      ({ name, seconds: found }) => `"${name}" was reached after ${clock(found ?? 0)}, within its target.`,
    ),
    ...(exercise.objectives.length > 0 && exercise.objectives.every(({ met }) => met)
      ? ['Every objective was met.']
      : []),
    ...(done.length > 0 && skipped.length === 0 ? ['No step of the page was left out.'] : []),
    ...(exercise.hintMinutes === 0 ? ['No hint was needed.'] : []),
  ];
}

/** What the numbers say for themselves; the people add theirs. */
export function improvementsOf(
  exercise: Pick<Exercise, 'steps' | 'times' | 'hintMinutes' | 'faults'>,
): string[] {
  const { failed, mistyped } = exercise.steps;
  return [
    ...exercise.faults,
    ...exercise.times.flatMap(({ name, seconds: found, targetSeconds }) =>
      found === null
        ? [`"${name}" was never reached.`]
        : found > targetSeconds
          ? [`"${name}" took ${clock(found)}, and the target is ${clock(targetSeconds)}.`]
          : [],
    ),
    ...(exercise.steps.repeated.length > 0
      ? [
          `Steps were done more than once: ${exercise.steps.repeated.join(', ')}. Read them again for clarity.`,
        ]
      : []),
    ...(exercise.hintMinutes > 0 ? [`Hints were needed, at a cost of ${exercise.hintMinutes} minutes.`] : []),
    ...(mistyped.length > 0
      ? [
          `Commands were mistyped: ${[...new Set(mistyped.map(({ step }) => step))].join(', ')}. Read their lines again.`,
        ]
      : []),
    ...(failed.length > 0 ? [`Typed commands that failed: ${failed.length}. See the timeline.`] : []),
  ];
}

const cell = (text: string) =>
  text
    .replace(/[\\|`*_<>[\]]/g, '\\$&')
    .replace(/\s*\n\s*/g, ' ↵ ')
    .replace(/[^\P{Cc}\t\n]/gu, '\ufffd');

/** Rows of every table of the report: the one source of Markdown and HTML. */
function tables(exercise: Exercise): { title: string; head: string[]; rows: string[][] }[] {
  return [
    {
      title: 'Objectives',
      head: ['Objective', 'Met'],
      rows: exercise.objectives.map(({ text, met }) => [text, met ? 'yes' : 'no']),
    },
    {
      title: 'Done wrong',
      head: ['Finding', 'Why it matters, in the words of the team'],
      rows: (exercise.faults.length > 0 ? exercise.faults : ['Nothing that the room could see.']).map(
        (text) => [text, ''],
      ),
    },
    {
      title: 'Times',
      head: ['Until', 'Measured', 'Target', 'Within'],
      rows: exercise.times.map(({ name, seconds: found, targetSeconds }) => [
        name,
        found === null ? 'never' : clock(found),
        clock(targetSeconds),
        found !== null && found <= targetSeconds ? 'yes' : 'no',
      ]),
    },
    {
      title: 'Steps of the page',
      head: ['Done', 'Left out', 'Repeated'],
      rows: [
        [exercise.steps.done, exercise.steps.skipped, exercise.steps.repeated].map(
          (ids) => ids.join(', ') || '—',
        ),
      ],
    },
    {
      title: 'Timeline',
      head: ['At', 'What', 'Text', 'Status'],
      rows: exercise.timeline.map(({ seconds: at, kind, text, status, place }) => [
        clock(at),
        place === undefined ? kind : `${kind} at ${place}`,
        text,
        status === null ? '' : String(status),
      ]),
    },
    {
      title: 'Strengths',
      head: ['Finding', 'Remark of the evaluator'],
      rows: [...exercise.strengths, ''].map((text) => [text, '']),
    },
    {
      title: 'Improvements',
      head: ['Finding', 'Action', 'Who', 'By when'],
      rows: [...exercise.improvements, ''].map((text) => [text, '', '', '']),
    },
    {
      title: 'Questions for the hot wash',
      head: ['Question', 'Answer'],
      rows: exercise.questions.map((text) => [text, '']),
    },
    {
      title: 'Signatures',
      head: ['Role', 'Name', 'Date', 'Signature'],
      rows: exercise.signatures.map((text) => [text, '', '', '']),
    },
  ];
}

function facts(exercise: Exercise): string[] {
  const state = exercise.dirty ? `${exercise.commit}, with changes that are not committed` : exercise.commit;
  return [
    'An exercise by people in a sandbox with made-up keys. It proves nothing about real providers.',
    `Result: ${exercise.verdict}, after ${clock(exercise.seconds)}. Hints cost ${exercise.hintMinutes} minutes.`,
    `Page: ${exercise.page}. Commit ${state}. Started ${exercise.started}. Seed ${exercise.seed}.`,
    `People: ${exercise.people.join(', ') || 'not named'}.`,
  ];
}

/** The report in Markdown. */
export function exerciseMarkdown(exercise: Exercise): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `# After-action report: ${cell(exercise.title)}`,
    '',
    ...facts(exercise).flatMap((text) => [cell(text), '']),
    ...tables(exercise).flatMap(({ title, head, rows }) => [
      `## ${title}`,
      '',
      line(head),
      line(head.map(() => '---')),
      ...rows.map((row) => line(row.map(cell))),
      '',
    ]),
  ].join('\n');
}

const html = (text: string) =>
  text
    .replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/[^\P{Cc}\t\n]/gu, '\ufffd');

/** The report as one HTML file that needs nothing else; made to be printed. */
export function exerciseHtml(exercise: Exercise): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((text) => `<${tag}>${html(text)}</${tag}>`).join('')}</tr>`;
  const title = html(`After-action report: ${exercise.title}`);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${title}</title>`,
    '<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}',
    'table{border-collapse:collapse;width:100%}td,th{border:1px solid #888;padding:.3rem .5rem;text-align:left;',
    'vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere}tr{break-inside:avoid}</style></head><body>',
    `<h1>${title}</h1>`,
    ...facts(exercise).map((text) => `<p>${html(text)}</p>`),
    ...tables(exercise).map(
      ({ title: name, head, rows }) =>
        `<h2>${html(name)}</h2><table><thead>${row(head, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`,
    ),
    '</body></html>',
    '',
  ].join('\n');
}
