/** The pages keep the rules of plain language, notation, terms and reasons; each rule is shown to bite on a broken page. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures, pageFiles } from '../../src/procedure/load';
import { type Linted, lints, typedVendorFacts, unexplainedTerms } from './lint';

const root = resolve(__dirname, '../..');
const procedures = loadProcedures(root, loadDeployment(join(root, 'deployment.yaml')));
const prefixes = new Set(procedures.flatMap(({ page }) => page.prefix ?? []));
const glossary = procedures
  .filter(({ file }) => file === 'docs/introduction/glossary.mdx')
  .flatMap(({ lines }) => lines.map(({ text }) => text))
  .join('\n');

/** A page of prose, as if it stood in the emergency chapter. */
function page(body: string, steps: readonly object[] = []): Linted {
  const file = 'docs/emergency/broken.mdx';
  const lines = ['---', 'title: x', '---', ...body.split('\n')];
  return {
    file,
    lines: lines.map((text, index) => ({ text, file, line: index + 1 })),
    steps: steps.map((step) => ({ file, line: 9, id: 'BRK-01', reversal: 'undo', ...step })) as never,
  };
}

const long =
  'The recovery lead of the company that runs the service reads the whole of the table that stands below.';
const broken: Record<keyof typeof lints, Linted> = {
  'sentence length': page(long),
  'page length': page('One more word here. '.repeat(700)),
  'one action': page('', [{ text: 'Recovery lead: open the safe and then read the sheet.' }]),
  'bare irreversible verb': page('', [{ text: 'Custodian: destroy the sheet.' }]),
  notation: page('On 3/4/2026 at 2 pm, and again at 14:05, or on November 23.'),
  'rule without reason': page('Never restart the service.'),
};
const sound: Record<keyof typeof lints, Linted> = {
  'sentence length': page('Call the recovery lead. Read the table below. Write the time in UTC.'),
  'page length': page('One more word here. '.repeat(600)),
  'one action': page('', [{ text: 'Recovery lead: open the safe.' }]),
  'bare irreversible verb': page('', [{ text: 'Custodian: destroy the sheet.', reversal: 'irreversible' }]),
  notation: page('On 2026-11-23 at 14:05 UTC. The `2 pm` of a log is code.'),
  'rule without reason': page('Never restart the service, because the key lives in its memory only.'),
};

describe.each(Object.entries(lints))('%s', (name, lint) => {
  it('holds on every page', () => {
    expect(procedures.flatMap((procedure) => lint(procedure))).toEqual([]);
  });

  it('bites on a broken page, names its place, and passes the sound one', () => {
    const found = lint(broken[name as keyof typeof lints]);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatch(/^docs\/emergency\/broken\.mdx:\d+: /);
    expect(lint(sound[name as keyof typeof lints])).toEqual([]);
  });
});

describe('terms', () => {
  it('are all explained', () => {
    expect(procedures.flatMap((procedure) => unexplainedTerms(procedure, glossary, prefixes))).toEqual([]);
  });

  it('are missed when they are not', () => {
    expect(unexplainedTerms(page('Ask the ZQX for it.'), glossary, prefixes)).toEqual([
      'docs/emergency/broken.mdx:4: "ZQX" stands neither in the glossary nor spelled out on the page',
    ]);
    expect(
      unexplainedTerms(page('Ask the zone queue (ZQX). Ask the ZQX for it.'), glossary, prefixes),
    ).toEqual([]);
  });
});

describe('vendor facts', () => {
  it('are named, never typed', () => {
    const found = pageFiles(root).flatMap((file) =>
      typedVendorFacts(file, readFileSync(join(root, file), 'utf8')),
    );
    expect(found).toEqual([]);
  });

  it('are found when they are typed', () => {
    expect(
      typedVendorFacts('docs/x.mdx', 'AWS KMS keeps a key in pending deletion for 30 days.'),
    ).toHaveLength(1);
    expect(typedVendorFacts('docs/x.mdx', 'A key in pending deletion stays {{fact.x}} days at AWS.')).toEqual(
      [],
    );
  });
});
