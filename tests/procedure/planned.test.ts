/** Planned minutes for people in one building, and for custodians who are apart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plannedMinutes, type TimedStep } from '../../src/procedure/run/planned';

const at = (minutes: number, workstation?: number): TimedStep => ({ minutes, workstation });

describe('planned minutes', () => {
  it('of no steps are none', () => {
    expect(plannedMinutes([])).toEqual({ together: 0, apart: 0 });
  });

  it('are the same where nobody is apart', () => {
    expect(plannedMinutes([at(3), at(4)])).toEqual({ together: 7, apart: 7 });
  });

  it('count the longest workstation where custodians are apart', () => {
    const steps = [at(2), at(4, 1), at(3, 1), at(1, 2), at(12, 3), at(5)];
    expect(plannedMinutes(steps)).toEqual({ together: 27, apart: 19 });
  });

  it('lie between the longest workstation and all of them, in whatever order the steps stand', () => {
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 90 }),
      workstation: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { together, apart } = plannedMinutes(steps);
        expect(together).toBe(steps.reduce((sum, { minutes }) => sum + minutes, 0));
        expect(apart).toBeLessThanOrEqual(together);
        expect(plannedMinutes([...steps].reverse())).toEqual({ together, apart });
      }),
    );
  });
});
