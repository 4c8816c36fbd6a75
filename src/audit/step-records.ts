/** Steps of a procedure without their records in a trail, and records without their step. */
import type { AuditAction } from './actions';
import type { AuditEvent } from './event';

export interface RecordedStep {
  readonly id: string;
  readonly log: readonly AuditAction[];
}

export interface StepRecords {
  /** A step was done when it left any record; these of its records are missing. Steps never begun are in `idle`. */
  readonly missing: readonly { readonly step: string; readonly action: AuditAction }[];
  /** Steps that left no record at all: skipped, or not logged. */
  readonly idle: readonly string[];
  /** Records that name a step of this page that does not log them, or that is not on it. */
  readonly unexpected: readonly {
    readonly sequence: number;
    readonly step: string;
    readonly action: AuditAction;
  }[];
}

/** Counts records against steps while a trail streams by; it keeps only names, so a long trail needs no memory. */
export class StepCounter {
  readonly #steps: ReadonlyMap<string, RecordedStep>;
  readonly #prefixes: ReadonlySet<string>;
  readonly #seen = new Map<string, Set<AuditAction>>();
  readonly #unexpected: StepRecords['unexpected'][number][] = [];

  constructor(steps: readonly RecordedStep[]) {
    this.#steps = new Map(steps.map((step) => [step.id, step]));
    this.#prefixes = new Set(steps.map(({ id }) => id.slice(0, 3)));
  }

  /** Takes the next record. Records without a step, and of other pages, do not count. */
  add({ step, action, sequence }: AuditEvent): void {
    if (step === undefined || !this.#prefixes.has(step.slice(0, 3))) return;
    const known = this.#steps.get(step);
    if (!known?.log.includes(action)) {
      // An exception may be recorded at any step that exists.
      if (!(known && action === 'exception.recorded')) this.#unexpected.push({ sequence, step, action });
      return;
    }
    const seen = this.#seen.get(step) ?? new Set();
    seen.add(action);
    this.#seen.set(step, seen);
  }

  result(): StepRecords {
    const steps = [...this.#steps.values()];
    return {
      missing: steps.flatMap(({ id, log }) => {
        const seen = this.#seen.get(id);
        return seen ? log.filter((action) => !seen.has(action)).map((action) => ({ step: id, action })) : [];
      }),
      idle: steps.filter(({ id }) => !this.#seen.has(id)).map(({ id }) => id),
      unexpected: this.#unexpected,
    };
  }
}

/** No step that was begun lacks a record, and no record lacks its step. Steps that were never begun are for the reader to judge. */
export const isComplete = ({ missing, unexpected }: StepRecords): boolean =>
  missing.length + unexpected.length === 0;

/** What differs, in sentences; steps without any record are for the verdict, which could not check them. */
export function describeSteps({ missing, idle, unexpected }: StepRecords): string[] {
  return [
    ...missing.map(({ step, action }) => `Step ${step} lacks its record ${action}`),
    ...unexpected.map(
      ({ sequence, step, action }) => `Record ${sequence}: ${action} is not what step ${step} logs`,
    ),
    ...(idle.length === 0 ? ['Every step left a record.'] : []),
  ];
}
