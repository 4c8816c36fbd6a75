/** The operator at the machine of the room: types what the pages print, answers for printer and scanner, and is judged as in the drill. */
import { join } from 'node:path';
import type { Procedure } from '../../../src/procedure/compile';
import type { Bindings } from '../../../src/procedure/steps/expected';
import type { Step } from '../../../src/procedure/steps/step';
import { judge } from '../judging/step';
import { blockResultOf, onTerminal } from '../shell/pasted';
import { printSheet, readSheet, storeSheet } from '../world/sheets';
import { excusedBlocks } from './blocks';
import { forTheEyes, promises } from './checks';
import type { SerialShell } from './serial';
import { failureText, type Tally } from './tally';

/** A machine that computes in software is so much slower than the page expects of one. */
const SLOWER = 20;

/** A time in UTC as a page prints it. */
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;

/** The time of the wall clock, as people write it into a command. */
export const wallClock = (): string => `${new Date().toISOString().slice(0, 19)}Z`;

/** Somebody who types at one machine. */
export class Operator {
  constructor(
    private readonly shell: SerialShell,
    private readonly tally: Tally,
    private readonly bindings: Bindings,
    /** Private folder, where the pictures of sheets lie. */
    private readonly folder: string,
  ) {}

  /** Types lines that are on no page. Returns what was shown, and the last status. */
  async type(text: string, timeoutSeconds = 120): Promise<{ output: string; status: number }> {
    const { output, statuses, died, timedOut } = await this.shell.run({ id: 'typed', text, timeoutSeconds });
    if (died || timedOut) throw new Error(`no end of: ${text.split('\n')[0]}`);
    return { output, status: statuses.at(-1) ?? 0 };
  }

  /** Asks for what the image promises. */
  async askPromises(): Promise<void> {
    for (const { what, command, answer } of promises) {
      const { output } = await this.type(command);
      this.tally.add(what, answer.test(output) ? undefined : `it says ${JSON.stringify(output)}`);
    }
  }

  /** Types the blocks of a step that the drill excuses. Returns what each showed, with its status. */
  async excused(procedure: Procedure, id: string, change = (text: string) => text) {
    const shown: { title: string; output: string; status: number }[] = [];
    for (const { title, lines } of excusedBlocks(procedure, id)) {
      const text = change(lines.map((line) => line.text).join('\n'));
      shown.push({ title, ...(await this.type(text, 300)) });
    }
    if (shown.length === 0) throw new Error(`${procedure.file}: step ${id} has no command that is excused`);
    return shown;
  }

  /** The lines of the page's preflight, with the time of the wall clock as people write it there. */
  async preflight(procedure: Procedure, id: string): Promise<{ lines: string[]; status: number }> {
    let clocks = 0;
    const [found] = await this.excused(procedure, id, (text) => {
      clocks += TIME.test(text) ? 1 : 0;
      return text.replace(TIME, wallClock());
    });
    if (clocks !== 1) throw new Error(`${procedure.file}: step ${id} prints no time to replace`);
    return { lines: (found?.output ?? '').trim().split('\n'), status: found?.status ?? 1 };
  }

  /** Judges the preflight of a machine on which all is well. */
  judgeClean(id: string, { lines, status }: { lines: readonly string[]; status: number }): void {
    const bad = lines.filter((line) => line.startsWith('FAIL '));
    const looks = lines.filter((line) => line.startsWith('LOOK ')).map((line) => line.slice(5));
    const unknown = looks.filter((line) => !forTheEyes.some((begin) => line.startsWith(begin)));
    const missing = forTheEyes.filter((begin) => !looks.some((line) => line.startsWith(begin)));
    const wanted = new RegExp(`^preflight: \\d+ passed, 0 failed, ${forTheEyes.length} to look at$`);
    const wrong =
      [
        ...bad,
        ...unknown.map((line) => `unknown: ${line}`),
        ...missing.map((line) => `not said: ${line}`),
      ][0] ??
      (status !== 0 || !wanted.test(lines.at(-1) ?? '') ? `ends with ${status}: ${lines.at(-1)}` : undefined);
    this.tally.add(`${id}: the preflight passes, and names ${forTheEyes.length} lines for the eyes`, wrong);
  }

  /** Does a step of a page. True: it went as the page says. */
  async step(step: Step): Promise<boolean> {
    const { command } = step;
    if (command === undefined) return this.act(step);
    const text = command.lines.map((line) => line.text).join('\n');
    const timeoutSeconds = command.timeoutSeconds * SLOWER;
    const result = await this.shell.run({ id: step.id, text, timeoutSeconds });
    const failure = judge(step, onTerminal(command), blockResultOf(text, result), this.bindings);
    const seconds = (result.milliseconds / 1000).toFixed(1);
    this.tally.add(`${step.id} (${seconds} s)`, failure && failureText(failure));
    if (failure) for (const line of result.output.trim().split('\n').slice(-10)) this.tally.note(line);
    return failure === undefined;
  }

  /** Only the printer and the scanner have something to do here; the rest is done by people. */
  private async act(step: Step): Promise<boolean> {
    if (step.act !== 'sheet-print') return true;
    const [, sheet] = /(sheet-\d+)\.html/.exec(step.text) ?? [];
    if (sheet === undefined) throw new Error(`${step.file}:${step.line}: step ${step.id} names no sheet`);
    const { output } = await this.type(`base64 --wrap=0 ${sheet}.html; echo`);
    const picture = printSheet(Buffer.from(output, 'base64').toString('utf8'));
    storeSheet(join(this.folder, `${sheet}.png`), picture);
    const lines = picture.toString('base64').match(/.{1,76}/g) ?? [];
    await this.type(
      `base64 --decode > ${sheet}.png << 'end of the picture'\n${lines.join('\n')}\nend of the picture`,
    );
    return true;
  }

  /** The shards that were printed, as their sheets say. */
  static printed(folder: string, numbers: readonly number[]): string[] {
    return numbers.map((n) => readSheet(join(folder, `sheet-${n}.png`)));
  }
}
