/**
 * Walks a page of acts alone, in a model of the room: who is there, what is open, what is logged. People do nothing here;
 * what is shown is that the roles are filled by two people, that nothing begun is left open, that every record enters a
 * verified trail, and that L, H and E end as the page promises.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditAction } from '../../../src/audit/actions';
import { type Head, headOf, NO_RECORD, seal } from '../../../src/audit/chain';
import type { EventDraft } from '../../../src/audit/event';
import { StepCounter } from '../../../src/audit/step-records';
import { TrailVerifier } from '../../../src/audit/verify';
import type { Deployment } from '../../../src/deployment/deployment';
import { holdersAt } from '../../../src/deployment/holders';
import type { Procedure } from '../../../src/procedure/compile';
import {
  type Failure,
  type ScenarioResult,
  type StepResult,
  verdictOf,
} from '../../../src/procedure/results/drill-results';
import { orderProblems } from '../../../src/procedure/rules/action-order';
import { type KeyState, stateText } from '../../../src/procedure/rules/key-state';
import { walkWorld } from '../../../src/procedure/rules/world';
import { endState, pagesByPrefix, promisedState, sizeOf } from '../../../src/procedure/state-walk';
import type { Step } from '../../../src/procedure/steps/step';
import { endOf } from '../plan/plan';
import { type Scenario, stepsOf } from '../plan/scenario';
import { kitManifest } from '../world/oracle';
import { fixtureFolder } from '../world/worlds';

/** What a walk reads of a project. */
export interface WalkContext {
  readonly root: string;
  readonly deployment: Deployment;
  readonly procedures: readonly Procedure[];
}

/** Actions that an act of people leaves behind, whatever the page says. */
const leaves: Partial<Record<NonNullable<Step['act']>, readonly AuditAction[]>> = {
  'bag-fill': ['bag.filled'],
  'bag-seal': ['bag.sealed'],
  'safe-open': ['safe.opened'],
  'safe-close': ['safe.closed'],
  'machine-start': ['machine.started'],
  'machine-stop': ['machine.stopped'],
  'network-off': ['network.disabled'],
  'network-on': ['network.enabled'],
  'key-load': ['key.loaded'],
};

/** The two people of a step: different ones who hold its roles, at its shard where it is about one; undefined where the deployment has no such pair. */
export function pairFor(step: Step, deployment: Deployment): [actor: string, witness: string] | undefined {
  const at = step.shard ?? step.lost;
  for (const actor of holdersAt(deployment, step.by, at))
    for (const witness of holdersAt(deployment, step.witness, at))
      if (actor !== witness) return [actor, witness];
  return undefined;
}

/** Label of a shard of the TEST set, for records that must name one. */
function testLabel({ root }: WalkContext): string {
  const home = join(fixtureFolder(root), 'home');
  if (!existsSync(join(home, 'recovery-kit', 'manifest.json'))) return '0000-001';
  return kitManifest(home).shards[0]?.label ?? '0000-001';
}

/** A trail in memory, with one record for each action of each step. */
class Trail {
  #head: Head = NO_RECORD;
  readonly lines: string[] = [];

  constructor(
    private readonly context: WalkContext,
    private readonly label: string,
  ) {
    this.#append({
      action: 'trail.opened',
      actor: 'drill',
      actorRole: 'drill',
      outcome: 'ok',
    });
  }

  #append(draft: Omit<EventDraft, 'mode' | 'time' | 'clockOffsetMs' | 'clockSource'>): void {
    const time = new Date(Date.UTC(2026, 0, 1) + this.lines.length * 60_000).toISOString();
    const { event, line } = seal(
      { ...draft, mode: 'drill', time, clockOffsetMs: 0, clockSource: 'drill' },
      this.#head,
    );
    this.#head = headOf(event);
    this.lines.push(line);
  }

  /** Throws RefusedEvent when the record breaks the format. */
  add(step: Step, action: AuditAction, [actor, witness]: readonly [string, string]): void {
    const { key, shards } = this.context.deployment;
    this.#append({
      action,
      step: step.id,
      actor,
      actorRole: step.by,
      witness,
      witnessRole: step.witness,
      outcome: 'ok',
      key: key.name,
      keyVersion: key.version,
      generation: key.generation,
      ...(action.startsWith('shard.') ? { shard: this.label } : {}),
      ...(action.startsWith('provider-key.') ? { provider: shards[0]?.name ?? '' } : {}),
    });
  }
}

/** What the finished trail lacks, in the words of its own verifier. */
function trailProblems(trail: Trail, steps: readonly Step[]): string[] {
  const counter = new StepCounter(steps);
  const verifier = new TrailVerifier({ onEvent: (event) => counter.add(event) });
  verifier.beginFile('walk');
  verifier.push(new TextEncoder().encode(`${trail.lines.join('\n')}\n`));
  verifier.endFile();
  const verdict = verifier.verdict();
  const { missing, idle, unexpected } = counter.result();
  return [
    ...(verdict.ok ? [] : [verdict.message]),
    ...missing.map(({ step, action }) => `step ${step} left no record of ${action}`),
    ...idle.map((step) => `step ${step} left no record`),
    ...unexpected.map(({ step, action }) => `step ${step} left a record of ${action}`),
  ];
}

/** What is wrong with one step, or undefined. Its records are in the trail afterward. */
function doStep(step: Step, trail: Trail, deployment: Deployment): string | undefined {
  const pair = pairFor(step, deployment);
  if (!pair) return `no two people for ${step.by} and ${step.witness}`;
  const silent = step.act && leaves[step.act]?.find((action) => !step.log.includes(action));
  if (silent) return `act "${step.act}" without a record of ${silent}`;
  try {
    for (const action of step.log) trail.add(step, action, pair);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

function endProblems(procedure: Procedure, steps: readonly Step[], context: WalkContext): string[] {
  const { page, file } = procedure;
  const size = sizeOf(context.deployment);
  const room = walkWorld(steps, page.starts, page.ends, { file, line: 1 }).map(({ message }) => message);
  const open = orderProblems(steps).map(({ message }) => message);
  if (!page.state) return [...room, ...open];
  const promised: KeyState = promisedState(procedure, size);
  const found = endState(procedure, steps, pagesByPrefix(context.procedures), size);
  const differs = stateText(found) !== stateText(promised);
  return [
    ...room,
    ...open,
    ...(differs ? [`ends in ${stateText(found)}, and promises ${stateText(promised)}`] : []),
  ];
}

/** Walks the one page of a scenario whose world is `room`. */
export function walkRoom(scenario: Scenario, context: WalkContext): ScenarioResult {
  const started = new Date();
  const clock = performance.now();
  const [procedure] = scenario.procedures;
  if (!procedure) throw new RangeError(`${scenario.id} has no page`);
  const steps = stepsOf(scenario, procedure);
  const trail = new Trail(context, testLabel(context));
  const failure = (line: number, rule: string, found: string): Failure => ({
    file: procedure.file,
    line,
    rule,
    wanted: 'the act done, seen, recorded and ended',
    found,
    command: '',
    stderr: [],
  });
  const results = steps.map((step): StepResult => {
    const found = doStep(step, trail, context.deployment);
    return {
      id: step.id,
      file: step.file,
      line: step.line,
      kind: 'act',
      rung: 1,
      milliseconds: 0,
      minutes: step.minutes,
      exit: null,
      verdict: found === undefined ? 'passed' : 'failed',
      message: '',
      ...(found === undefined ? {} : { failure: { ...failure(step.line, 'walk', found), file: step.file } }),
    };
  });
  const problems = [...endProblems(procedure, steps, context), ...trailProblems(trail, steps)].map((found) =>
    failure(1, 'walk', found),
  );
  return {
    id: scenario.id,
    title: scenario.title,
    pages: [procedure.file],
    faults: {},
    walked: true,
    expect: endOf(scenario, context.deployment),
    targetMinutes: procedure.page.rto ?? null,
    started: started.toISOString(),
    milliseconds: performance.now() - clock,
    steps: results,
    problems,
    verdict: verdictOf({ steps: results, problems }),
  };
}
