/** One run of the drill: the pages, the world that they meet, and how it must end. */
import type { Deployment } from '../../../src/deployment/deployment';
import type { Procedure } from '../../../src/procedure/compile';
import { isDone, type Step } from '../../../src/procedure/steps/step';

/** A bad shard that the drill plants, and what must happen. */
export const tamperings = [
  'ciphertext-flipped',
  'sheet-altered',
  'other-generation',
  'duplicate',
  'x-zero',
  'test-among-real',
  'row-missing',
  'sheet-unreadable',
  'no-shard',
] as const;
export type Tampering = (typeof tamperings)[number];

export interface Stop {
  /** The step that must refuse. */
  readonly step: string;
  /** Text that the operator must see there, on stdout or stderr; the page must print it too. */
  readonly message: string;
}

/** What is different on one page of a scenario of several. */
export interface Part {
  readonly quorum: readonly number[] | undefined;
  readonly lost: number | undefined;
  readonly faults: Readonly<Record<string, string>>;
  /** As deployment.yaml is on that day: a page before may have given a shard its next key. */
  readonly deployment: Deployment;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Pages in the order in which they are followed, in one room. */
  readonly procedures: readonly Procedure[];
  /** `room`: no machine is touched; the page is walked in a model of the room. */
  readonly world: 'fixture' | 'empty' | 'room';
  /** Shards that the recovery lead has chosen; undefined where the page needs no quorum. */
  readonly quorum: readonly number[] | undefined;
  readonly lost: number | undefined;
  /** Region that is down, as `aws-kms:us-east-1`. */
  readonly down?: string;
  readonly faults: Readonly<Record<string, string>>;
  /** With the fault `wrong-shard`: the shard that the provider gives instead. */
  readonly given?: number;
  readonly tampering:
    | { readonly kind: Tampering; readonly shard: number; readonly other: number }
    | undefined;
  readonly expect: 'recovered' | 'completed' | Stop;
  /** By file: pages that are followed on another day, with a set that is there already. */
  readonly parts?: Readonly<Record<string, Part>>;
}

/** A step as it is seen while these faults are on. */
function seenWith(faults: Scenario['faults'], step: Step): Step {
  const seen = step.command?.instead.find(({ fault }) => Object.values(faults).includes(fault));
  if (!step.command || !seen) return step;
  const { exit, stream, expected } = seen;
  return { ...step, command: { ...step.command, exit, stream, expected } };
}

/** The steps that are done in a scenario, in page order: those of shards that were not chosen or not lost are skipped. */
export function stepsOf(scenario: Scenario, procedure: Procedure): Step[] {
  const { quorum, lost, faults } = scenario.parts?.[procedure.file] ?? scenario;
  const now = { lost, down: scenario.down };
  return procedure.steps
    .filter(
      (step) =>
        (step.shard === undefined || quorum === undefined || quorum.includes(step.shard)) &&
        isDone(step, now),
    )
    .map((step) => seenWith(faults, step));
}
