/** `npm run tabletop`: executes every documented procedure, in every combination that can occur, and says what it saw. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drillUnavailable } from '../common/platform';
import { errorLines } from '../common/problems';
import { printError, printOut } from '../common/terminal';
import { drill, fixture } from './commands';
import { exercise } from './exercise/exercise';
import { mutate } from './mutation/run';
import { briefly } from './plan/brief';
import { endOf } from './plan/plan';
import type { Scenario } from './plan/scenario';
import { planned, readSetting, type Setting } from './plan/setting';
import { checkDrillTrail, recordDrill } from './report/drill-trail';
import { commitOf } from './report/summary';
import { pasteUnavailable } from './shell/paste';
import { vmUnavailable } from './vm/machine';
import { room } from './vm/room';
import { checkFixture } from './world/worlds';

const help = `npm run tabletop -- [COMMAND] [options]

Executes the procedures of docs/ in sandboxes, exactly as they are printed.

  (none)             run every scenario; reports go to reports/tabletop/
  fixture            follow the ceremony's pages and store the TEST set that comes out of it
  list               print the scenarios and how each must end, one a line
  exercise SCENARIO  the sandbox for people: part of a page's name, such as region-down, or --random --seed N
  mutate             put mistakes into the pages, and see whether the drill notices each of them
  room               boot the image of the room's machine in QEMU, and follow the ceremony's pages in it

Options:
  --only TEXT        only scenarios whose id contains TEXT; may be given several times
  --brief            of each page only scenarios that meet another shard, fault or outage than those before them
  --rung 2           the unmodified tools of this machine, in a private network, instead of stand-ins
  --allow-rung NAME  what may stay on rung 1 all the same; the drill names what it is
  --paste            one scenario, pasted into an interactive bash on a terminal as an operator does it
  --jobs N           scenarios at the same time (default: one a core; half as many again on rung 2, which waits much)
  --keep             leave the sandbox of each scenario that failed, and say where
  --trail FILE       append the result and the digest of results.json to this audit trail of drills
  --page FILE        mutate: only mistakes in this file, such as docs/emergency/unseal.mdx
  --sample N         mutate: only N mistakes, chosen by --seed N (default 1)
  --part K/N         mutate: only the Kth of N parts, for machines that share the work
  --people NAMES     exercise: who takes part, separated by commas
  --pace N           exercise: injects arrive, and time counts, N times faster (default 1)
  --minutes N        mutate: begin no further one after N minutes
  --image FILE       room: the image (default build-image/room.iso, which npm run image builds)
  --root FOLDER      another project: the folder of its deployment.yaml and docs/
  --help             this text

Example:
  npm run tabletop -- --only unseal/1-2-3
`;

class UsageError extends Error {}

function numberOf(name: string, value: string, low: number, high: number): number {
  if (!/^\d+$/.test(value) || Number(value) < low || Number(value) > high)
    throw new UsageError(`--${name} ${value}: wanted ${low} to ${high}`);
  return Number(value);
}

function partOption(value: string): { number: number; of: number } {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  if (Number(number) < 1 || !(Number(number) <= Number(of)))
    throw new UsageError(`--part ${value}: wanted K/N, such as 2/4`);
  return { number: Number(number), of: Number(of) };
}

/** As many scenarios at a time as keep the cores busy: on rung 2 much of the time is waiting. */
function jobsFor(rung: string): number {
  const cores = availableParallelism();
  return Math.min(64, rung === '2' ? Math.ceil(cores * 1.5) : cores);
}

/** The scenarios that are asked for. Throws UsageError for a text that none contains. */
function chosen(setting: Setting, only: readonly string[]): Setting {
  const containing = (text: string) => setting.scenarios.filter(({ id }) => id.includes(text));
  const unknown = only.find((text) => containing(text).length === 0);
  if (unknown !== undefined)
    throw new UsageError(`no scenario contains "${unknown}"; see npm run tabletop -- list`);
  if (setting.scenarios.length === 0) throw new UsageError('no page of docs/ has a drill');
  const scenarios = setting.scenarios.filter(
    ({ id }) => only.length === 0 || only.some((text) => id.includes(text)),
  );
  return { ...setting, scenarios };
}

/** Of the scenarios that are asked for, those that meet something new; says how many. */
function brief(setting: Setting): Setting {
  const scenarios = briefly(setting.scenarios);
  printOut(`brief: ${scenarios.length} of ${setting.scenarios.length} scenarios\n`);
  return { ...setting, scenarios };
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      brief: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      paste: { type: 'boolean', default: false },
      rung: { type: 'string', default: '1' },
      'allow-rung': { type: 'string', multiple: true, default: [] },
      page: { type: 'string' },
      sample: { type: 'string' },
      part: { type: 'string' },
      minutes: { type: 'string' },
      random: { type: 'boolean', default: false },
      people: { type: 'string', default: '' },
      pace: { type: 'string', default: '1' },
      seed: { type: 'string' },
      keep: { type: 'boolean', default: false },
      trail: { type: 'string' },
      image: { type: 'string', default: 'build-image/room.iso' },
      root: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    printOut(help);
    return 0;
  }
  const [command = 'drill', ...more] = positionals;
  const [name] = command === 'exercise' ? more.splice(0, 1) : [];
  if (more.length > 0) throw new UsageError(`one command is enough; found ${positionals.join(' ')}`);
  if (!['drill', 'fixture', 'list', 'mutate', 'exercise', 'room'].includes(command))
    throw new UsageError(`unknown command "${command}"`);
  const here = command === 'list' ? undefined : drillUnavailable();
  if (here !== undefined) throw new Error(`the drill cannot run on this machine: ${here}`);
  const jobs = numberOf('jobs', values.jobs ?? String(jobsFor(values.rung)), 1, 64);
  const all = readSetting(resolve(values.root ?? resolve(__dirname, '../..')));
  if (command === 'room') {
    const missing = vmUnavailable();
    if (missing) throw new Error(`the room's machine cannot be started here: ${missing}`);
    return room(all, resolve(process.env.INIT_CWD ?? '.', values.image));
  }
  const seed = numberOf('seed', values.seed ?? '1', 0, 2 ** 32 - 1);
  if (command === 'mutate') {
    checkFixture(all.root, all.deployment);
    const sample = values.sample === undefined ? undefined : numberOf('sample', values.sample, 1, 1_000_000);
    const part = values.part === undefined ? undefined : partOption(values.part);
    const minutes = values.minutes === undefined ? undefined : numberOf('minutes', values.minutes, 1, 10_000);
    // Within a time limit each commit tries others first, so that all of them are tried over time.
    const turn = Number.parseInt(commitOf(all.root).commit.slice(0, 8), 16) || 1;
    const rotating = minutes !== undefined && values.seed === undefined ? turn : seed;
    // The pages of a key's life are mutated where each is followed by itself.
    const apart = planned(all.root, all.deployment, all.procedures, { life: false });
    return mutate(apart, {
      jobs,
      seed: rotating,
      sample,
      part,
      minutes,
      page: values.page,
      only: values.only,
    });
  }
  if (command === 'exercise') {
    if ((name === undefined) !== values.random)
      throw new UsageError('exercise: wanted a SCENARIO, or --random');
    checkFixture(all.root, all.deployment);
    const people = values.people.split(',').map((text) => text.trim());
    const pace = numberOf('pace', values.pace, 1, 10_000);
    return exercise(all, { name, seed, pace, people: people.filter(Boolean) });
  }
  const asked = chosen(all, values.only);
  const setting = values.brief ? brief(asked) : asked;
  if (command === 'list') {
    printOut(
      setting.scenarios
        .map((each) => `${each.id}: ${each.title} → ${endOf(each, setting.deployment)}\n`)
        .join(''),
    );
    return 0;
  }
  if (command === 'fixture') return fixture(all);
  if (setting.scenarios.some(({ world }) => world === 'fixture')) checkFixture(all.root, all.deployment);
  const rung = numberOf('rung', values.rung, 1, 2) === 2 ? { allowed: values['allow-rung'] } : undefined;
  if (!values.paste) {
    const { trail } = values;
    const { keep } = values;
    if (trail === undefined) return drill(setting, jobs, { rung, keep });
    checkDrillTrail(trail);
    return drill(setting, jobs, { rung, keep, record: (results) => recordDrill(trail, results) });
  }
  const unavailable = pasteUnavailable();
  if (unavailable) throw new Error(`--paste cannot be done on this machine: ${unavailable}`);
  const unseal = setting.scenarios.filter(({ expect }) => expect === 'recovered');
  const [scenario = setting.scenarios[0] as Scenario] =
    values.only.length === 0 ? unseal.filter(({ id }) => id.startsWith('emergency/unseal/')) : unseal;
  return drill({ ...setting, scenarios: [scenario] }, 1, { paste: true });
}

function explain(error: unknown): string {
  const wrongUse =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  return `${errorLines('tabletop', error)}${wrongUse ? 'tabletop: hint: npm run tabletop -- --help\n' : ''}`;
}

// Until the drill has said otherwise: a run that ends without a verdict has failed.
process.exitCode = 1;
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    printError(explain(error));
    printOut('0 passed, 1 failed\n');
    process.exitCode = 1;
  },
);
