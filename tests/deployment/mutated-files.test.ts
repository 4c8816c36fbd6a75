/** Valid files with one change at a random place: each is refused in lines of ours at the right place, or its pages compile and its drill can be planned. */
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { planScenarios } from '../../scripts/tabletop/plan/plan';
import { parseDeployment } from '../../src/deployment/parse';
import { readYaml } from '../../src/deployment/yaml';
import { loadProcedures } from '../../src/procedure/load';
import { deploymentOf, drafts } from '../generated/deployments';
import { expectTold, problemsOf } from './told';

const root = resolve(__dirname, '../..');
const runs = Number(process.env.GENERATED_RUNS ?? 15);
const seed = Number(process.env.GENERATED_SEED ?? 1);
const name = 'deployment.yaml';

type Path = readonly (string | number)[];

/** Paths of everything in a value, the innermost last. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts = Object.entries(value).map(([key, part]) =>
    pathsOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [...(path.length > 0 ? [path] : []), ...parts.flat()];
}

/** What somebody may put in the place of something else. */
const odd: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 41, 256, 1e21, Number.NaN, Number.POSITIVE_INFINITY],
  ...[
    '',
    ' ',
    'yes',
    '04',
    '~',
    '2026-11-23',
    '-',
    '{{key.name}}',
    '$(id)',
    'x'.repeat(300),
    'a\nb',
    'a\u0007b',
  ],
  ...[
    'https://[::1]',
    'https://x:99999',
    'http://x',
    '\u202eabc',
    'Ана',
    'nobody',
    'paper',
    'aws-kms',
    '../x',
  ],
  ...[[], [[]], [null], {}, { a: 1 }, { provider: 'paper' }, ['x', 'x']],
];

type Change =
  | { readonly kind: 'delete' | 'repeat' }
  | { readonly kind: 'replace'; readonly by: unknown }
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'name'; readonly by: string };

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom<Change>({ kind: 'delete' }, { kind: 'repeat' }),
  { weight: 3, arbitrary: fc.constantFrom(...odd).map((by): Change => ({ kind: 'replace', by })) },
  fc.nat({ max: 9999 }).map((to): Change => ({ kind: 'move', to })),
  fc
    .constantFrom('x', 'Custodian', 'custodain', 'null', '<<', 'on', '1')
    .map((by): Change => ({ kind: 'name', by })),
);

const valueAt = (file: unknown, path: Path) =>
  path.reduce((value, key) => (value as Record<string, unknown>)[key], file);

/** Makes the change at a path; `paths` are all of the file. */
function change(file: unknown, path: Path, made: Change, paths: readonly Path[]): void {
  const at = (where: Path) => valueAt(file, where);
  const parent = at(path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1) as string | number;
  if (made.kind === 'replace') parent[key] = made.by;
  else if (made.kind === 'move') parent[key] = structuredClone(at(paths[made.to % paths.length] ?? path));
  else if (Array.isArray(parent)) {
    if (made.kind === 'repeat') parent.push(structuredClone(parent[Number(key)]));
    else parent.splice(Number(key), 1);
  } else {
    if (made.kind === 'name') parent[made.by] = parent[key];
    delete parent[key];
  }
}

const mutated = fc
  .record({ draft: drafts(6), at: fc.nat({ max: 99_999 }), made: changes })
  .map(({ draft, at, made }) => {
    const file = parse(stringify(deploymentOf(draft)));
    const paths = pathsOf(file);
    const path = paths[at % paths.length] as Path;
    change(file, path, made, paths);
    return { path, made, text: stringify(file, { lineWidth: 0 }) };
  });

it('a changed value is refused where it stands, or taken to the end', () => {
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(mutated, ({ path, made, text }) => {
      const problems = problemsOf(() => parseDeployment(text, name));
      if (problems.length === 0) {
        taken++;
        return;
      }
      refused++;
      expectTold(problems, text, name);
      const wrong = problems.filter(({ rule }) => rule === 'SCHEMA' || rule === 'YAML');
      // A shard with another provider has other fields, each of them a mistake; a renamed field is unknown, and another missing.
      // What is put in may itself hold a mistake: a list of one thing that is no shard is too short as well.
      const filled = made.kind === 'replace' && Array.isArray(made.by) && made.by.length > 0;
      // Of a list or of fields from another place each is a mistake of its own.
      const moved = made.kind === 'move' ? valueAt(parse(text), path) : undefined;
      const most =
        typeof moved === 'object' ? Number.POSITIVE_INFINITY : made.kind === 'name' || filled ? 2 : 1;
      if (path.at(-1) !== 'provider' && typeof path.at(-1) === 'string')
        expect(wrong.length).toBeLessThanOrEqual(most);
      if (wrong[0]?.rule !== 'SCHEMA') return;
      const { lineOf } = readYaml(text, name);
      const around = path.map((_, depth) => lineOf(path.slice(0, depth)));
      const renamed = made.kind === 'name' ? [lineOf([...path.slice(0, -1), made.by])] : [];
      expect([...around, lineOf(path), ...renamed]).toContain(wrong[0].line);
    }),
    { numRuns: 20 * runs, seed, endOnFailure: true },
  );
  expect(refused).toBeGreaterThan(taken);
  expect(taken).toBeGreaterThan(0);
}, 300_000);

it('what is taken has pages and a drill', () => {
  const taken = fc
    .sample(mutated, { numRuns: 40 * runs, seed: seed + 1 })
    .filter(({ text }) => problemsOf(() => parseDeployment(text, name)).length === 0)
    .slice(0, Math.ceil(runs / 5));
  expect(taken.length).toBeGreaterThan(0);
  for (const { text } of taken) {
    const deployment = parseDeployment(text, name);
    expect(planScenarios(loadProcedures(root, deployment), deployment).length, text).toBeGreaterThan(0);
  }
}, 600_000);

it('a changed text never ends in anything but lines of ours', () => {
  const edits = fc.record({
    draft: drafts(4),
    at: fc.nat({ max: 99_999 }),
    length: fc.integer({ min: 0, max: 40 }),
    put: fc.constantFrom(
      '',
      '\t',
      '\u0000',
      '\ufeff',
      '\r',
      '"',
      "'",
      '[',
      '{',
      '&a ',
      '*a',
      '<<: *a\n',
      '- ',
      ': ',
      '#',
      '|\n',
      '---\n',
      '!x ',
      '\n',
      '\u00a0',
      '\ud800',
    ),
  });
  fc.assert(
    fc.property(edits, ({ draft, at, length, put }) => {
      const file = stringify(deploymentOf(draft), { lineWidth: 0 });
      const start = at % file.length;
      const text = file.slice(0, start) + put + file.slice(start + length);
      expectTold(
        problemsOf(() => parseDeployment(text, name)),
        text,
        name,
      );
    }),
    // What it found is short enough; to make it shorter would take minutes.
    { numRuns: 40 * runs, seed, endOnFailure: true },
  );
}, 300_000);
