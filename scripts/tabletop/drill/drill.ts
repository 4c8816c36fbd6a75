/** Runs one scenario from the first step to the last, as an operator would, and judges it. */
import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Deployment } from '../../../src/deployment/deployment';
import type { Procedure } from '../../../src/procedure/compile';
import type { Failure, ScenarioResult, StepResult } from '../../../src/procedure/results/drill-results';
import { brokenPromise } from '../../../src/procedure/results/recovery-time';
import { type Bindings, bind } from '../../../src/procedure/steps/expected';
import type { Step } from '../../../src/procedure/steps/step';
import type { Fact } from '../../../src/procedure/vocabulary/facts';
import { callsSince, callsSoFar } from '../../providers/calls';
import { faultState } from '../../providers/world';
import { judgeLeft, type Left } from '../judging/after-command';
import { type Finding, judgeStored } from '../judging/end-oracle';
import { failureAt } from '../judging/failure';
import { judge } from '../judging/step';
import { walkRoom } from '../judging/walk';
import { createSandbox, type Sandbox } from '../machine/sandbox';
import { type Drop, dropsOf } from '../plan/rung';
import { type Part, type Scenario, type Stop, stepsOf } from '../plan/scenario';
import { DiskWatch } from '../secrets/disk-watch';
import { onTerminal, openPastedShell } from '../shell/pasted';
import { type BlockResult, openShell, type Shell } from '../shell/shell';
import { connect, performAct, type Room, type RoomState, shardNumber } from '../world/acts';
import { Logins, logins } from '../world/logins';
import { digestOfKit, type KnownSet, kitManifest, openSet, secretsOf, storedShards } from '../world/oracle';
import { plant } from '../world/tamper';
import { answeredBy, wrappersFor } from '../world/tool-set';
import {
  databaseSql,
  fillKit,
  fixtureFolder,
  injectFaults,
  isMistyped,
  loadRegistry,
  secretInput,
  seedEmpty,
} from '../world/worlds';
import type { DrillContext, Spot } from './context';
import { allFaults, clean, describe } from './result';

/** What pages fill on purpose, and where tools keep their own files. */
const declared = [
  'home/recovery-kit/',
  'home/ceremony-medium/',
  'home/.config/',
  'home/.aws/cli/',
  'home/witness_key',
  'home/witness_key.pub',
  'tmp/',
];

/** A shell is closed after the first step that sets one of these: a secret lies in the folder, and nothing is half done. */
const middleFacts: readonly Fact[] = ['shard-checked', 'set-plaintext'];

/** What stopped the procedure, as the operator saw it. */
interface Stopped {
  readonly step: Step;
  readonly seen: string;
}

/** Lets another user start the stand-ins and reach the database of this drill. */
function openTo({ kind, tools, postgresSocket }: DrillContext): void {
  if (kind?.user !== 'ordinary') return;
  for (const folder of [dirname(tools.providers), dirname(postgresSocket)]) chmodSync(folder, 0o711);
  chmodSync(tools.providers, 0o644);
  chmodSync(tools.sss, 0o644);
  chmodSync(postgresSocket, 0o666);
}

/** A scenario while it runs. */
class Run {
  readonly bindings: Bindings = new Map();
  readonly steps: StepResult[] = [];
  readonly problems: Failure[] = [];
  readonly state: RoomState = { opened: new Set(), pictures: new Map(), loaded: false };
  stopped: Stopped | undefined;
  /** Ended before its end, as nothing more was wanted. */
  private enough = false;
  set: KnownSet | undefined;
  /** As deployment.yaml is on this day. */
  private deployment: Deployment;
  sandbox: Sandbox | undefined;
  /** What people have entered when a command asked. */
  readonly typed = new Set<string>();
  /** Shells in which the line that a stop names was typed. */
  private readonly told = new Set<number>();
  private readonly disks = new DiskWatch();
  private readonly logins: Logins;
  /** Tools on rung 1 although this is a run on rung 2. */
  readonly drops: ReadonlyMap<string, Drop>;

  constructor(
    readonly scenario: Scenario,
    readonly context: DrillContext,
    /** The run that this one goes on from. */
    readonly from?: Run,
  ) {
    this.deployment = from?.deployment ?? context.deployment;
    this.logins = from?.logins.copy() ?? new Logins();
    this.drops = context.real ? dropsOf(scenario, context.real.missing) : new Map();
    if (!from) return;
    for (const [name, value] of from.bindings) this.bindings.set(name, value);
    for (const safe of from.state.opened) this.state.opened.add(safe);
    for (const picture of from.state.pictures) this.state.pictures.set(...picture);
    for (const secret of from.typed) this.typed.add(secret);
    this.state.loaded = from.state.loaded;
    this.steps.push(...from.steps);
    this.problems.push(...from.problems);
    this.stopped = from.stopped;
    this.set = from.set;
  }

  problem(rule: string, wanted: string, found: string, file?: string): void {
    const page = file ?? this.scenario.procedures.at(-1)?.file ?? '?';
    this.problems.push(failureAt({ file: page, line: 1 }, rule, wanted, found));
  }

  private record(
    step: Step,
    milliseconds: number,
    exit: number | null,
    seen: string,
    failure: Failure | undefined,
    rung: StepResult['rung'],
  ): void {
    if (failure && !this.stopped) this.stopped = { step, seen };
    this.steps.push({
      id: step.id,
      file: step.file,
      line: step.line,
      kind: step.command ? 'command' : 'act',
      rung,
      milliseconds,
      minutes: step.minutes,
      exit,
      verdict: failure ? 'failed' : 'passed',
      message: '',
      ...(failure ? { failure } : {}),
    });
  }

  /** Of a command. A run from which others go on has all the time that the page gives: only they may be given up. */
  private get patienceSeconds(): number {
    const { othersAt, impatientSeconds = Number.POSITIVE_INFINITY } = this.context;
    return othersAt ? Number.POSITIVE_INFINITY : impatientSeconds;
  }

  /** Nothing that follows can change the verdict, and nobody reads more than that. */
  private hopeless(): boolean {
    const { expect } = this.scenario;
    if (this.context.impatientSeconds === undefined || !this.stopped) return false;
    return typeof expect === 'string' || expect.step !== this.stopped.step.id;
  }

  /**
   * A step that stops because the folder is not in memory says what to type: this types it, once a shell. True: the step
   * is to be done again. In a home whose XDG_RUNTIME_DIR leads to a disk, a step that does not stop has failed.
   */
  private async obeys(step: Step, { stderr, status }: BlockResult, shell: Shell): Promise<boolean> {
    const opensOrWipes = step.log.some((action) => action.startsWith('workspace.'));
    if (this.context.kind?.runtime !== 'disk' || !opensOrWipes || this.told.has(shell.pid)) return false;
    this.told.add(shell.pid);
    const line = /is not in memory\ntype: (unset \w+),/.exec(stderr)?.[1];
    if (status === 0 || line === undefined) {
      const found = status === 0 ? 'it went on' : 'no word of what to type';
      this.problem('home', 'a stop, as XDG_RUNTIME_DIR leads to a disk', found, step.file);
      return false;
    }
    await shell.run({ id: 'told', text: line, timeoutSeconds: 10 });
    return true;
  }

  async command(step: Step, shell: Shell, room: Room): Promise<void> {
    const { command } = step;
    if (!command) return;
    let stdin: string | undefined;
    if (command.input !== undefined) {
      stdin = join(room.sandbox.jobs, `${step.id}.input`);
      const mistyped = Object.entries(this.scenario.faults).some((fault) => isMistyped(...fault));
      const secrets = command.input
        .split(',')
        .map((name) => secretInput(name, room.sandbox.world, room.deployment, shardNumber(step)))
        .map((right) => (mistyped ? `${right}0` : right));
      writeFileSync(stdin, `${secrets.join('\n')}\n`, { mode: 0o600 });
      for (const secret of secrets) this.typed.add(secret);
    }
    room.sandbox.handOver();
    const calls = callsSoFar(room.sandbox.world);
    const type = () =>
      shell.run({
        id: step.id,
        text: command.lines.map((line) => line.text).join('\n'),
        timeoutSeconds: Math.min(command.timeoutSeconds, this.patienceSeconds),
        ...(stdin === undefined ? {} : { stdin }),
      });
    let result = await type();
    if (await this.obeys(step, result, shell)) result = await type();
    const shown = this.context.paste ? onTerminal(command) : command;
    let failure = judge(step, shown, result, this.bindings);
    failure ??= judgeLeft(step, this.left(room));
    if (command.input !== undefined && !failure) failure = await this.remembered(step, shell);
    // A step is as real as the least real tool that it has called; bash, openssl and sss are themselves everywhere.
    const standIn = callsSince(room.sandbox.world, calls).some(({ rung }) => rung === 1);
    const seen = `${result.stdout}\n${result.stderr}`;
    this.record(step, result.milliseconds, result.status, seen, failure, standIn ? 1 : 2);
  }

  /** What the drill knows of the room, for the judge of what a command has left. */
  private left({ sandbox, deployment }: Room): Left {
    return {
      sandbox,
      deployment,
      secrets: this.set ? secretsOf(this.set) : [],
      pictures: [...this.state.pictures].map(([n, value]) => ({ name: `picture of shard ${n}`, value })),
      typed: this.typed,
      disks: this.disks,
      sees: (tool) => !this.context.real || this.drops.has(tool),
    };
  }

  /** Name of a variable of the operator's shell that holds what was typed at a prompt. */
  private async heldBy(shell: Shell): Promise<string | undefined> {
    if (this.typed.size === 0) return undefined;
    const { stdout } = await shell.run({ id: 'variables', text: 'declare -p', timeoutSeconds: 10 });
    const name = stdout.split('\n').find((line) => [...this.typed].some((secret) => line.includes(secret)));
    return name?.replace(/^declare -\S+ (\w+).*$/, '$1');
  }

  /** A command that asks for a secret is the one that uses it: nothing of it is left for another. */
  private async remembered(step: Step, shell: Shell): Promise<Failure | undefined> {
    const found = await this.heldBy(shell);
    const wanted = 'no secret in a variable after the command that asked for it';
    return found === undefined ? undefined : failureAt(step, 'secret', wanted, found);
  }

  /** However a page ends, also where a step stopped it, nothing that was typed stays in a variable of the shell. */
  private async forgotten(procedure: Procedure, shell: Shell): Promise<void> {
    const found = await this.heldBy(shell);
    if (found !== undefined)
      this.problem('secret', 'no PIN in a variable at the end of the page', found, procedure.file);
  }

  act(step: Step, room: Room, { page }: Procedure): void {
    try {
      // On a page of acts alone nothing lies ready to be done.
      if (page.drill) performAct(room, step);
      this.record(step, 0, null, '', undefined, 1);
    } catch (error) {
      const found = (error as Error).message;
      this.record(step, 0, null, found, failureAt(step, 'act', `"${step.act}" done`, found), 1);
    }
  }

  private open(sandbox: Sandbox): Shell | Promise<Shell> {
    const open = this.context.paste ? openPastedShell : openShell;
    return open({
      cwd: sandbox.home,
      home: sandbox.home,
      env: sandbox.env,
      launcher: sandbox.launcher,
      path: sandbox.path,
      folder: sandbox.jobs,
    });
  }

  /** Tries each other way to go on from here, and leaves everything as it was. */
  private async tryOthers(spot: Spot, sandbox: Sandbox, shell: Shell): Promise<void> {
    if (!this.context.othersAt || !shell.fork) return;
    const others = this.context.othersAt(spot);
    this.enough = others === undefined;
    if (!others || others.length === 0) return;
    const rewind = await this.context.postgres.checkpoint?.();
    if (!rewind) throw new Error('other ways can be tried only where the database can be brought back');
    await shell.begun;
    const aside = sandbox.setAside();
    try {
      for (const { scenario, ended } of others) {
        const run = new Run(scenario, { ...this.context, othersAt: undefined }, this);
        run.sandbox = aside.copy();
        ended(await run.toItsEnd(spot, await shell.fork()));
        await rewind();
      }
    } finally {
      aside.back();
    }
  }

  /**
   * Closes the shell and opens another one, which knows nothing of the first. Where the folder is still needed, the
   * step that opened it leads back; what lies in the folder is shown below what the page shows.
   */
  private async reopen(sandbox: Sandbox, shell: Shell, back?: { step: Step; room: Room }): Promise<Shell> {
    await shell.close();
    const next = await this.open(sandbox);
    const { command } = back?.step ?? {};
    const [last] = command?.expected.slice(-1) ?? [];
    if (back && command && last) {
      const expected = [...command.expected, { ...last, text: '...' }];
      const step = { ...back.step, command: { ...command, expected } };
      await this.command(step, next, { ...back.room, shellPid: next.pid });
    }
    return next;
  }

  /** Follows the rest of one page in a shell of its own: another page is another machine, or another day. */
  private async page(procedure: Procedure, sandbox: Sandbox, first: Shell, from: Spot): Promise<void> {
    const { onStep, kind } = this.context;
    let shell = first;
    const room = (): Room => ({
      sandbox,
      deployment: this.deployment,
      shellPid: shell.pid,
      state: this.state,
      fixture: join(fixtureFolder(this.context.root), 'world'),
      manifest: () => this.set?.manifest,
    });
    try {
      const steps = stepsOf(this.scenario, procedure);
      const opening = steps.find(({ log }) => log.includes('workspace.prepared'));
      const middle = steps.find(({ sets }) => sets.some((fact) => middleFacts.includes(fact)));
      for (const [index, step] of [...steps.entries()].slice(from.step)) {
        await this.tryOthers({ page: from.page, step: index }, sandbox, shell);
        if (this.enough) return;
        if (this.stopped && (!step.always || this.hopeless())) continue;
        onStep?.(this.scenario, step);
        const wipes = step.command !== undefined && step.log.includes('workspace.wiped');
        if (wipes && kind?.shell === 'reopened') shell = await this.reopen(sandbox, shell);
        if (step.command) await this.command(step, shell, room());
        else if (!this.stopped) this.act(step, room(), procedure);
        if (wipes && kind && step.command) await this.command(step, shell, room());
        if (step === middle && opening && kind?.shell === 'reopened')
          shell = await this.reopen(sandbox, shell, { step: opening, room: room() });
      }
      await this.tryOthers({ page: from.page, step: steps.length }, sandbox, shell);
      // Nothing was typed on a page of acts alone, and to ask its shell would write a history that no page has switched off.
      if (steps.some(({ command }) => command)) await this.forgotten(procedure, shell);
    } finally {
      const { left } = await shell.close();
      for (const process of left) this.problem('process', 'no process left', process.name, procedure.file);
    }
  }

  /** Follows the pages, the first of them from the spot on in a shell that is there already. */
  private async pages(from: Spot, shell?: Shell): Promise<void> {
    for (const [page, procedure] of [...this.scenario.procedures.entries()].slice(from.page)) {
      const there = page === from.page && shell !== undefined;
      const sandbox = there && this.sandbox ? this.sandbox : await this.enter(procedure);
      const spot = there ? from : { page, step: 0 };
      await this.page(procedure, sandbox, there ? shell : await this.open(sandbox), spot);
      if (this.stopped || this.enough) break;
    }
  }

  /** The room for the next page: the first starts from the fixture or from nothing, each other goes on where the last ended. */
  async enter(procedure: Procedure): Promise<Sandbox> {
    const { scenario, context } = this;
    const { postgres, root } = context;
    const { deployment } = this;
    const before = this.sandbox;
    const fixture = {
      home: join(fixtureFolder(root), 'home'),
      world: context.real?.world ?? join(fixtureFolder(root), 'world'),
    };
    // Another machine: its folder in memory has its own name.
    this.bindings.delete('FOLDER');
    const from = before ?? (scenario.world === 'fixture' ? fixture : undefined);
    const sandbox = createSandbox({
      tools: procedure.page.tools,
      wrappers: wrappersFor(context.tools, procedure.page.tools, this.drops),
      // It answers as the user who runs the drill, and sees the folders of that user.
      switchboard: context.kind ? undefined : answeredBy(context.tools),
      kind: context.kind,
      env: scenario.tampering?.kind === 'test-among-real' ? {} : { SSS_TEST: '1' },
      ...(from ? { home: from.home, world: from.world } : {}),
    });
    for (const leak of this.sandbox?.leaks({ declared: [...declared, ...logins], secrets: [] }) ?? []) {
      const earlier = scenario.procedures[scenario.procedures.indexOf(procedure) - 1]?.file;
      this.problem('leak', 'nothing left behind', `${leak.file}: ${leak.message}`, earlier);
    }
    this.sandbox?.destroy();
    this.sandbox = sandbox;
    for (const tool of sandbox.missing)
      this.problem('tool', `the tool "${tool}" on this machine`, 'none', procedure.file);
    if (before) {
      this.logins.signInAgain(sandbox);
      // Another page is another machine; what it starts with does not depend on where the last one ended.
      if (procedure.page.starts.includes('network')) connect(sandbox.world);
      const part = scenario.parts?.[procedure.file];
      if (part) await this.anotherDay(sandbox, part);
      return sandbox;
    }

    if (scenario.world === 'fixture') {
      fillKit(sandbox, root);
      await loadRegistry(postgres, root, deployment);
      const set = await openSet(
        deployment,
        sandbox.world,
        kitManifest(sandbox.home),
        await storedShards(postgres),
      );
      const planted =
        scenario.tampering && (await plant(scenario.tampering, sandbox, deployment, postgres, set));
      this.set = planted ?? set;
      // A page that makes a set has nothing in the log yet.
      if (procedure.page.drill?.world === 'fixture') this.bindKnown(sandbox.home, this.set);
    } else {
      await postgres.reset(databaseSql(deployment));
      seedEmpty(sandbox, deployment, root);
    }
    this.logins.keep(sandbox.home);
    symlinkSync(context.postgresSocket, join(sandbox.world, 'postgres.sock'));
    if (context.kind) openTo(context);
    context.arrange?.(sandbox);
    const other = scenario.given === undefined ? undefined : this.set?.lines.get(scenario.given);
    await injectFaults(sandbox, postgres, scenario.faults, other);
    // The tokens of the real tool are made again from what the faults have left.
    if (Object.keys(scenario.faults).some((target) => target.startsWith('pkcs11-hsm'))) {
      rmSync(join(sandbox.world, 'softhsm'), { recursive: true, force: true });
    }
    return sandbox;
  }

  /** A page that is followed later: what the pages before it have left is judged, and is what there is now. */
  private async anotherDay(sandbox: Sandbox, { faults, deployment }: Part): Promise<void> {
    const { postgres } = this.context;
    this.deployment = deployment;
    const back = await postgres.checkpoint?.();
    for (const { wanted, found } of await this.judgeWorld(sandbox)) this.problem('oracle', wanted, found);
    await back?.();
    const stored = await storedShards(postgres);
    this.set?.key.fill(0);
    this.set = await openSet(deployment, sandbox.world, kitManifest(sandbox.home), stored);
    // Another day has its own sheet: what was written on the last one does not count.
    this.bindings.clear();
    this.bindKnown(sandbox.home, this.set);
    faultState.save(sandbox.world, {});
    await injectFaults(sandbox, postgres, faults);
  }

  /** What the printed Ceremony Log says: the page shows placeholders, the drill knows the values. */
  private bindKnown(home: string, { manifest }: KnownSet): void {
    bind(this.bindings, 'KCV', manifest.commitment.slice(0, 8));
    bind(this.bindings, 'SHA256', digestOfKit(home));
    bind(this.bindings, 'SET_ID', manifest.setId);
    for (const shard of manifest.shards) bind(this.bindings, `LABEL_${shard.number}`, shard.label);
  }

  /** Whether the scenario ended as it must. */
  judgeEnd(): void {
    const { expect } = this.scenario;
    if (typeof expect === 'string') {
      if (!this.stopped && expect === 'recovered' && !this.state.loaded) {
        this.problem(
          'oracle',
          'the key in the service',
          'every step passed, yet the service was never given the key',
        );
      }
      return;
    }
    this.judgeStop(expect);
    if (this.state.loaded)
      this.problem('oracle', 'no key for the service', 'it was given one, although a shard was bad');
  }

  /** Whether what the pages have stored belongs together; nothing is asked of a room in which something bad was planted. */
  async judgeWorld({ world, home }: Sandbox): Promise<Finding[]> {
    const { scenario, context, deployment } = this;
    if (this.stopped || scenario.tampering || typeof scenario.expect !== 'string') return [];
    // What a ceremony has left is judged when it ends; later nothing but the registry and the kit is new.
    const ceremony = scenario.world === 'empty' && !this.set;
    const restorable = context.postgres.checkpoint !== undefined || !scenario.parts;
    const room = { deployment, home, world, root: context.root, lost: scenario.lost };
    return judgeStored(room, context.postgres, { ceremony, restorable });
  }

  private judgeStop({ step, message }: Stop): void {
    const { stopped } = this;
    const wanted = `a stop at ${step} with "${message}"`;
    if (!stopped) {
      this.problem('refusal', wanted, 'nothing was refused');
      return;
    }
    if (stopped.step.id !== step || !stopped.seen.includes(message)) {
      this.problem('refusal', wanted, `a stop at ${stopped.step.id}`, stopped.step.file);
      return;
    }
    const index = this.steps.findIndex((result) => result.id === step);
    const { failure, ...rest } = this.steps[index] as StepResult;
    this.steps[index] = { ...rest, verdict: 'stopped', message };
  }

  /** Follows the scenario to its end, or goes on from a spot in a shell that is there already, and judges it. */
  async toItsEnd(from: Spot = { page: 0, step: 0 }, shell?: Shell): Promise<ScenarioResult> {
    const { scenario, context } = this;
    const started = new Date();
    const clock = performance.now();
    try {
      await this.pages(from, shell);
      if (this.stopped || !this.enough) this.judgeEnd();
      const targetMinutes = (scenario.parts ? undefined : scenario.procedures.at(-1)?.page.rto) ?? null;
      const late = this.stopped ? undefined : brokenPromise({ steps: this.steps, targetMinutes });
      if (late) this.problem('rto', late.wanted, late.found);
      const { sandbox } = this;
      if (sandbox && !this.enough && !this.hopeless()) {
        // A ceremony makes the set that it is judged by.
        const stored = this.set || this.stopped ? undefined : await storedShards(context.postgres);
        for (const { wanted, found } of await this.judgeWorld(sandbox)) this.problem('oracle', wanted, found);
        if (stored)
          this.set = await openSet(this.deployment, sandbox.world, kitManifest(sandbox.home), stored);
        const secrets = this.set ? secretsOf(this.set) : [];
        // A shell that was opened anew keeps a history until the page switches it off: it is searched like all else.
        const history = context.kind?.shell === 'reopened' ? ['home/.bash_history'] : [];
        for (const leak of sandbox.leaks({ declared: [...declared, ...logins, ...history], secrets })) {
          // A sheet in its safe is a plain shard by design.
          if (leak.kind === 'secret' && leak.file.startsWith('world/')) continue;
          this.problem('leak', 'nothing left behind', `${leak.file}: ${leak.message}`);
        }
      }
      const result = clean(this.set, {
        id: scenario.id,
        title: scenario.title,
        pages: scenario.procedures.map((procedure) => procedure.file),
        faults: allFaults(scenario),
        expect: describe(scenario.expect),
        targetMinutes,
        started: started.toISOString(),
        milliseconds: performance.now() - clock,
        steps: this.steps,
        problems: this.problems,
      });
      if (sandbox && this.set && result.verdict === 'passed') await context.keep?.(sandbox, this.set);
      if (this.sandbox && result.verdict === 'failed') context.keepFailed?.(this.sandbox, scenario.id);
      return result;
    } finally {
      this.sandbox?.destroy();
      if (this.set !== this.from?.set) this.set?.key.fill(0);
    }
  }
}

/** Runs a scenario in a sandbox of its own. What a page does wrong is in the result; only a broken drill throws. */
export async function runScenario(scenario: Scenario, context: DrillContext): Promise<ScenarioResult> {
  return scenario.world === 'room' ? walkRoom(scenario, context) : new Run(scenario, context).toItsEnd();
}
