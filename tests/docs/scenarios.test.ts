/** Every scenario has a page that declares the state before and after it, and the start page leads to each of them. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import { loadProcedures } from '../../src/procedure/load';

const root = resolve(__dirname, '../..');
const procedures = loadProcedures(root, loadDeployment(join(root, 'deployment.yaml')));
const start = readFileSync(join(root, 'docs/emergency/index.mdx'), 'utf8');
const ids = Array.from({ length: 32 }, (_, index) => `S${String(index + 1).padStart(2, '0')}`);

/** Pages of docs/ that the start page links to, by their path from the project's root. */
const linked = new Set(
  [...start.matchAll(/\]\(([^)#]+\.mdx)(?:#[^)]*)?\)/g)].map(([, href]) =>
    join('docs/emergency', href ?? '')
      .split('\\')
      .join('/'),
  ),
);

const scenarios = procedures.filter(
  ({ file, page }) => file.startsWith('docs/emergency/') && page.state !== undefined,
);

describe('the emergency start page', () => {
  it.each(ids)('leads to %s', (id) => {
    const row = start.split('\n').find((line) => new RegExp(`\\b${id}\\b`).test(line));
    expect(row, `${id} is not on the start page`).toMatch(/\]\([^)]+\.mdx\)/);
  });

  it('leads to every page that declares a state', () => {
    expect(scenarios.map(({ file }) => file).filter((file) => !linked.has(file))).toEqual([]);
  });

  it('has nothing above its three questions', () => {
    const body = start.split('\n---\n').slice(1).join('\n---\n').trim();
    expect(body.startsWith('## Three questions {#questions}')).toBe(true);
    for (const letter of ['**L**', '**H**', '**E**'])
      expect(body.indexOf(letter)).toBeLessThan(body.indexOf('<Triage'));
  });
});

describe('scenario pages', () => {
  it('have steps, and declare L, H and E before and after', () => {
    const without = procedures
      .filter(({ file, steps }) => file.startsWith('docs/emergency/') && steps.length > 0)
      .filter(({ page }) => page.state === undefined)
      .map(({ file }) => file);
    expect(without).toEqual([]);
    expect(
      scenarios.filter(({ steps, applies }) => applies && steps.length === 0).map(({ file }) => file),
    ).toEqual([]);
  });

  it('keep the order of their sections', () => {
    const order = ['signs', 'impact', 'decide', 'steps', 'verify', 'exit', 'afterwards', 'record'];
    const broken = scenarios
      .filter(({ page }) => /^S\d\d /.test(page.title))
      .filter(({ lines, applies }) => {
        const found = lines.flatMap(({ text }) => /^## .*\{#([a-z-]+)\}$/.exec(text)?.[1] ?? []);
        return applies && order.join() !== found.filter((section) => order.includes(section)).join();
      })
      .map(({ file }) => file);
    expect(broken).toEqual([]);
  });

  it('that run commands reach their declared end in a drill', () => {
    const undrilled = scenarios
      .filter(({ steps, page }) => steps.some(({ command }) => command) && page.drill === undefined)
      .map(({ file }) => file);
    expect(undrilled).toEqual([]);
  });
});
