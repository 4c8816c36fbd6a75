/** The result of a scenario as the reports may show it. */
import { type Failure, type ScenarioResult, verdictOf } from '../../../src/procedure/results/drill-results';
import { failureAt } from '../judging/failure';
import type { Scenario } from '../plan/scenario';
import { createRedactor } from '../secrets/redact';
import { type KnownSet, secretsOf } from '../world/oracle';

/** Everything that the reports say, without a secret; each secret that had to be taken out is a failure by itself. */
export function clean(set: KnownSet | undefined, result: Omit<ScenarioResult, 'verdict'>): ScenarioResult {
  const redactor = createRedactor(set ? secretsOf(set) : []);
  const redactFailure = (failure: Failure, where: string): Failure => ({
    ...failure,
    found: redactor.redact(failure.found, where),
    wanted: redactor.redact(failure.wanted, where),
    stderr: failure.stderr.map((line) => redactor.redact(line, where)),
  });
  const steps = result.steps.map((step) =>
    step.failure ? { ...step, failure: redactFailure(step.failure, step.id) } : step,
  );
  const problems = result.problems.map((problem) => redactFailure(problem, problem.rule));
  for (const { secret, where } of redactor.redactions) {
    const file = result.pages.at(-1) ?? '?';
    const found = `${secret} in ${where}`;
    problems.push(failureAt({ file, line: 1 }, 'secret', 'no secret in any message', found));
  }
  return { ...result, steps, problems, verdict: verdictOf({ steps, problems }) };
}

/** The faults of a scenario and of its parts, by target; one that meets several has them in their order. */
export function allFaults({ faults, parts = {} }: Scenario): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [target, mode] of [{ faults }, ...Object.values(parts)].flatMap((each) =>
    Object.entries(each.faults),
  ))
    found[target] = found[target] === undefined ? mode : `${found[target]}, then ${mode}`;
  return found;
}

/** How a scenario must end, in words. */
export const describe = (expect: Scenario['expect']) =>
  typeof expect === 'string' ? expect : `stops at ${expect.step}: ${expect.message}`;
