/** Every scenario has a page that declares the state before and after it, and the start page leads to each of them. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDeployment } from '../../src/deployment/load';
import type { Procedure } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import { exampleDeployment } from '../example';

const root = resolve(__dirname, '../..');
const procedures = loadProcedures(root, loadDeployment(exampleDeployment));
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

/** The page of a scenario has its number in its title, in whichever chapter it stands. */
const numbered = procedures.filter(({ page }) => /^S\d\d /.test(page.title));

const scenarios = procedures.filter(
  ({ file, page }) =>
    (file.startsWith('docs/emergency/') || /^S\d\d /.test(page.title)) && page.state !== undefined,
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

describe('the way from the emergency start page', () => {
  /** Clicks to each page, along the links in the text that this deployment shows. */
  function clicks(pages: readonly Procedure[], start: string): Map<string, number> {
    const links = new Map(
      pages.map(({ file, lines }) => [
        file,
        lines.flatMap(({ text }) =>
          [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, href = '']) =>
            href.startsWith('/') ? `docs${href}.mdx` : join(dirname(file), href).split('\\').join('/'),
          ),
        ),
      ]),
    );
    const found = new Map([[start, 0]]);
    for (const file of found.keys())
      for (const link of links.get(file) ?? [])
        if (links.has(link) && !found.has(link)) found.set(link, (found.get(file) ?? 0) + 1);
    return found;
  }

  const onPaper = loadProcedures(root, loadDeployment(join(root, 'tests/fixtures/deployments/paper.yaml')));

  it.each([
    ['the default', procedures],
    ['paper alone', onPaper],
  ])('is one click to each scenario, and two to what it calls for: %s', (_, pages) => {
    const found = clicks(pages, 'docs/emergency/index.mdx');
    const away = (folder: string, most: number) =>
      pages
        .filter((page) => page.file.startsWith(`docs/${folder}/`) && page.applies && page.steps.length > 0)
        .filter((page) => (found.get(page.file) ?? Number.POSITIVE_INFINITY) > most)
        .map((page) => `${page.file}: ${found.get(page.file)}`);
    expect(away('emergency', 1)).toEqual([]);
    // A row that leads to "not part of this deployment" costs a reader a minute at 3 a.m.
    const idle = pages.filter((page) => found.get(page.file) === 1 && !page.applies).map((page) => page.file);
    expect(idle).toEqual([]);
    const called = new Set(
      pages
        .filter((page) => page.file.startsWith('docs/emergency/') && page.applies)
        .flatMap(({ steps }) => steps.flatMap(({ calls }) => calls ?? [])),
    );
    expect(called.size).toBeGreaterThan(1);
    const late = pages
      .filter(({ applies, page }) => applies && page.prefix !== undefined && called.has(page.prefix))
      .filter((page) => (found.get(page.file) ?? Number.POSITIVE_INFINITY) > 2);
    expect(late.map((page) => page.file)).toEqual([]);
  });

  it('is seen to be longer when a link is missing', () => {
    const line = (text: string) => ({ text, file: 'x', line: 1 });
    const page = (file: string, text: string) => ({ file, lines: [line(text)] }) as unknown as Procedure;
    const chain = [
      page('docs/emergency/index.mdx', '[a](a.mdx)'),
      page('docs/emergency/a.mdx', '[b](../lifecycle/b.mdx#part)'),
      page('docs/lifecycle/b.mdx', 'See [nothing](https://example.org).'),
      page('docs/emergency/c.mdx', ''),
    ];
    const found = clicks(chain, 'docs/emergency/index.mdx');
    expect([...found]).toEqual([
      ['docs/emergency/index.mdx', 0],
      ['docs/emergency/a.mdx', 1],
      ['docs/lifecycle/b.mdx', 2],
    ]);
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

  const order = ['signs', 'impact', 'decide', 'steps', 'verify', 'exit', 'afterwards', 'record'];

  it('are 32: one page for each number', () => {
    expect(numbered.map(({ page }) => page.title.slice(0, 3)).sort()).toEqual(ids);
  });

  it.each(numbered.map((each) => [each.page.title, each] as const))(
    '%s: all sections, in order',
    (_, each) => {
      const found = each.lines.flatMap(({ text }) => /^## .*\{#([a-z-]+)\}$/.exec(text)?.[1] ?? []);
      expect(found.filter((section) => order.includes(section))).toEqual(order);
    },
  );

  it.each(numbered.map((each) => [each.page.title, each] as const))(
    '%s: who decides, by when, and L, H, E',
    (_, each) => {
      const text = each.lines.map((line) => line.text).join('\n');
      const section = (id: string) =>
        new RegExp(`\\{#${id}\\}\\n([\\s\\S]*?)(?=\\n## |$)`).exec(text)?.[1] ?? '';
      expect(section('decide')).toMatch(/^- \*\*Who:\*\* \S/m);
      expect(section('decide')).toMatch(/^- \*\*By:\*\* \S/m);
      expect(section('decide')).toMatch(/^\| .* \| Then \|$/m);
      expect(section('exit')).toMatch(/\| \*\*L\*\*: .*\n\| \*\*H\*\*: .*\n\| \*\*E\*\*: /);
      expect(section('exit')).toMatch(/^Target: \*\*\d+ (?:min|h|days)\*\*/m);
      for (const id of ['signs', 'verify', 'afterwards']) expect(section(id)).toMatch(/^- \S/m);
      expect(section('record').trim()).not.toBe('');
    },
  );

  it('that run commands reach their declared end in a drill', () => {
    const undrilled = scenarios
      .filter(({ steps, page }) => steps.some(({ command }) => command) && page.drill === undefined)
      .map(({ file }) => file);
    expect(undrilled).toEqual([]);
  });
});

describe('lifecycle pages', () => {
  const pages = procedures.filter(
    ({ file, steps }) => file.startsWith('docs/lifecycle/') && steps.length > 0,
  );

  it.each(pages.map((each) => [each.file, each] as const))(
    '%s says when it is done and what is recorded',
    (_, each) => {
      const sections = each.lines.flatMap(({ text }) => /^## .*\{#([a-z-]+)\}$/.exec(text)?.[1] ?? []);
      expect(sections).toEqual(expect.arrayContaining(['exit', 'record']));
      expect(sections.indexOf('exit')).toBeLessThan(sections.indexOf('record'));
    },
  );
});
