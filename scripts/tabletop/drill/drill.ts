/** Runs one scenario from the first step to the last, as an operator would, and judges it. */
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Deployment } from '../../../src/deployment/deployment';
import type { Procedure } from '../../../src/procedure/compile';
import type { Failure, ScenarioResult, StepResult } from '../../../src/procedure/results/drill-results';
import { coalitionTotals } from '../../../src/procedure/results/reach';
import { brokenPromise } from '../../../src/procedure/results/recovery-time';
import { placesOfKind } from '../../../src/procedure/rules/places';
import { type Bindings, bind } from '../../../src/procedure/steps/expected';
import { type Command, placeOf, type Step } from '../../../src/procedure/steps/step';
import type { Fact } from '../../../src/procedure/vocabulary/facts';
import { fingerprintWords } from '../../../src/shard/words';
import { callsSince, callsSoFar } from '../../providers/calls';
import { forgetTokens } from '../../providers/real/softhsm';
import { testImportKey } from '../../providers/service/import-key';
import { answers, importKeyDigest, seedService, serviceState } from '../../providers/service/state';
import { faultState } from '../../providers/world';
import { judgeLeft, type Left } from '../judging/after-command';
import { type Finding, judgeStored } from '../judging/end-oracle';
import { failureAt } from '../judging/failure';
import { judgePlaces } from '../judging/places';
import { judge } from '../judging/step';
import { walkRoom } from '../judging/walk';
import { createSandbox, type Sandbox } from '../machine/sandbox';
import { scenarioPlaces } from '../plan/places';
import { type Drop, dropsOf } from '../plan/rung';
import { type Part, type Scenario, type Stop, stepsOf } from '../plan/scenario';
import { Account } from '../secrets/account';
import { DiskWatch } from '../secrets/disk-watch';
import type { Secret } from '../secrets/secrets';
import { onTerminal, openPastedShell } from '../shell/pasted';
import { type BlockResult, openShell, type Shell } from '../shell/shell';
import { type PlaceName, Shells } from '../shell/shells';
import { connect, performAct, type Room, type RoomState, shardNumber } from '../world/acts';
import { carry, savedIn, type Ways } from '../world/carry';
import { furnish } from '../world/furnish';
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
  'home/wrapped-shards/',
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
  /** The folder in memory at each place, as it was shown there. */
  private readonly folders = new Map<string, string>();
  /** What each place has seen; nothing is noted where one machine serves for all. */
  private account: Account;
  private reach: ScenarioResult['places'];
  private coalitions: ScenarioResult['coalitions'];
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
    this.account = from?.account.copy() ?? new Account();
    this.drops = context.real ? dropsOf(scenario, context.real.missing) : new Map();
    if (!from) return;
    for (const [name, value] of from.bindings) this.bindings.set(name, value);
    for (const folder of from.folders) this.folders.set(...folder);
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

  async command(step: Step, shell: Shell, room: Room, ways: Ways): Promise<void> {
    const { command } = step;
    if (!command) return;
    const comes = step.crossing?.to === step.place;
    const barred = comes ? this.carried(step, ways) : undefined;
    if (barred) return this.record(step, 0, null, barred.found, barred, 1);
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
    let failure = this.judgeAt(room.sandbox.place, step, shown, result);
    this.note(room.sandbox, result);
    failure ??= judgeLeft(step, this.left(room));
    if (!comes) failure ??= this.carried(step, ways);
    if (command.input !== undefined && !failure) failure = await this.remembered(step, shell);
    // A step is as real as the least real tool that it has called; bash, openssl and sss are themselves everywhere.
    const standIn = callsSince(room.sandbox.world, calls).some(({ rung }) => rung === 1);
    const seen = `${result.stdout}\n${result.stderr}`;
    this.record(step, result.milliseconds, result.status, seen, failure, standIn ? 1 : 2);
  }

  /** Judges what was shown at a place. Each has a folder of its own. */
  private judgeAt(place: PlaceName, step: Step, shown: Command, result: BlockResult): Failure | undefined {
    if (place === undefined) return judge(step, shown, result, this.bindings);
    const known = this.folders.get(place);
    if (known === undefined) this.bindings.delete('FOLDER');
    else this.bindings.set('FOLDER', known);
    const failure = judge(step, shown, result, this.bindings);
    const folder = this.bindings.get('FOLDER');
    if (folder !== undefined) this.folders.set(place, folder);
    return failure;
  }

  /** Carries what a step names to another place. */
  private carried(step: Step, ways: Ways): Failure | undefined {
    try {
      carry(ways, step, [...(this.set ? secretsOf(this.set) : []), ...this.pictures()]);
      return undefined;
    } catch (error) {
      return failureAt(step, 'place', 'only what may leave its place', (error as Error).message);
    }
  }

  /** Notes what every place has, and what a command has shown at its own. */
  private note(sandbox: Sandbox, shown?: Pick<BlockResult, 'stdout' | 'stderr'>): void {
    const { place } = sandbox;
    if (place === undefined) return;
    for (const each of sandbox.all)
      if (each.place !== undefined) this.account.look(each.place, [...each.disks, ...each.memories]);
    this.account.hear(place, shown?.stdout ?? '');
    this.account.hear(place, shown?.stderr ?? '');
  }

  /** Pictures of sheets that came into the room: each is that shard. */
  private pictures(): Secret[] {
    return [...this.state.pictures].map(([n, value]) => ({ name: `picture of shard ${n}`, value }));
  }

  /** What the drill knows of the room, for the judge of what a command has left. */
  private left({ sandbox, deployment }: Room): Left {
    return {
      sandbox,
      deployment,
      secrets: this.set ? secretsOf(this.set) : [],
      pictures: this.pictures(),
      typed: this.typed,
      disks: this.disks,
      stopped: this.stopped !== undefined,
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
  private async forgotten(procedure: Procedure, steps: readonly Step[], shells: Shells): Promise<void> {
    // Where nothing was typed, to ask a shell would write a history that no page has switched off.
    const places = new Set(steps.flatMap((step) => (step.command ? [placeOf(step)] : [])));
    for (const place of places) {
      if (shells.pidAt(place) === undefined) continue;
      const found = await this.heldBy(await shells.at(place));
      if (found !== undefined)
        this.problem('secret', 'no PIN in a variable at the end of the page', found, procedure.file);
    }
  }

  act(step: Step, room: Room, ways: Ways, { page }: Procedure): void {
    try {
      // On a page of acts alone nothing lies ready to be done.
      if (page.drill) performAct(room, step);
      const barred = this.carried(step, ways);
      this.record(step, 0, null, barred?.found ?? '', barred, 1);
    } catch (error) {
      const found = (error as Error).message;
      this.record(step, 0, null, found, failureAt(step, 'act', `"${step.act}" done`, found), 1);
    }
  }

  /** Opens the shells of a room, each when something is done at its place. */
  private shellsOf(sandbox: Sandbox): Shells {
    const open = this.context.paste ? openPastedShell : openShell;
    return new Shells((place) => {
      const { home, env, launcher, path, jobs } = sandbox.at(place);
      return open({ cwd: home, home, env, launcher, path, folder: jobs });
    });
  }

  /** Tries each other way to go on from here, and leaves everything as it was. */
  private async tryOthers(spot: Spot, sandbox: Sandbox, shells: Shells): Promise<void> {
    if (!this.context.othersAt || this.context.paste) return;
    const others = this.context.othersAt(spot);
    this.enough = others === undefined;
    if (!others || others.length === 0) return;
    const rewind = await this.context.postgres.checkpoint?.();
    if (!rewind) throw new Error('other ways can be tried only where the database can be brought back');
    await shells.begun();
    const aside = sandbox.setAside();
    try {
      for (const { scenario, ended } of others) {
        const run = new Run(scenario, { ...this.context, othersAt: undefined }, this);
        run.sandbox = aside.copy();
        ended(await run.toItsEnd(spot, await shells.fork()));
        await rewind();
      }
    } finally {
      aside.back();
    }
  }

  /**
   * Closes the shell at a place and opens another one, which knows nothing of the first. Where the folder is still needed,
   * the step that opened it leads back; what lies in the folder is shown below what the page shows.
   */
  private async reopen(shells: Shells, place: PlaceName): Promise<Shell> {
    await shells.leave(place);
    return shells.at(place);
  }

  /** Follows the rest of one page in shells of its own: another page is another machine, or another day. */
  private async page(procedure: Procedure, sandbox: Sandbox, shells: Shells, from: Spot): Promise<void> {
    const { onStep, kind } = this.context;
    const steps = stepsOf(this.scenario, procedure);
    const roomAt = (place: PlaceName, shellPid: number): Room => ({
      sandbox: sandbox.at(place),
      deployment: this.deployment,
      shellPid,
      state: this.state,
      fixture: join(fixtureFolder(this.context.root), 'world'),
      manifest: () => this.set?.manifest,
    });
    const folderAt = (place: PlaceName) => {
      const pid = shells.pidAt(place);
      return pid === undefined ? sandbox.at(place).home : `/proc/${pid}/cwd`;
    };
    const ways: Ways = {
      folderAt,
      receivedAt: (place) => savedIn(folderAt(place), sandbox.at(place).home),
      placesOf: (kind, step) => placesOfKind(kind, step, steps),
    };
    /** Does the command of a step in a shell. */
    const type = (step: Step, shell: Shell) =>
      this.command(step, shell, roomAt(placeOf(step), shell.pid), ways);
    try {
      for (const [index, step] of [...steps.entries()].slice(from.step)) {
        const place = placeOf(step);
        await this.tryOthers({ page: from.page, step: index }, sandbox, shells);
        if (this.enough) return;
        if (this.stopped && (!step.always || this.hopeless())) continue;
        onStep?.(this.scenario, step);
        if (!sandbox.all.some((view) => view.place === place)) {
          // A step that was moved to a place that no step of the page is at.
          const found = `no machine at ${place}`;
          this.record(step, 0, null, found, failureAt(step, 'place', 'a machine of its own', found), 1);
          continue;
        }
        const there = (other: Step) => placeOf(other) === place;
        const wipes = step.command !== undefined && step.log.includes('workspace.wiped');
        let shell = await shells.at(place);
        if (wipes && kind?.shell === 'reopened') shell = await this.reopen(shells, place);
        if (step.command) await type(step, shell);
        else if (!this.stopped) this.act(step, roomAt(place, shell.pid), ways, procedure);
        if (wipes && kind && step.command) await type(step, shell);
        const here = steps.filter(there);
        const opening = here.find(({ log }) => log.includes('workspace.prepared'));
        const middle = here.find(({ sets }) => sets.some((fact) => middleFacts.includes(fact)));
        if (step === middle && opening && kind?.shell === 'reopened')
          await this.returnTo(opening, await this.reopen(shells, place), type);
      }
      await this.tryOthers({ page: from.page, step: steps.length }, sandbox, shells);
      await this.forgotten(procedure, steps, shells);
    } finally {
      const { left } = await shells.close();
      for (const process of left) this.problem('process', 'no process left', process.name, procedure.file);
      this.note(sandbox);
    }
  }

  /** Goes back, in a new shell, to the folder that a step has opened. */
  private async returnTo(
    step: Step,
    shell: Shell,
    type: (step: Step, shell: Shell) => Promise<void>,
  ): Promise<void> {
    const { command } = step;
    if (!command) return;
    const expected = command.expected.flatMap((line) => [line, { ...line, text: '...' }]);
    await type({ ...step, command: { ...command, expected } }, shell);
  }

  /** Follows the pages, the first of them from the spot on in shells that are there already. */
  private async pages(from: Spot, shells?: Shells): Promise<void> {
    for (const [page, procedure] of [...this.scenario.procedures.entries()].slice(from.page)) {
      const there = page === from.page && shells !== undefined;
      const sandbox = there && this.sandbox ? this.sandbox : await this.enter(procedure);
      const spot = there ? from : { page, step: 0 };
      await this.page(procedure, sandbox, there ? shells : this.shellsOf(sandbox), spot);
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
    this.folders.clear();
    const from = before ?? (scenario.world === 'fixture' ? fixture : undefined);
    const places = scenarioPlaces(stepsOf(scenario, procedure), procedure.page);
    const sandbox = createSandbox({
      tools: procedure.page.tools,
      wrappers: wrappersFor(context.tools, procedure.page.tools, this.drops, deployment.service),
      // It answers as the user who runs the drill, and sees the folders of that user.
      switchboard: context.kind ? undefined : answeredBy(context.tools, deployment.service),
      kind: context.kind,
      env: scenario.tampering?.kind === 'test-among-real' ? {} : { SSS_TEST: '1' },
      ...(from ? { home: from.home, world: from.world } : {}),
      ...(places
        ? {
            machines: places.map((place, index) => ({
              ...place,
              home:
                before?.all.find((view) => view.place === place.name)?.home ??
                (index === 0 ? from?.home : undefined),
            })),
          }
        : {}),
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
      furnish(sandbox, this.deployment);
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
      this.seedService(sandbox, set);
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
      forgetTokens(sandbox.world);
    }
    furnish(sandbox, deployment);
    return sandbox;
  }

  /** The service has lost its key, or never had it, and knows what was encrypted under it. */
  private seedService({ world }: Sandbox, { key }: KnownSet): void {
    const { service } = this.deployment;
    if (!service) return;
    const importKey = testImportKey();
    if (!serviceState.load(world)) seedService(world, service, { importKey, key });
    const digest = importKeyDigest({ importKey });
    // What the page prints of the import key is that of the adopter: the drill knows its own.
    bind(this.bindings, 'SHA256_IMPORT', digest);
    bind(this.bindings, 'DIGEST_WORDS_IMPORT', fingerprintWords(digest));
  }

  /** True where the service has the key: it was handed over at a console, or the service itself says so. */
  private get live(): boolean {
    return this.state.loaded || (this.sandbox !== undefined && answers(this.sandbox.world));
  }

  /** A page that is followed later: what the pages before it have left is judged, and is what there is now. */
  private async anotherDay(sandbox: Sandbox, { faults, deployment }: Part): Promise<void> {
    const { postgres } = this.context;
    this.deployment = deployment;
    const back = await postgres.checkpoint?.();
    for (const { wanted, found } of await this.judgeWorld(sandbox)) this.problem('oracle', wanted, found);
    await back?.();
    await this.judgeReach();
    const stored = await storedShards(postgres);
    this.set?.key.fill(0);
    this.set = await openSet(deployment, sandbox.world, kitManifest(sandbox.home), stored);
    // Another day has its own sheet: what was written on the last one does not count.
    this.bindings.clear();
    this.bindKnown(sandbox.home, this.set);
    this.seedService(sandbox, this.set);
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
      if (!this.stopped && expect === 'recovered' && !this.live) {
        this.problem(
          'oracle',
          'the key in the service',
          'every step passed, yet the service was never given the key',
        );
      }
      return;
    }
    this.judgeStop(expect);
    if (this.live)
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

  /** What each place can do with all that it has seen of the set that rules until now. */
  private async judgeReach(): Promise<void> {
    const { account, set, scenario } = this;
    if (!set || account.places().length === 0) return;
    const isRecovered = scenario.expect === 'recovered' && this.live && !this.stopped;
    const recovered = isRecovered ? (scenario.quorum ?? []) : undefined;
    const { rows, coalitions, findings } = await judgePlaces(account, set, this.pictures(), { recovered });
    this.reach = [...(this.reach ?? []), ...rows];
    this.coalitions = coalitionTotals([{ coalitions: this.coalitions }, { coalitions }]);
    for (const { wanted, found } of findings) this.problem('place', wanted, found);
    this.account = new Account();
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

  /** Follows the scenario to its end, or goes on from a spot in shells that are there already, and judges it. */
  async toItsEnd(from: Spot = { page: 0, step: 0 }, shells?: Shells): Promise<ScenarioResult> {
    const { scenario, context } = this;
    const started = new Date();
    const clock = performance.now();
    try {
      await this.pages(from, shells);
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
        // Whoever is stopped does not come to the step that removes the public key at the service's host.
        const imported = this.stopped ? ['home/received/'] : [];
        const known = [...declared, ...logins, ...history, ...imported];
        for (const leak of sandbox.leaks({ declared: known, secrets })) {
          // A sheet in its safe is a plain shard by design.
          if (leak.kind === 'secret' && leak.file.startsWith('world/')) continue;
          this.problem('leak', 'nothing left behind', `${leak.file}: ${leak.message}`);
        }
        await this.judgeReach();
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
        ...(this.reach ? { places: this.reach } : {}),
        ...(this.coalitions ? { coalitions: this.coalitions } : {}),
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
