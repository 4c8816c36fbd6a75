/** From what happened in an exercise to its after-action report. Pure. */
import type { Procedure } from '../../../src/procedure/compile';
import type { Step } from '../../../src/procedure/steps/step';
import type { Scenario } from '../plan/scenario';
import type { commitOf } from '../report/summary';
import { createRedactor } from '../secrets/redact';
import type { Secret } from '../secrets/secrets';
import { nameOf } from './choice';
import { questions } from './injects';
import { detects, type Situation } from './judge';
import type { Typed } from './operator-shell';
import { type Exercise, exerciseSchema, improvementsOf, strengthsOf } from './report';
import type { openRoom } from './room';
import { followed, nearest } from './steps';

/** Minutes that a hint costs, and targets until somebody says what is wrong and what to do. */
export const hintMinutes = 5;
const detectMinutes = 5;
const decideMinutes = 15;

/** An exercise that has ended. */
export interface EndedExercise {
  readonly scenario: Scenario;
  readonly situation: Situation;
  /** Steps of the page, in its order. */
  readonly steps: readonly Step[];
  readonly room: Pick<Awaited<ReturnType<typeof openRoom>>, 'timeline' | 'acted'>;
  readonly typed: readonly Typed[];
  /** What must not stand in the report. */
  readonly secrets: readonly Secret[];
  readonly people: readonly string[];
  readonly seed: number;
  /** How many times faster than the clock. */
  readonly pace: number;
  readonly commit: ReturnType<typeof commitOf>;
  readonly started: Date;
  /** Of the exercise, without the cost of hints. */
  readonly seconds: number;
  readonly hints: number;
  readonly verdict: Exercise['verdict'];
  readonly objectives: Exercise['objectives'];
  readonly faults: Exercise['faults'];
}

/** The report of an exercise, checked against its schema. */
export function afterAction(ended: EndedExercise): Exercise {
  const { scenario, situation, steps, room, typed, started, pace, hints, verdict, objectives, faults } =
    ended;
  const [procedure] = scenario.procedures as [Procedure];
  const redactor = createRedactor(ended.secrets);
  const timeline = [
    ...room.timeline,
    ...typed.map(({ status, at, text, place }) => ({
      seconds: Math.max(0, ((at - started.getTime()) / 1000) * pace),
      kind: 'typed' as const,
      text,
      status,
      ...(place === undefined ? {} : { place }),
    })),
  ]
    .map((entry) => ({ ...entry, text: redactor.redact(entry.text, entry.kind) }))
    .sort((a, b) => a.seconds - b.seconds);
  const first = (test: (entry: (typeof timeline)[number]) => boolean) => timeline.find(test)?.seconds ?? null;
  const loads = steps.filter(({ log }) => log.includes('key.loaded'));
  const loaded = first(
    ({ kind, text, status }) =>
      status === 0 &&
      (kind === 'act' ? text === 'key-load' : kind === 'typed' && nearest(loads, text) !== undefined),
  );
  // A repair is done with the last command.
  const lastTyped = timeline.filter(({ kind }) => kind === 'typed').at(-1)?.seconds ?? null;
  const reached = situation.recovers ? loaded : verdict.startsWith('repaired') ? lastTyped : null;
  const { done, skipped, repeated, mistyped, failed } = followed(steps, typed, room.acted);
  const clean = (text: string) => redactor.redact(text, 'typed');
  const minutes = procedure.steps.reduce((sum, step) => sum + step.minutes, 0);
  const cost = hints * hintMinutes;
  const times = [
    {
      name: 'detected',
      seconds: first(({ text }) => text.startsWith('detect: ') && detects(situation, text.slice(8))),
      targetSeconds: detectMinutes * 60,
    },
    ...(situation.recovers
      ? [
          {
            name: 'decided',
            seconds: first(({ text }) => text.startsWith('decide: ')),
            targetSeconds: decideMinutes * 60,
          },
        ]
      : []),
    {
      name: situation.recovers ? 'recovered' : 'repaired',
      seconds: reached === null ? null : reached + cost * 60,
      targetSeconds: (procedure.page.rto ?? minutes) * 60,
    },
  ];
  const parts = {
    objectives,
    faults,
    times,
    timeline,
    hintMinutes: cost,
    steps: {
      done,
      skipped,
      repeated,
      mistyped: mistyped.map(({ text, step }) => ({ text: clean(text), step })),
      failed: failed.map(clean),
    },
  };
  return exerciseSchema.parse({
    format: 'tabletop-exercise/1',
    kind: 'exercise by people',
    scenario: nameOf(scenario),
    title: procedure.page.title,
    page: procedure.file,
    seed: ended.seed,
    people: [...ended.people],
    ...ended.commit,
    started: started.toISOString(),
    seconds: ended.seconds,
    verdict,
    ...parts,
    strengths: strengthsOf(parts),
    improvements: improvementsOf(parts),
    questions: [...questions],
    signatures: ['Facilitator', 'Recovery lead', 'Recovery operator', 'Internal witness', 'Evaluator'],
  });
}
