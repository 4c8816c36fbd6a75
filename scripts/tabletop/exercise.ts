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
import type { Manifest } from '../../src/shard/manifest';
import { startPostgres } from '../providers/postgres/engine';
import type { RoomState } from './acts';
import { putReport } from './commands';
import {
  type Exercise,
  exerciseHtml,
  exerciseMarkdown,
  exerciseSchema,
  improvementsOf,
  strengthsOf,
} from './exercise-report';
import { type Answer, openRoom, words } from './exercise-room';
import { followed } from './exercise-steps';
import { injects, questions } from './injects';
import { digestOfKit, kitManifest, openSet, secretsOf, storedShards } from './oracle';
import { createRedactor } from './redact';
import { createSandbox, type Sandbox } from './sandbox';
import type { Scenario } from './scenario';
import type { Setting } from './setting';
import { commitOf } from './summary';
import { buildTools, wrappersFor } from './tool-set';
import { findTool } from './tools';
import { unwatch, watch } from './watchdog';
import { fillKit, fixtureFolder, injectFaults, loadRegistry, secretInput } from './worlds';

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

/** Scenarios for people: a page that recovers the key from the stored set, each once. */
export function exercisesOf(setting: Setting): Scenario[] {
  const found = new Map<string, Scenario>();
  for (const scenario of setting.scenarios) {
    const page = scenario.procedures[0]?.file ?? '';
    const key = `${page}/${scenario.lost ?? ''}`;
    if (scenario.world !== 'fixture' || scenario.expect !== 'recovered' || scenario.tampering) continue;
    if (!found.has(key)) found.set(key, scenario);
  }
  return [...found.values()];
}

/** The name of an exercise: its page's, and the shard that is lost. */
export const nameOf = ({ procedures, lost }: Scenario) =>
  `${procedures[0]?.file.replace(/^docs\/[^/]+\/|\.mdx?$/g, '')}${lost === undefined ? '' : `-${lost}`}`;

function chooseExercise(setting: Setting, { name, seed }: ExerciseOptions): Scenario {
  const all = exercisesOf(setting);
  const matching = name === undefined ? all : all.filter((each) => nameOf(each).includes(name));
  const chosen = name === undefined ? all[seed % Math.max(all.length, 1)] : matching[0];
  if (!chosen)
    throw new RangeError(`no exercise is called "${name}"; there are ${all.map(nameOf).join(', ')}`);
  return chosen;
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
  return [
    '',
    '─── EXERCISE ─── EXERCISE ─── EXERCISE ───',
    '',
    `${key.service} does not start: it has no MasterKey. You are the recovery operator.`,
    `Your people sit beside you. You have the site or the printed runbook, and this shell. Nothing here is real.`,
    `The recovery kit lies in ~/recovery-kit. Bring the key back, then close down.`,
    '',
    ...log,
    '',
    'What people do, you say:',
    ...Object.values(words).map((line) => `  ${line}`),
    '  exit                 the end: the result is judged',
    'Look into the envelope of a PIN before a command asks for it: at its prompt nothing else can be said.',
    '',
    `The clock runs. (${scenario.procedures.length === 1 ? 'One page of the runbook is enough.' : 'You need several pages.'})`,
    '',
  ].join('\n');
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Settings of the operator's bash: a prompt, and a record of what was typed, with time and status. */
function shellSettings(log: string): string {
  return [
    '[ -r ~/.bashrc ] && . ~/.bashrc',
    'HISTCONTROL= HISTIGNORE=',
    'shopt -s cmdhist lithist',
    "PS1='exercise:\\W\\$ '",
    `record() { builtin printf '%s\\037%s\\037%s\\036' "$?" "$EPOCHREALTIME" "$(HISTTIMEFORMAT= builtin history 1)" >>${quote(log)}; }`,
    'PROMPT_COMMAND=record',
    'history -c',
    '',
  ].join('\n');
}

interface Typed {
  readonly status: number;
  readonly at: number;
  readonly text: string;
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
      const [status = '', at = '', entry = ''] = record.split('\x1f');
      const [, number = '', text = ''] = /^\s*(\d+)\*?\s+([\s\S]*)$/.exec(entry) ?? [];
      return { number, status: Number(status), at: Number(at) * 1000, text };
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
  const { exercisePdf } = await import('./exercise-pdf');
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
  const folder = mkdtempSync(join(tmpdir(), 'exercise-'));
  const postgresSocket = join(folder, 'db.sock');
  const tools = await buildTools();
  const postgres = await startPostgres(postgresSocket);
  let sandbox: Sandbox | undefined;
  try {
    const listed = [...new Set([...procedure.page.tools, ...everyday])];
    const client = resolve(__dirname, 'exercise-client.cjs');
    const roomSocket = join(folder, 'room.sock');
    sandbox = createSandbox({
      tools: listed,
      wrappers: {
        ...wrappersFor(tools, listed),
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
    const set = await openSet(deployment, box.world, kitManifest(box.home), await storedShards(postgres));
    symlinkSync(postgresSocket, join(box.world, 'postgres.sock'));
    await injectFaults(box, postgres, scenario.faults);

    const log = join(box.jobs, 'typed');
    const state: RoomState = { opened: new Set(), pictures: new Map(), loaded: false };
    const texts = () => readTyped(log).map(({ text }) => text);
    let aborted = false;
    let hints = 0;
    const check = (): Answer => {
      const left = leftBehind(box);
      const cut = existsSync(join(box.world, 'faults.connected.json'));
      const good = state.loaded && left === 0 && !cut;
      const text = [
        `key in the service: ${state.loaded ? 'yes, the right one' : 'no'}`,
        `files with plaintext: ${left === 0 ? 'none' : left}`,
        `network: ${cut ? 'off' : 'on'}`,
      ].join('\n');
      return { status: good ? 0 : 1, text };
    };
    const shell = { end: () => undefined as undefined };
    const room = await openRoom({
      socket: roomSocket,
      pace: options.pace,
      room: {
        sandbox: box,
        deployment,
        fixture: join(fixtureFolder(root), 'world'),
        manifest: () => set.manifest,
        state,
      },
      pin: (shard) => secretInput('hsm-user-pin', box.world, deployment, shard),
      check,
      hint: () => {
        hints++;
        const { next } = followed(procedure, texts());
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
    stdout.write(`${situationCard(scenario, setting, ceremonyLog(box.home, set.manifest))}\n`);
    const timers = injects.map(({ minutes, from, text }) =>
      setTimeout(
        () => {
          room.note('inject', `${from}: ${text}`);
          stdout.write(`\r\n\x07─── ${from} ───\r\n${text}\r\n`);
        },
        (minutes * 60_000) / options.pace,
      ),
    );
    const settings = join(box.jobs, 'exercise.bashrc');
    writeFileSync(settings, shellSettings(log), { mode: 0o600 });
    const child = spawn(findTool('bash'), ['--noprofile', '--rcfile', settings, '-i'], {
      cwd: box.home,
      env: { ...box.env, HOME: box.home, PATH: box.path },
      stdio: 'inherit',
    });
    if (child.pid !== undefined) watch({ group: child.pid });
    shell.end = () => {
      child.kill('SIGHUP');
      return undefined;
    };
    // Ctrl-C belongs to the operator's shell.
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    await new Promise<void>((done) => child.once('exit', () => done()));
    process.off('SIGINT', ignore);
    for (const timer of timers) clearTimeout(timer);
    if (child.pid !== undefined) unwatch({ group: child.pid });
    const spent = room.seconds();
    const verdict = aborted ? 'aborted' : check().status === 0 ? 'recovered' : 'not recovered';
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
    const { done, skipped, repeated } = followed(
      procedure,
      typed.map(({ text }) => text),
    );
    const minutes = procedure.steps.reduce((sum, step) => sum + step.minutes, 0);
    const cost = hints * hintMinutes;
    const times = [
      {
        name: 'detected',
        seconds: first(({ text }) => text.startsWith('detect: ')),
        targetSeconds: detectMinutes * 60,
      },
      {
        name: 'decided',
        seconds: first(({ text }) => text.startsWith('decide: ')),
        targetSeconds: decideMinutes * 60,
      },
      {
        name: 'recovered',
        seconds: loaded === null ? null : loaded + cost * 60,
        targetSeconds: (procedure.page.rto ?? minutes) * 60,
      },
    ];
    const objectives = [
      { text: 'Say what is wrong, from what is seen.', met: times[0]?.seconds !== null },
      { text: 'Choose a quorum that can be reached.', met: times[1]?.seconds !== null },
      { text: 'Give the service the right key.', met: state.loaded },
      { text: 'Leave no plaintext behind and the network as it was.', met: verdict === 'recovered' },
    ];
    const parts = { objectives, times, timeline, hintMinutes: cost, steps: { done, skipped, repeated } };
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
    const ok = verdict === 'recovered';
    stdout.write(`\n${verdict}; the after-action report: reports/tabletop/${name}.md\n`);
    stdout.write(`${await printReport(root, name, html)}\n`);
    stdout.write(`${ok ? 1 : 0} passed, ${ok ? 0 : 1} failed\n`);
    return ok ? 0 : 1;
  } finally {
    sandbox?.destroy();
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
