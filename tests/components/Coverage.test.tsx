/** Coverage and traceability: counts by page and in all, criteria down to their steps, and never a drill that was not run on this text. */
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/audit/criteria';
import { latestTests, type TestResults } from '../../src/audit/test-results';
import Coverage, { type CoveredPage, type CoveredStep } from '../../src/components/Coverage';
import { drillSentence } from '../../src/components/Coverage/drill';
import Traceability from '../../src/components/Traceability';
import { testSentence } from '../../src/components/Traceability/tests';
import type { Results, ScenarioResult } from '../../src/procedure/results/drill-results';
import type { LatestDrill } from '../../src/procedure/results/drilled';

afterEach(cleanup);

const step = (id: string, changes: Partial<CoveredStep> = {}): CoveredStep => ({
  id,
  log: ['key.loaded'],
  witness: 'internal-witness',
  reversal: 'undo',
  kind: 'command',
  ...changes,
});
const page = (file: string, title: string, steps: CoveredStep[], notExecuted = 0): CoveredPage => ({
  file,
  title,
  href: `/${title.toLowerCase()}/`,
  steps,
  notExecuted,
});
const pages = [
  page(
    'docs/u.mdx',
    'Unseal',
    [step('UNS-01'), step('UNS-02', { reversal: 'irreversible', kind: 'act' })],
    1,
  ),
  page('docs/r.mdx', 'Rotate', [step('ROT-01', { reversal: 'compensate' }), step('ROT-02')]),
  page('docs/s.mdx', 'Reshare', [step('RES-01', { log: [], witness: '' })]),
  page('docs/c.mdx', 'Call', [step('CAL-01', { kind: 'act' })]),
  page('docs/f.mdx', 'Format', [], 2),
  page('docs/g.mdx', 'Glossary', []),
];

const ran = (id: string, verdict: string, kind = 'command') => ({ id, kind, verdict });
const scenario = (file: string, verdict: string, steps: unknown[]) =>
  ({ pages: [file], verdict, steps }) as ScenarioResult;
const results = {
  commit: 'abcdef0123456789abcdef0123456789abcdef01',
  dirty: false,
  started: '2026-11-23T10:00:00.000Z',
  scenarios: [
    scenario('docs/u.mdx', 'passed', [ran('UNS-01', 'passed'), ran('UNS-02', 'passed', 'act')]),
    scenario('docs/u.mdx', 'passed', [ran('UNS-01', 'stopped')]),
    scenario('docs/r.mdx', 'failed', [ran('ROT-01', 'failed'), ran('ROT-02', 'skipped')]),
    scenario('docs/r.mdx', 'passed', [ran('ROT-01', 'passed'), ran('ROT-02', 'skipped')]),
  ],
  totals: { passed: 3, failed: 1, steps: 5, commands: 4 },
} as unknown as Results;
const drilled: LatestDrill = { state: 'failed', results };

function cells(title: string) {
  const row = screen.getByRole('rowheader', { name: title }).closest('tr');
  return [...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent);
}

describe('coverage', () => {
  it('counts by page, and adds up', () => {
    render(<Coverage pages={pages} drill={drilled} />);
    // Steps, logged, witnessed, reversible, compensable, irreversible, acts, commands, executed, only shown, drill.
    expect(cells('Unseal')).toEqual([
      '2',
      '2',
      '2',
      '1',
      '0',
      '1',
      '1',
      '1',
      '1',
      '1',
      '2 scenarios, all passed',
    ]);
    expect(cells('Rotate')).toEqual(['2', '2', '2', '1', '1', '0', '0', '2', '1', '0', '1 of 2 failed']);
    expect(cells('Reshare')).toEqual(['1', '0', '0', '1', '0', '0', '0', '1', '0', '0', 'not drilled']);
    expect(cells('Call').at(-1)).toBe('no commands');
    expect(cells('Format')).toEqual(['0', '0', '0', '0', '0', '0', '0', '0', '0', '2', 'no commands']);
    expect(cells('All pages')).toEqual(['6', '5', '5', '4', '1', '1', '2', '4', '2', '3', '1 of 4 failed']);
    expect(screen.queryByText('Glossary')).toBeNull();
  });

  it('claims no drill before the first one', () => {
    render(<Coverage pages={pages} drill={{ state: 'none', why: 'missing' }} />);
    expect(screen.getByText('No drill ran before this build.')).toBeTruthy();
    expect(cells('Unseal').slice(-3)).toEqual(['0', '1', 'not drilled']);
    expect(cells('All pages').at(-1)).toBe('none');
  });
});

describe('the sentence about the drill', () => {
  it('names date, commit, changes and result', () => {
    expect(drillSentence(drilled)).toBe(
      'The latest drill ran on 2026-11-23 at commit abcdef012345: 1 of 4 scenarios failed, 4 commands were executed.',
    );
    const good = { ...results, dirty: true, totals: { ...results.totals, failed: 0 } };
    expect(drillSentence({ state: 'current', results: good, executions: {} })).toContain(
      'abcdef012345, with uncommitted changes: all 3 scenarios passed',
    );
  });

  it('says why nothing is claimed', () => {
    expect(drillSentence({ state: 'none', why: 'other-text', files: ['a', 'b'] })).toContain(
      '2 pages have changed',
    );
    expect(drillSentence({ state: 'none', why: 'by-people' })).toContain('exercise by people');
    expect(drillSentence({ state: 'none', why: 'unreadable' })).toContain('cannot be read');
  });
});

describe('traceability', () => {
  const named = [...new Set(CRITERIA.flatMap((criterion) => criterion.pages))];
  const all = named.map((name, index) =>
    page(
      `docs/${name}.mdx`,
      `P${index}`,
      name === 'emergency/unseal' ? [step('UNS-01'), step('UNS-09')] : [],
    ),
  );
  const recovery = 'Disaster recovery: unseal with any quorum when providers are out';
  const testResults: TestResults = {
    format: 'test-results/1',
    commit: 'abcdef0123456789abcdef0123456789abcdef01',
    dirty: false,
    started: '2026-11-25T09:00:00.000Z',
    files: [
      { file: 'tests/scripts/tabletop/a.test.ts', passed: 40, failed: 0, skipped: 2 },
      { file: 'tests/scripts/tabletop/deep/b.test.ts', passed: 5, failed: 1, skipped: 0 },
      { file: 'tests/scripts/tabletop-else.test.ts', passed: 7, failed: 0, skipped: 0 },
    ],
  };
  const tested = { state: 'current', results: testResults } as const;

  it('leads from every criterion to pages, steps, tests and the latest result', () => {
    const unsealed = {
      ...results,
      scenarios: [scenario('docs/emergency/unseal.mdx', 'passed', [])],
    } as Results;
    render(<Traceability pages={all} drill={{ state: 'failed', results: unsealed }} tests={tested} />);
    expect(screen.getAllByRole('rowheader')).toHaveLength(CRITERIA.length);
    expect(cells(recovery)[0]).toContain(': 2 steps, UNS-01 to UNS-09');
    expect(cells(recovery).slice(1)).toEqual([
      'tests/scripts/tabletop 1 failed, 45 passed, 2 skipped',
      '1 scenario, passed',
    ]);
    expect(cells('Roles with segregation of duties')[1]).toContain('tests/deployment not run');
    expect(cells('Recovery matrix').at(-1)).toBe('no commands: tests alone');
    expect(document.querySelector('a[href$="#UNS-09"]')).toBeTruthy();
  });

  it('claims tests only of the commit that is built', () => {
    expect(latestTests(testResults, 'abcdef012345').state).toBe('current');
    expect(latestTests(testResults, 'abcdef012345+').state).toBe('current');
    expect(latestTests(testResults, 'abcdef012346')).toEqual({ state: 'none', why: 'other-commit' });
    expect(latestTests({ ...testResults, commit: 'none' }, 'unknown').state).toBe('none');
    expect(testSentence(tested)).toBe('The tests ran on 2026-11-25 at commit abcdef012345: 1 failed.');
    const good = { ...testResults, dirty: true, files: testResults.files.slice(0, 1) };
    expect(testSentence({ state: 'current', results: good })).toContain(
      'abcdef012345, with uncommitted changes: 40 passed.',
    );
    expect(testSentence({ state: 'none', why: 'other-commit' })).toContain('at another commit');
  });

  it('does not claim a drill that did not run, and stops at a page that is gone', () => {
    render(
      <Traceability
        pages={all}
        drill={{ state: 'none', why: 'missing' }}
        tests={{ state: 'none', why: 'missing' }}
      />,
    );
    expect(cells(recovery)[1]?.trim()).toBe('tests/scripts/tabletop');
    expect(cells(recovery).at(-1)).toBe('not drilled');
    expect(() => render(<Traceability pages={[]} drill={drilled} tests={tested} />)).toThrow(
      'no page docs/ceremony/setup.mdx',
    );
  });
});
