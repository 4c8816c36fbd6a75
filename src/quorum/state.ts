/** State of a key from counts: is it live, how many shards are healthy, how many are exposed, and what that demands. */
import { checkThreshold } from './types';

export type CompromiseState = 'AMBER-C' | 'BLACK-C';
export type AvailabilityState = 'GREEN' | 'AMBER-A' | 'RED-A' | 'BLACK-A1' | 'BLACK-A2';
export type KeyState = CompromiseState | AvailabilityState;

export interface KeyFacts {
  /** M of the current generation. */
  readonly threshold: number;
  /** L: the key is live in some running process. */
  readonly live: boolean;
  /** H: healthy, proven shards of the current generation. */
  readonly healthy: number;
  /** E: distinct exposed shards of any generation that can still reach M. */
  readonly exposed: number;
  /** The key itself, or a process that holds it, was readable from outside. */
  readonly keySeen?: boolean;
  /** S: surviving or leaked shards of the previous generation after a reshare; 0 when its end is proved. */
  readonly previous?: number;
  /** M of the previous generation; that of the current one by default. */
  readonly previousThreshold?: number;
}

export interface Assessment {
  readonly compromise: CompromiseState | undefined;
  /** Undefined in BLACK-C, where the rules of availability do not apply: no recovery with an exposed key. */
  readonly availability: AvailabilityState | undefined;
  /** Exactly M - 1 shards are exposed: treat as BLACK-C within hours. */
  readonly oneShort: boolean;
  /** The previous generation can still reach its threshold: destroy it or rotate. */
  readonly previousAlive: boolean;
}

function checkCount(name: string, value: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name}: wanted a number, got ${typeof value}`);
  if (!Number.isInteger(value) || value < 0 || value > 255) {
    throw new RangeError(`${name}: wanted a whole number from 0 to 255, got ${value}`);
  }
}

/** State on both axes. Compromise is asked first; availability is answered beside it, for both can be true at once. */
export function assess(facts: KeyFacts): Assessment {
  const { threshold, live, healthy, exposed, previous = 0 } = facts;
  checkThreshold(threshold, 255);
  checkCount('healthy', healthy);
  checkCount('exposed', exposed);
  checkCount('previous', previous);
  const previousAlive = previous > 0 && previous >= (facts.previousThreshold ?? threshold);
  if (facts.keySeen === true || exposed >= threshold) {
    return { compromise: 'BLACK-C', availability: undefined, oneShort: false, previousAlive };
  }
  return {
    compromise: exposed > 0 || previousAlive ? 'AMBER-C' : undefined,
    availability: availabilityOf(healthy - threshold, live),
    oneShort: exposed > 0 && exposed === threshold - 1,
    previousAlive,
  };
}

function availabilityOf(spare: number, live: boolean): AvailabilityState {
  if (spare >= 2) return 'GREEN';
  if (spare === 1) return 'AMBER-A';
  if (spare === 0) return 'RED-A';
  return live ? 'BLACK-A1' : 'BLACK-A2';
}
