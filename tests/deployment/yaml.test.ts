/** Hostile YAML: every reader of the project refuses it with one line, in bounded time and memory. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseImageLock } from '../../scripts/image/lock';
import { parseRecipe } from '../../scripts/image/recipe';
import { parseAttestations } from '../../src/audit/attestations';
import { parseMistake } from '../../src/audit/mistakes';
import { parseDeployment } from '../../src/deployment/parse';
import { InvalidInput } from '../../src/deployment/problem';
import { readYaml, YAML_LIMITS } from '../../src/deployment/yaml';
import { parseRefusals } from '../../src/procedure/text/refusals';
import { parseFacts } from '../../src/procedure/text/vendor-facts';

const bomb = `${Array.from({ length: 10 }, (_, i) =>
  i === 0
    ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    : `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
).join('\n')}\n`;

const HOSTILE: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['an alias bomb', bomb, /aliases that stand for more than 100 copies/],
  ['an alias of itself', 'a: &a [*a]\n', /an alias that contains itself/],
  ['a merge of itself', 'a: &a {<<: *a}\n', /alias/],
  ['deep brackets', '['.repeat(100_000), /:1: .*nested deeper/],
  ['deep braces', `a: ${'{a: '.repeat(10_000)}`, /:1: .*nested deeper/],
  ['deep dashes', `${'- '.repeat(10_000)}a`, /:1: .*nested deeper/],
  [
    'deep indentation',
    Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    /:130: .*nested deeper/,
  ],
  ['many entries', '- a: 1\n'.repeat(60_000), /more than 50000 entries/],
  ['a long text', `a: ${'x'.repeat(YAML_LIMITS.characters)}`, /longer than 1048576 characters/],
  ['a control character', 'a: 1\nb: \u001b[2J\n', /:2: .*U\+001B/],
  ['a name twice', 'a: 1\nb: 2\na: 3\n', /:3: .*the same name twice/],
  ['__proto__', 'a: 1\n__proto__: {b: 1}\n', /:2: .*a name that no file may have/],
  ['a list as a name', '? [a, b]\n: 1\n', /a name that is not a plain text/],
  ['two documents', 'a: 1\n---\nb: 2\n', /is not YAML/],
  ['an unknown tag', 'a: !run x\n', /is not YAML/],
  ['an unknown alias', 'a: *nothing\n', /alias|cannot be read/],
  ['a bracket that stays open', 'a: [1,\n', /is not YAML/],
];

describe('hostile YAML', () => {
  it.each(HOSTILE)('is one clear error: %s', (_, text, message) => {
    const began = performance.now();
    let found: unknown;
    try {
      readYaml(text, 'x.yaml');
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(InvalidInput);
    const { message: said, problems } = found as InvalidInput;
    expect(problems).toHaveLength(1);
    expect(said).toMatch(/^x\.yaml:\d+: YAML: [^\n]+$/);
    expect(said).toMatch(message);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    deployment: (text) => parseDeployment(text, 'deployment.yaml'),
    attestations: (text) => parseAttestations(text, 'attestations.yaml'),
    facts: (text) => parseFacts('facts.yaml', text),
    refusals: (text) => parseRefusals('docs/_refusals/sss.yaml', text),
    cases: (text) => parseMistake('tests/cases/P01.md', `---\n${text}---\n`),
    recipe: (text) => parseRecipe(text),
    lock: (text) => parseImageLock(text),
  };
  it.each(Object.entries(readers))('is refused by the reader of the %s as well', (_, read) => {
    for (const [what, text] of HOSTILE) expect(() => read(text), what).toThrow(InvalidInput);
  });

  it('is read by one function: no other file asks the library to parse', () => {
    const sources = ['src', 'scripts'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name)),
    );
    const parsing = sources.filter((file) =>
      /import (?!type)[^;]*\bparse\w*\b[^;]* from 'yaml';/.test(readFileSync(file, 'utf8')),
    );
    expect(parsing).toEqual(['src/deployment/yaml.ts']);
  });
});

it('reads twenty thousand names in one map in seconds', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('');
  const began = performance.now();
  expect(Object.keys(readYaml(text, 'x.yaml').value as object)).toHaveLength(20_000);
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('allows an alias or two, and tells lines', () => {
  const file = readYaml('a: &safe\n  b: 1\nc: *safe\nd:\n  - e: 2\n', 'x.yaml', 'YAML', 3);
  expect(file.value).toEqual({ a: { b: 1 }, c: { b: 1 }, d: [{ e: 2 }] });
  expect(file.lineOf(['d', 0, 'e'])).toBe(8);
  expect(file.lineOf(['none'])).toBe(4);
});

it('never puts a control character of a file into a message', () => {
  const text = 'key:\n  name: "a\\e[2J\\u202e"\n';
  expect(() => parseDeployment(text, 'deployment.yaml')).toThrow(InvalidInput);
  try {
    parseDeployment(text, 'deployment.yaml');
  } catch (error) {
    expect((error as Error).message).not.toMatch(/[^\n\P{C}]/u);
  }
});
