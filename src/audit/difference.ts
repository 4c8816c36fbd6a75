/** What is compared of a finished ceremony, and how a difference is told. */
import type { Manifest } from '../shard/manifest';
import type { AuditAction } from './actions';
import type { CeremonyLog } from './ceremony-log';
import type { AuditEvent } from './event';

/** A step as compiled. */
export interface DemandedStep {
  readonly id: string;
  readonly by: string;
  readonly witness: string;
  readonly log: readonly AuditAction[];
}

export interface CrossCheckInput {
  readonly page: string;
  /** Commit of the runbook from which `steps` were compiled. */
  readonly commit: string;
  readonly steps: readonly DemandedStep[];
  readonly log: CeremonyLog;
  /** Records of a verified trail, in order. */
  readonly events: readonly AuditEvent[];
  readonly manifest?: Manifest | undefined;
  /** SHA-256 of the manifest file. */
  readonly manifestSha256?: string | undefined;
}

/** One difference. `rule` is stable; the step is there where it is about one. */
export interface Difference {
  readonly rule: 'RUNBOOK' | 'STEP' | 'ORDER' | 'PEOPLE' | 'EVENT' | 'OUTCOME' | 'MANIFEST' | 'SIGNATURE';
  readonly step: string | undefined;
  readonly message: string;
}

export type Check = (input: CrossCheckInput) => Difference[];

export const difference = (
  rule: Difference['rule'],
  step: string | undefined,
  message: string,
): Difference => ({ rule, step, message });
