/** Commands of a compiled page that its drill does not execute, each with its reason: those of the room's machine run in it. Pure. */
import type { Procedure } from '../../../src/procedure/compile';
import { parseFenceMeta } from '../../../src/procedure/text/fence';
import type { SourceLine } from '../../../src/procedure/text/source';

export interface ExcusedBlock {
  readonly title: string;
  readonly lines: readonly SourceLine[];
}

/** The excused blocks of a step, in page order. Throws RangeError when the page has no such step. */
export function excusedBlocks({ lines, file }: Procedure, id: string): ExcusedBlock[] {
  const first = lines.findIndex(({ text }) => text.startsWith(`<Step id="${id}"`));
  if (first < 0) throw new RangeError(`${file} has no step ${id}`);
  const end = lines.findIndex(({ text }, index) => index > first && text === '</Step>');
  const step = lines.slice(first, end < 0 ? undefined : end);
  return step.flatMap(({ text }, index) => {
    const [, meta = ''] = /^```bash (.*)$/.exec(text) ?? [];
    const { noexec, title = '' } = parseFenceMeta(meta);
    if (noexec === undefined) return [];
    const after = step.slice(index + 1);
    return [
      {
        title,
        lines: after.slice(
          0,
          after.findIndex((line) => line.text === '```'),
        ),
      },
    ];
  });
}
