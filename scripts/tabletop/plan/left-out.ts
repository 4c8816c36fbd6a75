/** Scenarios that this machine cannot run, because a tool that their page calls optional is missing. Never in CI. */

import { lookUpTool } from '../machine/tools';
import type { Scenario } from './scenario';

export interface LeftOut {
  readonly id: string;
  readonly tool: string;
}

/** Divides scenarios by whether every optional tool of their pages is there. In CI nothing is left out: it fails instead. */
export function leaveOut(
  scenarios: readonly Scenario[],
  inCi: boolean,
  has: (tool: string) => boolean = (tool) => lookUpTool(tool) !== undefined,
): { kept: Scenario[]; left: LeftOut[] } {
  const kept: Scenario[] = [];
  const left: LeftOut[] = [];
  for (const scenario of scenarios) {
    const optional = scenario.procedures.flatMap(({ page }) => page.drill?.optional ?? []);
    const tool = inCi ? undefined : optional.find((name) => !has(name));
    if (tool === undefined) kept.push(scenario);
    else left.push({ id: scenario.id, tool });
  }
  return { kept, left };
}
