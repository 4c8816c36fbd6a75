/** What is remembered of a compiled page is what compiling it again gives, and only of the very same page. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { compilePrepared } from '../../src/procedure/compile';
import { compiledOnce } from '../../src/procedure/load-compiled';
import { keptFolder } from '../../src/procedure/load-kept';
import { preparePage } from '../../src/procedure/prepare';
import { partialReader } from '../../src/procedure/text/load-partial';
import { exampleDeployment } from '../example';

const root = mkdtempSync(join(tmpdir(), 'compiled-'));
mkdirSync(join(root, 'node_modules'));
afterAll(() => rmSync(root, { recursive: true }));
const cache = join(root, 'node_modules/.cache/masterkey-runbook/compiled');
const entries = () => readdirSync(cache).flatMap((folder) => readdirSync(join(cache, folder)));

const file = 'docs/emergency/unseal.mdx';
const deployment = loadDeployment(exampleDeployment);
const prepared = preparePage(file, readFileSync(file, 'utf8'), deployment, partialReader('.'));
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

it('is the same page, compiled once', () => {
  let compiled = 0;
  const compile = compiledOnce(root, (...page) => {
    compiled += 1;
    return compilePrepared(...page);
  });
  const [first, second] = [compile(file, prepared), compile(file, prepared)];
  expect(compiled).toBe(1);
  expect(second).toEqual(plain(first));
  expect(second.steps.length).toBeGreaterThan(10);
  expect(entries()).toHaveLength(1);
  // One more sentence makes another page.
  const lines = [...prepared.lines, { text: 'One more sentence.', file, line: 1000 }];
  expect(compile(file, { ...prepared, lines }).lines).toEqual(lines);
  expect(compiled).toBe(2);
});

it('is nothing of a page that is refused, or of an entry that cannot be read', () => {
  const before = entries().length;
  const broken = prepared.lines.map((line) => ({ ...line, text: line.text.replace('log="', 'lag="') }));
  const compile = compiledOnce(root, compilePrepared);
  const refused = () => compile(file, { ...prepared, lines: broken });
  expect(refused).toThrow(/lag/);
  expect(refused).toThrow(/lag/);
  expect(entries()).toHaveLength(before);
  for (const folder of readdirSync(cache))
    for (const name of readdirSync(join(cache, folder)))
      writeFileSync(join(cache, folder, name), '{"steps":');
  expect(compile(file, prepared).steps.length).toBeGreaterThan(10);
});

it('is nothing where there is no node_modules', () => {
  expect(compiledOnce(join(root, 'elsewhere'), compilePrepared)).toBe(compilePrepared);
});

it('keeps the pages of a few versions of the code, and removes the oldest of more', () => {
  const parent = join(root, 'versions');
  const age = (version: string, minutes: number) =>
    utimesSync(keptFolder(parent, version), 2e9 - 60 * minutes, 2e9 - 60 * minutes);
  for (const [minutes, version] of ['four', 'three', 'two', 'one'].reverse().entries()) age(version, minutes);
  expect(readdirSync(parent).sort()).toEqual(['four', 'one', 'three', 'two']);
  keptFolder(parent, 'five');
  expect(readdirSync(parent).sort()).toEqual(['five', 'one', 'three', 'two']);
  keptFolder(parent, 'two');
  expect(readdirSync(parent)).toHaveLength(4);
});
