/** The hosting guide shows the headers of the build: the page, `_headers` and every snippet say the same. */
import { readFileSync } from 'node:fs';
import { parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { buildHeaders, HOSTING_PAGE, snippets, withSnippets } from '../../scripts/hosting';
import { pagePolicy } from '../../scripts/ship/csp';

const headers = buildHeaders();

test('the page is as it would be made now', () => {
  const page = readFileSync(HOSTING_PAGE, 'utf8');
  expect(withSnippets(page, headers)).toBe(page);
  expect(() => withSnippets('nothing here', headers)).toThrow(RangeError);
});

describe.each(Object.entries(snippets(headers)))('%s', (_name, [, text]) => {
  test('sends every header with its whole value', () => {
    expect(Object.keys(headers).length).toBeGreaterThan(5);
    for (const [name, value] of Object.entries(headers)) {
      // CloudFront has fields of its own for three of them; one has only one value.
      if (!text.includes('"ContentTypeOptions"') || value !== 'nosniff') expect(text).toContain(value);
      expect(text.replaceAll('ContentTypeOptions', 'X-Content-Type-Options').replace(/[-"]/g, '')).toContain(
        name.replace(/-/g, ''),
      );
    }
  });
});

describe('the policy of a page', () => {
  const policyOf = (body: string) =>
    pagePolicy(parse(`<!doctype html><html><head></head><body>${body}</body></html>`));

  test('forbids style attributes where there is none, and names the styles of the page', () => {
    expect(policyOf('<style>a{}</style>')).toMatch(
      /style-src-elem 'self' 'sha256-[^']+'; style-src-attr 'none'/,
    );
    expect(policyOf('<b style="top:0">x</b>')).toContain(
      "style-src-elem 'self'; style-src-attr 'unsafe-inline'",
    );
  });

  test('says nothing that a meta tag cannot say', () => {
    expect(policyOf('')).not.toContain('frame-ancestors');
    expect(policyOf('')).toContain("require-trusted-types-for 'script'; trusted-types default");
  });
});
