/** Optional tools: what a machine lacks is left out by name, and never in CI. */
import { describe, expect, it } from 'vitest';
import { leaveOut } from '../../../scripts/tabletop/plan/left-out';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';

const scenario = (id: string, optional: string[]) =>
  ({ id, procedures: [{ page: { drill: { optional } } }] }) as unknown as Scenario;

describe('leaveOut', () => {
  const scenarios = [scenario('plain', []), scenario('by-hand', ['python3'])];

  it('leaves out what needs a missing optional tool, and says which', () => {
    const { kept, left } = leaveOut(scenarios, false, () => false);
    expect(kept.map(({ id }) => id)).toEqual(['plain']);
    expect(left).toEqual([{ id: 'by-hand', tool: 'python3' }]);
  });

  it('keeps everything where the tool is there', () => {
    expect(leaveOut(scenarios, false, () => true).kept).toHaveLength(2);
  });

  it('leaves nothing out in CI, so that a missing tool fails there', () => {
    expect(leaveOut(scenarios, true, () => false)).toEqual({ kept: scenarios, left: [] });
  });
});
