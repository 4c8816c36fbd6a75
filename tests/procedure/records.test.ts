/** Steps and fields of forms, both ways: what a step writes has a field, and every field has a step or somebody who fills it in. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { forms } from '../../src/audit/forms/catalog';
import { placesOf, referencesOf, writtenText } from '../../src/audit/forms/written';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';
import { fieldProblems, writtenReferences } from '../../src/procedure/rules/check-fields';
import { recordProblems } from '../../src/procedure/steps/records';
import { exampleDeployment } from '../example';

const root = resolve(__dirname, '../..');
const deployment = loadDeployment(exampleDeployment);
const deployments = join(root, 'tests/fixtures/deployments');
const procedures = loadProcedures(root, deployment);

const act = { log: [], records: [], isAct: true };

describe('what a step says it writes', () => {
  it.each([
    'Internal witness: write the digests into the Ceremony Log.',
    'Operator: count them. Write down how many there were.',
    'Custodian: sign it.',
    'Both sign.',
    'Internal witness: note the time and the type of the document.',
    'Read the number aloud; the internal witness writes it into the log.',
    'Log custodian: fill an exception sheet: expected, happened, decided.',
  ])('needs a field: %s', (text) => {
    expect(recordProblems(text, act)).toHaveLength(1);
  });

  it.each([
    'Operator: sign in to each provider. Sign out again.',
    'Find the sign. It stands on a note on the switch.',
    'Approver: approve the script. The approver did not write it.',
    'Internal witness: verify it on a machine that cannot write to it.',
    'Script author: write the new name into deployment.yaml.',
    'Recovery operator: write down in the registry that shard 1 is proved.',
    'Internal witness: shred every spoiled sheet, note and ribbon.',
    'Custodian: compare the digest with the one in the Ceremony Log.',
  ])('needs none: %s', (text) => {
    expect(recordProblems(text, act)).toEqual([]);
  });

  it('is done by the command of a step itself, and by the others beside it', () => {
    const lines = 'Operator: write the receipt.\nInternal witness: write its number down.';
    expect(recordProblems('Operator: write the receipt.', { ...act, isAct: false })).toEqual([]);
    expect(recordProblems(lines, { ...act, isAct: false })).toHaveLength(1);
  });

  it('is on the form that it names, not on another', () => {
    const text = 'Internal witness: write the label into the Reshare Log.';
    const wrong = recordProblems(text, { ...act, records: ['ceremony-log:bags.label'] });
    expect(wrong).toEqual([
      'says that the Reshare Log is written, and records names no field of "reshare-log"',
    ]);
    expect(recordProblems(text, { ...act, records: ['reshare-log:bags.label'] })).toEqual([]);
  });

  it.each([
    ['ceremony-log', 'wanted form:section or form:section.field'],
    ['ceremony-book:values', 'no form "ceremony-book"; known: ceremony-log'],
    ['ceremony-log:value', 'Ceremony Log has no section "value"; known: ceremony'],
    ['ceremony-log:values.kvc', 'has no field "kvc"; known: set, kcv, manifest'],
    ['ceremony-log:values.', 'wanted form:section'],
    ['Ceremony-Log:values', 'wanted form:section'],
  ])('records="%s" is refused with what there is', (reference, message) => {
    const [problem] = recordProblems('Operator: look.', { ...act, records: [reference] });
    expect(problem).toContain(message);
  });

  it('is shown to the reader as form, section or field', () => {
    const references = referencesOf({
      log: ['safe.opened'],
      records: ['ceremony-log:values.set', 'ceremony-log:values.kcv'],
      isAct: true,
    });
    expect(writtenText(references)).toEqual([
      'Ceremony Log: Set id, Key check value (KCV)',
      'Safe access log: Openings',
    ]);
    expect(referencesOf({ log: ['safe.opened'], records: [], isAct: false })).toEqual([]);
  });
});

describe('every field', () => {
  const pages = new Map(
    readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.mdx'))
      .map((file) => [`docs/${file}`, readFileSync(join(root, 'docs', file), 'utf8')] as const),
  );
  const source = {
    deployment,
    procedures: procedures.map((each) => ({ ...each, digest: '' })),
    release: { version: '', commit: '' },
  };
  /** The pages without one reference: as attribute, or with the action that leaves it. */
  const without = (reference: string) =>
    new Map(
      [...pages].map(([file, text]) => [
        file,
        text.replaceAll(new RegExp(`(?<=[" ])${reference.replace('.', '\\.')}(?=[" ])`, 'g'), ''),
      ]),
    );

  it('is filled by a step or by somebody whom the form names', () => {
    expect(fieldProblems(pages, source)).toEqual([]);
  });

  test.each(readdirSync(deployments).filter((file) => /\.yaml$/.test(file)))('also with %s', (file) => {
    expect(() => loadProcedures(root, loadDeployment(join(deployments, file)))).not.toThrow();
  });

  const explicit = [
    ...new Set(
      [...pages.values()]
        .flatMap((text) => [...text.matchAll(/\brecords="([^"]+)"/g)])
        .flatMap(([, list = '']) => list.split(/\s+/)),
    ),
  ];
  const derived = [
    'courier.dispatched',
    'custodian.acknowledged',
    'safe.opened safe.closed',
    'receipt.returned',
    'exception.recorded',
    'incident.opened',
    'state.assessed',
    'incident.closed',
    'attestation.signed',
  ];

  it('was tried with many references', () => expect(explicit.length).toBeGreaterThan(60));

  it('is told as an orphan when the last step that fills it is gone', () => {
    for (const reference of explicit) {
      const rest = [...without(reference).values()].flatMap(writtenReferences).flatMap(placesOf);
      const orphans = placesOf(reference).filter(({ form, section, field }) => {
        const elsewhere = rest.some(
          (one) => one.form === form && one.section === section && one.field === field,
        );
        const known = [form.prefill?.(source)[section.id] ?? []].flat().some((row) => row[field.id]);
        return !elsewhere && !known && section.by === undefined && field.by === undefined;
      });
      const told = fieldProblems(without(reference), source).map(({ message }) => message);
      expect(told, reference).toHaveLength(orphans.length);
    }
  });

  it.each(derived)('is told as an orphan when no step logs %s', (actions) => {
    const changed = new Map(
      [...pages].map(([file, text]) => [
        file,
        actions.split(' ').reduce((all, action) => all.replaceAll(action, 'page.reviewed'), text),
      ]),
    );
    expect(fieldProblems(changed, source).length).toBeGreaterThan(0);
  });
});

describe('a broken copy of the pages is not built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'records-'));
  cpSync(join(root, 'docs'), join(folder, 'docs'), { recursive: true });
  for (const shared of ['static', 'node_modules']) symlinkSync(join(root, shared), join(folder, shared));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'docs/ceremony/script.mdx');
  const whole = readFileSync(script, 'utf8');
  const loaded = (change: (text: string) => string) => {
    writeFileSync(script, change(whole));
    return () => loadProcedures(folder, deployment);
  };

  it('is built whole', () => {
    expect(loaded((text) => text)).not.toThrow();
  });

  it('names the step whose field is gone, and its line', () => {
    expect(loaded((text) => text.replace('values.set', 'values.sett'))).toThrow(
      /docs\/ceremony\/script\.mdx:\d+: RECORD: step CER-21: .* no field "sett"; known: set, kcv, manifest/,
    );
  });

  it('names the field whose step is gone, and the page of its form', () => {
    expect(loaded((text) => text.replace('ceremony-log:values.manifest ', ''))).toThrow(
      /docs\/audit\/templates\/ceremony-log\.mdx:\d+: FIELD: nobody fills in “SHA-256 of the manifest”/,
    );
  });
});

test('every form has fields that a step fills', () => {
  const written = new Set(
    procedures
      .flatMap(({ steps }) => steps)
      .flatMap(({ log, records, act: done }) => referencesOf({ log, records, isAct: done !== undefined }))
      .flatMap(placesOf)
      .map(({ form }) => form.id),
  );
  expect(forms.map(({ id }) => id).filter((id) => !written.has(id))).toEqual(['exercise-sheet']);
});
