/** The files of reports/tabletop/: what a run leaves there, and what the next one reads again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Results, resultsSchema } from '../../../src/procedure/results/drill-results';
import { junit } from './junit';
import { markdown } from './report';

/** What the report of a mutation run says of the run as a whole, beside the mutants. */
export interface MutationRun {
  readonly planSha256: string;
  readonly mutation: NonNullable<Results['mutation']>;
}

/** Writes a report below reports/tabletop/. */
export function putReport(root: string, name: string, text: string | Buffer): void {
  const file = join(root, 'reports', 'tabletop', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Writes what a drill leaves, below a folder that ends with a slash or is empty. */
export function writeReports(root: string, results: Results, folder: string): void {
  putReport(root, `${folder}results.json`, `${JSON.stringify(results, null, 1)}\n`);
  putReport(root, `${folder}junit.xml`, junit(results));
  putReport(root, `${folder}summary.md`, markdown(results));
}

/** The results of the last drill; undefined where there are none that can be read. */
export function readResults(root: string): Results | undefined {
  try {
    const text = readFileSync(join(root, 'reports', 'tabletop', 'results.json'), 'utf8');
    return resultsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The last mutation run of a project; undefined where there is none that can be read. */
export function readMutationRun(root: string): MutationRun | undefined {
  try {
    const report = JSON.parse(readFileSync(join(root, 'reports', 'tabletop', 'mutation.json'), 'utf8'));
    return report.config as MutationRun;
  } catch {
    return undefined;
  }
}
