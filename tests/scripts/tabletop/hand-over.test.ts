/** A page that is left midway for another one: what the other page takes over, for every pair that the pages name. */
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from '../../../scripts/tabletop/drill/drill';
import { workThrough } from '../../../scripts/tabletop/drill/workers';
import { type Scenario, stepsOf } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { buildTools } from '../../../scripts/tabletop/world/tool-set';
import type { Procedure } from '../../../src/procedure/compile';
import type { ScenarioResult } from '../../../src/procedure/results/drill-results';
import { placeOf, type Step } from '../../../src/procedure/steps/step';
import { exampleRoot } from '../../example';

const setting = readSetting(exampleRoot());
const { procedures, scenarios } = setting;
const logging = (action: string) => (step: Step) =>
  step.command !== undefined && (step.log as readonly string[]).includes(action);
const opens = logging('workspace.prepared');
const wipes = logging('workspace.wiped');
const folderOf = ({ steps }: Procedure) =>
  steps
    .find(opens)
    ?.command?.lines.map(({ text }) => /XDG_RUNTIME_DIR\/([\w-]+)/.exec(text)?.[1])
    .find(Boolean);

/** Pages that work in the folder of a recovery. */
const pages = procedures.filter(
  (procedure) =>
    procedure.applies && procedure.page.drill?.world === 'fixture' && folderOf(procedure) === 'recovery',
);

/** Pages that a page leads to, as far as they work in the same folder. */
function leadsTo(from: Procedure): Procedure[] {
  const links = from.lines.flatMap(({ text }) =>
    [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) =>
      link.startsWith('/') ? `docs${link}` : join(dirname(from.file), link),
    ),
  );
  const files = new Set(links.map((link) => link.replace(/(?:\.mdx)?$/, '.mdx')));
  return pages.filter((page) => page !== from && files.has(page.file));
}

/** Only where both are followed at the same machine: a page that tells places has others than one that tells none. */
const pairs = pages.flatMap((from) =>
  leadsTo(from)
    .filter(({ page }) => page.place === from.page.place)
    .map((to) => ({ from, to, name: `${from.page.prefix} → ${to.page.prefix}` })),
);

/** The steps up to the first that fits, and that one. */
const until = (steps: readonly Step[], fits: (step: Step) => boolean) =>
  steps.slice(0, steps.findIndex(fits) + 1);

/** The step that opens the folder, where files lie in it: each is named below what the page shows. */
function finding(step: Step, files: readonly string[]): Step {
  const { command } = step;
  const last = command?.expected.at(-1);
  if (!command || !last) return step;
  const expected = [...command.expected, ...files.map((text) => ({ ...last, text }))];
  return { ...step, command: { ...command, expected } };
}

const takesOver = ({ lines }: Procedure) =>
  lines.some(({ text }) => text.includes('list files from another page? They stay.'));
const empties = ({ lines }: Procedure) =>
  lines.some(({ text }) => text.includes('list files from another page? Wipe the folder first.'));

/** One page after the other, in one shell of one machine. */
function inOneRoom(
  from: Procedure,
  to: Procedure,
  steps: readonly Step[],
  scenario: Partial<Scenario> = {},
): Scenario {
  const both = [...new Set([...from.page.tools, ...to.page.tools])];
  const procedure = { ...to, page: { ...to.page, tools: both }, steps };
  return {
    title: to.page.title,
    world: 'fixture',
    quorum: undefined,
    lost: undefined,
    faults: {},
    tampering: undefined,
    expect: 'completed',
    ...scenario,
    id: `${from.page.prefix} → ${to.page.prefix}${scenario.quorum ? ' with a shard' : ''}`,
    procedures: [procedure],
  };
}

/** A page up to its manifest, and another one that begins there. */
function leaving({ from, to }: (typeof pairs)[number]): Scenario {
  const manifest = (step: Step) => step.sets.includes('manifest');
  const before = until(from.steps, manifest);
  const begun = until(to.steps, opens);
  const more = until(to.steps, manifest).slice(begun.length);
  const open = begun.at(-1);
  const wipe = to.steps.find((step) => wipes(step) && open && placeOf(step) === placeOf(open));
  if (!open || !wipe) throw new Error(`${to.file} opens and wipes no folder`);
  const first = [...before, ...begun.slice(0, -1), finding(open, ['manifest.json'])];
  return inOneRoom(
    from,
    to,
    takesOver(to) ? [...first, ...more, wipe] : [...first, wipe, open, ...more, wipe],
  );
}

/** Unseal up to its first shard, and the page of the outage to its end. */
function unsealThenOutage(): Scenario[] {
  const [unseal, outage] = ['UNS', 'RGN'].map((prefix) =>
    procedures.find(({ page, applies }) => applies && page.prefix === prefix),
  );
  const scenario = scenarios.find(
    ({ procedures: [page], expect, quorum = [] }) =>
      page === outage && expect === 'recovered' && !quorum.includes(1),
  );
  const [shard] = scenario?.quorum ?? [];
  if (!unseal || !outage || !scenario || shard === undefined) return [];
  const checked = (step: Step) => step.shard === shard && step.sets.includes('shard-checked');
  const before = until(
    unseal.steps.filter((step) => step.shard === undefined || step.shard === shard),
    checked,
  );
  const session = ['session.key', 'session.pub.pem'];
  const files = ['manifest.json', ...session];
  const after = stepsOf(scenario, outage)
    .filter((step) => step.shard !== shard)
    .map((step) =>
      opens(step) && step.place === outage.page.place
        ? finding(step, [...files, `shard-${shard}.wrapped`])
        : step,
    );
  return [inOneRoom(unseal, outage, [...before, ...after], scenario)];
}

const work = [...pairs.map(leaving), ...unsealThenOutage()];
let results: ScenarioResult[];
beforeAll(async () => {
  const tools = await buildTools();
  results = await workThrough(work, 1, (scenario, database) =>
    runScenario(scenario, { ...setting, ...database, tools }),
  );
}, 900_000);

const wrong = ({ steps, problems }: ScenarioResult) =>
  [...steps.flatMap(({ id, failure }) => (failure ? [{ id, ...failure }] : [])), ...problems].map(
    ({ rule, wanted, found, stderr }) => ({ rule, wanted, found, stderr }),
  );

describe('a page that is left once its manifest is there', () => {
  it('leads to other pages, and each says what it does with the folder', () => {
    expect(pairs.length).toBeGreaterThan(10);
    for (const { to } of pairs) expect([to.file, takesOver(to) !== empties(to)]).toEqual([to.file, true]);
  });

  it('is taken over by the pages that recover the key, and by no other', () => {
    for (const page of pages)
      expect([page.file, takesOver(page)]).toEqual([page.file, page.page.drill?.expect === 'recovered']);
  });

  it.each(pairs)('$name', ({ name }) => {
    const at = work.findIndex(({ id }) => id === name);
    expect(wrong(results[at] as ScenarioResult)).toEqual([]);
    expect(results[at]?.steps).toHaveLength(work[at]?.procedures[0]?.steps.length ?? 0);
  });
});

describe('a shard that was unwrapped by Unseal', () => {
  it.skipIf(unsealThenOutage().length === 0)(
    'counts on the page of the outage, and the key comes back',
    () => {
      const result = results.at(-1) as ScenarioResult;
      expect(wrong(result)).toEqual([]);
      expect(result.verdict).toBe('passed');
    },
  );
});
