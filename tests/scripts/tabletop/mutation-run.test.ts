/** The mutation run: its choice, its score, its report, and an allow list that explains what still exists. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allowedMutants, staleReasons } from '../../../scripts/tabletop/mutation/allowed';
import { mutantsOf } from '../../../scripts/tabletop/mutation/mutate';
import { compileMutant, executedPages, likelyScenarios } from '../../../scripts/tabletop/mutation/plan';
import {
  type MutantResult,
  mutationMarkdown,
  mutationReport,
  percent,
  scoreOf,
  untried,
} from '../../../scripts/tabletop/mutation/report';
import { mutableTexts, partOf, sampleOf } from '../../../scripts/tabletop/mutation/run';
import { stepsOf } from '../../../scripts/tabletop/plan/scenario';
import { readSetting } from '../../../scripts/tabletop/plan/setting';
import { partialReader } from '../../../src/procedure/text/load-partial';
import { exampleRoot } from '../../example';

const setting = readSetting(exampleRoot());
const texts = mutableTexts(setting);
const mutants = mutantsOf(texts, executedPages(setting.procedures));

it('chooses the same mutants for the same seed, each once, in order', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(250), fc.nat(), (size, count, seed) => {
      const items = Array.from({ length: size }, (_, index) => index);
      const chosen = sampleOf(items, count, seed);
      expect(chosen).toEqual(sampleOf(items, count, seed));
      expect(chosen).toHaveLength(Math.min(size, count));
      expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
    }),
  );
});

it('shares the mutants among machines, each once', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 1, max: 9 }), (size, of) => {
      const items = Array.from({ length: size }, (_, index) => index);
      const parts = Array.from({ length: of }, (_, index) => partOf(items, { number: index + 1, of }));
      expect(parts.flat()).toEqual(items);
      for (const part of parts) expect(Math.abs(part.length - size / of)).toBeLessThanOrEqual(1);
    }),
  );
});

it('runs only scenarios that execute what the mutant changes', () => {
  for (const mutant of sampleOf(mutants, 40, 1)) {
    for (const scenario of likelyScenarios(setting, mutant)) {
      // A step of a page may have its commands from a partial.
      const files = scenario.procedures
        .flatMap((page) => stepsOf(scenario, page))
        .flatMap(({ file, command }) => [file, ...(command?.lines ?? []).map((line) => line.file)]);
      expect(files, `${mutant.id} in ${scenario.id}`).toContain(mutant.file);
    }
  }
});

it('notices two roles that were exchanged without running anything', () => {
  const contract = mutants.filter(({ subject }) => subject === 'contract');
  expect(contract.length).toBeGreaterThan(50);
  for (const mutant of sampleOf(contract, 5, 1)) {
    expect(compileMutant(setting, mutant, partialReader(setting.root)).noticed, mutant.id).toContain(
      'begins with',
    );
  }
});

it('explains only mutants that exist', () => {
  const ids = new Set(mutants.map(({ id }) => id));
  // A partial of a provider that this deployment lacks has no mutants here.
  const here = [...allowedMutants(setting.root).keys()].filter((id) => texts.has(id.split(':')[0] ?? ''));
  expect(here.filter((id) => !ids.has(id))).toEqual([]);
});

it('tells reasons of mutants that are noticed now', () => {
  const [first, second, third] = mutants;
  if (!first || !second || !third) throw new Error('too few mutants');
  const allowed = new Map([first, second, third].map(({ id }) => [id, 'it does no harm here']));
  const results = [
    { mutant: first, status: 'noticed', detail: 'docs/x.mdx:1: output: wanted a, found b' },
    { mutant: second, status: 'explained', detail: 'it does no harm here' },
    { mutant: third, status: 'noticed', detail: 'docs/x.mdx:1: step UNS-01: timeout: wanted an end' },
  ] as const;
  expect(staleReasons(results, allowed)).toEqual([first.id]);
  expect(staleReasons(results, new Map())).toEqual([]);
});

it('reports what was noticed, survived and is explained', () => {
  const [first, second, third] = mutants;
  if (!first || !second || !third) throw new Error('too few mutants');
  const result = (mutant: typeof first, status: MutantResult['status']): MutantResult => ({
    mutant: { ...mutant, subject: 'command' },
    status,
    by: 'unseal',
    detail: 'because | it',
    milliseconds: 5,
  });
  const results = [result(first, 'noticed'), result(second, 'survived'), result(third, 'explained')];
  expect(scoreOf(results)).toEqual({ mutants: 3, noticed: 1, explained: 1, survived: 1 });
  expect(percent(scoreOf(results, 'command'))).toBe('33.3 %');
  expect(percent(scoreOf(results, 'contract'))).toBe('—');
  const run = {
    planSha256: 'a'.repeat(64),
    mutation: { commit: 'none', total: mutants.length, ...scoreOf(results) },
  };
  const whole = mutationReport(results, texts, run);
  expect(whole).toMatchObject({ config: run });
  const schema = readFileSync('tests/vectors/mutation-testing/mutation-testing-report-schema.json', 'utf8');
  const validate = new Ajv({ strict: false }).compile(JSON.parse(schema));
  expect(validate(whole), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...whole, schemaVersion: '0' })).toBe(false);
  const report = mutationReport(results, texts) as {
    files: Record<string, { mutants: { status: string }[] }>;
  };
  const statuses = Object.values(report.files).flatMap((file) => file.mutants.map(({ status }) => status));
  expect(statuses.sort()).toEqual(['Ignored', 'Killed', 'Survived']);
  expect(mutationMarkdown(results, 1000, 3)).toContain('## Not noticed, with a reason');
});

it('says of which pages not every mutant was tried', () => {
  const [one, ...others] = mutants.filter(({ file }) => file === mutants[0]?.file);
  if (!one) throw new Error('no mutants');
  const results = [{ mutant: one, status: 'noticed', by: '', detail: '', milliseconds: 1 }] as const;
  expect(untried([one], results)).toEqual([]);
  expect(untried([one, ...others], results)).toEqual([`not tried: ${others.length} of ${one.file}`]);
});
