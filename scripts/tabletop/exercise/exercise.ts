/** `npm run tabletop -- exercise SCENARIO`: the sandbox of the drill for people, who have an ordinary shell and the printed page. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Procedure } from '../../../src/procedure/compile';
import { parseShard, shardX } from '../../../src/shard/format';
import type { Manifest } from '../../../src/shard/manifest';
import { visible } from '../../../src/shard/visible';
import { printOut } from '../../common/terminal';
import { hsmState } from '../../providers/pkcs11-hsm/state';
import { startPostgres } from '../../providers/postgres/engine';
import { createSandbox, type Sandbox } from '../machine/sandbox';
import { findTool } from '../machine/tools';
import { unwatch, watch } from '../machine/watchdog';
import { type Scenario, stepsOf } from '../plan/scenario';
import type { Setting } from '../plan/setting';
import { putReport } from '../report/files';
import { commitOf } from '../report/summary';
import { createRedactor } from '../secrets/redact';
import type { RoomState } from '../world/acts';
import { digestOfKit, kitManifest, openSet, secretsOf, storedShards } from '../world/oracle';
import { plant } from '../world/tamper';
import { buildTools, wrappersFor } from '../world/tool-set';
import { fillKit, fixtureFolder, injectFaults, loadRegistry, secretInput } from '../world/worlds';
import { injects, questions } from './injects';
import { detects, type Ending, judge, quorumOf, type Situation, verdictOf, wordsOf } from './judge';
import {
  type Exercise,
  exerciseHtml,
  exerciseMarkdown,
  exerciseSchema,
  improvementsOf,
  strengthsOf,
} from './report';
import { type Answer, openRoom, words } from './room';
import { followed } from './steps';

export interface ExerciseOptions {
  /** Part of a page's name; undefined: chosen by the seed. */
  readonly name: string | undefined;
  readonly seed: number;
  readonly people: readonly string[];
  /** How many times faster than the clock; 1, but for tests. */
  readonly pace: number;
}

/** Minutes that a hint costs, and targets until somebody says what is wrong and what to do. */
const hintMinutes = 5;
const detectMinutes = 5;
const decideMinutes = 15;

/** What an operator's machine has beside the tools of the page. */
const everyday = [
  'cat',
  'less',
  'more',
  'ls',
  'head',
  'tail',
  'grep',
  'sed',
  'rm',
  'mv',
  'clear',
  'date',
  'sleep',
  'tr',
  'cut',
  'vi',
  'nano',
  'stat',
  'od',
  'diff',
];

/** Pages of emergencies: those of their chapter, and those elsewhere that the list of scenarios numbers. */
export const isEmergency = ({ file, page }: Pick<Procedure, 'file' | 'page'>): boolean =>
  file.startsWith('docs/emergency/') || /^S\d\d /.test(page.title);

/** Scenarios for people: every emergency page that the drill follows with commands, for each lost shard once. */
export function exercisesOf(setting: Setting): Scenario[] {
  const found = new Map<string, Scenario>();
  for (const scenario of setting.scenarios) {
    const [procedure] = scenario.procedures;
    if (!procedure || !isEmergency(procedure) || scenario.world !== 'fixture') continue;
    if (typeof scenario.expect !== 'string') continue;
    const key = `${procedure.file}/${scenario.lost ?? ''}`;
    if (!found.has(key)) found.set(key, scenario);
  }
  return [...found.values()];
}

/** Whether something is wrong beside the missing key: a provider, a shard, the registry, or the tool itself. */
export const hasFault = ({ faults, lost, tampering, procedures }: Scenario): boolean =>
  Object.keys(faults).length > 0 ||
  lost !== undefined ||
  tampering !== undefined ||
  procedures.some(({ page }) => !page.tools.includes('sss'));

/** The name of an exercise: its page's, and the shard that is lost. */
export const nameOf = ({ procedures, lost }: Scenario) =>
  `${procedures[0]?.file.replace(/^docs\/[^/]+\/|\.mdx?$/g, '')}${lost === undefined ? '' : `-${lost}`}`;

function chooseExercise(setting: Setting, { name, seed }: ExerciseOptions): Scenario {
  const all = exercisesOf(setting);
  const dealt = all.filter(hasFault);
  const matching = all.filter((each) => nameOf(each) === name || nameOf(each).includes(name ?? ''));
  const exact = matching.find((each) => nameOf(each) === name);
  const chosen = name === undefined ? dealt[seed % Math.max(dealt.length, 1)] : (exact ?? matching[0]);
  if (!chosen)
    throw new RangeError(`no exercise is called "${name}"; there are ${all.map(nameOf).join(', ')}`);
  return chosen;
}

/** The first sign of a page, as somebody reports it who does not know the page. */
function signsOf({ lines }: Procedure): string[] {
  const texts = lines.map(({ text }) => text);
  const from = texts.findIndex((text) => /^## Signs\b/.test(text));
  const to = texts.findIndex((text, at) => at > from && text.startsWith('## '));
  return from < 0
    ? []
    : texts.slice(from + 1, to < 0 ? undefined : to).flatMap((text) => /^- (.*)$/.exec(text)?.[1] ?? []);
}

/** How people say that something cannot be reached. */
const UNREACHABLE =
  'answer answers answering reach reached reachable connect connection timeout timed outage region';

/** Words for what the faults of a scenario look like. */
const looksLike = (faults: Scenario['faults']): string[] =>
  Object.values(faults).some((mode) => ['refuse', 'hang', 'http-503', 'absent'].includes(mode))
    ? [UNREACHABLE]
    : [];

/** What is wrong in a scenario, for the judge. */
export function situationOf(scenario: Scenario, setting: Setting): Situation {
  const { key, shards } = setting.deployment;
  const [procedure] = scenario.procedures as [Procedure];
  const { file, page } = procedure;
  const slug = file.replace(/^.*\/|\.mdx?$/g, '');
  const same = setting.scenarios.filter(
    ({ procedures, expect, tampering }) =>
      procedures[0]?.file === file && expect === 'recovered' && !tampering,
  );
  const number = /^S\d\d/.exec(page.title)?.[0];
  const faults = Object.entries(scenario.faults).flat().join(' ');
  return {
    threshold: key.threshold,
    total: shards.length,
    reachable: [...new Set(same.flatMap(({ quorum }) => quorum ?? []))],
    recovers: scenario.expect === 'recovered',
    pages: [number ?? page.title, page.prefix, slug, file, page.title].filter((each) => each !== undefined),
    specific: new Set([...wordsOf(slug), ...wordsOf(faults)]),
    signs: new Set(wordsOf([...signsOf(procedure), page.title, ...looksLike(scenario.faults)].join(' '))),
  };
}

/** Wrong tries of a user PIN that all tokens of a world have counted since the last right one. */
const failedPins = (world: string): number =>
  Object.values(hsmState.load(world).modules)
    .flatMap(({ tokens }) => tokens)
    .reduce((sum, { failedPins: failed }) => sum + failed, 0);

/** The shards whose lines lie in these files. */
function shardsIn(manifest: Manifest, folder: string, files: readonly string[]): number[] {
  return files.flatMap((name) => {
    try {
      const shard = parseShard(readFileSync(resolve(folder, name), 'utf8'));
      return manifest.shards.find(({ x }) => x === shardX(shard))?.number ?? [];
    } catch {
      return [];
    }
  });
}

/** What pages compare with: the lines of the printed Ceremony Log that lie beside the operator. */
function ceremonyLog(home: string, manifest: Manifest): string[] {
  return [
    `The printed Ceremony Log of generation ${manifest.generation} says:`,
    `  SHA-256 of the manifest  ${digestOfKit(home)}`,
    `  KCV                      ${manifest.commitment.slice(0, 8)}`,
    `  labels                   ${manifest.shards.map(({ number, label }) => `${number}: ${label}`).join(', ')}`,
  ];
}

/** What the operator reads first, and all that is said about the situation. */
function situationCard(scenario: Scenario, setting: Setting, log: readonly string[]): string {
  const { key } = setting.deployment;
  const [sign] = scenario.procedures.flatMap(signsOf);
  return [
    '',
    '─── EXERCISE ─── EXERCISE ─── EXERCISE ───',
    '',
    ...(scenario.expect === 'recovered'
      ? [`${key.service} does not start: it has no MasterKey. You are the recovery operator.`]
      : [
          `${key.service} runs. Somebody reports: ${sign ?? 'a check of the shards has failed.'}`,
          'You are the recovery operator.',
        ]),
    `Your people sit beside you. You have the site or the printed runbook, and this shell. Nothing here is real.`,
    `The recovery kit lies in ~/recovery-kit. ${scenario.expect === 'recovered' ? 'Bring the key back' : 'Find the page, and follow it to its end'}, then close down.`,
    '',
    ...log,
    '',
    'What people do, you say:',
    ...Object.values(words).map((line) => `  ${line}`),
    '  exit                 the end: the result is judged; Ctrl-D does nothing',
    'Look into the envelope of a PIN before a command asks for it: at its prompt nothing else can be said.',
    '',
    `The clock runs. (${scenario.procedures.length === 1 ? 'One page of the runbook is enough.' : 'You need several pages.'})`,
    '',
  ].join('\n');
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Programs of which the room is told before they start: those that combine, and the one that asks for a PIN. */
const told = ['sss', 'python3', 'pkcs11-tool'];

/** The same programs, each after a word to the room. */
function watched(
  wrappers: Readonly<Record<string, readonly string[]>>,
  listed: readonly string[],
  say: (name: string) => readonly [client: string, socket: string, name: string],
): Record<string, readonly string[]> {
  const more = told
    .filter((name) => listed.includes(name))
    .map((name) => {
      const [client, socket] = say(name);
      const word = [process.execPath, client, socket, 'watched', name].map(quote).join(' ');
      const real = (wrappers[name] ?? [findTool(name)]).map(quote).join(' ');
      return [name, ['/bin/sh', '-c', `${word} "$@" >/dev/null 2>&1; exec ${real} "$@"`, name]] as const;
    });
  return { ...wrappers, ...Object.fromEntries(more) };
}

/** Settings of the operator's bash: a prompt, and a record of what was typed, with time and status. */
function shellSettings(log: string): string {
  return [
    '[ -r ~/.bashrc ] && . ~/.bashrc',
    'HISTCONTROL= HISTIGNORE=',
    // Ctrl-D is one slip of a finger.
    'IGNOREEOF=1000',
    'shopt -s cmdhist lithist',
    "PS1='exercise:\\W\\$ '",
    `record() { builtin printf '%s\\037%s\\037%s\\037%s\\036' "$?" "$EPOCHREALTIME" "$PWD" "$(HISTTIMEFORMAT= builtin history 1)" >>${quote(log)}; }`,
    'PROMPT_COMMAND=record',
    'history -c',
    '',
  ].join('\n');
}

interface Typed {
  readonly status: number;
  readonly at: number;
  readonly text: string;
  /** Folder in which the operator stood afterwards. */
  readonly folder: string;
}

/**
 * What was typed, each entry of the history once. The first prompt comes before anything is typed: what stands in the
 * history then is older than the exercise. Words that the room answers are its own entries of the timeline.
 */
function readTyped(log: string): Typed[] {
  if (!existsSync(log)) return [];
  const records = readFileSync(log, 'utf8')
    .split('\x1e')
    .map((record) => {
      const [status = '', at = '', folder = '', entry = ''] = record.split('\x1f');
      const [, number = '', text = ''] = /^\s*(\d+)\*?\s+([\s\S]*)$/.exec(entry) ?? [];
      return { number, status: Number(status), at: Number(at) * 1000, text, folder };
    });
  return records.filter(
    ({ number, text }, index) =>
      index > 0 &&
      number !== '' &&
      number !== records[index - 1]?.number &&
      !Object.hasOwn(words, text.split(/\s/)[0] ?? ''),
  );
}

/** Files that hold something in the runtime folder: plaintext that nobody has wiped. */
const leftBehind = (sandbox: Sandbox) =>
  readdirSync(sandbox.run, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

/** Prints the report beside the others. A report that cannot be printed is no reason to lose the exercise: one line says why. */
async function printReport(root: string, name: string, html: string): Promise<string> {
  const { exercisePdf } = await import('./pdf');
  const pdf = await exercisePdf(html).catch((error: Error) => error.message.split('\n')[0] ?? 'no reason');
  if (typeof pdf === 'string') return `not printed as PDF: ${pdf}`;
  putReport(root, `${name}.pdf`, pdf);
  return `printed: reports/tabletop/${name}.pdf`;
}

/** Runs an exercise in this terminal. Returns the exit status. Throws RangeError on an unknown name, Error without a terminal. */
export async function exercise(setting: Setting, options: ExerciseOptions): Promise<number> {
  const scenario = chooseExercise(setting, options);
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw new Error('an exercise needs a terminal for its shell');
  const [procedure] = scenario.procedures;
  if (!procedure) throw new RangeError(`${scenario.id} has no page`);
  const { deployment, root } = setting;
  stdout.write('The exercise is being prepared: half a minute, on a busy machine longer.\n');
  const folder = mkdtempSync(join(tmpdir(), 'exercise-'));
  const postgresSocket = join(folder, 'db.sock');
  const tools = await buildTools();
  const postgres = await startPostgres(postgresSocket);
  let sandbox: Sandbox | undefined;
  try {
    const listed = [...new Set([...procedure.page.tools, ...everyday])];
    const client = resolve(__dirname, 'client.cjs');
    const roomSocket = join(folder, 'room.sock');
    sandbox = createSandbox({
      tools: listed,
      wrappers: {
        ...watched(wrappersFor(tools, listed), listed, (name) => [client, roomSocket, name]),
        ...Object.fromEntries(
          Object.keys(words).map((word) => [word, [process.execPath, client, roomSocket, word]]),
        ),
      },
      home: join(fixtureFolder(root), 'home'),
      world: join(fixtureFolder(root), 'world'),
      env: { SSS_TEST: '1', TERM: process.env.TERM ?? 'dumb', COLUMNS: String(stdout.columns ?? 80) },
    });
    const box = sandbox;
    fillKit(box, root);
    await loadRegistry(postgres, root, deployment);
    const good = await openSet(deployment, box.world, kitManifest(box.home), await storedShards(postgres));
    const planted = scenario.tampering && (await plant(scenario.tampering, box, deployment, postgres, good));
    const set = planted ?? good;
    symlinkSync(postgresSocket, join(box.world, 'postgres.sock'));
    await injectFaults(box, postgres, scenario.faults);

    const log = join(box.jobs, 'typed');
    const state: RoomState = { opened: new Set(), pictures: new Map(), loaded: false };
    const situation = situationOf(scenario, setting);
    const steps = stepsOf({ ...scenario, quorum: undefined }, procedure);
    const progress = () => followed(steps, readTyped(log), room?.acted ?? []);
    let wrongPins = 0;
    let pins = failedPins(box.world);
    const countPins = () => {
      const now = failedPins(box.world);
      wrongPins += Math.max(0, now - pins);
      pins = now;
    };
    const ending = (): Ending => {
      countPins();
      return {
        loaded: state.loaded,
        plaintext: leftBehind(box),
        network: !existsSync(join(box.world, 'faults.connected.json')),
        wrongPins,
        skipped: progress().skipped,
      };
    };
    let aborted = false;
    let hints = 0;
    const check = (): Answer => {
      const end = ending();
      const { faults } = judge(situation, room?.moments ?? [], end);
      const reached = verdictOf(situation.recovers, end, faults);
      const text = [
        ...(situation.recovers ? [`key in the service: ${end.loaded ? 'yes, the right one' : 'no'}`] : []),
        `files with plaintext: ${end.plaintext === 0 ? 'none' : end.plaintext}`,
        `network: ${end.network ? 'on' : 'off'}`,
        `steps left: ${end.skipped.length === 0 ? 'none' : end.skipped.length}`,
      ].join('\n');
      return { status: /^(recovered|repaired)/.test(reached) ? 0 : 1, text };
    };
    let room: Awaited<ReturnType<typeof openRoom>> | undefined;
    const shell = { end: () => undefined as undefined };
    room = await openRoom({
      socket: roomSocket,
      pace: options.pace,
      room: {
        sandbox: box,
        deployment,
        fixture: join(fixtureFolder(root), 'world'),
        manifest: () => set.manifest,
        state,
      },
      pin: (shard, name) => secretInput(`hsm-${name}-pin`, box.world, deployment, shard),
      seen: () => {
        countPins();
        return {
          network: !existsSync(join(box.world, 'faults.connected.json')),
          plaintext: leftBehind(box),
        };
      },
      shardsIn: (folder, files) => shardsIn(set.manifest, folder, files),
      undecided: (text) =>
        !situation.recovers || quorumOf(situation, text)
          ? undefined
          : `wanted the numbers of ${situation.threshold} different shards of ${situation.total}: decide ${deployment.shards
              .slice(0, situation.threshold)
              .map(({ n }) => n)
              .join(' ')}`,
      check,
      hint: () => {
        hints++;
        const { next } = progress();
        const text = next
          ? `${next.section}: ${next.id}. ${next.text.split('\n')[0]}`
          : 'the commands of the page are done';
        return { status: 0, text: `${text} (${hintMinutes} minutes)` };
      },
      abort: () => {
        aborted = true;
        shell.end();
      },
    });

    const started = new Date();
    printOut(`${situationCard(scenario, setting, ceremonyLog(box.home, set.manifest))}\n`);
    const timers = injects.map(({ minutes, from, text }) =>
      setTimeout(
        () => {
          room?.note('inject', `${from}: ${text}`);
          stdout.write(`\r\n\x07─── ${visible(from)} ───\r\n${visible(text)}\r\n`);
        },
        (minutes * 60_000) / options.pace,
      ),
    );
    const settings = join(box.jobs, 'exercise.bashrc');
    writeFileSync(settings, shellSettings(log), { mode: 0o600 });
    // Ctrl-C belongs to the operator's shell.
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    /** One shell of the operator, from its folder until it ends. Resolves with true when a signal has ended it. */
    const sit = async (cwd: string): Promise<boolean> => {
      const child = spawn(findTool('bash'), ['--noprofile', '--rcfile', settings, '-i'], {
        cwd,
        env: { ...box.env, HOME: box.home, PATH: box.path },
        stdio: 'inherit',
      });
      if (child.pid !== undefined) watch({ group: child.pid });
      shell.end = () => {
        child.kill('SIGHUP');
        return undefined;
      };
      const signal = await new Promise<unknown>((done) => child.once('exit', (_code, by) => done(by)));
      if (child.pid !== undefined) unwatch({ group: child.pid });
      return signal !== null;
    };
    let hungUp = await sit(box.home);
    if (!aborted && !hungUp && check().status !== 0) {
      const last = readTyped(log).at(-1)?.folder ?? box.home;
      stdout.write(
        `\nNot done yet:\n${check().text}\nYour shell goes on where it was. exit once more ends the exercise.\n`,
      );
      hungUp = await sit(existsSync(last) ? last : box.home);
    }
    process.off('SIGINT', ignore);
    for (const timer of timers) clearTimeout(timer);
    const spent = room.seconds();
    const end = ending();
    const { objectives, faults } = judge(situation, room.moments, end);
    const verdict = aborted ? 'aborted' : verdictOf(situation.recovers, end, faults);
    await room.close();

    const redactor = createRedactor(secretsOf(set));
    const typed = readTyped(log);
    const timeline = [
      ...room.timeline,
      ...typed.map(({ status, at, text }) => ({
        seconds: Math.max(0, ((at - started.getTime()) / 1000) * options.pace),
        kind: 'typed' as const,
        text,
        status,
      })),
    ]
      .map((entry) => ({ ...entry, text: redactor.redact(entry.text, entry.kind) }))
      .sort((a, b) => a.seconds - b.seconds);
    const first = (test: (entry: (typeof timeline)[number]) => boolean) =>
      timeline.find(test)?.seconds ?? null;
    const loaded = first(({ kind, text, status }) => kind === 'act' && text === 'key-load' && status === 0);
    // A repair is done with the last command.
    const lastTyped = timeline.filter(({ kind }) => kind === 'typed').at(-1)?.seconds ?? null;
    const reached = situation.recovers ? loaded : verdict.startsWith('repaired') ? lastTyped : null;
    const { done, skipped, repeated, mistyped, failed } = followed(steps, typed, room.acted);
    const clean = (text: string) => redactor.redact(text, 'typed');
    const minutes = procedure.steps.reduce((sum, step) => sum + step.minutes, 0);
    const cost = hints * hintMinutes;
    const times = [
      {
        name: 'detected',
        seconds: first(({ text }) => text.startsWith('detect: ') && detects(situation, text.slice(8))),
        targetSeconds: detectMinutes * 60,
      },
      ...(situation.recovers
        ? [
            {
              name: 'decided',
              seconds: first(({ text }) => text.startsWith('decide: ')),
              targetSeconds: decideMinutes * 60,
            },
          ]
        : []),
      {
        name: situation.recovers ? 'recovered' : 'repaired',
        seconds: reached === null ? null : reached + cost * 60,
        targetSeconds: (procedure.page.rto ?? minutes) * 60,
      },
    ];
    const parts = {
      objectives,
      faults,
      times,
      timeline,
      hintMinutes: cost,
      steps: {
        done,
        skipped,
        repeated,
        mistyped: mistyped.map(({ text, step }) => ({ text: clean(text), step })),
        failed: failed.map(clean),
      },
    };
    const report: Exercise = exerciseSchema.parse({
      format: 'tabletop-exercise/1',
      kind: 'exercise by people',
      scenario: nameOf(scenario),
      title: procedure.page.title,
      page: procedure.file,
      seed: options.seed,
      people: [...options.people],
      ...commitOf(root),
      started: started.toISOString(),
      seconds: spent,
      verdict,
      ...parts,
      strengths: strengthsOf(parts),
      improvements: improvementsOf(parts),
      questions: [...questions],
      signatures: ['Facilitator', 'Recovery lead', 'Recovery operator', 'Internal witness', 'Evaluator'],
    });
    const name = `exercise/${started.toISOString().slice(0, 19).replaceAll(':', '')}-${report.scenario}`;
    putReport(root, `${name}.json`, `${JSON.stringify(report, null, 1)}\n`);
    putReport(root, `${name}.md`, exerciseMarkdown(report));
    const html = exerciseHtml(report);
    putReport(root, `${name}.html`, html);
    set.key.fill(0);
    const ok = verdict === 'recovered' || verdict === 'repaired';
    printOut(
      `\n${faults.map((fault) => `- ${fault}\n`).join('')}${verdict}; the after-action report: reports/tabletop/${name}.md\n`,
    );
    printOut(`${await printReport(root, name, html)}\n`);
    stdout.write(`${ok ? 1 : 0} passed, ${ok ? 0 : 1} failed\n`);
    return ok ? 0 : 1;
  } finally {
    sandbox?.destroy();
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
