/** Which runs the drill makes of the compiled pages: every quorum, everything below it, every bad shard, every chain of pages. Pure. */
import { type Deployment, type Shard, withNextKey } from '../../../src/deployment/deployment';
import type { Problem } from '../../../src/deployment/problem';
import type { Procedure } from '../../../src/procedure/compile';
import { isDrilled } from '../../../src/procedure/results/drilled';
import { orderProblems } from '../../../src/procedure/rules/action-order';
import { stateText } from '../../../src/procedure/rules/key-state';
import { promisedState, sizeOf } from '../../../src/procedure/state-walk';
import { isDone } from '../../../src/procedure/steps/step';
import { explains } from '../../../src/procedure/text/refusals';
import { parseWhere } from '../../../src/procedure/text/where';
import { standInOf } from '../../providers/stand-ins';
import { apartFrom, choices, shardsOf } from './choices';
import { type Part, type Scenario, stepsOf, tamperings } from './scenario';
import { plannedStops } from './stops';

/** Compiles a page of the project for a deployment. */
export type Compile = (file: string, deployment: Deployment) => Procedure;

/** A page without folder docs/ and ending, as scenarios are called. */
const nameOf = ({ file }: Procedure) => file.replace(/^docs\//, '').replace(/\.mdx?$/, '');

/** The first of each, and as many more as it takes until every shard that one of them can unwrap was unwrapped. */
function everyShard(planned: readonly (readonly Scenario[])[]): Scenario[] {
  const kept = planned.flatMap((runs) => runs.slice(0, 1));
  const more = planned.flatMap((runs) => runs.slice(1));
  const done = new Set(kept.flatMap(({ quorum }) => quorum ?? []));
  const adds = ({ quorum = [] }: Scenario) => quorum.filter((shard) => !done.has(shard)).length;
  for (;;) {
    const [best] = [...more].sort((a, b) => adds(b) - adds(a));
    if (!best || adds(best) === 0) return kept;
    kept.push(best);
    for (const shard of best.quorum ?? []) done.add(shard);
  }
}

/**
 * The runs of a page about a region that is down: each region in which a key is used, by the fault that the page names and
 * by those that can stand in its place. What the region takes away is left out, unless the page has another way to it.
 */
function outages(procedure: Procedure, deployment: Deployment, down: string): Scenario[] {
  const { drill, title } = procedure.page;
  const name = nameOf(procedure);
  const regions = deployment.shards.filter(({ newRegion }) => newRegion);
  const planned = regions.map(({ regionId = '', keyRegion, providerName }) => {
    const there = deployment.shards.filter((shard) => shard.regionId === regionId);
    const faults = (mode: string) =>
      Object.fromEntries(
        there
          .flatMap((shard) => standInOf(shard.provider)?.outage?.(shard) ?? [])
          .map((each) => [each, mode]),
      );
    const within = procedure.steps.filter(
      (step) => step.log.includes('shard.verified') && isDone(step, { down: regionId }),
    );
    const quorums = choices(shardsOf({ steps: within }), deployment.key.threshold);
    return quorums.map(
      (quorum) =>
        (mode: string): Scenario => ({
          id: [name, regionId.replace(':', '-'), ...(mode === down ? [] : [mode]), quorum.join('-')].join(
            '/',
          ),
          title: `${title}: ${providerName} ${keyRegion}, ${mode.replaceAll('-', ' ')}, with shards ${quorum.join(', ')}`,
          procedures: [procedure],
          world: 'fixture',
          quorum,
          lost: undefined,
          down: regionId,
          faults: faults(mode),
          tampering: undefined,
          expect: drill?.expect ?? 'recovered',
        }),
    );
  });
  // Which quorum serves is shown on the unseal page.
  return [
    ...everyShard(planned.map((runs) => runs.map((run) => run(down)))),
    ...planned.flatMap(([first]) => (first ? (drill?.also ?? []).map(first) : [])),
  ];
}

function recoveries(procedure: Procedure, deployment: Deployment): Scenario[] {
  const { drill, title } = procedure.page;
  if (!drill) return [];
  if (drill.down !== undefined) return outages(procedure, deployment, drill.down);
  const name = nameOf(procedure);
  const base = {
    procedures: [procedure],
    world: 'fixture' as const,
    tampering: undefined,
    expect: drill.expect,
  };
  const { lost } = drill;
  const losses = lost ? deployment.shards.filter(parseWhere(lost.where)) : [undefined];
  const planned = losses.map((gone) => {
    const kind = lost && tamperings.find((tampering) => tampering === lost.fault);
    const broken =
      gone && lost && !kind && lost.fault !== 'none'
        ? (standInOf(gone.provider)?.targets(gone) ?? []).map((target) => [target, lost.fault])
        : [];
    const faults = { ...drill.faults, ...Object.fromEntries(broken) };
    const apart = gone && Object.keys(broken).length > 0 ? apartFrom(gone, deployment) : undefined;
    const within = shardsOf(procedure).filter(
      (shard) => shard !== gone?.n && (apart?.includes(shard) ?? true),
    );
    const quorums = drill.quorum === 'none' ? [undefined] : choices(within, deployment.key.threshold);
    return quorums.map((quorum): Scenario => {
      const parts = [name, ...(gone ? [`lost-${gone.n}`] : []), ...(quorum ? [quorum.join('-')] : [])];
      const with_ = quorum ? ` with shards ${quorum.join(', ')}` : '';
      const without = gone ? `, shard ${gone.n} lost` : '';
      return {
        ...base,
        id: parts.join('/'),
        title: `${title}${with_}${without}`,
        quorum,
        lost: gone?.n,
        ...(gone && kind ? { tampering: { kind, shard: gone.n, other: gone.n } } : {}),
        faults,
      };
    });
  });
  // Which quorum serves is shown on the unseal page; a page about one loss is run once for each lost shard.
  const runs = lost || drill.quorum === 'first' ? everyShard(planned) : planned.flat();
  // Which quorum serves is shown above; the same page with another fault is run once.
  const [first] = runs;
  const others = drill.also.map((mode): Scenario[] =>
    first === undefined
      ? []
      : [
          {
            ...first,
            id: `${name}/${mode}/${first.quorum?.join('-') ?? 'any'}`,
            title: `${first.title}, ${mode.replaceAll('-', ' ')}`,
            faults: Object.fromEntries(Object.keys(first.faults).map((target) => [target, mode])),
          },
        ],
  );
  return [...runs, ...others.flat()];
}

/** Faults that take a provider away; each knows one of them. */
const absences = ['refuse', 'absent'] as const;

const faultsOf = (shard: Shard | undefined, mode: string | undefined) => {
  const targets = shard && mode !== undefined ? (standInOf(shard.provider)?.targets(shard) ?? []) : [];
  return Object.fromEntries(targets.map((target) => [target, mode ?? '']));
};

/**
 * The pages of the key's life after its ceremony, each with its part: the key is brought back while the provider of
 * a shard is out of reach, that shard gets its next key, and every page after that is the one of the new deployment.
 */
function laterPages(
  procedures: readonly Procedure[],
  original: Deployment,
  compile: Compile,
): { pages: Procedure[]; parts: Record<string, Part> } {
  const parts: Record<string, Part> = {};
  let deployment = original;
  const life = procedures.flatMap(({ page }) => page.life ?? []);
  const found = life.flatMap(
    (prefix) => procedures.find(({ applies, page }) => applies && page.prefix === prefix) ?? [],
  );
  const pages = found.map((procedure) => {
    const page = deployment === original ? procedure : compile(procedure.file, deployment);
    const { drill } = page.page;
    if (!drill) return page;
    const { shards, key } = deployment;
    const gone = shards.find(parseWhere(drill.lost?.where ?? 'medium=wrapped'));
    const outage = absences.find((mode) => gone && standInOf(gone.provider)?.stops[mode]);
    const apart = gone && apartFrom(gone, deployment);
    const [quorum] = choices(
      shardsOf(page).filter((shard) => apart?.includes(shard) ?? true),
      key.threshold,
    );
    const mode = drill.lost?.fault ?? (drill.expect === 'recovered' ? outage : undefined);
    const lost = drill.lost ? gone?.n : undefined;
    parts[page.file] = { quorum, lost, faults: faultsOf(gone, mode), deployment };
    if (lost !== undefined)
      deployment = {
        ...deployment,
        // The new key lies in the same key ring, or on the same server.
        shards: shards.map((shard) =>
          shard.n === lost ? { ...withNextKey(shard), newContainer: shard.newContainer } : shard,
        ),
      };
    return page;
  });
  return { pages, parts };
}

/** Follows the pages that continue each other, from an empty world to the last one, and then those of the key's life. */
function chains(
  procedures: readonly Procedure[],
  deployment: Deployment,
  compile: Compile | undefined,
): Scenario[] {
  const next = (procedure: Procedure) =>
    procedures.find((other) => other.applies && other.page.drill?.world === procedure.page.prefix);
  const later = compile ? laterPages(procedures, deployment, compile) : { pages: [], parts: {} };
  return procedures
    .filter((procedure) => procedure.applies && procedure.page.drill?.world === 'empty')
    .map((first) => {
      const chain: Procedure[] = [];
      for (let page: Procedure | undefined = first; page && !chain.includes(page); page = next(page))
        chain.push(page);
      const pages = [...chain, ...later.pages];
      return {
        id: pages
          .map((page) => page.page.prefix)
          .join('-')
          .toLowerCase(),
        title: `${later.pages.length > 0 ? 'One life of a key' : 'Ceremony'}: from “${first.page.title}” to “${pages.at(-1)?.page.title}”`,
        procedures: pages,
        world: 'empty',
        quorum: undefined,
        lost: undefined,
        faults: {},
        tampering: undefined,
        expect: pages.at(-1)?.page.drill?.expect ?? 'completed',
        ...(later.pages.length > 0 ? { parts: later.parts } : {}),
      };
    });
}

/** Pages of acts alone: each is walked once. */
function walks(procedures: readonly Procedure[]): Scenario[] {
  return procedures
    .filter((procedure) => isDrilled(procedure) && !procedure.page.drill)
    .map((procedure) => ({
      id: nameOf(procedure),
      title: procedure.page.title,
      procedures: [procedure],
      world: 'room',
      quorum: undefined,
      lost: undefined,
      faults: {},
      tampering: undefined,
      expect: 'completed',
    }));
}

/** How a scenario must end: what is expected of it, and L, H and E where its last page declares them. */
export function endOf({ expect, procedures }: Scenario, deployment: Deployment): string {
  if (typeof expect !== 'string') return `stops at ${expect.step}: ${expect.message}`;
  const last = procedures.at(-1);
  if (!last?.page.state) return expect;
  return `${expect}: ${stateText(promisedState(last, sizeOf(deployment)))}`;
}

/** What a scenario that is followed to its end begins and never ends, such as a safe that stays open, or does too early. */
export function disorder(scenarios: readonly Scenario[]): Problem[] {
  return scenarios.flatMap((scenario) => {
    if (typeof scenario.expect !== 'string') return [];
    const steps = scenario.procedures.flatMap((procedure) => stepsOf(scenario, procedure));
    return orderProblems(steps).map(({ step, message }) => {
      const { file, line } = steps.find(({ id }) => id === step) ?? { file: '?', line: 1 };
      return { file, line, rule: 'ORDER', message: `${message}, in ${scenario.id}` };
    });
  });
}

/** Refusals that an operator can meet and that no row of the page's tools explains. */
export function unexplainedRefusals(scenarios: readonly Scenario[]): Problem[] {
  return scenarios.flatMap(({ procedures, expect }) => {
    const page = procedures.at(-1);
    if (typeof expect === 'string' || !page) return [];
    if (page.refusals.some((row) => explains(row, expect.message))) return [];
    const message = `an operator who sees "${expect.message}" at ${expect.step} finds no row about it`;
    return [{ file: page.file, line: 1, rule: 'REFUSAL', message }];
  });
}

/** Every run of the drill, in a stable order. Without `compile`, a ceremony is not followed by the life of its key. */
export function planScenarios(
  procedures: readonly Procedure[],
  deployment: Deployment,
  compile?: Compile,
): Scenario[] {
  const fixture = procedures.filter(
    (procedure) => procedure.applies && procedure.page.drill?.world === 'fixture',
  );
  return [
    ...chains(procedures, deployment, compile),
    ...fixture.flatMap((procedure) => recoveries(procedure, deployment)),
    ...fixture.flatMap((procedure) => plannedStops(procedure, deployment)),
    ...walks(procedures),
  ];
}
