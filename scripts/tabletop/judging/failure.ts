/** A failure of a step that is no output of a command: what was wanted there, and what was found. */
import type { Failure } from '../../../src/procedure/results/drill-results';
import type { Place } from '../../../src/procedure/text/source';

/** What a judge has found at a step or a page. */
export const failureAt = (
  { file, line }: Pick<Place, 'file' | 'line'>,
  rule: string,
  wanted: string,
  found: string,
): Failure => ({ file, line, rule, wanted, found, command: '', stderr: [] });
