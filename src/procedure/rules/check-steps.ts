/** Rules about all steps of a page together: their ids, and the order in which they change the room. */
import { formatProblem, type Problem } from '../../deployment/problem';
import type { Page } from '../steps/page';
import { isDone, type Step, stepId } from '../steps/step';
import type { Place } from '../text/source';
import { walkWorld } from './world';

/** Ids have the page's prefix, are unique, ascend, and leave no gap that is not listed as retired. */
export function checkIds(page: Page, steps: readonly Step[]): Problem[] {
  const problems: Problem[] = [];
  const report = ({ file, line }: Place, message: string) => {
    problems.push({ file, line, rule: 'ID', message });
  };
  const groups = new Map<string, Map<number, Place>>();
  for (const step of steps) {
    const [, group = '', digits = ''] = stepId.exec(step.id) ?? [];
    const number = Number(digits);
    const prefix = page.prefix ?? '(the front matter has none)';
    if (group.slice(0, 3) !== page.prefix)
      report(step, `step ${step.id}: wanted the page’s prefix ${prefix}`);
    if (page.retired.includes(step.id)) report(step, `step ${step.id} is retired; ids are never used again`);
    const seen = groups.get(group) ?? new Map<number, Place>();
    const first = seen.get(number);
    if (first) report(step, `step ${step.id} is already at ${first.file}:${first.line}`);
    const last = [...seen.keys()].at(-1) ?? 0;
    if (!first && number < last)
      report(
        step,
        `step ${step.id} stands after ${group}-${String(last).padStart(2, '0')}; steps are done in the order of their numbers`,
      );
    seen.set(number, step);
    groups.set(group, seen);
  }
  for (const [group, seen] of groups) {
    const numbers = [...seen.keys()].sort((a, b) => a - b);
    for (let number = 1; number < (numbers.at(-1) ?? 0); number++) {
      const id = `${group}-${String(number).padStart(2, '0')}`;
      if (seen.has(number) || page.retired.includes(id)) continue;
      const after = seen.get(numbers.find((other) => other > number) ?? 0);
      if (after) report(after, `step ${id} is missing; a removed step is listed under "retired"`);
    }
  }
  return problems;
}

/** Walks the room once, or once for each shard that can be the lost one, or each region that can be down; a problem of several walks is told once. */
export function checkOrder(page: Page, steps: readonly Step[], end: Place): Problem[] {
  const losses = [
    ...new Set(steps.flatMap(({ lost, down }) => ((lost ?? down) === undefined ? [] : [lost ?? down]))),
  ].map((what) => (typeof what === 'number' ? { lost: what } : { down: what }));
  const found = new Map<string, Problem>();
  for (const now of losses.length > 0 ? losses : [{}]) {
    const done = steps.filter((step) => isDone(step, now));
    for (const problem of walkWorld(done, page.starts, page.ends, end)) {
      found.set(formatProblem(problem), problem);
    }
  }
  return [...found.values()];
}
