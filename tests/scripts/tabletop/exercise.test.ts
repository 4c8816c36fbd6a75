/** An exercise from the situation card to the after-action report, with an operator who types on a terminal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { exercisesOf, nameOf } from '../../../scripts/tabletop/exercise';
import { exercisePdf } from '../../../scripts/tabletop/exercise-pdf';
import {
  clock,
  type Exercise,
  exerciseHtml,
  exerciseMarkdown,
  exerciseSchema,
  improvementsOf,
  strengthsOf,
} from '../../../scripts/tabletop/exercise-report';
import { followed } from '../../../scripts/tabletop/exercise-steps';
import { injects } from '../../../scripts/tabletop/injects';
import { digestOfKit, kitManifest } from '../../../scripts/tabletop/oracle';
import { pasteUnavailable } from '../../../scripts/tabletop/paste';
import { looksLikeShard } from '../../../scripts/tabletop/redact';
import { type Scenario, stepsOf } from '../../../scripts/tabletop/scenario';
import { readSetting } from '../../../scripts/tabletop/setting';
import { fixtureFolder } from '../../../scripts/tabletop/worlds';
import type { Procedure } from '../../../src/procedure/compile';
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
const chosen = (all.find((each) => nameOf(each).includes('us-east-1-down')) ?? all[0]) as Scenario;
const page = chosen.procedures[0] as Procedure;

// A message may arrive while the prompt stands waiting: a person goes on typing, and so does the operator here.
const arrived = /(?:\r*\n.─── [^─]+ ───\r*\n[^\r\n]*\r*\n)+$/;

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
  async sees(form: RegExp, seconds = 60): Promise<RegExpExecArray> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(20)) {
      const match = form.exec(this.shown.slice(this.read).replace(arrived, ''));
      if (!match) continue;
      this.read += match.index + match[0].length;
      return match;
    }
    throw new Error(`no ${form} in:\n${this.shown.slice(-2000)}`);
  }

  async types(text: string, until = /exercise:[^\r\n]*[$#] $/): Promise<RegExpExecArray> {
    this.read = this.shown.length;
    this.child.stdin?.write(`${text}\n`);
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
    await operator.types(`decide ${chosen.quorum?.join(' ')}`);
    await operator.types(`: ${shardLike}`);
    await operator.types('no-such-command');
    await operator.types('check', /key in the service: no[\s\S]*exercise:[^\r\n]*[$#] $/);
    await operator.types('hint', /5 minutes[\s\S]*exercise:[^\r\n]*[$#] $/);
    for (const step of stepsOf(chosen, page)) {
      const text = step.command?.lines.map((line) => line.text).join('\n');
      if (text === undefined) {
        const acts = ['safe-open', 'sheet-scan', 'network-off', 'network-on', 'key-load'];
        if (step.act && acts.includes(step.act))
          await operator.types(`room ${step.act} ${step.shard ?? ''}`, /\n(?:done|sheet-\d)[\s\S]*[$#] $/);
      } else if (step.command?.input) {
        const [, pin = ''] = await operator.types(
          `room pin ${step.shard}`,
          /envelope says: (\d+)[\s\S]*[$#] $/,
        );
        await operator.types(text, /PIN: $/);
        await operator.types(pin);
      } else await operator.types(text);
    }
    await operator.types('check', /the right one[\s\S]*none[\s\S]*network: on[\s\S]*[$#] $/);
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
    expect(report.steps.done.length).toBeGreaterThan(5);
    expect(report.times.every(({ seconds }) => seconds !== null)).toBe(true);
    expect(report.timeline.some(({ kind }) => kind === 'inject')).toBe(true);
    // Nothing that was not typed, and nothing twice: what the room answers has one entry.
    const typed = report.timeline.filter(({ kind }) => kind === 'typed').map(({ text }) => text);
    expect(typed[0]).toBe('ls ~/recovery-kit');
    expect(typed.filter((text) => /^(?:detect|decide|room|check|hint)\b/.test(text))).toEqual([]);
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
  }, 180_000);

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
  }, 120_000);
});

it('deals the injects that the facilitator has in the kit', () => {
  const kit = readFileSync(join(project, 'docs/emergency/exercise-kit.mdx'), 'utf8');
  for (const { minutes, from, text } of injects) expect(kit).toContain(`| ${minutes} | ${from} | ${text} |`);
});

describe('what was followed', () => {
  const steps = stepsOf(chosen, page).filter(({ command }) => command);
  const typed = steps.map(({ command }) => command?.lines.map(({ text }) => text).join('\n') ?? '');

  it('does not mind how a command was broken into lines, and minds everything else', () => {
    const lines = typed.flatMap((text) => text.split(/(?<!\\)\n(?! |SELECT|WHERE|SQL|\s*AND)/));
    const loose = lines.map((text) => text.replace(/ \\\n\s*/g, ' '));
    expect(followed(page, loose)).toEqual(followed(page, lines));
    expect(followed(page, lines).skipped.length).toBeLessThan(steps.length);
    expect(followed(page, []).skipped.length).toBeGreaterThan(0);
    expect(followed(page, []).next?.id).toBe(page.steps.find(({ command }) => command)?.id);
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
    times: [
      { name: 'detected', seconds: 400, targetSeconds: 300 },
      { name: 'recovered', seconds: null, targetSeconds: 1800 },
    ],
    hintMinutes: 5,
    timeline: [{ seconds: 1, kind: 'typed', text: 'a | b\nc\x1b[2J', status: 1 }],
    steps: { done: [], skipped: ['UNS-03'], repeated: ['UNS-04'] },
    strengths: [],
    improvements: [],
    questions: [],
    signatures: ['Facilitator'],
  };

  it('finds what the numbers say', () => {
    expect(improvementsOf(base)).toEqual([
      '"detected" took 6:40, and the target is 5:00.',
      '"recovered" was never reached.',
      expect.stringContaining('UNS-03'),
      expect.stringContaining('UNS-04'),
      'Hints were needed, at a cost of 5 minutes.',
      'Typed commands that failed: 1. See the timeline.',
    ]);
    expect(clock(59.6)).toBe('1:00');
    expect(strengthsOf(base)).toEqual([]);
    const well = {
      objectives: [{ text: 'Give the service the right key.', met: true }],
      times: [{ name: 'recovered', seconds: 90, targetSeconds: 90 }],
      hintMinutes: 0,
      timeline: [],
      steps: { done: ['UNS-03'], skipped: [], repeated: [] },
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
