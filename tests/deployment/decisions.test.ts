/** Decisions of the owner and approvals of pages, as files of the adopter's: read strictly, told with their line, shown on the pages. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Approval, approvalWords, parseApprovals, staleApprovals } from '../../src/deployment/approvals';
import { parseDecisions } from '../../src/deployment/decisions';
import { loadDeployment } from '../../src/deployment/load';
import { InvalidInput } from '../../src/deployment/problem';
import { compilePage } from '../../src/procedure/compile';
import { partialReader } from '../../src/procedure/text/load-partial';
import { readProposals } from '../../src/procedure/text/proposals';
import { exampleDeployment, exampleRoot } from '../example';

const known = ['P1', 'P2', 'P10'];
const entry = '{ proposal: P2, decided: as proposed, by: Ana, date: 2026-11-23 }';

/** What is said of a text, all lines. */
function said(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return '';
}

describe('decisions.yaml', () => {
  test.each([
    [entry.replace('P2', 'P11'), 'd.yaml:3: REF: entry 2: there is no proposal P11; known: P1, P2, P10'],
    [
      entry.replace('P2', 'P1'),
      'd.yaml:3: REF: entry 2: P1 is decided twice; wanted the decision that stands',
    ],
    [
      entry.replace('P2', 'p2'),
      'd.yaml:3: SCHEMA: entry 2: proposal: wanted the number of a proposal, such as P3; found "p2"',
    ],
    [
      entry.replace('11-23', '31-23'),
      'd.yaml:3: SCHEMA: entry 2: date: wanted a date such as 2026-11-23; found "2026-31-23"',
    ],
    [entry.replace('by: Ana, ', ''), 'd.yaml:3: SCHEMA: entry 2: by: is missing; wanted text'],
    [
      entry.replace('decided', 'decidet'),
      'd.yaml:3: SCHEMA: entry 2: there is no field "decidet"; did you mean "decided"?',
    ],
    [
      entry.replace('Ana', '"`id`"'),
      'd.yaml:3: SCHEMA: entry 2: by: wanted a name without `, which pages and shells read as code',
    ],
    ['P2', 'd.yaml:3: SCHEMA: entry 2: wanted fields with a name and a value; found "P2"'],
  ])('refuses %s in one line', (wrong, message) => {
    const text = `decisions:\n  - ${entry.replace('P2', 'P1')}\n  - ${wrong}\n`;
    const lines = said(() => parseDecisions(text, 'd.yaml', known)).split('\n');
    expect(
      lines.some((line) => line.startsWith(message)),
      lines.join('\n'),
    ).toBe(true);
  });

  test('refuses a file without its list', () => {
    expect(said(() => parseDecisions('', 'd.yaml', known))).toBe(
      'd.yaml:1: SCHEMA: is missing; wanted fields with a name and a value',
    );
  });

  const page = 'docs/introduction/assumptions.mdx';
  const read = partialReader(exampleRoot());
  const deployment = loadDeployment(exampleDeployment);
  const with_ = (decisions: string, file: string) => {
    const reader = (name: string) => (name === 'decisions.yaml' ? decisions : read(name));
    return compilePage(file, readFileSync(file, 'utf8'), deployment, reader).lines;
  };
  const textOf = (lines: readonly { text: string }[]) => lines.map(({ text }) => text).join('\n');

  test('are of the proposals that the page lists, of which none is decided in the example', () => {
    const proposals = readProposals(read);
    expect(proposals.map(({ number }) => number)).toEqual(Array.from({ length: 14 }, (_, n) => `P${n + 1}`));
    const rows = textOf(with_('decisions: []', page)).match(/^\| P\d+ \|.*$/gm) ?? [];
    expect(rows.length).toBe(14);
    expect(rows.filter((row) => !row.endsWith('| undecided |'))).toEqual([]);
  });

  const other =
    'decisions:\n  - { proposal: P3, decided: as proposed, by: Ana, date: 2026-11-20, record: CHG-7 }\n  - { proposal: P9, decided: "4 hours | *one* [night]", by: "Zoë O\'Neil", date: 2026-11-21 }\n';

  test('show on the page of assumptions who has decided, when and what', () => {
    const text = textOf(with_(other, page));
    expect(text).toMatch(/^\| P3 \|.*\| decided by Ana on 2026-11-20, CHG-7: as proposed \|$/m);
    expect(text).toMatch(
      /^\| P9 \|.*\| decided by Zoë O'Neil on 2026-11-21: 4 hours \\\| \\\*one\\\* \\\[night\\\] \|$/m,
    );
    expect(text).not.toContain('Decided otherwise');
  });

  test('stand first on every page that names another value, and on no other', () => {
    const named = with_(other, 'docs/emergency/shard-exposed.mdx');
    const start = named.findIndex(({ text }) => text === ':::caution[Decided otherwise]');
    const before = named.slice(0, start).map(({ text }) => text);
    expect(before.lastIndexOf('---')).toBe(before.findLastIndex((text) => text !== ''));
    expect(named[start + 2]?.text).toContain(
      "- P9: 4 hours \\| \\*one\\* \\[night\\]. Decided by Zoë O'Neil on 2026-11-21.",
    );
    expect([named[start + 2]?.file, named[start + 2]?.line]).toEqual(['decisions.yaml', 3]);
    // Decided as proposed: the page is right as it is.
    expect(textOf(with_(other, 'docs/lifecycle/replace-shard.mdx'))).not.toContain('Decided otherwise');
    expect(textOf(with_(other, 'docs/emergency/custodian-gone.mdx'))).not.toContain('Decided otherwise');
  });

  test('that are wrong are told where they stand, from whatever page', () => {
    const wrong = 'decisions:\n  - { proposal: P99, decided: as proposed, by: Ana, date: 2026-11-20 }\n';
    expect(said(() => with_(wrong, 'docs/emergency/unseal.mdx'))).toContain(
      'decisions.yaml:2: REF: entry 1: there is no proposal P99',
    );
  });
});

describe('approvals.yaml', () => {
  const unseal = 'docs/emergency/unseal.mdx';
  const now = '0123456789abcdef';
  const old = 'fedcba9876543210';
  const given = (edition: string, by: string, date = '2026-11-23', page = unseal) =>
    `  - { page: ${page}, edition: "${edition}", by: ${by}, date: ${date} }\n`;
  const parse = (...entries: string[]): Approval[] =>
    parseApprovals(
      entries.length === 0 ? 'approvals: []' : `approvals:\n${entries.join('')}`,
      'approvals.yaml',
    );
  const words = (...entries: string[]) => approvalWords({ file: unseal, digest: now }, parse(...entries));

  test.each([
    [
      given(now.slice(1), 'Ana'),
      'edition: wanted the page digest, 16 hex digits in quotes; found "123456789abcdef"',
    ],
    [
      given(now, 'Ana', '2026-11-23', 'unseal'),
      'page: wanted the file of a page, such as docs/emergency/unseal.mdx; found "unseal"',
    ],
    [
      given(now, 'Ana').replace('"0123456789abcdef"', '1234567890123456'),
      'edition: wanted text: put it in quotes, as "1234567890123456"',
    ],
    [given(now, 'Ana').replace('date', 'day'), 'there is no field "day"'],
  ])('refuses %s', (wrong, message) => {
    expect(said(() => parse(given(old, 'Ana'), wrong))).toContain(
      `approvals.yaml:3: SCHEMA: entry 2: ${message}`,
    );
  });

  test('counts nobody twice', () => {
    expect(said(() => parse(given(now, 'Ana'), given(now, 'Ana', '2026-11-24')))).toBe(
      'approvals.yaml:3: TWICE: entry 2: the same person has approved this edition above; an approval counts once',
    );
  });

  test('the head of a page says who has approved the edition that is shown, and that an older one is not this one', () => {
    expect(words()).toBe('Not yet approved');
    expect(words(given(now, 'Ana'), given(now, 'Bo', '2026-11-24'))).toBe(
      'Approved by Ana on 2026-11-23 and Bo on 2026-11-24',
    );
    expect(words(given(now, 'Ana'))).toBe('Approved by Ana on 2026-11-23; a second approval is missing');
    expect(words(given(old, 'Ana'))).toBe(
      `Not yet approved in this edition; ${old} was, by Ana on 2026-11-23`,
    );
    expect(words(given(now, 'Ana', '2026-11-23', 'docs/emergency/index.mdx'))).toBe('Not yet approved');
  });

  test('a stale approval is a warning until the same person has approved the new edition', () => {
    const pages = [{ file: unseal, digest: now }];
    const warned = (...entries: string[]) => staleApprovals(parse(...entries), pages);
    expect(warned(given(now, 'Ana'))).toEqual([]);
    expect(warned(given(old, 'Ana'), given(now, 'Ana'))).toEqual([]);
    expect(warned(given(now, 'Ana'), given(old, 'Bo'))).toEqual([
      `approvals.yaml:3: STALE: ${unseal} was approved by Bo on 2026-11-23 as ${old}, and is ${now} now; see what changed with npm run upgrade-check, and approve it anew`,
    ]);
    expect(warned(given(now, 'Ana', '2026-11-23', 'docs/emergency/gone.mdx'))[0]).toContain(
      'approvals.yaml:2: STALE: docs/emergency/gone.mdx was approved by Ana on 2026-11-23, and there is no such page',
    );
  });
});
