/** Every kind of home that an operator may have: the unseal page and the ceremony's script keep their promises in each. */
import { createPublicKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../../../scripts/tabletop/drill/drill';
import { workThrough } from '../../../scripts/tabletop/drill/workers';
import { type Home, homes, homeUnavailable, nameOf, runtimes } from '../../../scripts/tabletop/machine/homes';
import type { Sandbox } from '../../../scripts/tabletop/machine/sandbox';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { privateKeyOf } from '../../../scripts/tabletop/world/provider-keys';
import { buildTools } from '../../../scripts/tabletop/world/tool-set';
import type { ScenarioResult } from '../../../src/procedure/results/drill-results';
import { exampleRoot } from '../../example';

const setting = readSetting(exampleRoot());
const { deployment, procedures, scenarios } = setting;
/** Each home unseals with another quorum, so that every shard is unwrapped in some of them. */
const unseals = scenarios.filter(
  ({ id, expect }) => id.startsWith('emergency/unseal/') && expect === 'recovered',
);
const script = procedures.find(({ page }) => page.prefix === 'CER');

/** The script alone: the public keys that the pages before it have made lie on the medium. */
function arrange({ home, world }: Sandbox): void {
  const medium = join(home, 'ceremony-medium');
  mkdirSync(medium, { mode: 0o700 });
  for (const shard of deployment.shards.filter((each) => each.medium === 'wrapped')) {
    const key = createPublicKey(privateKeyOf(world, shard)).export({ type: 'spki', format: 'pem' });
    writeFileSync(join(medium, `shard-${shard.n}.pub.pem`), key, { mode: 0o600 });
  }
}

/** What a home's operator does: the page of the recovery, and the script of the ceremony. */
const work = homes
  .filter((home) => homeUnavailable(home) === undefined)
  .flatMap((home): { home: Home; scenario: Scenario }[] => {
    const unseal = unseals[(homes.indexOf(home) * 2) % unseals.length];
    const ceremony: Scenario[] = script
      ? [
          {
            id: 'ceremony/script',
            title: script.page.title,
            procedures: [script],
            world: 'fixture',
            quorum: undefined,
            lost: undefined,
            faults: {},
            tampering: undefined,
            expect: 'completed',
          },
        ]
      : [];
    return [...(unseal ? [unseal] : []), ...ceremony].map((scenario) => ({ home, scenario }));
  });
let results: ScenarioResult[];
beforeAll(async () => {
  const tools = await buildTools();
  results = await workThrough(work, 1, ({ home: kind, scenario }, database) => {
    const more = scenario.id === 'ceremony/script' ? { arrange } : {};
    return runScenario(scenario, { ...setting, ...database, tools, kind, ...more });
  });
}, 600_000);

/** How the work of one kind ended in a home. */
function ended(home: Home, id: string): ScenarioResult {
  const at = work.findIndex((each) => each.home === home && each.scenario.id.startsWith(id));
  const result = results[at];
  if (!result) throw new Error(`${id} was not done in this home`);
  return result;
}

const wrong = ({ steps, problems }: ScenarioResult) =>
  [...steps.flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : [])), ...problems].map(
    ({ rule, wanted, found, stderr }) => ({ rule, wanted, found, stderr }),
  );

describe.each(homes.map((home) => ({ home, name: nameOf(home) })))('$name', ({ home }) => {
  const missing = homeUnavailable(home);
  const because = missing === undefined ? '' : `: not shown here, ${missing}`;

  it.skipIf(missing)(`unseals, and leaves nothing${because}`, () => {
    expect(wrong(ended(home, 'emergency/unseal/'))).toEqual([]);
    expect(ended(home, 'emergency/unseal/').verdict).toBe('passed');
  });

  it.skipIf(missing)(`holds the ceremony, and leaves nothing${because}`, () => {
    expect(wrong(ended(home, 'ceremony/script'))).toEqual([]);
    expect(ended(home, 'ceremony/script').verdict).toBe('passed');
  });
});

describe('the matrix of homes', () => {
  it('has every value of every column, and every pair of two', () => {
    const columns = {
      runtime: runtimes,
      user: ['root', 'ordinary'],
      shell: ['kept', 'reopened'],
      variables: ['plain', 'hostile'],
    } as const;
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const missing = names.flatMap((a, at) =>
      names
        .slice(at + 1)
        .flatMap((b) =>
          columns[a].flatMap((x) =>
            columns[b].flatMap((y) =>
              homes.some((home) => home[a] === x && home[b] === y) ? [] : [`${a} ${x}, ${b} ${y}`],
            ),
          ),
        ),
    );
    expect(missing).toEqual([]);
  });
});
