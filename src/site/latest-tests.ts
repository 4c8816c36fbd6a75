/** Reads the results of the latest tests for a build: through their schema, and only of the commit that is built. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LatestTests, latestTests, testResultsSchema } from '../audit/test-results';

/** Where `npm test` leaves its results, from the root of the project. */
export const testResultsFile = 'reports/tests/results.json';

export function readLatestTests(root: string, commit: string): LatestTests {
  const file = join(root, testResultsFile);
  if (!existsSync(file)) return { state: 'none', why: 'missing' };
  try {
    return latestTests(testResultsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), commit);
  } catch {
    return { state: 'none', why: 'unreadable' };
  }
}
