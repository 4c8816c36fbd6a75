/** The page of known mistakes: a table of its group, then each case with its parts, pages and tests. */
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Mistake } from '../../src/audit/mistakes';
import KnownMistakes from '../../src/components/KnownMistakes';

afterEach(cleanup);

const mistake = (id: string, group: Mistake['group']): Mistake => ({
  id,
  title: `What ${id} was`,
  group,
  kind: 'every folder',
  pages: ['emergency/unseal'],
  tests: [
    { file: 'tests/scripts/a.test.ts', name: 'refuses a <disk>' },
    { file: 'tests/site/b.test.ts', name: 'in a browser' },
  ],
  parts: {
    Given: 'root, *not* a user.',
    'What happened': 'It said `<yes>`:\n\n1. first\n2. **second**\n\n```text\na | b\n```',
    'What happens now': 'See <b>this</b>.',
    Siblings: '- one\n- two',
  },
});
const pages = [{ file: 'docs/emergency/unseal.mdx', href: '/emergency/unseal/', title: 'Unseal' }];
const results = {
  format: 'test-results/1' as const,
  commit: 'abcdef0',
  dirty: false,
  started: '2026-11-30T10:00:00Z',
  files: [{ file: 'tests/scripts/a.test.ts', passed: 7, failed: 0, skipped: 0 }],
};
const mistakes = [mistake('P01', 'Recovery and ceremony pages'), mistake('W02', 'Site')];

test('shows the cases of its group, each with its anchor, its parts as they were written, and how its tests ended', () => {
  const { container } = render(
    <KnownMistakes group="Site" mistakes={mistakes} pages={pages} tests={{ state: 'current', results }} />,
  );
  expect([...container.querySelectorAll('h3')].map(({ id, textContent }) => [id, textContent])).toEqual([
    ['W02', 'W02: What W02 was'],
  ]);
  expect(container.querySelector('tbody a')?.getAttribute('href')).toBe('#W02');
  expect(container.querySelector('ol')?.textContent).toBe('firstsecond');
  expect(container.querySelector('pre')?.textContent).toBe('a | b');
  expect([...container.querySelectorAll('em, strong')].map(({ textContent }) => textContent)).toContain(
    'not',
  );
  // HTML of a case is text, never markup.
  expect(container.querySelector('b')).toBeNull();
  expect(container.textContent).toContain('See <b>this</b>.');
  expect(container.querySelector('a[href="/emergency/unseal/"]')?.textContent).toBe('Unseal');
  expect(container.textContent).toContain('tests/scripts/a.test.ts: refuses a <disk> (7 passed)');
  expect(container.textContent).toContain('tests/site/b.test.ts: in a browser (runs on what is built)');
});

test('claims nothing of tests that did not run, and refuses a page that does not exist', () => {
  const props = { group: 'Site' as const, mistakes, tests: { state: 'none', why: 'missing' } as const };
  const { container } = render(<KnownMistakes {...props} pages={pages} />);
  expect(container.textContent).toContain('No tests ran before this build.');
  expect(container.textContent).not.toContain('passed');
  expect(() => render(<KnownMistakes {...props} pages={[]} />)).toThrow(
    'tests/cases/W02.md: no page docs/emergency/unseal',
  );
});
