/** Which runs the drill makes of the compiled pages: every quorum, everything below it, every bad shard, every chain of pages. Pure. */
import type { Deployment } from '../../src/deployment/deployment';
import type { Problem } from '../../src/deployment/problem';
import { orderProblems } from '../../src/procedure/action-order';
import type { Procedure } from '../../src/procedure/compile';
import { isDrilled } from '../../src/procedure/drilled';
import { stateText } from '../../src/procedure/key-state';
import { promisedState, sizeOf } from '../../src/procedure/state-walk';
import type { Step } from '../../src/procedure/step';
import { parseWhere } from '../../src/procedure/where';
import { subsets } from '../../src/shard/search';
import { standInOf } from '../providers/stand-ins';

/** A bad shard that the drill plants, and what must happen. */
export const tamperings = [
  'ciphertext-flipped',
  'sheet-altered',
  'other-generation',
  'duplicate',
  'x-zero',
  'test-among-real',
  'row-missing',
  'sheet-unreadable',
] as const;
export type Tampering = (typeof tamperings)[number];

export interface Stop {
  /** The step that must refuse. */
  readonly step: string;
  /** Text that the operator must see there, on stdout or stderr; the page must print it too. */
  readonly message: string;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Pages in the order in which they are followed, in one room. */
  readonly procedures: readonly Procedure[];
  /** `room`: no machine is touched; the page is walked in a model of the room. */
  readonly world: 'fixture' | 'empty' | 'room';
  /** Shards that the recovery lead has chosen; undefined where the page needs no quorum. */
  readonly quorum: readonly number[] | undefined;
  readonly lost: number | undefined;
  readonly faults: Readonly<Record<string, string>>;
  readonly tampering:
    | { readonly kind: Tampering; readonly shard: number; readonly other: number }
    | undefined;
  readonly expect: 'recovered' | 'completed' | Stop;
}

/** The steps that are done in a scenario, in page order: those of shards that were not chosen or not lost are skipped. */
export function stepsOf(scenario: Scenario, procedure: Procedure): Step[] {
  return procedure.steps.filter(
    (step) =>
      (step.shard === undefined || scenario.quorum === undefined || scenario.quorum.includes(step.shard)) &&
      (step.lost === undefined || step.lost === scenario.lost),
  );
}

/** A page without folder docs/ and ending, as scenarios are called. */
const nameOf = ({ file }: Procedure) => file.replace(/^docs\//, '').replace(/\.mdx?$/, '');

/** Shards that a page can unwrap: those that some step belongs to. */
function shardsOf(procedure: Procedure): number[] {
  return [...new Set(procedure.steps.flatMap((step) => step.shard ?? []))].sort((a, b) => a - b);
}

function choices(shards: readonly number[], size: number): number[][] {
  return [...subsets(shards.length, size)].map((indexes) => indexes.map((index) => shards[index] as number));
}

function recoveries(procedure: Procedure, deployment: Deployment): Scenario[] {
  const { drill, title } = procedure.page;
  if (!drill) return [];
  const name = nameOf(procedure);
  const base = {
    procedures: [procedure],
    world: 'fixture' as const,
    tampering: undefined,
    expect: drill.expect,
  };
  const { lost } = drill;
  const losses = lost ? deployment.shards.filter(parseWhere(lost.where)) : [undefined];
  return losses.flatMap((gone) => {
    const kind = lost && tamperings.find((tampering) => tampering === lost.fault);
    const broken =
      gone && lost && !kind && lost.fault !== 'none'
        ? (standInOf(gone.provider)?.targets(gone) ?? []).map((target) => [target, lost.fault])
        : [];
    const faults = { ...drill.faults, ...Object.fromEntries(broken) };
    const within = shardsOf(procedure).filter((shard) => shard !== gone?.n);
    const quorums = drill.quorum === 'none' ? [undefined] : choices(within, deployment.key.threshold);
    // Which quorum serves is shown on the unseal page; a page about one loss is run once for each lost shard.
    return (gone || drill.quorum === 'first' ? quorums.slice(0, 1) : quorums).map((quorum): Scenario => {
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
}

/** Follows the pages that continue each other, from an empty world to the last one. */
function chains(procedures: readonly Procedure[]): Scenario[] {
  const next = (procedure: Procedure) =>
    procedures.find((other) => other.applies && other.page.drill?.world === procedure.page.prefix);
  return procedures
    .filter((procedure) => procedure.applies && procedure.page.drill?.world === 'empty')
    .map((first) => {
      const chain: Procedure[] = [];
      for (let page: Procedure | undefined = first; page && !chain.includes(page); page = next(page))
        chain.push(page);
      return {
        id: chain
          .map((page) => page.page.prefix)
          .join('-')
          .toLowerCase(),
        title: chain.map((page) => page.page.title).join(' → '),
        procedures: chain,
        world: 'empty',
        quorum: undefined,
        lost: undefined,
        faults: {},
        tampering: undefined,
        expect: chain.at(-1)?.page.drill?.expect ?? 'completed',
      };
    });
}

function stepIn(procedure: Procedure, shard: number, wanted: (step: Step) => boolean): string {
  const step = procedure.steps.find((candidate) => candidate.shard === shard && wanted(candidate));
  if (!step)
    throw new RangeError(`${procedure.file}: shard ${shard} has no step where a bad shard can be refused`);
  return step.id;
}

/** The step of the page that does a thing, found by what it logs. */
const doing = (log: string) => (step: Step) =>
  step.command !== undefined && (step.log as readonly string[]).includes(log);

function badShards(procedure: Procedure, deployment: Deployment): Scenario[] {
  const { threshold } = deployment.key;
  const title = procedure.page.title;
  const base = { procedures: [procedure], world: 'fixture' as const, lost: undefined, faults: {} };
  const combine = procedure.steps.find((step) => doing('key.combined')(step));
  if (!combine) return [];

  const below: Scenario[] = [];
  for (let size = 1; size < threshold; size++) {
    for (const quorum of choices(shardsOf(procedure), size)) {
      below.push({
        ...base,
        id: `below-threshold/${quorum.join('-')}`,
        title: `${title}: refused with only ${quorum.join(', ')}`,
        quorum,
        tampering: undefined,
        expect: { step: combine.id, message: `and ${threshold} are needed` },
      });
    }
  }

  const planted = deployment.shards.flatMap((shard): Scenario[] => {
    const others = deployment.shards.filter((other) => other.n !== shard.n).map((other) => other.n);
    const quorum = [...others.slice(0, threshold - 1), shard.n].sort((a, b) => a - b);
    const other = others[0] as number;
    const verified = stepIn(procedure, shard.n, doing('shard.verified'));
    const paper = shard.medium === 'paper';
    const unwrapped = stepIn(procedure, shard.n, doing(paper ? 'shard.scanned' : 'shard.unwrapped'));
    const plant = (kind: Tampering, step: string, message: string): Scenario => ({
      ...base,
      id: `${kind}/${shard.n}`,
      title: `${title}: ${kind.replaceAll('-', ' ')}, shard ${shard.n}`,
      quorum,
      tampering: { kind, shard: shard.n, other },
      expect: { step, message },
    });
    const common = [
      plant('x-zero', paper ? unwrapped : verified, 'x is 0, wanted 1 to 255'),
      // A scanned sheet shows its label at once; a decrypted shard is told by the check against the manifest.
      plant(
        'other-generation',
        paper ? unwrapped : verified,
        paper ? 'checksum OK' : 'a shard of another set: generation',
      ),
      plant('duplicate', paper ? unwrapped : verified, paper ? 'checksum OK' : 'OK, shard'),
      plant(
        'test-among-real',
        paper ? unwrapped : verified,
        'belongs to a TEST set, and TEST sets are refused outside a drill',
      ),
    ];
    if (paper) return [...common, plant('sheet-altered', unwrapped, 'the checksum is wrong')];
    const refused = standInOf(shard.provider)?.refusal;
    if (refused === undefined)
      throw new RangeError(`no refusal is known for a bad ciphertext of ${shard.provider}`);
    return [
      ...common,
      plant('ciphertext-flipped', unwrapped, refused),
      plant('row-missing', stepIn(procedure, shard.n, doing('registry.read')), '0 shard-'),
    ];
  });
  return [...below, ...planted];
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

/** Refusals that an operator can meet and that the page does not explain. */
export function unexplainedRefusals(scenarios: readonly Scenario[]): Problem[] {
  return scenarios.flatMap(({ procedures, expect }) => {
    const page = procedures.at(-1);
    if (typeof expect === 'string' || !page) return [];
    if (page.lines.some((line) => line.text.includes(expect.message))) return [];
    const message = `an operator who sees "${expect.message}" at ${expect.step} finds no word about it on this page`;
    return [{ file: page.file, line: 1, rule: 'REFUSAL', message }];
  });
}

/** Every run of the drill, in a stable order. */
export function planScenarios(procedures: readonly Procedure[], deployment: Deployment): Scenario[] {
  const fixture = procedures.filter(
    (procedure) => procedure.applies && procedure.page.drill?.world === 'fixture',
  );
  const negative = fixture.filter(
    ({ page }) =>
      page.drill?.quorum === 'every' &&
      page.drill.lost === undefined &&
      Object.keys(page.drill.faults).length === 0,
  );
  return [
    ...chains(procedures),
    ...fixture.flatMap((procedure) => recoveries(procedure, deployment)),
    ...negative.flatMap((procedure) => badShards(procedure, deployment)),
    ...walks(procedures),
  ];
}
