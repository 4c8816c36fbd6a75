/** Nothing that follows from the event schema may differ from it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { generated, withBlocks } from '../../../scripts/audit/generate';
import { CRITERIA } from '../../../src/audit/criteria';

const root = path.resolve('.');

describe('criteria', () => {
  it.each(CRITERIA.map((criterion) => [criterion.asks, criterion] as const))(
    '%s: pages and tests exist',
    (_asks, criterion) => {
      expect(criterion.pages.filter((page) => !existsSync(path.join(root, 'docs', `${page}.mdx`)))).toEqual(
        [],
      );
      expect(criterion.tests.filter((test) => !existsSync(path.join(root, 'tests', test)))).toEqual([]);
      expect(criterion.pages.length * criterion.tests.length).toBeGreaterThan(0);
    },
  );
});

describe('generated files', () => {
  it.each([...generated(root)])(
    '%s is what the schema gives; otherwise run: npm run generate',
    (file, text) => {
      expect(readFileSync(path.join(root, file), 'utf8')).toBe(text);
    },
  );

  it('notices a page without its markers', () => {
    expect(() => withBlocks('docs/audit/audit-trail.mdx', 'no markers')).toThrow(
      'the markers of "example" are missing',
    );
  });

  it('replaces what somebody edited', () => {
    const page = readFileSync(path.join(root, 'docs/audit/actions.mdx'), 'utf8');
    expect(withBlocks('docs/audit/actions.mdx', page.replace('`shard.unwrapped`', '`shard.opened`'))).toBe(
      page,
    );
  });
});
