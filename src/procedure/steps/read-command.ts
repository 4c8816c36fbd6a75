/** Reads code fences, and from a step's fences the command and what it must print. */
import type { Code } from 'mdast';
import { executableLanguages, type FenceKey, parseFenceMeta } from '../text/fence';
import type { Place, SourceLine } from '../text/source';
import { faultModes } from '../vocabulary/faults';
import { checkExpected } from './expected';
import type { Reading } from './reading';
import { checkHouseRules } from './required-flags';
import type { Command, SeenInstead } from './step';

const defaultTimeoutSeconds = 60;

export interface Fence {
  readonly language: string;
  readonly meta: Partial<Record<FenceKey, string>>;
  readonly place: Place;
  readonly lines: readonly SourceLine[];
}

/** Reads one fence; undefined, with the problem noted, when the words after its language are wrong. */
export function readFence(reading: Reading, node: Code): Fence | undefined {
  const place = reading.placeOf(node);
  reading.blocks.push({ text: node.value, place });
  const texts = node.value === '' ? [] : node.value.split('\n');
  const lines = texts.map((text, index): SourceLine => {
    const source = reading.lines[reading.lineOf(node) + index];
    return { text, file: source?.file ?? place.file, line: source?.line ?? place.line };
  });
  try {
    return { language: node.lang ?? '', place, lines, meta: parseFenceMeta(node.meta ?? '') };
  } catch (error) {
    reading.report(place, 'FENCE', (error as Error).message);
    return undefined;
  }
}

/** True for a fence that a reader would run and that does not say why it is not executed. */
export function isUnexecuted({ language, meta }: Fence): boolean {
  return executableLanguages.includes(language) && meta.step === undefined && !meta.noexec;
}

/** A fence outside every step: every one that a reader would run says why it is not executed. */
export function readLooseFence(reading: Reading, node: Code): void {
  const fence = readFence(reading, node);
  if (!fence) return;
  const { meta, place, language } = fence;
  if (meta.step !== undefined || meta.output !== undefined) {
    reading.report(place, 'FENCE', `step=${meta.step ?? meta.output} stands outside its <Step>`);
  } else if (isUnexecuted(fence)) {
    const wanted = 'wanted step=… in a <Step>, or noexec="reason"';
    reading.report(place, 'FENCE', `a ${language} fence that is not executed; ${wanted}`);
  }
}

/** Notes what no operator could paste, and what a healthy drill would not notice. */
function checkLines(reading: Reading, id: string, { lines, place }: Fence): void {
  if (lines.length === 0) reading.report(place, 'FENCE', `step ${id}: the command is empty`);
  for (const line of lines) {
    if (/^\s*\$ /.test(line.text))
      reading.report(line, 'FENCE', `step ${id}: a prompt "$ " cannot be pasted`);
    if (/^\s*(?:set\s+-[a-z]*e|exit\b)/.test(line.text)) {
      reading.report(line, 'FENCE', `step ${id}: "${line.text.trim()}" would close the operator’s terminal`);
    }
  }
  reading.problems.push(...checkHouseRules(id, lines));
}

/** Notes where the page does not say exactly what must be seen. */
function checkOutput(reading: Reading, id: string, run: Fence, output: Fence | undefined): void {
  const { prints } = run.meta;
  const wrong = (place: Place, message: string) => reading.report(place, 'FENCE', `step ${id}: ${message}`);
  if (prints !== undefined && prints !== 'nothing')
    wrong(run.place, `prints=${prints}: wanted prints=nothing`);
  if (!output) {
    const wanted = `wanted an output=${id} fence or prints=nothing`;
    if (prints === undefined) wrong(run.place, `says nothing of what must be seen; ${wanted}`);
    return;
  }
  const stream = output.meta.stream ?? 'out';
  if (!['out', 'err', 'both'].includes(stream))
    wrong(output.place, `stream=${stream}: wanted out, err or both`);
  if (prints !== undefined) wrong(run.place, `prints=nothing, yet there is an output=${id} fence`);
  if (output.lines.length === 0) {
    wrong(output.place, 'the output fence is empty; wanted lines, or prints=nothing instead');
  }
  for (const { line, message } of checkExpected(output.lines.map(({ text }) => text))) {
    wrong(output.lines[line] ?? output.place, message);
  }
}

/** An output fence with `fault=`: what is seen of that fault instead of the first fence. */
function readInstead(reading: Reading, id: string, run: Fence, output: Fence): SeenInstead {
  const { fault, exit, stream } = output.meta;
  const known = faultModes.find((mode) => mode === fault);
  if (known === undefined || !/^\d{1,3}$/.test(exit ?? '')) {
    const wanted = 'wanted fault=… with the name of a fault, and exit=… with a number';
    reading.report(output.place, 'FENCE', `step ${id}: a further output fence: ${wanted}`);
  }
  checkOutput(reading, id, run, output);
  return {
    fault: known ?? 'none',
    exit: Number(exit ?? 0),
    stream: (stream ?? 'out') as Command['stream'],
    expected: output.lines,
  };
}

/** The command of a step. `outputs`: what must be seen, and then what is seen instead when another fault is on. */
export function readCommand(
  reading: Reading,
  id: string,
  run: Fence,
  [output, ...instead]: readonly Fence[],
): Command {
  checkLines(reading, id, run);
  checkOutput(reading, id, run, output);
  const number = (name: 'exit' | 'timeout', fallback: number, maximum: number): number => {
    const value = run.meta[name];
    if (value === undefined) return fallback;
    if (/^\d+$/.test(value) && Number(value) <= maximum) return Number(value);
    reading.report(run.place, 'FENCE', `step ${id}: ${name}=${value}: wanted a number up to ${maximum}`);
    return fallback;
  };
  return {
    instead: instead.map((fence) => readInstead(reading, id, run, fence)),
    language: run.language,
    title: run.meta.title,
    lines: run.lines,
    exit: number('exit', 0, 255),
    timeoutSeconds: number('timeout', defaultTimeoutSeconds, 3600),
    input: run.meta.input,
    stream: (output?.meta.stream ?? 'out') as Command['stream'],
    expected: output?.lines ?? [],
  };
}
