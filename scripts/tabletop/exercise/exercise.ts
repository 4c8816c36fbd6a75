/** `npm run tabletop -- exercise SCENARIO`: the sandbox of the drill for people, who have an ordinary shell and the printed page. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { placeOf } from '../../../src/procedure/steps/step';
import { parseShard, shardX } from '../../../src/shard/format';
import type { Manifest } from '../../../src/shard/manifest';
import { visible } from '../../../src/shard/visible';
import { printOut } from '../../common/terminal';
import { startPostgres } from '../../providers/postgres/engine';
import { decryptOaep } from '../../providers/rsa';
import { testImportKey } from '../../providers/service/import-key';
import { answers, seedService } from '../../providers/service/state';
import { standIns } from '../../providers/stand-ins';
import { createSandbox, type Sandbox } from '../machine/sandbox';
import { scenarioPlaces } from '../plan/places';
import { stepsOf } from '../plan/scenario';
import type { Setting } from '../plan/setting';
import { putReport } from '../report/files';
import { commitOf } from '../report/summary';
import { secretFinder } from '../secrets/secrets';
import type { RoomState } from '../world/acts';
import { plainIn } from '../world/carry';
import { furnish } from '../world/furnish';
import { kitManifest, openSet, secretsOf, storedShards } from '../world/oracle';
import { plant } from '../world/tamper';
import { buildTools, wrappersFor } from '../world/tool-set';
import { fillKit, fixtureFolder, injectFaults, loadRegistry, secretInput } from '../world/worlds';
import { afterAction, hintMinutes } from './after-action';
import { chooseExercise } from './choice';
import { injects } from './injects';
import { type Ending, judge, quorumOf, verdictOf } from './judge';
import {
  everyday,
  type OperatorShell,
  openOperatorShell,
  readTyped,
  shellAt,
  watched,
} from './operator-shell';
import { Places } from './places';
import { exerciseHtml, exerciseMarkdown } from './report';
import { type Answer, openRoom } from './room';
import { ceremonyLog, situationCard, situationOf } from './situation';
import { followed } from './steps';
import { words } from './words';

export interface ExerciseOptions {
  /** Part of a page's name; undefined: chosen by the seed. */
  readonly name: string | undefined;
  readonly seed: number;
  readonly people: readonly string[];
  /** How many times faster than the clock; 1, but for tests. */
  readonly pace: number;
}

/** Wrong tries of a PIN that the tokens of a world have counted since the last right one. */
const failedPins = (world: string): number =>
  Object.values(standIns).reduce((sum, { wrongPins }) => sum + (wrongPins?.(world) ?? 0), 0);

/** The shards whose lines lie in these files. */
function shardsIn(manifest: Manifest, folder: string, files: readonly string[]): number[] {
  return files.flatMap((name) => {
    try {
      const content = readFileSync(resolve(folder, name));
      const shard = parseShard(isWrapped(name) ? opened(folder, content) : content.toString('utf8'));
      return manifest.shards.find(({ x }) => x === shardX(shard))?.number ?? [];
    } catch {
      return [];
    }
  });
}

const isWrapped = (name: string) => name.endsWith('.wrapped');

/** The line of a shard that was wrapped for the session key in the folder. */
function opened(folder: string, wrapped: Buffer): string {
  const key = readFileSync(join(folder, 'session.key'), 'utf8');
  return decryptOaep(key, 'sha256', wrapped)?.toString('utf8') ?? '';
}

/** Files in the runtime folder of any machine: at the end all of them count as plaintext that nobody has wiped. */
const leftBehind = ({ all }: Sandbox): string[] =>
  all
    .flatMap(({ run }) => readdirSync(run, { recursive: true, withFileTypes: true }))
    .flatMap((entry) => (entry.isFile() ? join(entry.parentPath, entry.name) : []));

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
    const roomSocket = join(folder, 'room.sock');
    // The home tells the machine at which something is said.
    const client = [process.execPath, resolve(__dirname, 'client.cjs'), roomSocket, '{home}'];
    const steps = stepsOf({ ...scenario, quorum: undefined }, procedure);
    const apart = scenarioPlaces(steps, procedure.page);
    const fixtureHome = join(fixtureFolder(root), 'home');
    sandbox = createSandbox({
      tools: listed,
      wrappers: {
        ...watched(wrappersFor(tools, listed, new Map(), deployment.service), listed, client),
        ...Object.fromEntries(Object.keys(words).map((word) => [word, [...client, word]])),
      },
      home: fixtureHome,
      world: join(fixtureFolder(root), 'world'),
      env: { SSS_TEST: '1', TERM: process.env.TERM ?? 'dumb', COLUMNS: String(stdout.columns ?? 80) },
      ...(apart
        ? {
            machines: apart.map((place, index) => ({
              ...place,
              tools: [...new Set([...place.tools, ...everyday, ...Object.keys(words)])],
              home: index === 0 ? fixtureHome : undefined,
            })),
          }
        : {}),
    });
    const box = sandbox;
    fillKit(box, root);
    await loadRegistry(postgres, root, deployment);
    const good = await openSet(deployment, box.world, kitManifest(box.home), await storedShards(postgres));
    const importKey = testImportKey();
    if (deployment.service) seedService(box.world, deployment.service, { importKey, key: good.key });
    const planted = scenario.tampering && (await plant(scenario.tampering, box, deployment, postgres, good));
    const set = planted ?? good;
    symlinkSync(postgresSocket, join(box.world, 'postgres.sock'));
    await injectFaults(box, postgres, scenario.faults);
    furnish(box, deployment);

    const state: RoomState = { opened: new Set(), pictures: new Map(), loaded: false };
    const situation = situationOf(scenario, setting);
    const connected = () => !existsSync(join(box.world, 'faults.connected.json'));
    const secrets = () => [
      ...secretsOf(set),
      ...[...state.pictures].map(([n, value]) => ({ name: `picture of shard ${n}`, value })),
    ];
    const places = new Places(box, apart, connected, secrets);
    const progress = () => followed(steps, readTyped(box.all), room?.acted ?? []);
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
        loaded: state.loaded || answers(box.world),
        plaintext: leftBehind(box).length,
        network: connected(),
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
        ...(apart ? [] : [`network: ${end.network ? 'on' : 'off'}`]),
        `steps left: ${end.skipped.length === 0 ? 'none' : end.skipped.length}`,
      ].join('\n');
      return { status: /^(recovered|repaired)/.test(reached) ? 0 : 1, text };
    };
    let room: Awaited<ReturnType<typeof openRoom>> | undefined;
    let shell: OperatorShell | undefined;
    room = await openRoom({
      socket: roomSocket,
      pace: options.pace,
      room: {
        deployment,
        fixture: join(fixtureFolder(root), 'world'),
        manifest: () => set.manifest,
        state,
      },
      places,
      pin: (shard, name) => secretInput(`hsm-${name}-pin`, box.world, deployment, shard),
      seen: (machine) => {
        countPins();
        const find = secretFinder(secrets());
        const plain = leftBehind(box).filter((file) => plainIn(readFileSync(file), find) !== undefined);
        return { network: places.online(machine), plaintext: plain.length };
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
          ? `${next.section}: ${next.id}${apart ? `, at ${placeOf(next)}` : ''}. ${next.text.split('\n')[0]}`
          : 'the commands of the page are done';
        return { status: 0, text: `${text} (${hintMinutes} minutes)` };
      },
      abort: () => {
        aborted = true;
        shell?.end();
      },
    });

    const started = new Date();
    printOut(`${situationCard(scenario, setting, ceremonyLog(box, set.manifest), places.names)}\n`);
    const timers = injects.map(({ minutes, from, text }) =>
      setTimeout(
        () => {
          room?.note('inject', `${from}: ${text}`);
          stdout.write(`\r\n\x07─── ${visible(from)} ───\r\n${visible(text)}\r\n`);
        },
        (minutes * 60_000) / options.pace,
      ),
    );
    // Ctrl-C belongs to the operator's shell.
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    /** One shell of the operator, from its folder until it ends. Resolves with true when a signal has ended it. */
    const sit = (cwd: string): Promise<boolean> => {
      shell = openOperatorShell(shellAt(box, cwd, 'exercise'));
      if (shell.pid !== undefined) places.opened(box.place, shell.pid);
      return shell.ended;
    };
    let hungUp = await sit(box.home);
    if (!aborted && !hungUp && check().status !== 0) {
      const last = readTyped([box]).at(-1)?.folder ?? box.home;
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

    const report = afterAction({
      scenario,
      situation,
      steps,
      room,
      typed: readTyped(box.all),
      secrets: secretsOf(set),
      people: options.people,
      seed: options.seed,
      pace: options.pace,
      commit: commitOf(root),
      started,
      seconds: spent,
      hints,
      verdict,
      objectives,
      faults,
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
