/** Forms: one description gives the sheet, the JSON and the schema, with every deployment. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanup, render } from '@testing-library/react';
import { Ajv2020 } from 'ajv/dist/2020';
import { afterEach, describe, expect, test } from 'vitest';
import { ceremonyLogSchema } from '../../src/audit/ceremony-log';
import { duties } from '../../src/audit/forms/acknowledgement';
import { formOf, forms } from '../../src/audit/forms/catalog';
import { ceremonyLogOf } from '../../src/audit/forms/export';
import type { FilledForm } from '../../src/audit/forms/filled';
import type { FormSource } from '../../src/audit/forms/form';
import { patternOf, sizeOf } from '../../src/audit/forms/form';
import { formSchema, formsJsonSchema } from '../../src/audit/forms/schema';
import Form from '../../src/components/Form';
import { compilePage } from '../../src/procedure/compile';
import { partialReader } from '../../src/procedure/text/load-partial';
import { type deployment, deployments } from './deployment';

afterEach(cleanup);

const ROOT = join(import.meta.dirname, '../..');
const SCHEMA = join(ROOT, 'static/schemas/forms.schema.json');
const release = { version: '1.0.0', commit: 'abcdef012345' };
const digest = '0123456789abcdef';

const script = 'docs/ceremony/script.mdx';
const text = readFileSync(join(ROOT, script), 'utf8');

function sourceOf(from: typeof deployment): FormSource {
  const { steps } = compilePage(script, text, from, partialReader(ROOT));
  return { deployment: from, release, procedures: [{ file: script, digest, steps }] };
}

const sources = deployments.map(([name, { deployment: from }]) => [name, sourceOf(from)] as const);

test('the published schema is the one of the descriptions (vitest -u writes it anew)', async () => {
  expect(existsSync(SCHEMA)).toBe(true);
  await expect(`${JSON.stringify(formsJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(SCHEMA);
});

test('the page of roles lists the duties that a custodian initials, all of them and in their order', () => {
  const page = readFileSync(join(ROOT, 'docs/introduction/roles.mdx'), 'utf8');
  const listed = [...page.matchAll(/^> \d+\. (.+)$/gm)].map(([, duty]) => duty);
  expect(listed).toEqual(duties.map(([, duty]) => duty));
});

test('a wrong id names the known ones', () => {
  expect(() => formOf('ceremony')).toThrow(/no form "ceremony"; known: ceremony-log, recovery-log/);
});

describe.each(forms.map((form) => [form.id, form] as const))('%s', (_id, form) => {
  test('ids are unique, and every blank has a size that its pattern agrees with', () => {
    for (const list of [
      form.sections,
      ...form.sections.map(({ fields, rows }) => fields ?? rows?.columns ?? []),
    ]) {
      const ids = list.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    for (const field of form.sections.flatMap(({ fields, rows }) => fields ?? rows?.columns ?? [])) {
      expect(sizeOf(field)).toBeGreaterThan(0);
      // src/css/form.css draws boxes for these.
      if (['hex', 'serial', 'date', 'time', 'initials'].includes(field.kind)) {
        expect([4, 5, 8, 10, 64]).toContain(sizeOf(field));
      }
      if (field.kind === 'choice') expect(field.choices?.length).toBeGreaterThan(1);
      if (field.kind === 'hex')
        expect('a'.repeat(sizeOf(field))).toMatch(new RegExp(`^${patternOf(field)}$`));
    }
  });

  test.each(sources)(
    'what it is filled with for %s fits its own schema and its own fields',
    (_name, source) => {
      const prefill = form.prefill?.(source) ?? {};
      const compact = Object.fromEntries(
        Object.entries(prefill).map(([id, content]) => [
          id,
          Array.isArray(content)
            ? content
            : Object.fromEntries(Object.entries(content).filter(([, text]) => text !== '')),
        ]),
      );
      const filled = {
        format: 'mks-form/1',
        form: form.id,
        runbook: { ...release, page: digest },
        sections: compact,
      };
      expect(formSchema(form).safeParse(filled).error?.issues ?? []).toEqual([]);
      const { container } = render(
        <Form form={form} prefill={prefill} page="docs/x.mdx" digest={digest} release={release} />,
      );
      for (const { id, fields, rows } of form.sections) {
        const section = container.querySelector(`[data-section="${id}"]`);
        const known = prefill[id];
        const count = Array.isArray(known) ? known.length : 0;
        if (rows) expect(section?.querySelectorAll('tbody tr').length).toBe(count + rows.blank);
        else expect(section?.querySelectorAll('.form-field').length).toBe(fields?.length);
      }
      const names = [...container.querySelectorAll<HTMLInputElement>('[name]:not([type="radio"])')].map(
        ({ name }) => name,
      );
      expect(new Set(names).size).toBe(names.length);
    },
  );

  test('has a page', () => {
    expect(existsSync(join(ROOT, `docs/audit/templates/${form.id}.mdx`))).toBe(true);
  });
});

describe('what a schema refuses', () => {
  const validate = new Ajv2020({ strict: false, logger: false }).compile(formsJsonSchema());
  const filled = (sections: FilledForm['sections']): FilledForm => ({
    format: 'mks-form/1',
    form: 'shard-receipt',
    runbook: { ...release, page: digest },
    sections,
  });

  test.each([
    ['nothing wrong', { shard: { kcv: '4f2a90c1', serial: '0012345678' } }, true],
    ['a shard', { shard: { key: 'mks1qpzry9x8gf2tvdw0' } }, false],
    ['a key in a field of text', { shard: { safe: '000102030405060708090a0b0c0d0e0f' } }, false],
    ['a KCV of seven digits', { shard: { kcv: '4f2a90c' } }, false],
    ['a serial of eleven', { shard: { serial: '00123456789' } }, false],
    ['an unknown field', { shard: { pin: '1234' } }, false],
    ['a signature', { signatures: [{ signature: 'x' }] }, false],
  ])('%s', (_what, sections, isRight) => {
    expect(formSchema(formOf('shard-receipt')).safeParse(filled(sections)).success).toBe(isRight);
    expect(validate(filled(sections))).toBe(isRight);
  });
});

describe('what contradicts another field', () => {
  const log = (sections: FilledForm['sections']) =>
    formSchema(formOf('ceremony-log'))
      .safeParse({
        format: 'mks-form/1',
        form: 'ceremony-log',
        runbook: { ...release, page: digest },
        sections,
      })
      .error?.issues.map(({ path }) => path.slice(1).join('.')) ?? [];
  const day = { date: '2026-11-23', begin: '10:00' };

  test.each([
    [{ ceremony: { ...day, end: '14:00', threshold: '3', shards: '5' } }, []],
    [{ ceremony: { ...day, end: '10:00' } }, []],
    [{ ceremony: { ...day, end: '09:59' } }, ['ceremony.end']],
    [{ ceremony: { ...day, end: '09:59', until: '2026-11-24' } }, []],
    [{ ceremony: { ...day, end: '09:59', until: '2026-11-23' } }, ['ceremony.end']],
    [{ ceremony: { ...day, end: '14:00', until: '2026-11-22' } }, ['ceremony.until']],
    [{ ceremony: { threshold: '9', shards: '5' } }, ['ceremony.threshold']],
    [{ ceremony: { threshold: '10', shards: '9' } }, ['ceremony.threshold']],
    [{ ceremony: { threshold: '-3' } }, ['ceremony.threshold']],
    [{ clocks: [{ offset: '-3' }] }, []],
    // A night is no contradiction; most of a day is.
    [{ people: [{ in: '22:00', out: '02:00' }] }, []],
    [{ people: [{ in: '14:00', out: '13:00' }] }, ['people.0.out']],
    [
      {
        recordings: [
          { from: '10:00', to: '10:20' },
          { from: '11:00', to: '10:20' },
        ],
      },
      ['recordings.1.to'],
    ],
  ])('%j: %j', (sections, wrong) => expect(log(sections as FilledForm['sections'])).toEqual(wrong));

  test('a day is one of the calendar', () => {
    const pattern = new RegExp(`^${patternOf({ id: 'date', label: 'Date', kind: 'date' })}$`);
    const wrong: string[] = [];
    for (const year of [1896, 1900, 1999, 2000, 2023, 2024, 2096, 2100, 2400])
      for (let month = 0; month <= 13; month += 1)
        for (let date = 0; date <= 32; date += 1) {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
          const at = new Date(`${text}T00:00:00Z`);
          const isDay = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
          if (pattern.test(text) !== isDay) wrong.push(text);
        }
    expect(wrong).toEqual([]);
  });
});

describe('the Ceremony Log for the comparison', () => {
  const base = (): FilledForm & {
    sections: Record<string, Record<string, string> | Record<string, string>[]>;
  } => ({
    format: 'mks-form/1',
    form: 'ceremony-log',
    runbook: { ...release, commit: 'abcdef012345+', page: digest },
    sections: {
      ceremony: { mode: 'real', date: '2026-11-23' },
      people: [
        { person: 'leonie', roles: 'ceremony-master', initials: 'LE' },
        { person: 'nadia', roles: 'internal-witness, log-custodian', initials: 'NE' },
      ],
      steps: [
        { step: 'CER-01', action: 'Open.', time: '23:58', by: 'LE', witness: 'NE' },
        { step: 'CER-02', action: 'Admit.', time: '00:03', by: 'NE', witness: 'LE' },
        { step: 'CER-03', action: 'Clock.', note: 'no second source' },
      ],
      exceptions: [{ step: 'CER-03', expected: 'two sources', happened: 'one', decided: 'go on', by: 'LE' }],
      attestations: [{ person: 'leonie', statement: 'agree' }],
      values: { manifest: 'ab'.repeat(32) },
    },
  });

  test('fits the schema of sss audit compare; midnight, initials, skips and absent signatures are kept', () => {
    const log = ceremonyLogSchema.parse(ceremonyLogOf(base(), script));
    expect(log.release.commit).toBe('abcdef012345');
    expect(log.steps).toEqual([
      { id: 'CER-01', time: '2026-11-23T23:58:00Z', by: 'leonie', witness: 'nadia' },
      { id: 'CER-02', time: '2026-11-24T00:03:00Z', by: 'nadia', witness: 'leonie' },
      { id: 'CER-03', skipped: 'no second source' },
    ]);
    expect(log.participants.map(({ signed }) => signed)).toEqual(['agree', 'absent']);
    expect(log.exceptions[0]?.by).toBe('leonie');
    expect(log.manifestSha256).toBe('ab'.repeat(32));
  });

  test.each([
    [
      'whether it is real',
      (form: ReturnType<typeof base>) => ({ ...form.sections, ceremony: { date: '2026-11-23' } }),
    ],
    [
      'the date is missing',
      (form: ReturnType<typeof base>) => ({ ...form.sections, ceremony: { mode: 'real' } }),
    ],
    [
      'belong to two people',
      (form: ReturnType<typeof base>) => ({
        ...form.sections,
        people: [
          { person: 'a', initials: 'X' },
          { person: 'b', initials: 'X' },
        ],
      }),
    ],
    ['belong to nobody', (form: ReturnType<typeof base>) => ({ ...form.sections, people: [] })],
  ])('says %s', (message, change) => {
    const form = base();
    expect(() => ceremonyLogOf({ ...form, sections: change(form) }, script)).toThrow(message);
  });
});
