/** Acceptance criterion → pages → steps → tests → how those tests and the latest drill of the pages ended. */
import type { ReactNode } from 'react';
import { CRITERIA } from '../../audit/criteria';
import type { LatestTests } from '../../audit/test-results';
import type { LatestDrill } from '../../procedure/results/drilled';
import type { CoveredPage } from '../Coverage';
import { drillSentence, outcome, runsByPage } from '../Coverage/drill';
import DataTable from '../DataTable';
import styles from './styles.module.css';
import { testOutcome, testSentence } from './tests';

export interface TraceabilityProps {
  readonly pages: readonly CoveredPage[];
  readonly drill: LatestDrill;
  readonly tests: LatestTests;
}

/** A page of a criterion, with its first and last step. */
function Traced({ page }: { readonly page: CoveredPage }): ReactNode {
  const [first, last] = [page.steps[0], page.steps.at(-1)];
  const link = (id: string) => <a href={`${page.href}#${id}`}>{id}</a>;
  return (
    <li>
      <a href={page.href}>{page.title}</a>
      {first && last && (
        <>
          : {page.steps.length === 1 ? '1 step' : `${page.steps.length} steps`}, {link(first.id)}
          {first !== last && <> to {link(last.id)}</>}
        </>
      )}
    </li>
  );
}

export default function Traceability({ pages, drill, tests }: TraceabilityProps): ReactNode {
  const runs = runsByPage(drill);
  const rows = CRITERIA.map(({ asks, pages: names, tests: guards }) => {
    const own = names.map((name) => {
      const page = pages.find(({ file }) => file === `docs/${name}.mdx`);
      if (!page) throw new RangeError(`criterion "${asks}": no page docs/${name}.mdx`);
      return page;
    });
    const commands = own.some(({ steps }) => steps.some(({ kind }) => kind === 'command'));
    const drilled = own.flatMap(({ file }) => runs.get(file) ?? []);
    const sum = { passed: 0, failed: 0 };
    for (const { passed, failed } of drilled) {
      sum.passed += passed;
      sum.failed += failed;
    }
    return {
      key: asks,
      head: asks,
      cells: [
        <ul key="pages">
          {own.map((page) => (
            <Traced key={page.file} page={page} />
          ))}
        </ul>,
        <ul key="tests">
          {guards.map((guard) => (
            <li key={guard}>
              <code>tests/{guard}</code>{' '}
              {tests.state === 'current' && (
                <span className={styles.outcome}>{testOutcome(tests.results, guard)}</span>
              )}
            </li>
          ))}
        </ul>,
        drilled.length > 0 ? outcome(sum) : commands ? 'not drilled' : 'no commands: tests alone',
      ],
    };
  });
  const columns = [
    { label: 'Criterion' },
    { label: 'Pages and steps' },
    { label: 'Tests, and how they ended' },
    { label: 'Latest drill' },
  ];
  return (
    <div className={styles.criteria}>
      <p>
        {testSentence(tests)} {drillSentence(drill)}
      </p>
      <DataTable caption="Acceptance criteria of the runbook" columns={columns} rows={rows} />
    </div>
  );
}
