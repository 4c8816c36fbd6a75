/** The pages of an edition as compiled, as far as two editions are compared: without the lines of files on which they stand. */
import { join } from 'node:path';
import { loadDeployment } from '../../src/deployment/load';
import { InvalidInput } from '../../src/deployment/problem';
import { loadProcedures } from '../../src/procedure/load';
import type { Step } from '../../src/procedure/steps/step';
import { textSha256 } from '../../src/site/latest-drill';

/** What of a step is compared, each under the words with which a difference is told. */
export type ComparedStep = Readonly<Record<string, string>> & { readonly id: string };

export interface ComparedPage {
  readonly file: string;
  readonly title: string;
  readonly prefix: string | undefined;
  /** The page digest, by which an approval names the edition. */
  readonly digest: string;
  readonly steps: readonly ComparedStep[];
}

const textOf = (lines: readonly { readonly text: string }[]) => lines.map(({ text }) => text);

function comparedStep(step: Step): ComparedStep {
  const { command } = step;
  const seen = command && {
    exit: command.exit,
    stream: command.stream,
    expected: textOf(command.expected),
    instead: command.instead.map((one) => ({ ...one, expected: textOf(one.expected) })),
  };
  const typed = command && [command.language, command.input, command.timeoutSeconds, textOf(command.lines)];
  return {
    id: step.id,
    'who acts': JSON.stringify([step.by, step.witness]),
    instruction: step.text,
    command: JSON.stringify(typed ?? null),
    'what is seen': JSON.stringify(seen ?? null),
    act: JSON.stringify([step.act, step.calls]),
    'when it is done': JSON.stringify([step.requires, step.gate, step.shard, step.lost, step.always]),
    'what it leaves': JSON.stringify([step.sets, step.clears]),
    'how it is undone': JSON.stringify([step.reversal, step.reversalText]),
    'events of the trail': step.log.join(' '),
    'forms that are filled in': JSON.stringify(step.records ?? []),
    'planned minutes': String(step.minutes),
    section: step.section,
  };
}

/** Compiles the pages of a project's folder. Throws InvalidInput. */
export function editionOfFolder(root: string): ComparedPage[] {
  const procedures = loadProcedures(root, loadDeployment(join(root, 'deployment.yaml')));
  return procedures.map((procedure) => ({
    file: procedure.file,
    digest: textSha256(procedure).slice(0, 16),
    title: procedure.page.title,
    prefix: procedure.page.prefix,
    steps: procedure.applies ? procedure.steps.map(comparedStep) : [],
  }));
}

// Another edition is compiled by its own code, in a process of its own, for which this file is put among it: it imports
// nothing of this project that an older edition does not have.
if (require.main === module) {
  try {
    process.stdout.write(JSON.stringify(editionOfFolder(process.argv[2] ?? '.')));
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
