/** Lets a scenario run in a shell into which its blocks are pasted: what the terminal showed, in the terms of a block. */
import { readFileSync } from 'node:fs';
import type { Command } from '../../../src/procedure/steps/step';
import { openPasteShell, type PasteResult, pastedExpected } from './paste';
import type { Block, BlockResult, Shell, ShellOptions } from './shell';
import { splitCommands } from './shell-lines';

/** The command as far as a terminal can show it: stdout and stderr are one, and a question stands among the output. */
export function onTerminal(command: Command): Command {
  const texts = pastedExpected(command.expected.map(({ text }) => text));
  if (command.expected.length === 0) {
    const [line] = command.lines;
    return command.input === undefined || !line
      ? command
      : { ...command, expected: [{ ...line, text: '...' }] };
  }
  let at = 0;
  const expected = texts.map((text) => {
    const place = command.expected[Math.min(at, command.expected.length - 1)];
    if (text !== '...')
      at = command.expected.findIndex((each, index) => index >= at && each.text === text) + 1;
    return { ...(place as (typeof command.expected)[number]), text };
  });
  return { ...command, stream: 'out', expected };
}

/** What a block asks, in order. */
const questionsOf = (text: string): string[] =>
  [...text.matchAll(/\bread\b[^\n]*?\s-p '([^']+)'/g)].map(([, question = '']) => question.trimEnd());

/** What a terminal showed of a block, as if stdout and stderr had been one. */
export function blockResultOf(text: string, result: PasteResult): BlockResult {
  const lines = text.split('\n');
  const commands = splitCommands(lines);
  const errEvents = result.statuses.flatMap((status, index) =>
    status === 0 ? [] : [{ status, line: (commands[index]?.first ?? lines.length - 1) + 1, depth: 0 }],
  );
  return {
    status: result.statuses.at(-1) ?? (result.died ? 137 : 0),
    errEvents,
    stdout: result.output,
    stderr: '',
    stdoutFile: '',
    stderrFile: '',
    milliseconds: result.milliseconds,
    // An open quote waits for its end as long as the operator does.
    timedOut: result.timedOut || result.unfinished,
    flooded: false,
    died: result.died,
    trapChanged: false,
  };
}

/** Opens such a shell. Throws Error where there is no terminal to be had. */
export async function openPastedShell(options: ShellOptions): Promise<Shell> {
  const shell = await openPasteShell(options);

  async function run(block: Block): Promise<BlockResult> {
    const typed = block.stdin === undefined ? [] : readFileSync(block.stdin, 'utf8').split('\n');
    const questions = questionsOf(block.text);
    const answers = typed.slice(0, -1).map((text, index) => ({ question: questions[index] ?? '', text }));
    const result = await shell.run({
      id: block.id,
      text: block.text,
      timeoutSeconds: block.timeoutSeconds,
      answers,
    });
    // An answer that is not echoed leaves the question on the line of what comes next.
    const output = questions.reduce((shown, question) => shown.replace(`${question} `, ''), result.output);
    return blockResultOf(block.text, { ...result, output });
  }
  return { pid: shell.pid, begun: Promise.resolve(), run, close: () => shell.close() };
}
