/** The facts that age: sound, named in pages, and known to be stale when its day has come. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { expandPage } from '../../src/procedure/text/expand';
import { partialReader } from '../../src/procedure/text/load-partial';
import {
  factFiles,
  parseFacts,
  readFacts,
  staleFacts,
  staleWarnings,
} from '../../src/procedure/text/vendor-facts';
import { exampleDeployment } from '../example';

const root = resolve(__dirname, '../..');
const standards = 'docs/_facts/standards.yaml';
const deployment = loadDeployment(exampleDeployment);
const entry = (change: string) =>
  [
    'id: a-fact',
    'value: 7',
    'unit: days',
    'statement: It waits.',
    'source: Manual',
    'checked: 2026-01-02',
    'recheck: 2027-01-02',
  ]
    .map((line) => (line.split(':')[0] === change.split(':')[0] ? change : line))
    .map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)
    .join('\n');

describe('parseFacts', () => {
  it('reads the project’s facts', () => {
    const facts = readFacts(partialReader(root));
    expect(facts.length).toBeGreaterThan(5);
    expect(new Set(facts.map(({ file }) => file)).size).toBeGreaterThan(3);
  });

  it('reads the front matter of a provider’s steps, and nothing else of them', () => {
    const list = entry('id: a-fact').replaceAll(/^/gm, '  ');
    const [fact] = parseFacts('docs/x.mdx', `---\nfacts:\n${list}\n---\n\n- id: text\n`);
    expect(fact).toMatchObject({ id: 'a-fact', file: 'docs/x.mdx' });
    expect(parseFacts('docs/x.mdx', 'text\n')).toEqual([]);
    expect(() => parseFacts('docs/x.mdx', '---\nfact: 1\n---\n')).toThrow(
      'docs/x.mdx:2: FACT: facts: is missing; wanted a list',
    );
  });

  it('refuses an id that stands in two files', () => {
    const [first, second] = factFiles.slice(0, 2) as [string, string];
    const list = entry('id: a-fact');
    const texts: Record<string, string> = {
      [first]: list,
      [second]: `---\nfacts:\n${list.replaceAll(/^/gm, '  ')}\n---\n`,
    };
    expect(() => readFacts((file) => texts[file])).toThrow(`${second}:1: FACT: "a-fact" stands twice`);
  });

  it.each([
    ['a value that is missing', 'value: ""', 'entry 1: value'],
    ['a day that is none', 'checked: 2026-02-30', 'entry 1: checked'],
    ['a recheck before the check', 'recheck: 2025-01-01', 'recheck must come after checked'],
    ['a list of anything but commands', 'value: [7, 30]', 'entry 1: value'],
    ['a list that is no list of commands', 'value: ["7", "30"]', 'a list is a list of commands'],
    ['commands that are no list', 'unit: commands', 'a list is a list of commands'],
    ['an id with capitals', 'id: Fact', 'wanted small letters'],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseFacts(standards, entry(change))).toThrow(message);
  });

  it('refuses an id that stands twice', () => {
    expect(() => parseFacts(standards, `${entry('id: a-fact')}\n${entry('id: a-fact')}`)).toThrow(
      '"a-fact" stands twice',
    );
  });
});

describe('staleFacts', () => {
  const facts = parseFacts(standards, entry('id: a-fact'));
  it('names a fact from its day on', () => {
    expect(staleFacts(facts, '2027-01-01')).toEqual([]);
    expect(staleFacts(facts, '2027-01-02').map(({ id }) => id)).toEqual(['a-fact']);
  });

  it('says what to read again, and since when', () => {
    expect(staleWarnings(facts, '2027-01-01')).toEqual([]);
    expect(staleWarnings(facts, '2028-03-04')).toEqual([
      'docs/_facts/standards.yaml: a-fact was to be read again on 2027-01-02: Manual',
    ]);
  });
});

describe('{{fact.…}}', () => {
  const read = partialReader(root);
  it('prints the value, and refuses a name that no fact has', () => {
    const [line] = expandPage(
      'docs/x.mdx',
      'Wait {{fact.aws-kms-deletion-days-max}} days.',
      { deployment },
      read,
    );
    expect(line?.text).toBe('Wait 30 days.');
    expect(() => expandPage('docs/x.mdx', '{{fact.none}}', { deployment }, read)).toThrow(
      'unknown value {{fact.none}}',
    );
  });
});
