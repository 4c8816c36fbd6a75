/** Two editions compared by their compiled steps, and how that is told: for approval, and as release notes. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { compareEditions } from '../../scripts/upgrade/compare';
import { type ComparedPage, editionOfFolder } from '../../scripts/upgrade/edition';
import { comparisonLines, releaseNotes } from '../../scripts/upgrade/report';
import { exampleRoot, makeExample } from '../example';

const page = (file: string, ids: readonly string[], more: Partial<ComparedPage> = {}): ComparedPage => ({
  file: `docs/${file}.mdx`,
  title: `Page ${file}`,
  prefix: undefined,
  digest: ids.join(),
  steps: ids.map((id) => ({ id, instruction: `Operator: do ${id}.`, command: `run ${id}` })),
  ...more,
});
const told = (before: ComparedPage[], after: ComparedPage[]) =>
  compareEditions(before, after).map(
    ({ file, kind, steps }) =>
      `${file} ${kind}: ${steps.map((step) => `${step.kind} ${step.id}`).join(', ')}`,
  );

describe('a comparison', () => {
  test('of equal editions is empty, whatever they are', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[A-Z]{3}-\d\d$/), { maxLength: 30 });
    fc.assert(
      fc.property(ids, (list) => {
        expect(compareEditions([page('a', list)], [page('a', list)])).toEqual([]);
      }),
    );
  });

  test('tells steps that are new, gone and another, and what of them is', () => {
    const before = page('a', ['A-1', 'A-2', 'A-3']);
    const after = page('a', ['A-1', 'A-3', 'A-4']);
    const changed = {
      ...after,
      steps: after.steps.map((step) => (step.id === 'A-3' ? { ...step, command: 'run it' } : step)),
    };
    expect(compareEditions([before], [changed])[0]?.steps).toEqual([
      { id: 'A-3', kind: 'changed', what: ['command'] },
      { id: 'A-4', kind: 'added', what: ['Operator: do A-4.'] },
      { id: 'A-2', kind: 'removed', what: ['Operator: do A-2.'] },
    ]);
  });

  test('tells the fewest steps that stand elsewhere, for each order', () => {
    const ids = ['A', 'B', 'C', 'D', 'E', 'F'];
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: 6 }), (order) => {
        const [change] = compareEditions([page('a', ids)], [page('a', order)]);
        const moved = new Set((change?.steps ?? []).map(({ id }) => id));
        const rest = order.filter((id) => !moved.has(id));
        expect(rest).toEqual([...rest].sort());
        // No longer list of these keeps its order: tried by hand, over all lists.
        const longest = Math.max(
          ...Array.from({ length: 64 }, (_, bits) => order.filter((__, at) => bits & (1 << at)))
            .filter((some) => some.join() === [...some].sort().join())
            .map(({ length }) => length),
        );
        expect(rest).toHaveLength(longest);
      }),
    );
  });

  test('knows a page by its prefix, and tells pages that are new, gone, elsewhere, or another in text alone', () => {
    expect(
      told(
        [page('a', ['A'], { prefix: 'AAA' }), page('b', ['B']), page('c', ['C'])],
        [page('x', ['A'], { prefix: 'AAA' }), page('c', ['C'], { digest: 'other' }), page('d', ['D'])],
      ),
    ).toEqual([
      'docs/b.mdx removed: removed B',
      'docs/c.mdx text: ',
      'docs/d.mdx added: added D',
      'docs/x.mdx text: ',
    ]);
  });
});

describe('the report', () => {
  const changes = compareEditions(
    [page('a', ['A-1', 'A-2']), page('b', ['B'])],
    [page('a', ['A-2', 'A-3']), page('b', ['B'], { digest: 'x' }), page('c', ['C'])],
  );

  test('names each page once, whoever approved it before, and counts in its last line', () => {
    const approval = { page: 'docs/a.mdx', edition: 'old', by: 'Ana', date: '2026-11-23', at: 2 };
    expect(comparisonLines(changes, [approval, { ...approval, by: 'Bo' }])).toEqual([
      'docs/a.mdx: Page a: changed',
      '  added    A-3  Operator: do A-3.',
      '  removed  A-1  Operator: do A-1.',
      '  approve anew: Ana, Bo approved an older edition',
      'docs/b.mdx: Page b: text alone, same steps',
      'docs/c.mdx: Page c: new page',
      '  1 step',
      '1 page with 2 changed steps, 1 new, 0 gone, 1 in text alone',
    ]);
    expect(comparisonLines([], [])).toEqual(['0 pages with 0 changed steps, 0 new, 0 gone, 0 in text alone']);
  });

  test('as release notes is Markdown by procedure', () => {
    expect(releaseNotes(changes)).toBe(
      '## Changed procedures\n\n- **Page a** (`docs/a.mdx`)\n  - added A-3: Operator: do A-3.\n  - removed A-1: Operator: do A-1.\n\n## New pages\n\n- **Page c** (`docs/c.mdx`): 1 step\n\n## Changed in text alone\n\n- **Page b** (`docs/b.mdx`)\n',
    );
    expect(releaseNotes([])).toBe('No procedure has changed.\n');
  });
});

describe('compiled pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upgrade '));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('of one deployment are compared by what people do: a line more in a partial is told on each page that has it', () => {
    makeExample(folder);
    const before = editionOfFolder(exampleRoot());
    rmSync(join(folder, 'docs'));
    cpSync('docs', join(folder, 'docs'), { recursive: true });
    const partial = join(folder, 'docs/_partials/combine-and-close.mdx');
    const text = readFileSync(partial, 'utf8');
    const witness = text.replace('minutes="', 'minutes="1');
    expect(witness).not.toBe(text);
    writeFileSync(partial, witness);
    const changes = compareEditions(before, editionOfFolder(folder));
    expect(changes.length).toBeGreaterThan(1);
    expect(changes.map(({ file }) => file)).toContain('docs/emergency/unseal.mdx');
    for (const { kind, steps } of changes) {
      expect(kind).toBe('changed');
      expect(steps.map(({ what }) => what)).toEqual([['planned minutes']]);
    }
  });
});
