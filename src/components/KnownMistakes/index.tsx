/** The known mistakes of one group: what happened, what happens now, siblings, and the tests that would notice. */
import type { ReactNode } from 'react';
import { MISTAKE_PARTS, type Mistake, type MistakeGroup } from '../../audit/mistakes';
import type { LatestTests } from '../../audit/test-results';
import DataTable from '../DataTable';
import { testOutcome, testSentence } from '../Traceability/tests';
import Markdown from './Markdown';
import styles from './styles.module.css';

export interface KnownMistakesProps {
  readonly group: MistakeGroup;
  readonly mistakes: readonly Mistake[];
  readonly pages: readonly { readonly file: string; readonly href: string; readonly title: string }[];
  readonly tests: LatestTests;
}

/** Tests of the built site and of other deployments run after the build that shows this page. */
const isLater = (file: string) => /^tests\/(site|adoption)\//.test(file);

function outcomeOf(tests: LatestTests, file: string): string | undefined {
  if (isLater(file)) return 'runs on what is built';
  return tests.state === 'current' ? testOutcome(tests.results, file.replace(/^tests\//, '')) : undefined;
}

/** The parts of a case that the search looks into: how somebody who meets it would describe it. */
const SEARCHED: ReadonlySet<string> = new Set(['Given', 'What happened']);

function Case({
  mistake,
  pages,
  tests,
}: Omit<KnownMistakesProps, 'group' | 'mistakes'> & { mistake: Mistake }) {
  const { id, title, kind, parts, pages: names, tests: guards } = mistake;
  const own = names.map((name) => {
    const page = pages.find(({ file }) => file.replace(/\.mdx?$/, '') === `docs/${name}`);
    if (!page) throw new RangeError(`tests/cases/${id}.md: no page docs/${name}`);
    return page;
  });
  return (
    <section aria-labelledby={id} className={styles.case}>
      <h3 id={id}>
        {id}: {title}
      </h3>
      <p>
        <strong>Kind:</strong> {kind}
      </p>
      {MISTAKE_PARTS.map((part) => (
        // What happens now is found on the pages themselves.
        <div key={part} className={styles.part} data-derived={SEARCHED.has(part) ? undefined : ''}>
          <p className={styles.name}>{part}</p>
          <Markdown text={parts[part]} />
        </div>
      ))}
      {own.length > 0 ? (
        <p data-derived="">
          <strong>Seen on:</strong>{' '}
          {own.map(({ href, title: name }, index) => (
            <span key={href}>
              {index > 0 ? ', ' : ''}
              <a href={href}>{name}</a>
            </span>
          ))}
        </p>
      ) : null}
      <p className={styles.name} data-derived="">
        What fails when it comes back
      </p>
      <ul data-derived="">
        {guards.map(({ file, name }) => {
          const outcome = outcomeOf(tests, file);
          return (
            <li key={`${file} ${name}`}>
              <code>{file}</code>: {name}
              {outcome === undefined ? '' : ` (${outcome})`}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export default function KnownMistakes({ group, mistakes, pages, tests }: KnownMistakesProps): ReactNode {
  const own = mistakes.filter((mistake) => mistake.group === group);
  if (own.length === 0) return <p>No case of this group is known.</p>;
  return (
    <>
      <p>{testSentence(tests)}</p>
      <div data-derived="">
        <DataTable
          caption={`${group}: ${own.length} ${own.length === 1 ? 'case' : 'cases'}`}
          columns={[{ label: 'Case', short: true }, { label: 'What went wrong' }, { label: 'Kind' }]}
          rows={own.map(({ id, title, kind }) => ({
            key: id,
            head: <a href={`#${id}`}>{id}</a>,
            cells: [title, kind],
          }))}
        />
      </div>
      {own.map((mistake) => (
        <Case key={mistake.id} mistake={mistake} pages={pages} tests={tests} />
      ))}
    </>
  );
}
