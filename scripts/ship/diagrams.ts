/** Draws Mermaid diagrams once, at build time, into SVG that needs no script and prints crisply. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseFragment } from 'parse5';
import { launchBrowser } from '../browser';
import type { Document, Element } from './dom';
import { append, attribute, elements, make, setAttribute } from './dom';
import { straighten, withoutUnused } from './drawing';

interface MermaidApi {
  initialize(options: object): void;
  render(id: string, source: string): Promise<{ readonly svg: string }>;
}

/** Stable for the same source, so that a build can be repeated byte for byte. */
function idOf(source: string): string {
  return `diagram-${createHash('sha256').update(source).digest('hex').slice(0, 8)}`;
}

/**
 * Draws diagrams in the headless browser.
 * @returns SVG by source.
 * @throws NoBrowserError without a browser; Error with Mermaid's words for a broken diagram.
 */
export async function drawDiagrams(sources: readonly string[]): Promise<Map<string, string>> {
  const drawn = new Map<string, string>();
  if (sources.length === 0) return drawn;
  const main = createRequire(__filename).resolve('mermaid');
  const library = readFileSync(join(dirname(main), 'mermaid.min.js'), 'utf8');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.route('**', (route) => route.abort());
    await page.setContent('<!doctype html><html lang="en"><body></body></html>');
    await page.addScriptTag({ content: library });
    for (const source of new Set(sources)) {
      const svg = await page.evaluate(
        async ({ id, text }) => {
          // Rounded shapes are drawn through random points; the same source must give the same bytes.
          let state = 1;
          Math.random = () => {
            state = (state * 48_271) % 2_147_483_647;
            return state / 2_147_483_647;
          };
          const { mermaid } = globalThis as unknown as { mermaid: MermaidApi };
          mermaid.initialize({
            startOnLoad: false,
            theme: 'neutral',
            securityLevel: 'strict',
            deterministicIds: true,
            htmlLabels: false,
            flowchart: { htmlLabels: false, useMaxWidth: true },
            // The widest of the common system fonts: text that fits in it fits in the others.
            fontFamily: 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
          });
          return (await mermaid.render(id, text)).svg;
        },
        { id: idOf(source), text: source },
      );
      drawn.set(source, await page.evaluate(withoutUnused, svg));
    }
  } finally {
    await browser.close();
  }
  return drawn;
}

/** Sources of the diagrams that a page still has to show. */
export function diagramSources(document: Document): string[] {
  return [...elements(document)].flatMap((element) => attribute(element, 'data-mermaid') ?? []);
}

const geometry = [
  'd',
  'points',
  'transform',
  'x',
  'y',
  'x1',
  'y1',
  'x2',
  'y2',
  'width',
  'height',
  'viewBox',
  'refX',
  'refY',
];

/** A tenth of a pixel is finer than any screen or printer shows; the rest is most of the bytes. */
function lighten(drawing: Element): void {
  for (const element of [drawing, ...elements(drawing)]) {
    element.attrs = element.attrs
      .filter(({ name }) => !name.startsWith('data-'))
      .map(({ name, value, ...rest }) =>
        geometry.includes(name)
          ? {
              ...rest,
              name,
              value: value.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10)),
            }
          : { ...rest, name, value },
      );
  }
}

function figureOf(svg: string): Element {
  const fragment = parseFragment(svg);
  const drawing = [...elements(fragment)].find((element) => element.tagName === 'svg');
  if (drawing === undefined) throw new RangeError('expected an SVG from Mermaid, got something else');
  setAttribute(drawing, 'role', 'img');
  straighten(drawing);
  lighten(drawing);
  return drawing;
}

/**
 * Puts the drawings into a page.
 * @throws RangeError when a diagram has no accessible title (`accTitle:`) or no description (`accDescr:`).
 */
export function placeDiagrams(document: Document, file: string, drawn: ReadonlyMap<string, string>): void {
  for (const figure of elements(document)) {
    const source = attribute(figure, 'data-mermaid');
    if (source === undefined) continue;
    if (!/^\s*accTitle\s*:/m.test(source) || !/^\s*accDescr\s*[:{]/m.test(source)) {
      throw new RangeError(`${file}: a diagram lacks accTitle or accDescr, which say it in words`);
    }
    setAttribute(figure, 'data-mermaid', undefined);
    const svg = drawn.get(source);
    if (svg === undefined) append(figure, make('p', {}, source));
    else append(figure, figureOf(svg));
  }
}
