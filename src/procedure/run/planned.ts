/** How long a procedure takes when its people are in one building, and when custodians work at places of their own. Pure. */

/** What counts of a step: its minutes, and the shard at whose custodian's workstation it is done, if it is done there. */
export interface TimedStep {
  readonly minutes: number;
  /** Number of that shard; undefined for a step that is done anywhere else. */
  readonly workstation: number | undefined;
}

/**
 * Planned minutes. In one building one witness goes from workstation to workstation, so that all is done one after the other.
 * Custodians who are apart have a witness each and work at the same time: the longest of them counts.
 */
export function plannedMinutes(steps: readonly TimedStep[]): {
  readonly together: number;
  readonly apart: number;
} {
  const own = new Map<number, number>();
  let elsewhere = 0;
  for (const { minutes, workstation } of steps) {
    if (workstation === undefined) elsewhere += minutes;
    else own.set(workstation, (own.get(workstation) ?? 0) + minutes);
  }
  const sum = [...own.values()].reduce((all, minutes) => all + minutes, 0);
  return { together: elsewhere + sum, apart: elsewhere + Math.max(0, ...own.values()) };
}
