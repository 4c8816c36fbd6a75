/** The operator's shell on the serial line of a machine: blocks of the pages are typed there line by line, and judged as pasted ones. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PastedBlock, PasteResult } from '../shell/paste';
import type { Vm } from './machine';

/** Prompts that no program prints, as in a pasted shell; the status stands between two of the fourth. */
const [prompt, continuation, begin, status] = ['\x06', '\x05', '\x02', '\x1e'];

const SETTINGS = [
  'stty -echo -onlcr cols 200 rows 50; bind "set enable-bracketed-paste off"',
  "PROMPT_COMMAND='builtin printf \"\\036%s\\036\" \"$?\"'; PS0=$'\\002' PS1=$'\\006' PS2=$'\\005'",
];

/** What is seen of a line in the end, which a program may have drawn several times. */
const asDrawn = (line: string) => (line.split('\r\x1b[K').at(-1) ?? '').replaceAll('\r', '');

/** The first prompt of the operator. */
const READY = /operator@room:[^\n]*\$ /;

/** Presses the key of the menu's serial entry until the line speaks. Returns the seconds from power to prompt. Throws Error when no prompt comes. */
export async function startOnSerialLine(vm: Vm, limitSeconds = 300): Promise<number> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  while (!READY.test(vm.shown())) {
    if (vm.isOff()) throw new Error('the machine has switched itself off');
    if (seconds() > limitSeconds) throw new Error(`no prompt within ${limitSeconds} s`);
    const text = vm.shown();
    // A firmware may write to the line as well; the key is for the menu that comes after it.
    if (!/Booting|room: |Room of /.test(text)) await vm.press('s').catch(() => undefined);
    await sleep(300);
  }
  return seconds();
}

export interface SerialShell {
  run(block: PastedBlock): Promise<PasteResult>;
}

/** Takes the operator's shell over. */
export async function openSerialShell(vm: Vm): Promise<SerialShell> {
  let from = vm.shown().length;
  const since = () => vm.shown().slice(from);
  async function answered(until: number): Promise<boolean> {
    while (!vm.isOff() && performance.now() < until) {
      if (since().endsWith(prompt) || since().endsWith(continuation)) return true;
      await sleep(20);
    }
    return false;
  }
  for (const line of SETTINGS) vm.type(`${line}\r`);
  if (!(await answered(performance.now() + 60_000)))
    throw new Error('the shell on the serial line does not answer');

  async function run({ text, timeoutSeconds }: PastedBlock): Promise<PasteResult> {
    const started = performance.now();
    const until = started + timeoutSeconds * 1000;
    let output = '';
    let settled = true;
    for (const line of text.split('\n')) {
      from = vm.shown().length;
      vm.type(`${line}\r`);
      settled = await answered(until);
      output += since();
      if (!settled) break;
    }
    const unfinished = output.endsWith(continuation);
    const statuses: number[] = [];
    const shown = output
      .replace(new RegExp(`${status}(\\d+)${status}`, 'g'), (_, found: string) => {
        statuses.push(Number(found));
        return '';
      })
      .replace(new RegExp(`[${prompt}${continuation}${begin}]`, 'g'), '')
      .split('\n')
      .map(asDrawn)
      .join('\n');
    return {
      statuses,
      output: Buffer.from(shown, 'latin1').toString('utf8'),
      unfinished: settled && unfinished,
      timedOut: !settled && !vm.isOff(),
      died: !settled,
      milliseconds: performance.now() - started,
    };
  }
  return { run };
}
