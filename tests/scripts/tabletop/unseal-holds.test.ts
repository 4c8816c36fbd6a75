import { describe, expect, it } from 'vitest';
import { allowedMutants } from '../../../scripts/tabletop/mutation/allowed';
import type { Mutant } from '../../../scripts/tabletop/mutation/mutate';
import { mutableTexts } from '../../../scripts/tabletop/mutation/run';
import { type Notice, tryMutants } from '../../../scripts/tabletop/mutation/trial';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { optionsOf } from '../../../scripts/tabletop/shell/shell-lines';
import { buildTools } from '../../../scripts/tabletop/world/tool-set';
import type { Step } from '../../../src/procedure/steps/step';
import type { SourceLine } from '../../../src/procedure/text/source';
import { exampleRoot } from '../../example';

const all = readSetting(exampleRoot());
const page = all.procedures.filter(({ file }) => file === 'docs/emergency/unseal.mdx');
const setting = {
  ...all,
  procedures: page,
  scenarios: all.scenarios.filter(({ procedures }) => procedures.every((each) => page.includes(each))),
};
const texts = mutableTexts(setting);
const commands = page.flatMap(({ steps }) => steps.filter(({ command }) => command));

/** The lines of the repository in which a step stands, first to last. */
function extent({ file, line }: Step): { file: string; first: number; last: number } {
  const lines = (texts.get(file) ?? '').split('\n').slice(line - 1);
  return { file, first: line, last: line + lines.indexOf('</Step>') };
}

const text = ({ file, line }: { file: string; line: number }) => texts.get(file)?.split('\n')[line - 1] ?? '';

function mutant(kind: string, first: SourceLine, count: number, after: string | undefined): Mutant {
  const before = Array.from({ length: count }, (_, index) =>
    text({ ...first, line: first.line + index }),
  ).join('\n');
  const { file, line } = first;
  return {
    id: `${file}:${line}: ${kind}`,
    operator: 'option-deleted',
    subject: 'command',
    file,
    line,
    count,
    before,
    after,
  };
}

/** The whole fence is gone, with its two lines of backquotes. */
function deletedFences(step: Step): Mutant[] {
  const { file, first: line, last } = extent(step);
  const own = (texts.get(file) ?? '').split('\n').slice(line - 1, last);
  const marks = own.flatMap((each, index) => (each.startsWith('```') ? [line + index] : []));
  return marks.flatMap((first, index) => {
    const last = marks[index + 1] ?? first;
    return index % 2 === 0
      ? [mutant('fence deleted', { file, line: first, text: '' }, last - first + 1, undefined)]
      : [];
  });
}

/** Each option misspelled. */
function misspelledOptions(step: Step): Mutant[] {
  return (step.command?.lines ?? []).flatMap((line) => {
    const written = text(line);
    return optionsOf(written).map(({ start, end }) => {
      const name = /^-+[A-Za-z-]+/.exec(written.slice(start, end))?.[0] ?? '';
      const after = `${written.slice(0, start)}${name}x${written.slice(start + name.length)}`;
      return mutant(`option ${name} misspelled`, line, 1, after);
    });
  });
}

/** Whether a place belongs to a step: it lies between its tags, or is a line that a partial gives to its fences. */
function isOf(step: Step, { file, line }: { readonly file: string; readonly line: number }): boolean {
  const { first, last } = extent(step);
  if (file === step.file && line >= first && line <= last) return true;
  const { lines = [], expected = [] } = step.command ?? {};
  const own = [...lines, ...expected].filter((each) => each.file === file).map((each) => each.line);
  // The fence itself stands around its lines.
  return own.length > 0 && line >= Math.min(...own) - 1 && line <= Math.max(...own) + 1;
}

/** Fences are lost as a whole, and each third option misspelled: `tabletop mutate` tries all that can be lost or changed. */
const unique = new Map(
  [
    ...commands.flatMap(deletedFences),
    ...commands.flatMap(misspelledOptions).filter((_, index) => index % 3 === 0),
  ].map((each) => [JSON.stringify([each.file, each.line, each.count, each.after]), each]),
);
const mutants = [...unique.values()];

describe('the unseal page', () => {
  it('has fences and options to lose', () => {
    expect(commands.length).toBeGreaterThan(all.deployment.key.threshold);
    expect(mutants.length).toBeGreaterThan(commands.length * 2);
  });

  it('cannot lose or change one without the drill naming its place', async () => {
    const tools = await buildTools();
    const explained = allowedMutants(all.root);
    const found = new Map<Mutant, Notice | undefined>();
    await tryMutants(setting, mutants, {
      tools,
      jobs: 2,
      tried: (mutant, notice) => found.set(mutant, notice),
    });
    const wrong = mutants.map((each) => {
      const what = `${each.id}: ${each.operator}: ${each.before} → ${each.after}`;
      const notice = found.get(each);
      if (!notice) return explained.has(each.id) ? '' : `${what}: not noticed`;
      const [, file, line] = /^(\S+?):(\d+):/.exec(notice.detail) ?? [];
      const named = commands.some(
        (step) => isOf(step, { file: file ?? '', line: Number(line) }) && isOf(step, each),
      );
      // What a shell hands on misleads a later tool: environment.test.ts looks at the partial itself.
      if (each.file === 'docs/_partials/clean-shell.mdx') return '';
      // Another folder than the page's is noticed where the page wipes its own.
      if (each.file === 'docs/_partials/memory-folder.mdx' && file === each.file) return '';
      return named ? '' : `${what}: named ${notice.detail}`;
    });
    expect(wrong.filter(Boolean)).toEqual([]);
  }, 600_000);
});
