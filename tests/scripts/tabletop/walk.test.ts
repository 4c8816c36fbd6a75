import { expect, it } from 'vitest';
import { walkRoom } from '../../../scripts/tabletop/judging/walk';
import { disorder, endOf } from '../../../scripts/tabletop/plan/plan';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import type { Deployment } from '../../../src/deployment/deployment';
import { orderProblems } from '../../../src/procedure/rules/action-order';
import type { Step } from '../../../src/procedure/steps/step';
import { exampleRoot } from '../../example';

const setting = readSetting(exampleRoot());
const walks = setting.scenarios.filter(({ world }) => world === 'room');
const walkOf = (id: string) => walks.find((each) => each.id === id) as Scenario;

/** What the walk finds on a page whose steps were changed. */
function found(id: string, change: (steps: readonly Step[]) => readonly Step[], deployment?: Deployment) {
  const scenario = walkOf(id);
  const [page] = scenario.procedures;
  if (!page) throw new Error(`${id} has no page`);
  const broken = { ...scenario, procedures: [{ ...page, steps: change(page.steps) }] };
  const result = walkRoom(broken, { ...setting, ...(deployment ? { deployment } : {}) });
  const failures = [...result.problems, ...result.steps.flatMap(({ failure }) => failure ?? [])];
  expect(result.verdict === 'failed').toBe(failures.length > 0);
  return failures.map((failure) => failure.found);
}
const without = (id: string) => (steps: readonly Step[]) => steps.filter((step) => step.id !== id);
const at = (id: string, change: Partial<Step>) => (steps: readonly Step[]) =>
  steps.map((step) => (step.id === id ? { ...step, ...change } : step));

it.each(walks.map((each) => [each.id, each] as const))('%s reaches its end', (_, scenario) => {
  const result = walkRoom(scenario, setting);
  expect(result.problems).toEqual([]);
  expect(result.verdict).toBe('passed');
  expect(result.steps.length).toBe(scenario.procedures[0]?.steps.length);
  expect(result.expect).toBe(endOf(scenario, setting.deployment));
});

it('plans every scenario of S01 to S32 with its end', () => {
  const titles = setting.scenarios.flatMap(({ procedures }) => procedures.map(({ page }) => page.title));
  const ids = Array.from({ length: 32 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);
  expect(ids.filter((id) => !titles.some((title) => title.startsWith(`${id} `)))).toEqual([]);
  const emergency = walks.filter(({ id }) => id.startsWith('emergency/'));
  for (const each of emergency)
    expect(endOf(each, setting.deployment)).toMatch(/^completed: L \w+, H [\d to]+, E /);
});

it('finds a fact that no step sets', () => {
  expect(found('emergency/fake-request', without('FRQ-03')).join()).toContain('requires "incident"');
});

it('finds an incident, a safe and a freeze that stay open', () => {
  expect(found('emergency/fake-request', without('FRQ-13'))).toContain(
    'incident.opened of FRQ-03 is never followed by incident.closed',
  );
  expect(found('emergency/insiders', without('INS-08')).join()).toContain(
    'safe.opened of INS-07 is never followed',
  );
  expect(found('emergency/no-spare-shard', without('NSS-12')).join()).toContain('freeze.started of NSS-03');
});

it('finds roles that no two people hold', () => {
  const { deployment } = setting;
  const [one] = deployment.roles.approver;
  const alone = { ...deployment, roles: { ...deployment.roles, approver: [one], 'internal-witness': [one] } };
  expect(found('emergency/shard-exposed', (steps) => steps, alone as Deployment)).toContain(
    'no two people for approver and internal-witness',
  );
});

it('finds an act that the log does not mention', () => {
  expect(
    found('emergency/safe-cannot-be-opened', at('SCO-09', { log: ['safe.inventoried'] })).join(),
  ).toContain('act "safe-open" without a record of safe.opened');
});

it('finds a record that breaks the format of the trail', () => {
  expect(found('emergency/fake-request', at('FRQ-01', { log: ['trail.opened'] })).join()).toContain(
    'trail.opened stands inside the trail',
  );
});

it('finds a state that the steps do not lead to', () => {
  expect(found('emergency/shard-exposed', without('LKS-11')).join()).toContain(
    'ends in L either, H 3 to 5, E 0, and promises L either, H 5, E 0',
  );
});

it('refuses the plan of a page that leaves a bag open', () => {
  const unseal = setting.scenarios.find(({ id }) => id === 'emergency/unseal/3-4-5') as Scenario;
  const broken = unseal.procedures.map((page) => ({
    ...page,
    steps: page.steps.filter(({ log }) => !log.includes('bag.sealed')),
  }));
  expect(disorder([unseal])).toEqual([]);
  expect(disorder([{ ...unseal, procedures: broken }])).toEqual([
    expect.objectContaining({
      rule: 'ORDER',
      message: expect.stringContaining(
        'bag.opened of UNS-S5-01 is never followed by bag.sealed and safe.closed or shard.destroyed',
      ),
    }),
  ]);
});

it('counts what one step begins and ends, in the order of its list', () => {
  const [step] = walkOf('emergency/fake-request').procedures[0]?.steps ?? [];
  const both = { ...(step as Step), log: ['safe.opened', 'safe.closed'] as const };
  expect(orderProblems([both])).toEqual([]);
  expect(orderProblems([{ ...both, log: ['safe.closed', 'safe.opened'] }])).toHaveLength(1);
  const messages = orderProblems([{ ...both, log: ['bag.opened', 'safe.opened', 'safe.closed'] }]);
  expect(messages.map(({ message }) => message).join()).toContain('needs safe.opened before it');
});
