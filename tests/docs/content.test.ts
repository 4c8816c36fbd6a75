/** The pages keep the rules of plain language, notation, terms and reasons; each rule is shown to bite on a broken page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Linted,
  lints,
  typedVendorFacts,
  unexplainedTerms,
  unexplainedWords,
  unlistedCommands,
} from '../../scripts/docs/lint';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures, pageFiles } from '../../src/procedure/load';
import { commandWidth } from '../../src/procedure/text/fold';
import { partialReader } from '../../src/procedure/text/load-partial';
import { listedCommands, readFacts } from '../../src/procedure/text/vendor-facts';
import { exampleDeployment } from '../example';

const root = resolve(__dirname, '../..');
const procedures = loadProcedures(root, loadDeployment(exampleDeployment));
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
    steps: steps.map((step) => ({
      file,
      line: 9,
      id: 'BRK-01',
      reversal: 'undo',
      log: [],
      ...step,
    })) as never,
  };
}

const long =
  'The recovery lead of the company that runs the service reads the whole of the table that stands below.';
const fence = (...texts: string[]) =>
  page('', [
    {
      command: {
        lines: texts.map((text, index) => ({ text, file: 'docs/emergency/broken.mdx', line: index + 7 })),
      },
    },
  ]);
const broken: Record<keyof typeof lints, Linted> = {
  'sentence length': page(long),
  'page length': page('One more word here. '.repeat(700)),
  'one action': page('', [{ text: 'Recovery lead: open the safe and then read the sheet.' }]),
  'bare irreversible verb': page('', [{ text: 'Custodian: destroy the sheet.' }]),
  notation: page('On 3/4/2026 at 2 pm, and again at 14:05, or on November 23.'),
  'rule without reason': page('Never restart the service.'),
  'one word': page('Read the fingerprint of the key aloud.'),
  'diagram without text': page('```mermaid\nflowchart TB\n  A["Call"] --> B["Recover"]\n```'),
  'gate of a destruction': page('', [
    { reversal: 'irreversible', log: ['shard.destroyed'], gate: 'incident' },
  ]),
  'width of a command': fence("psql <<'SQL'", 'SELECT 1;', 'SQL', `echo ${'x'.repeat(commandWidth)}`),
};
const sound: Record<keyof typeof lints, Linted> = {
  'sentence length': page('Call the recovery lead. Read the table below. Write the time in UTC.'),
  'page length': page('One more word here. '.repeat(600)),
  'one action': page('', [{ text: 'Recovery lead: open the safe.' }]),
  'bare irreversible verb': page('', [{ text: 'Custodian: destroy the sheet.', reversal: 'irreversible' }]),
  notation: page('On 2026-11-23 at 14:05 UTC. The `2 pm` of a log is code.'),
  'rule without reason': page('Never restart the service, because the key lives in its memory only.'),
  'one word': page('Read the digest of the key aloud. The hash function is SHA-256.'),
  'diagram without text': page(
    'Call the lead, and recover.\n\nThe same as a picture:\n\n```mermaid\nflowchart TB\n  accTitle: x\n  accDescr: y\n  A["Call"] --> B["Recover"]\n```',
  ),
  'gate of a destruction': page('', [
    { reversal: 'irreversible', log: ['shard.destroyed'], gate: 'set-committed' },
  ]),
  'width of a command': fence(
    "psql <<'SQL'",
    `SELECT '${'x'.repeat(commandWidth)}';`,
    'SQL',
    'echo x \\',
    '  y',
  ),
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

describe('one action', () => {
  it.each([
    'Open the safe, then read the sheet.',
    'Open the safe. Then read the sheet.',
    'Open it, and after that read it.',
    'Open the safe. Close it behind the bag.',
    'Open the safe, lay the bag in, and close the safe.',
    'Read the seal aloud. Destroy the sheet.',
  ])('finds the second one in %j', (text) => {
    expect(lints['one action'](page('', [{ text: `Recovery lead: ${text}` }]))).toHaveLength(1);
  });

  it.each([
    'Recovery lead: open the safe. Read the serial number aloud. Write it down.',
    'Operator: copy the file.\nInternal witness: put your initials beside it.',
    'Custodian: compare the seal with the register. Cut the bag open only if both are right.',
    'Provider administrator: disable the key. Unwrap nothing.',
  ])('passes %j', (text) => {
    expect(lints['one action'](page('', [{ text }]))).toEqual([]);
  });
});

describe('an irreversible order', () => {
  it.each(['Count the sheets, and shred them.', 'Count the sheets and burn them.'])(
    'is found in %j',
    (text) => {
      expect(lints['bare irreversible verb'](page('', [{ text: `Custodian: ${text}` }]))).toHaveLength(1);
    },
  );

  it.each(['Count the sheets. Do not destroy one.', 'Read the word destroy aloud.'])('is not %j', (text) => {
    expect(lints['bare irreversible verb'](page('', [{ text: `Custodian: ${text}` }]))).toEqual([]);
  });
});

describe('a reason', () => {
  it.each([
    'The safe is full. Do not open it.',
    'Custodian: go to the shard. Do not carry it anywhere.',
    'A key must never lie there.',
  ])('is missing in %j', (text) => {
    expect(lints['rule without reason'](page(text))).toHaveLength(1);
  });

  it.each([
    'Do not open it. A bag that was opened is an exposed shard.',
    'Do not open it: a bag that was opened is an exposed shard.',
    'Do not open it before the witness is there.',
  ])('is given in %j', (text) => {
    expect(lints['rule without reason'](page(text))).toEqual([]);
  });
});

describe('a diagram', () => {
  const diagram = (text: string, source: string) =>
    (
      lints['diagram without text'](page(`${text}\n\n\`\`\`mermaid\nflowchart TB\n${source}\n\`\`\``)) ?? []
    ).map((problem) => problem.replace(/^\S+ /, ''));
  const named = '  accTitle: x\n  accDescr: y\n';

  it.each([
    ['without a title', 'The same: call.', '  accDescr: y\n  A["Call"]', 'the diagram lacks accTitle:'],
    ['without a description', 'The same: call.', '  accTitle: x\n  A["Call"]', 'the diagram lacks accDescr:'],
    ['that nothing leads to', 'Call.', `${named}  A["Call"]`, 'no sentence beside the diagram'],
    [
      'with a box that the text lacks',
      'The same: call.',
      `${named}  A["Restart"]`,
      '"Restart" stands in the diagram only',
    ],
    [
      'with an arrow that the text lacks',
      'The same: call.',
      `${named}  A -->|never| B`,
      '"never" stands in the diagram only',
    ],
    [
      'with a state that the text lacks',
      'The same: call.',
      `${named}  a --> b: declare`,
      '"declare" stands in the diagram only',
    ],
  ])('%s is found', (_, text, source, message) => {
    const found = diagram(text, source);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it('stands on four pages: parts, states, the ceremony, the plan for a compromise', () => {
    expect(
      procedures
        .filter(({ lines }) => lines.some(({ text }) => /^\s*```mermaid/.test(text)))
        .map(({ file }) => file),
    ).toEqual([
      'docs/ceremony/index.mdx',
      'docs/emergency/compromise.mdx',
      'docs/introduction/architecture.mdx',
      'docs/lifecycle/states.mdx',
    ]);
  });
});

describe('terms', () => {
  it('are all explained', () => {
    expect(procedures.flatMap((procedure) => unexplainedTerms(procedure, glossary, prefixes))).toEqual([]);
  });

  it('of the trade stand in the glossary', () => {
    expect(procedures.flatMap((procedure) => unexplainedWords(procedure, glossary))).toEqual([]);
    const without = glossary.replace(/^\| Proquints .*$/m, '').replace(/^\| Escrow .*$/m, '');
    expect(unexplainedWords(page('Read the proquints aloud. There is no escrow.'), without)).toEqual([
      'docs/emergency/broken.mdx:4: the glossary does not explain "proquints"',
      'docs/emergency/broken.mdx:4: the glossary does not explain "escrow"',
    ]);
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
  const facts = readFacts(partialReader(root));
  const sources = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mdx'))
    .map((file) => ({ file: `docs/${file}`, source: readFileSync(join(root, 'docs', file), 'utf8') }));

  it('are named, never typed, on every page and partial', () => {
    expect(sources.length).toBeGreaterThan(pageFiles(root).length);
    expect(sources.flatMap(({ file, source }) => typedVendorFacts(file, source))).toEqual([]);
  });

  it.each([
    ['a waiting time', 'AWS KMS keeps a key in pending deletion for 30 days.'],
    [
      'a waiting time in another cell',
      '| Google Cloud KMS | a destroyed version can be restored | 30 days |',
    ],
    ['a size', 'AWS KMS encrypts at most 4096 bytes at once.'],
    ['a rate', 'Google Cloud KMS allows 500 requests per second.'],
    ['a count', 'The HSM locks after 3 tries.'],
    ['a status', 'Vault answers 503 while it is sealed.'],
    ['a release', 'Vault exports a public key since 1.14.7.'],
    ['a date', 'FIPS 140-2 certificates were moved on 2026-09-21.'],
    ['a year', 'NIST plans to disallow RSA after 2035.'],
    [
      'a window in a command',
      '```bash title="Create" step=ABC-01\ngcloud kms keys create k --destroy-scheduled-duration 30d\n```',
    ],
  ])('%s is found when it is typed', (_, source) => {
    expect(typedVendorFacts('docs/x.mdx', source)).toHaveLength(1);
  });

  it.each([
    'A key in pending deletion stays {{fact.x}} days at AWS.',
    'File the provider logs from 90 days before the first sign.',
    'Wait 30 days before the old sheets are destroyed.',
    '```bash title="Create" step=ABC-01\ngcloud kms keys create k --destroy-scheduled-duration {{fact.x}}d\n```',
  ])('passes %j', (source) => {
    expect(typedVendorFacts('docs/x.mdx', source)).toEqual([]);
  });

  it('list every command of a vendor that a page prints, and no other', () => {
    const listed = listedCommands(facts);
    expect(sources.flatMap(({ file, source }) => unlistedCommands(file, source, listed))).toEqual([]);
    const idle = [...listed].filter((command) =>
      sources.every(
        ({ file, source }) =>
          unlistedCommands(file, source, new Set([...listed].filter((other) => other !== command))).length ===
          0,
      ),
    );
    expect(idle).toEqual([]);
  });

  it('miss a command that no list holds, in the place where it begins', () => {
    const source = '```bash title="Delete" step=ABC-01\naws kms schedule-key-deletion \\\n  --key-id k\n```';
    expect(unlistedCommands('docs/x.mdx', source, new Set(['aws kms decrypt']))).toEqual([
      'docs/x.mdx:2: "aws kms schedule-key-deletion" stands in no list of the vendor facts',
    ]);
    expect(unlistedCommands('docs/x.mdx', source, new Set(['aws kms schedule-key-deletion']))).toEqual([]);
  });

  it('are all used: a fact that no page names is no fact of this runbook', () => {
    const named = (id: string) => sources.some(({ source }) => source.includes(`{{fact.${id}}}`));
    expect(facts.filter(({ id, unit }) => unit !== 'commands' && !named(id)).map(({ id }) => id)).toEqual([]);
  });
});
