/** Judges one executed command: nothing failed on the way, the status is the one that the page states, and the output is the one it shows. */

import type { Failure } from '../../../src/procedure/results/drill-results';
import { type Bindings, matchExpected } from '../../../src/procedure/steps/expected';
import type { Command, Step } from '../../../src/procedure/steps/step';
import type { Place } from '../../../src/procedure/text/source';
import type { BlockResult } from '../shell/shell';

const tailLines = 20;

/**
 * What bash and the tools say of a command that is wrong in itself. Inside a condition or a substitution its status is lost,
 * and what follows is decided by a test that was never made.
 */
const misuse =
  /: \[: .*(?:expected|too many arguments)|unrecognized (?:arguments?|option)|invalid option|unknown option/;

function shownText(command: Command, result: BlockResult): string {
  if (command.stream === 'out') return result.stdout;
  if (command.stream === 'err') return result.stderr;
  return result.stdout + result.stderr;
}

/** The line of the page on which a line of the block stands. */
function placeOf(step: Step, command: Command, blockLine: number): Place {
  const source = command.lines[Math.min(Math.max(blockLine, 1), command.lines.length) - 1];
  return { file: source?.file ?? step.file, line: source?.line ?? step.line };
}

const none = '(nothing)';

/** What is wrong with a result, or undefined. `bindings` takes the values that the output shows. */
export function judge(
  step: Step,
  command: Command,
  result: BlockResult,
  bindings: Bindings,
): Failure | undefined {
  const fail = (place: Place, rule: string, wanted: string, found: string): Failure => ({
    ...place,
    rule,
    wanted,
    found,
    command: command.lines.map((line) => line.text).join('\n'),
    stderr: result.stderr.trimEnd().split('\n').filter(Boolean).slice(-tailLines),
  });
  const first = placeOf(step, command, 1);
  const lastError = result.errEvents.at(-1);
  const at = lastError ? placeOf(step, command, lastError.line) : first;

  if (result.timedOut)
    return fail(first, 'timeout', `an end within ${command.timeoutSeconds} s`, 'still running');
  if (result.flooded) return fail(first, 'output', 'an end of the output', 'more than can be read');
  if (result.died) return fail(at, 'shell', 'a shell that stays open', `closed with status ${result.status}`);
  if (result.trapChanged) return fail(first, 'shell', 'the ERR trap of the drill', 'another one');
  if (result.status !== command.exit) {
    return fail(at, 'exit', `exit status ${command.exit}`, `exit status ${result.status}`);
  }
  if (result.errEvents.length > (command.exit === 0 ? 0 : 1)) {
    const event = result.errEvents[0];
    const found = `a command that failed unseen, with status ${event?.status ?? '?'}`;
    return fail(placeOf(step, command, event?.line ?? 1), 'exit', 'no failing command', found);
  }
  const complaint =
    command.exit === 0 ? result.stderr.split('\n').find((line) => misuse.test(line)) : undefined;
  if (complaint !== undefined) {
    return fail(first, 'misuse', 'no command that is wrong in itself', complaint.trim().slice(0, 200));
  }
  const text = shownText(command, result);
  if (command.expected.length === 0) {
    return text === '' ? undefined : fail(first, 'output', none, text.split('\n')[0] ?? '');
  }
  const match = matchExpected(
    command.expected.map((line) => line.text),
    text,
    bindings,
  );
  if (match.ok) return undefined;
  const source = command.expected[Math.min(match.expectedLine, command.expected.length - 1)];
  return fail(
    source ? { file: source.file, line: source.line } : first,
    'output',
    match.wanted ?? none,
    match.found ?? none,
  );
}
