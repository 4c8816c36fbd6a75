/** Draws Mermaid diagrams once, at build time, into SVG that needs no script and prints crisply. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseFragment } from 'parse5';
import { keep, keptFolder } from '../../src/procedure/load-kept';
import { findBrowser, launchBrowser } from '../common/browser';
import type { Document, Element } from './dom';
import { append, attribute, elements, make, setAttribute } from './dom';
import { straighten, withoutUnused } from './drawing';

const ROOT = resolve(__dirname, '../..');

interface MermaidApi {
  initialize(options: object): void;
  render(id: string, source: string): Promise<{ readonly svg: string }>;
}

/** Colors of src/css/tokens.css in the light; the dark inverts them (src/css/prose.css). */
const palette = {
  primaryColor: '#e4f1ee',
  primaryBorderColor: '#0b5f56',
  primaryTextColor: '#1b2320',
  lineColor: '#52605a',
  textColor: '#1b2320',
  titleColor: '#52605a',
  clusterBkg: '#f4f6f5',
  clusterBorder: '#b4beba',
  edgeLabelBackground: '#ffffff',
  // State diagrams have names of their own.
  stateBkg: '#e4f1ee',
  stateBorder: '#0b5f56',
  transitionColor: '#52605a',
  transitionLabelColor: '#1b2320',
  specialStateColor: '#1b2320',
  labelBackgroundColor: '#ffffff',
};

/** Stable for the same source, so that a build can be repeated byte for byte. */
function idOf(source: string): string {
  return `diagram-${createHash('sha256').update(source).digest('hex').slice(0, 8)}`;
}

/** Draws in the headless browser. */
async function draw(sources: readonly string[], library: string): Promise<Map<string, string>> {
  const drawn = new Map<string, string>();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.route('**', (route) => route.abort());
    await page.setContent('<!doctype html><html lang="en"><body></body></html>');
    await page.addScriptTag({ content: library });
    for (const source of sources) {
      const svg = await page.evaluate(
        async ({ id, text, colors }) => {
          // Rounded shapes are drawn through random points; the same source must give the same bytes.
          let state = 1;
          Math.random = () => {
            state = (state * 48_271) % 2_147_483_647;
            return state / 2_147_483_647;
          };
          const { mermaid } = globalThis as unknown as { mermaid: MermaidApi };
          mermaid.initialize({
            startOnLoad: false,
            theme: 'base',
            themeVariables: colors,
            securityLevel: 'strict',
            deterministicIds: true,
            // A line that shows through the words on it strikes them out.
            themeCSS:
              '.edgeLabel rect{opacity:1}.frame-name text{paint-order:stroke;stroke:#f4f6f5;stroke-width:6px}',
            htmlLabels: false,
            // Close together: on a narrow page the words stay larger.
            flowchart: {
              htmlLabels: false,
              useMaxWidth: true,
              wrappingWidth: 180,
              nodeSpacing: 16,
              rankSpacing: 44,
              subGraphTitleMargin: { top: 2, bottom: 12 },
            },
            // The widest of the common system fonts: text that fits in it fits in the others.
            fontFamily: 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
          });
          return (await mermaid.render(id, text)).svg;
        },
        { id: idOf(source), text: source, colors: palette },
      );
      drawn.set(source, await page.evaluate(withoutUnused, svg));
    }
  } finally {
    await browser.close();
  }
  return drawn;
}

/** Where the drawings of one version are kept: of this code, of Mermaid and of the browser. Undefined where nothing can be. */
function cacheOf(library: string): string | undefined {
  const { executable } = findBrowser();
  const { size, mtimeMs } = statSync(executable);
  const own = ['diagrams', 'drawing'].map((name) => readFileSync(join(__dirname, `${name}.ts`), 'utf8'));
  const version = createHash('sha256')
    .update(JSON.stringify([size, mtimeMs, own, library]))
    .digest('hex');
  try {
    return keptFolder(join(ROOT, 'node_modules/.cache/masterkey-runbook/diagrams'), version.slice(0, 32));
  } catch {
    return undefined;
  }
}

/**
 * Drawings of diagrams. What was drawn before, in whatever copy of the project that shares its packages, is drawn again
 * only where REDRAW_DIAGRAMS is set.
 * @returns SVG by source.
 * @throws NoBrowserError without a browser; Error with Mermaid's words for a broken diagram.
 */
export async function drawDiagrams(sources: readonly string[]): Promise<Map<string, string>> {
  if (sources.length === 0) return new Map();
  const main = createRequire(__filename).resolve('mermaid');
  const library = readFileSync(join(dirname(main), 'mermaid.min.js'), 'utf8');
  const folder = cacheOf(library);
  const fileOf = (source: string): string | undefined =>
    folder && join(folder, `${createHash('sha256').update(source).digest('hex')}.svg`);
  const kept = (source: string): string | undefined => {
    const file = fileOf(source);
    return file !== undefined && existsSync(file) && process.env.REDRAW_DIAGRAMS === undefined
      ? readFileSync(file, 'utf8')
      : undefined;
  };
  const drawn = new Map<string, string>();
  for (const source of new Set(sources)) {
    const svg = kept(source);
    if (svg !== undefined) drawn.set(source, svg);
  }
  const missing = [...new Set(sources)].filter((source) => !drawn.has(source));
  if (missing.length === 0) return drawn;
  for (const [source, svg] of await draw(missing, library)) {
    drawn.set(source, svg);
    const file = fileOf(source);
    if (file !== undefined) keep(file, svg);
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
  // The style sheet keeps the words of a wide drawing legible: it scrolls inside itself instead of shrinking.
  const wide = Number.parseFloat((attribute(drawing, 'viewBox') ?? '').split(' ')[2] ?? '');
  setAttribute(drawing, 'style', `max-width:${Math.round(wide)}px;--wide:${Math.round(wide)}`);
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
