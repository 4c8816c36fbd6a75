/** Shows a drill while it runs: a line that is redrawn on a terminal, one line a finished scenario everywhere. */

import type { Results, ScenarioResult } from '../../../src/procedure/results/drill-results';
import { visible } from '../../../src/shard/visible';
import { annotations, closingText, type Progress, progressLine, scenarioLine } from './report';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Display {
  progress(progress: Progress): void;
  finished(scenario: ScenarioResult): void;
  /** Failures, annotations for GitHub when asked for, and the closing line, which is the last. */
  closed(results: Results): void;
}

/** Redraws at most this often. */
const frameMilliseconds = 100;

export function createDisplay(output: Output, github = process.env.GITHUB_ACTIONS !== undefined): Display {
  let drawn = false;
  let last = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (drawn) output.write('\r\x1b[K');
    drawn = false;
  };
  return {
    progress(progress) {
      const now = performance.now();
      if (!output.isTTY || now - last < frameMilliseconds) return;
      last = now;
      clear();
      output.write(visible(progressLine(progress, output.columns ?? 80)));
      drawn = true;
    },
    finished(scenario) {
      clear();
      output.write(visible(`${scenarioLine(scenario)}\n`));
    },
    closed(results) {
      clear();
      if (github) for (const line of annotations(results)) output.write(visible(`${line}\n`));
      output.write(visible(`${closingText(results)}\n`));
    },
  };
}
