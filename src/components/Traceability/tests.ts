/** What the latest run of the tests says, in words. */
import { countsOf, type LatestTests, type TestResults } from '../../audit/test-results';

const silence = {
  missing: 'No tests ran before this build.',
  unreadable: 'The file with the results of the tests cannot be read, so this build claims none.',
  'other-commit': 'The latest tests ran at another commit, so this build claims nothing of them.',
} as const;

/** Which run the numbers are of, or why there are none. */
export function testSentence(tests: LatestTests): string {
  if (tests.state === 'none') return silence[tests.why];
  const { started, commit, dirty, files } = tests.results;
  const sum = (key: 'passed' | 'failed') => files.reduce((all, file) => all + file[key], 0);
  const ended = sum('failed') === 0 ? `${sum('passed')} passed` : `${sum('failed')} failed`;
  return `The tests ran on ${started.slice(0, 10)} at commit ${commit.slice(0, 12)}${dirty ? ', with uncommitted changes' : ''}: ${ended}.`;
}

/** How the tests of a file or folder ended: `45 passed`. */
export function testOutcome(results: TestResults, guard: string): string {
  const { files, passed, failed, skipped } = countsOf(results, guard);
  if (files === 0) return 'not run';
  const parts = [
    failed > 0 ? `${failed} failed` : undefined,
    `${passed} passed`,
    skipped > 0 ? `${skipped} skipped` : undefined,
  ];
  return parts.filter(Boolean).join(', ');
}
