/** An exercise from the situation card to the after-action report, with an operator who types on a terminal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { exercisesOf, hasFault, nameOf } from '../../../scripts/tabletop/exercise/choice';
import { injects } from '../../../scripts/tabletop/exercise/injects';
import {
  detects,
  isPage,
  judge,
  type Moment,
  quorumOf,
  verdictOf,
} from '../../../scripts/tabletop/exercise/judge';
import { exerciseList, LIST } from '../../../scripts/tabletop/exercise/list';
import { exercisePdf } from '../../../scripts/tabletop/exercise/pdf';
import {
  clock,
  type Exercise,
  exerciseHtml,
  exerciseMarkdown,
  exerciseSchema,
  improvementsOf,
  strengthsOf,
} from '../../../scripts/tabletop/exercise/report';
import { situationOf } from '../../../scripts/tabletop/exercise/situation';
import { followed, nearest } from '../../../scripts/tabletop/exercise/steps';
import { offlineWords } from '../../../scripts/tabletop/machine/namespaces';
import { type Scenario, stepsOf } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { looksLikeShard } from '../../../scripts/tabletop/secrets/redact';
import { pasteUnavailable } from '../../../scripts/tabletop/shell/paste';
import { splitCommands } from '../../../scripts/tabletop/shell/shell-lines';
import { digestOfKit, kitManifest } from '../../../scripts/tabletop/world/oracle';
import { fixtureFolder } from '../../../scripts/tabletop/world/worlds';
import type { Procedure } from '../../../src/procedure/compile';
import { placesOfKind } from '../../../src/procedure/rules/places';
import { placeOf, type Step } from '../../../src/procedure/steps/step';
import { exampleRoot } from '../../example';

const project = resolve(__dirname, '../../..');
const setting = readSetting(exampleRoot());
const root = mkdtempSync(join(tmpdir(), 'exercise test '));
for (const name of ['deployment.yaml', 'docs', 'static', 'tests'])
  symlinkSync(join(exampleRoot(), name), join(root, name));
mkdirSync(join(root, 'reports'));
afterAll(() => rmSync(root, { recursive: true }));

const shardLike = `mks1${'qpzry9x8gf2tvdw0'.repeat(4)}`;
const all = exercisesOf(setting);
const chosen = (all.find((each) => nameOf(each).includes('region-down')) ?? all[0]) as Scenario;
const page = chosen.procedures[0] as Procedure;

// A message may arrive while the prompt stands waiting: a person goes on typing, and so does the operator here.
const arrived = /(?:\r*\n.─── [^─]+ ───\r*\n[^\r\n]*\r*\n)+$/;

/** The prompt of the machine of the page, and those of other places. */
const prompt = /(?:exercise|registry|service-host|workstation-\d+):[^\r\n]*[$#] $/;

/** A person at a terminal: types, waits for the prompt, reads. */
class Operator {
  shown = '';
  private read = 0;
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(...more: string[]) {
    const words = ['node_modules/tsx/dist/cli.mjs', 'scripts/tabletop/main.ts'].map((file) =>
      join(project, file),
    );
    const command = [process.execPath, ...words, 'exercise', ...more, '--root', root];
    const quoted = command.map((word) => `'${word}'`).join(' ');
    this.child = spawn('script', ['--quiet', '--flush', '--return', '--command', quoted, '/dev/null'], {
      cwd: project,
      env: { ...process.env, TERM: 'dumb' },
      detached: true,
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.shown += text;
    });
    this.ended = new Promise((done) => {
      this.child.once('close', done);
    });
  }

  /** Waits until something new has this form, and returns the match. */
  async sees(form: RegExp, seconds = 240): Promise<RegExpExecArray> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(20)) {
      const match = form.exec(this.shown.slice(this.read).replace(arrived, ''));
      if (!match) continue;
      this.read += match.index + match[0].length;
      return match;
    }
    throw new Error(`no ${form} in:\n${this.shown.slice(-2000)}`);
  }

  async types(text: string, until = prompt): Promise<RegExpExecArray> {
    this.read = this.shown.length;
    this.child.stdin?.write(`${text}\n`);
    return this.sees(until);
  }

  async presses(keys: string, until: RegExp): Promise<RegExpExecArray> {
    this.read = this.shown.length;
    this.child.stdin?.write(keys);
    return this.sees(until);
  }

  kill(): void {
    if (this.child.exitCode === null && this.child.pid) process.kill(-this.child.pid, 'SIGKILL');
  }
}

const reports = () => {
  const folder = join(root, 'reports/tabletop/exercise');
  const read = (ending: string) => {
    const name = readdirSync(folder)
      .filter((each) => each.endsWith(ending))
      .sort()
      .at(-1);
    return readFileSync(join(folder, name as string), 'utf8');
  };
  return { json: read('.json'), md: read('.md'), html: read('.html'), pdf: read('.pdf') };
};

const ACTS = ['safe-open', 'safe-close', 'sheet-scan', 'key-load'];

const airGapped = 'air-gapped';

/** Does what steps say, as a person does: commands are typed where they belong, files are carried, acts are said. `base` is where the page is done. */
async function follow(operator: Operator, steps: readonly Step[], base: string = airGapped): Promise<void> {
  const where = (place: string) => (place === airGapped ? base : place);
  const at = (place: string) => new RegExp(`\\n${place === airGapped ? 'exercise' : place}:[^\\r\\n]*[$#] $`);
  if (base !== airGapped) await operator.types(`at ${base}`, at(base));
  let here = base;
  const go = async (place: string) => {
    if (place === here) return;
    if (here !== base) await operator.types('exit', at(base));
    if (place !== base) await operator.types(`at ${place}`, at(place));
    here = place;
  };
  const carry = async ({ crossing, ...step }: Step) => {
    if (!crossing) return;
    await go(where(placesOfKind(crossing.from, step, steps)[0] ?? ''));
    for (const target of placesOfKind(crossing.to, step, steps))
      await operator.types(`carry ${crossing.files.join(' ')} ${where(target)}`, /\ncarried to[\s\S]*[$#] $/);
  };
  for (const step of steps) {
    const place = where(placeOf(step) ?? airGapped);
    const comes = step.crossing?.to === step.place;
    if (comes) await carry(step);
    await go(place);
    const text = step.command?.lines.map((line) => line.text).join('\n');
    if (text === undefined) {
      if (step.act && ACTS.includes(step.act))
        await operator.types(`room ${step.act} ${step.shard ?? ''}`, /\n(?:done|sheet-\d)[\s\S]*[$#] $/);
    } else if (step.command?.input) {
      const [, pin = ''] = await operator.types(
        `room pin ${step.shard}`,
        /envelope says: (\d+)[\s\S]*[$#] $/,
      );
      await operator.types(text, /PIN: $/);
      await operator.types(pin);
    } else await operator.types(text);
    if (!comes) await carry(step);
  }
  await go(base);
  if (base !== airGapped) await operator.types('exit', at(airGapped));
}

describe.skipIf(pasteUnavailable())('an exercise', () => {
  let operator: Operator | undefined;
  afterEach(() => operator?.kill());

  it('is won by an operator who has the page alone', async () => {
    operator = new Operator(nameOf(chosen), '--people', 'Ana, Bruno', '--pace', '1000');
    await operator.sees(/EXERCISE[\s\S]*exercise:[^\r\n]*[$#] $/);
    expect(operator.shown).not.toContain(page.page.title);
    const manifest = kitManifest(join(fixtureFolder(exampleRoot()), 'home'));
    for (const printed of [
      digestOfKit(join(fixtureFolder(exampleRoot()), 'home')),
      manifest.commitment.slice(0, 8),
    ])
      expect(operator.shown).toContain(printed);
    for (const { label } of manifest.shards) expect(operator.shown).toContain(label);
    await operator.types('ls ~/recovery-kit', /recover\.py[\s\S]*[$#] $/);
    await operator.types('detect the region does not answer');
    await operator.types('decide banana', /wanted the numbers of 3 different shards[\s\S]*[$#] $/);
    await operator.types('page S02');
    // One slip of a finger ends nothing.
    await operator.presses('\x04', /(?:Use "exit"|»exit«)[\s\S]*[$#] $/);
    await operator.types(`decide ${chosen.quorum?.join(' ')}`);
    await operator.types(`: ${shardLike}`);
    await operator.types('no-such-command');
    await operator.types('check', /key in the service: no[\s\S]*exercise:[^\r\n]*[$#] $/);
    await operator.types('hint', /5 minutes[\s\S]*exercise:[^\r\n]*[$#] $/);
    await follow(operator, stepsOf(chosen, page));
    await operator.types('check', /the right one[\s\S]*none[\s\S]*steps left: none[\s\S]*[$#] $/);
    await operator.types('exit', /1 passed, 0 failed/);
    expect(await operator.ended).toBe(0);

    const { json, md, html, pdf } = reports();
    const report = exerciseSchema.parse(JSON.parse(json));
    expect(report).toMatchObject({
      verdict: 'recovered',
      people: ['Ana', 'Bruno'],
      page: page.file,
      hintMinutes: 5,
    });
    expect(report.steps.skipped).toEqual([]);
    expect(report.faults).toEqual([]);
    expect(report.steps.failed).toEqual(['no-such-command']);
    expect(report.steps.done.length).toBeGreaterThan(5);
    expect(report.times.every(({ seconds }) => seconds !== null)).toBe(true);
    expect(report.timeline.some(({ kind }) => kind === 'inject')).toBe(true);
    // Nothing that was not typed, and nothing twice: what the room answers has one entry.
    const typed = report.timeline.filter(({ kind }) => kind === 'typed').map(({ text }) => text);
    expect(typed[0]).toBe('ls ~/recovery-kit');
    expect(typed.filter((text) => /^(?:page|detect|decide|room|check|hint)\b/.test(text))).toEqual([]);
    expect(report.strengths).toContain('Every objective was met.');
    expect(md.split('\n')).toContain('## Strengths');
    expect(report.timeline.find(({ text }) => text === 'no-such-command')).toMatchObject({
      kind: 'typed',
      status: 127,
    });
    expect(report.timeline.some(({ text }) => text.includes('[redacted:'))).toBe(true);
    for (const text of [json, md, html]) expect(looksLikeShard(text)).toBe(false);
    expect(md).toContain('## Signatures');
    expect(html).toContain('</html>');
    expect(pdf.startsWith('%PDF-'), operator.shown.slice(-500)).toBe(true);
    expect(pdf.length).toBeGreaterThan(10_000);
  }, 600_000);

  const unseal = all.find((each) => nameOf(each) === 'unseal') as Scenario;
  const unsealPage = unseal.procedures[0] as Procedure;
  const quorum = (...numbers: number[]) => stepsOf({ ...unseal, quorum: numbers }, unsealPage);
  const without = (id: string) => {
    const steps = quorum(1, 2, 3);
    expect(steps.map((step) => step.id)).toContain(id);
    return steps.filter((step) => step.id !== id);
  };

  const BAD: [run: string, decided: string, steps: Step[], base: string, verdict: string, fault: string][] = [
    [
      'combined at a workstation, which is on a network',
      '1 2 3',
      quorum(1, 2, 3),
      'workstation-4',
      'recovered with faults',
      'The shards were combined while the network was on.',
    ],
    [
      'decided 1 2 3, and combined 2 3 4',
      '1 2 3',
      quorum(2, 3, 4),
      'air-gapped',
      'recovered with faults',
      'Shards 1, 2, 3 were decided, and 2, 3, 4 were combined.',
    ],
    [
      'the look at a key skipped',
      '1 2 3',
      without('UNS-C1-02'),
      'air-gapped',
      'recovered with faults',
      'Steps of the page were left out: UNS-C1-02.',
    ],
    [
      'the folder of a workstation left',
      '1 2 3',
      without('UNS-C2-04'),
      'air-gapped',
      'not recovered',
      ' files with plaintext were left behind.',
    ],
  ];
  it.each(BAD)(
    'is not passed with %s',
    async (_, decided, steps, base, verdict, fault) => {
      operator = new Operator('unseal', '--pace', '1');
      await operator.sees(/exercise:[^\r\n]*[$#] $/);
      await operator.types('page unseal');
      await operator.types('detect the key is gone: recover it from any shards that can be reached');
      await operator.types(`decide ${decided}`);
      await follow(operator, steps, base);
      if (verdict === 'not recovered') await operator.types('exit', /Not done yet[\s\S]*[$#] $/);
      await operator.types('exit', /0 passed, 1 failed/);
      expect(await operator.ended).toBe(1);
      const report = exerciseSchema.parse(JSON.parse(reports().json));
      expect(report.verdict).toBe(verdict);
      expect(report.faults.join('\n')).toContain(fault);
      expect(report.improvements.join('\n')).toContain(fault);
      expect(report.strengths).not.toContain('Every objective was met.');
      expect(operator.shown).toMatch(new RegExp(`^- .*${fault.replaceAll('.', '\\.')}`, 'm'));
    },
    900_000,
  );

  it('has a machine for each place, and nothing leaves one in clear', async () => {
    const server = createServer((line) => line.end());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const person = new Operator('unseal', '--pace', '1');
    operator = person;
    await person.sees(/at PLACE[\s\S]*carry FILE[\s\S]*exercise:[^\r\n]*[$#] $/);
    const says = async (line: string, ...wanted: string[]) => {
      const [shown] = await person.types(line, new RegExp(`[\\s\\S]*${prompt.source}`));
      for (const each of wanted) expect(shown).toContain(each);
      return shown;
    };
    const known =
      'there are air-gapped, registry, workstation-1, workstation-2, workstation-3, workstation-4, service-host';
    await says('at', `wanted: at PLACE; ${known}`);
    await says('at the-moon', `there is no place "the-moon"; ${known}`);
    await says('at air-gapped', 'your shell at air-gapped is open: exit leads back to it');
    expect(await says('room', 'room key-load')).not.toContain('network');
    await says('room network-off', 'no machine is connected or disconnected here');
    if (offlineWords().length > 0)
      await says(`: < /dev/tcp/127.0.0.1/${port} || echo no "network"`, 'no network');
    await says('type -P sss psql aws | wc -l', '\n1\r');
    await says('cd "$XDG_RUNTIME_DIR"');

    await says('at workstation-2', 'You are at workstation-2. exit leads back.', 'workstation-2:');
    await says(
      'type -P gcloud sss | wc -l; type -P aws psql || echo "none" of them',
      '\n2\r',
      'none of them',
    );
    await says('echo ~', '/workstation-2/home');
    await says(`echo ${shardLike} > shard-2.txt; echo public > note.txt`);
    await says(
      'carry note.txt shard-2.txt air-gapped',
      'shard-2.txt holds text of a shard, and nothing leaves workstation-2 in clear',
    );
    await says('carry no-file air-gapped', 'there is no file no-file here to be carried');
    await says('carry note.txt workstation-2', 'you are at workstation-2');
    await says('carry note.txt', 'wanted: carry FILE... PLACE');
    await says('carry note.txt workstation-1', 'carried to workstation-1: note.txt');
    await says('at workstation-1', 'workstation-1:');
    await says('cat received/note.txt', '\npublic');
    await says('echo from-1 > more.txt; carry more.txt workstation-2', 'carried to workstation-2');
    await says('exit', 'workstation-2:');
    await says('cat received/more.txt; rm -r received', '\nfrom-1');
    await says('at workstation-1', 'workstation-1:');
    await says('exit', 'workstation-2:');
    await says('mkdir here; cd here');
    await says('at workstation-1', 'workstation-1:');
    await says('carry more.txt workstation-2 ; exit', 'workstation-2:');
    await says('cat more.txt', '\nfrom-1');
    await says('exit', 'exercise:');
    expect(await says('ls')).not.toMatch(/note|shard/);
    await says('at workstation-2', 'workstation-2:');
    await says('carry note.txt air-gapped', 'carried to air-gapped: note.txt');
    await says('exit', 'exercise:');
    const [, folder = ''] = await person.types('cat note.txt; pwd', /\npublic\s+(\/\S+)[\s\S]*[$#] $/);
    expect(existsSync(join(folder, 'note.txt'))).toBe(true);

    // It ends everywhere, wherever it is said.
    await says('at workstation-3', 'workstation-3:');
    await says('at workstation-4', 'workstation-4:');
    const [, shell = ''] = await person.types('echo "pid $$"', /\npid (\d+)[\s\S]*[$#] $/);
    expect(existsSync(`/proc/${shell}`)).toBe(true);
    await person.types('abort', /after-action report/);
    expect(existsSync(`/proc/${shell}`)).toBe(false);
    await person.sees(/0 passed, 1 failed/);
    expect(await person.ended).toBe(1);
    server.close();
    expect(existsSync(folder)).toBe(false);
    const { timeline } = exerciseSchema.parse(JSON.parse(reports().json));
    expect(timeline.find(({ text }) => text === 'cat received/note.txt')).toMatchObject({
      kind: 'typed',
      place: 'workstation-1',
    });
    expect(timeline.filter(({ kind, text }) => kind === 'typed' && /^(?:at|carry)\b/.test(text))).toEqual([]);
    expect(timeline).toContainEqual(
      expect.objectContaining({ kind: 'act', text: 'at workstation-4', status: 0 }),
    );
    expect(reports().md).toContain('| typed at workstation-1 | cat received/note.txt |');
  }, 600_000);

  it('of a page whose machine is connected judges what lies there when the network comes back', async () => {
    operator = new Operator('replace-shard-1', '--pace', '1');
    await operator.sees(/exercise:[^\r\n]*[$#] $/);
    expect(operator.shown).not.toContain('at PLACE');
    await operator.types('at workstation-1', /done on one machine[\s\S]*[$#] $/);
    await operator.types('room network-off', /\ndone[\s\S]*[$#] $/);
    await operator.types('check', /network: off[\s\S]*[$#] $/);
    await operator.types(
      `cd "$XDG_RUNTIME_DIR"; cp ~/recovery-kit/manifest.json .; echo ${shardLike} > shard-1.txt`,
    );
    await operator.types('room network-on', /\ndone[\s\S]*[$#] $/);
    await operator.types('exit', /Not done yet[\s\S]*[$#] $/);
    await operator.types('exit', /0 passed, 1 failed/);
    expect(await operator.ended).toBe(1);
    const report = exerciseSchema.parse(JSON.parse(reports().json));
    expect(report.verdict).toBe('not repaired');
    // The manifest is no secret.
    expect(report.faults).toContain('The network came back while 1 files with plaintext were there.');
  }, 600_000);

  it('of a page that repairs something is judged by its steps, and goes on after an exit too early', async () => {
    const repair = all.find((each) => nameOf(each).startsWith('hsm-pin-locked')) as Scenario;
    operator = new Operator(nameOf(repair), '--pace', '1');
    await operator.sees(/CKR_PIN_LOCKED[\s\S]*exercise:[^\r\n]*[$#] $/);
    expect(operator.shown).not.toContain(repair.procedures[0]?.page.title);
    await operator.types('cd /');
    await operator.types('exit', /Not done yet[\s\S]*exercise:\/[$#] $/);
    await operator.types('exit', /not repaired[\s\S]*0 passed, 1 failed/);
    expect(await operator.ended).toBe(1);
    expect(exerciseSchema.parse(JSON.parse(reports().json))).toMatchObject({ verdict: 'not repaired' });
  }, 600_000);

  it('can be aborted, and leaves nothing', async () => {
    operator = new Operator('--random', '--seed', '3');
    await operator.sees(/exercise:[^\r\n]*[$#] $/);
    const [, folder = ''] = await operator.types('echo "in $XDG_RUNTIME_DIR"', /\nin (\/\S+)[\s\S]*[$#] $/);
    expect(existsSync(folder)).toBe(true);
    await operator.types(
      'mkdir "$XDG_RUNTIME_DIR/recovery"; echo plain > "$XDG_RUNTIME_DIR/recovery/shard-1.txt"',
    );
    await operator.types('abort', /0 passed, 1 failed/);
    expect(await operator.ended).toBe(1);
    expect(JSON.parse(reports().json)).toMatchObject({ verdict: 'aborted', seed: 3 });
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(dirname(folder))).toBe(false);
  }, 600_000);
});

it('deals the injects that the facilitator has in the kit', () => {
  const kit = readFileSync(join(project, 'docs/emergency/exercise-kit.mdx'), 'utf8');
  for (const { minutes, from, text } of injects) expect(kit).toContain(`| ${minutes} | ${from} | ${text} |`);
});

describe('what was followed', () => {
  const steps = stepsOf(chosen, page);
  const commands = steps.filter(({ command }) => command);
  const textsOf = ({ command }: Step) => {
    const lines = command?.lines.map(({ text }) => text) ?? [];
    return splitCommands(lines).map(({ first, last }) => lines.slice(first, last + 1).join('\n'));
  };
  /** What is typed for a step: only its last command may end as the step says. */
  const typedFor = (step: Step, place = placeOf(step)) =>
    textsOf(step).map((text, index, { length }) => ({
      text,
      status: index === length - 1 ? (step.command?.exit ?? 0) : 0,
      place,
    }));
  const lastOf = (step: Step) => textsOf(step).at(-1) ?? '';
  const typed = commands.flatMap((step) => typedFor(step));
  const acted = steps.flatMap(({ act, shard }) => (act ? { act, shard } : []));

  it('does not mind how a command was broken into lines, and minds everything else', () => {
    const loose = typed.map((line) => ({ ...line, text: line.text.replace(/ \\\n\s*/g, ' ') }));
    expect(loose).not.toEqual(typed);
    expect(followed(steps, loose).done).toEqual(followed(steps, typed).done);
    expect(followed(steps, typed).done).toEqual(commands.map(({ id }) => id));
    expect(followed(steps, typed).failed).toEqual([]);
    expect(followed(steps, []).skipped.length).toBeGreaterThan(0);
    expect(followed(steps, []).next?.id).toBe(commands[0]?.id);
  });

  it('counts what people do as well, and does not count a failure that a step expects', () => {
    const unseal = all.find((each) => nameOf(each) === 'unseal') as Scenario;
    const withSheet = stepsOf({ ...unseal, quorum: [1, 2, 5] }, unseal.procedures[0] as Procedure);
    const open = withSheet.find(({ act }) => act === 'safe-open')?.id;
    const typedThere = withSheet.filter(({ command }) => command).flatMap((step) => typedFor(step));
    const done = withSheet.flatMap(({ act, shard }) => (act ? [{ act, shard }] : []));
    expect(followed(withSheet, typedThere, done).skipped).toEqual([]);
    const without = done.filter(({ act }) => act !== 'safe-open');
    expect(followed(withSheet, typedThere, without).skipped).toEqual([open]);
    const expected = commands.find((step) => (step.command?.exit ?? 0) !== 0) as Step;
    const status = expected.command?.exit ?? 0;
    const place = placeOf(expected);
    const text = lastOf(expected);
    expect(followed(commands, [{ text, status, place }]).failed).toEqual([]);
    expect(followed(commands, [{ text, status: status + 1, place }]).failed).toHaveLength(1);
    expect(followed([expected], [{ text: textsOf(expected)[0] ?? '', status, place }]).failed).toHaveLength(
      1,
    );
    expect(followed(commands, [{ text: 'aws', status: 2 }]).failed).toEqual(['aws']);
  });

  it('counts a command at the place of its step alone', () => {
    const [first, second] = steps.filter(({ id }) => /-[CV][12]-01$/.test(id)) as [Step, Step];
    expect(textsOf(first)).toEqual(textsOf(second));
    const elsewhere = typed.filter(({ place }) => place !== placeOf(second));
    const others = [...elsewhere, ...typedFor(second, placeOf(first)), ...typedFor(second, placeOf(first))];
    const here = commands.filter((step) => placeOf(step) === placeOf(second) && step !== second);
    const found = followed(steps, [...others, ...here.flatMap((step) => typedFor(step))], acted);
    expect(found.skipped).toEqual([second.id]);
    expect(found.repeated).toContain(first.id);
    const slip = `${textsOf(second).find((text) => text.includes('received'))} x`;
    const mistyped = (place: string | undefined) =>
      followed(steps, [{ text: slip, status: 2, place }]).mistyped;
    expect(mistyped(placeOf(first))).toEqual([{ text: slip, step: first.id }]);
    expect(mistyped(placeOf(second))).toEqual([{ text: slip, step: second.id }]);
  });

  it('counts what was carried as a step says, and nothing less', () => {
    const read = steps.find(({ crossing }) => crossing?.from === 'registry') as Step;
    const { command: _, ...rest } = read;
    const step: Step = { ...rest, command: undefined, act: 'carry' };
    const all = steps.map((each) => (each === read ? step : each));
    const others = typed.filter(({ place }) => place !== placeOf(read));
    const taken = (to: string, from = 'registry', file = 'shard-1.bin') => ({
      act: 'carry' as const,
      shard: undefined,
      carried: { files: [file], from, to },
    });
    const there = [1, 2, 3].map((n) => taken(`workstation-${n}`));
    const skipped = (more: Parameters<typeof followed>[2]) =>
      followed(all, others, [...acted, ...(more ?? [])]).skipped;
    expect(skipped(there)).toEqual([]);
    expect(skipped([])).toEqual([step.id]);
    expect(skipped(there.slice(1))).toEqual([step.id]);
    expect(skipped([...there.slice(1), taken('workstation-1', 'air-gapped')])).toEqual([step.id]);
    expect(skipped([...there.slice(1), taken('workstation-1', 'registry', 'note.txt')])).toEqual([step.id]);
  });

  it('recognizes a mistyped command, and names its step', () => {
    const combine = commands.find(({ log }) => log.includes('key.combined')) as Step;
    const slip = lastOf(combine).replace('--manifest', '--manifset');
    expect(nearest(commands, slip)).toEqual({ step: combine, exact: false });
    expect(nearest(commands, lastOf(combine))).toEqual({ step: combine, exact: true });
    expect(nearest(commands, 'echo something else entirely')).toBeUndefined();
    const found = followed(commands, [{ text: slip, status: 2, place: placeOf(combine) }]);
    expect(found.mistyped).toEqual([{ text: slip, step: combine.id }]);
    expect(found.skipped).toContain(combine.id);
  });
});

describe('the judge', () => {
  const situation = situationOf(chosen, setting);
  const at = (what: Moment['what'], text = '', more: Partial<Moment> = {}): Moment => ({
    ...{ what, text, network: true, plaintext: 0, shards: [] },
    ...more,
  });
  const good = [
    at('page', 'S02'),
    at('detect', 'the region us-east-1 does not answer'),
    at('decide', '5 3 2'),
    at('safe-open', '5'),
    at('network-off', '', { plaintext: 5 }),
    at('combine', 'sss', { network: false, plaintext: 5, shards: [2, 3, 5] }),
    at('network-on', '', { network: false }),
    at('safe-close', '5'),
  ];
  const end = { loaded: true, plaintext: 0, network: true, wrongPins: 0, skipped: [] };
  const faultsOf = (moments: readonly Moment[], change = {}) =>
    judge(situation, moments, { ...end, ...change }).faults;
  const change = (what: Moment['what'], more: Partial<Moment>) =>
    good.map((moment) => (moment.what === what ? { ...moment, ...more } : moment));

  it('finds nothing in a good run', () => {
    expect(faultsOf(good)).toEqual([]);
    expect(judge(situation, good, end).objectives.every(({ met }) => met)).toBe(true);
    expect(verdictOf(true, end, [])).toBe('recovered');
    expect(verdictOf(true, end, ['x'])).toBe('recovered with faults');
    expect(verdictOf(true, { ...end, loaded: false }, ['x'])).toBe('not recovered');
    expect(verdictOf(false, { ...end, skipped: ['A-01'] }, ['x'])).toBe('not repaired');
  });

  it.each<[string, readonly Moment[], object, string]>([
    ['the network on', change('combine', { network: true }), {}, 'combined while the network was on'],
    [
      'the network back too early',
      change('network-on', { plaintext: 3 }),
      {},
      'while 3 files with plaintext',
    ],
    [
      'another quorum',
      change('combine', { shards: [2, 3, 4] }),
      {},
      'Shards 2, 3, 5 were decided, and 2, 3, 4',
    ],
    ['no quorum', good.filter(({ what }) => what !== 'decide'), {}, 'No quorum of 3 shards was decided'],
    [
      'a decision afterwards',
      [...change('decide', { text: '1' }), at('decide', '2 3 5')],
      {},
      'No quorum of 3',
    ],
    ['a safe open', good.slice(0, -1), {}, 'The safe of shard 5 was left open'],
    ['another page first', [at('page', 'unseal'), ...good], {}, '"unseal" was taken first; S02'],
    ['a wrong sign', change('detect', { text: 'banana' }), {}, '"banana" is not what was wrong'],
    ['a wrong PIN', good, { wrongPins: 2 }, 'refused 2 tries'],
    ['a step left out', good, { skipped: ['UNS-05'] }, 'left out: UNS-05'],
    ['plaintext left', good, { plaintext: 1 }, '1 files with plaintext were left behind'],
    ['the network off', good, { network: false }, 'The network was left off'],
  ])('finds %s', (_, moments, more, fault) => {
    const found = faultsOf(moments, more);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(fault);
  });

  it('knows what can be reached, what a quorum is, and what is wrong', () => {
    expect(quorumOf(situation, 'banana')).toBeUndefined();
    expect(quorumOf(situation, '1 2')).toBeUndefined();
    expect(quorumOf(situation, '1 2 9')).toBeUndefined();
    expect(quorumOf(situation, 'shards 3, 1 and 2')).toEqual([1, 2, 3]);
    expect(faultsOf(good).length).toBe(0);
    const gone = { ...situation, reachable: [1, 2, 3, 4] };
    expect(judge(gone, good, end).faults[0]).toContain('5 cannot be reached');
    expect(isPage(situation, 's02')).toBe(true);
    expect(isPage(situation, 'Unseal')).toBe(false);
    for (const text of ['us-east-1', 'AWS does not answer in its region'])
      expect(detects(situation, text)).toBe(true);
    for (const text of ['banana', 'the key is gone', 'something is down'])
      expect(detects(situation, text)).toBe(false);
  });
});

describe('exercises', () => {
  it('are every emergency page that the drill follows with commands', () => {
    const drilled = setting.procedures.filter(
      ({ applies, page: { drill, title }, file }) =>
        applies &&
        drill?.world === 'fixture' &&
        (file.startsWith('docs/emergency/') || /^S\d\d /.test(title)),
    );
    expect(drilled.length).toBeGreaterThan(12);
    const files = new Set(all.map(({ procedures }) => procedures[0]?.file));
    expect([...files].sort()).toEqual(drilled.map(({ file }) => file).sort());
  });

  it('stand on the page of the kit, as their pages say', () => {
    const listed = readFileSync(join(project, LIST), 'utf8');
    expect(exerciseList(setting.procedures)).toBe(listed);
    for (const each of all) expect(listed).toContain(`\`${nameOf(each).replace(/-\d+$/, '')}\``);
  });

  it('that are dealt by chance have something wrong in them', () => {
    expect(all.filter((each) => !hasFault(each)).map(nameOf)).toEqual(['unseal']);
  });

  it('each have a name of their own, and somebody who says what is wrong is understood', () => {
    expect(new Set(all.map(nameOf)).size).toBe(all.length);
    for (const each of all) {
      const found = situationOf(each, setting);
      expect(detects(found, each.procedures[0]?.page.title ?? ''), nameOf(each)).toBe(true);
      expect(detects(found, 'banana'), nameOf(each)).toBe(false);
    }
  });
});

describe('a report on paper', () => {
  it('is not made without a browser, and one sentence says so', async () => {
    const before = process.env.CHROME_PATH;
    process.env.CHROME_PATH = join(root, 'no-browser');
    try {
      expect(await exercisePdf('<p>x</p>')).toMatch(
        /^no usable Chromium \(.*\): run "npm ci", or set CHROME_PATH/,
      );
    } finally {
      if (before === undefined) delete process.env.CHROME_PATH;
      else process.env.CHROME_PATH = before;
    }
  });
});

describe('the after-action report', () => {
  const base: Exercise = {
    format: 'tabletop-exercise/1',
    kind: 'exercise by people',
    scenario: 'unseal',
    title: 'Unseal <b>|',
    page: 'docs/emergency/unseal.mdx',
    seed: 1,
    people: [],
    commit: 'none',
    dirty: true,
    started: '2026-01-05T09:30:00Z',
    seconds: 75,
    verdict: 'not recovered',
    objectives: [],
    faults: ['Steps of the page were left out: UNS-03.'],
    times: [
      { name: 'detected', seconds: 400, targetSeconds: 300 },
      { name: 'recovered', seconds: null, targetSeconds: 1800 },
    ],
    hintMinutes: 5,
    timeline: [{ seconds: 1, kind: 'typed', text: 'a | b\nc\x1b[2J', status: 1 }],
    steps: {
      done: [],
      skipped: ['UNS-03'],
      repeated: ['UNS-04'],
      mistyped: [{ text: 'ssh', step: 'UNS-06' }],
      failed: ['ssh'],
    },
    strengths: [],
    improvements: [],
    questions: [],
    signatures: ['Facilitator'],
  };

  it('finds what the numbers say', () => {
    expect(improvementsOf(base)).toEqual([
      expect.stringContaining('UNS-03'),
      '"detected" took 6:40, and the target is 5:00.',
      '"recovered" was never reached.',
      expect.stringContaining('UNS-04'),
      'Hints were needed, at a cost of 5 minutes.',
      'Commands were mistyped: UNS-06. Read their lines again.',
      'Typed commands that failed: 1. See the timeline.',
    ]);
    expect(clock(59.6)).toBe('1:00');
    expect(strengthsOf(base)).toEqual([]);
    const well = {
      objectives: [{ text: 'Give the service the right key.', met: true }],
      times: [{ name: 'recovered', seconds: 90, targetSeconds: 90 }],
      hintMinutes: 0,
      timeline: [],
      faults: [],
      steps: { done: ['UNS-03'], skipped: [], repeated: [], mistyped: [], failed: [] },
    };
    expect(strengthsOf(well)).toEqual([
      '"recovered" was reached after 1:30, within its target.',
      'Every objective was met.',
      'No step of the page was left out.',
      'No hint was needed.',
    ]);
    expect(improvementsOf(well)).toEqual([]);
  });

  it('shows typed text as text', () => {
    expect(exerciseMarkdown(base)).toContain('a \\| b ↵ c\ufffd\\[2J');
    for (const bad of ['<b>', '\x1b']) expect(exerciseHtml(base)).not.toContain(bad);
    expect(exerciseHtml(base)).toContain('Unseal &#60;b&#62;|');
  });
});
