/** Reads a printed PDF back: what stands on each sheet and where, its fonts, bookmarks and destinations. */
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

const POINTS_PER_MM = 72 / 25.4;
/** Margins of the sheet at head and foot, as in `src/css/print.css`. */
const HEAD = 16 * POINTS_PER_MM;
const FOOT = 18 * POINTS_PER_MM;

export interface Sheet {
  /** Text between the margins, in reading order, a line break after each line. */
  readonly body: string;
  /** The lowest lines between the margins, as they stand on the sheet: a program may write them in another order. */
  readonly ends: readonly string[];
  /** Text in the margins at head and foot. */
  readonly margin: string;
  /** Text that begins or ends outside the sheet. */
  readonly outside: readonly string[];
}

export interface PrintedPdf {
  readonly sheets: readonly Sheet[];
  /** Left, bottom, right, top of the first sheet in points, rounded. */
  readonly size: readonly number[];
  readonly bookmarks: readonly string[];
  /** Sheet, counted from 1, on which each page of the book begins, by its name. */
  readonly starts: ReadonlyMap<string, number>;
  /** Whether the file is tagged (ISO 32000-1, 14.8). */
  readonly tagged: boolean;
  /** Fonts, and how many of them travel inside the file. */
  readonly fonts: { readonly used: number; readonly embedded: number };
}

interface Item {
  readonly str: string;
  readonly hasEOL: boolean;
  readonly width: number;
  readonly height: number;
  /** Matrix of PDF; the last two are x and y of the baseline. */
  readonly transform: readonly number[];
}

/**
 * Counts the fonts of a PDF as Chromium writes it, and those whose glyphs are in the file: a Type 3 font brings them as
 * procedures (ISO 32000-1, 9.6.5), whatever its descriptor says, and any other as a font file (9.9). The parent of a
 * composite font (Type 0) has no glyphs of its own.
 */
export function fontsOf(raw: string): PrintedPdf['fonts'] {
  const described = new Map(
    [...raw.matchAll(/(\d+) 0 obj\s*<<\/Type \/FontDescriptor\b([\s\S]*?)endobj/g)].map(
      ([, number = '', body = '']) => [number, /\/FontFile[23]? \d+ 0 R/.test(body)],
    ),
  );
  const carried = [...raw.matchAll(/<<\/Type \/Font\s([\s\S]*?)endobj/g)]
    .map(([, body = '']) => ({ body, type: /\/Subtype \/(\w+)/.exec(body)?.[1] }))
    .filter(({ type }) => type !== 'Type0')
    .map(({ body, type }) => {
      if (type === 'Type3') return /\/CharProcs\b/.test(body);
      return described.get(/\/FontDescriptor (\d+) 0 R/.exec(body)?.[1] ?? '') === true;
    });
  return { used: carried.length, embedded: carried.filter(Boolean).length };
}

/** The lowest lines, from above: what stands at one height, from left to right. */
function endsOf(
  placed: readonly { readonly text: string; readonly x: number; readonly y: number }[],
): string[] {
  const lines: { y: number; parts: { text: string; x: number }[] }[] = [];
  for (const { text, x, y } of [...placed].sort((a, b) => a.y - b.y)) {
    const line = lines.at(-1);
    if (line !== undefined && y - line.y < 2) line.parts.push({ text, x });
    else if (lines.length === 3) break;
    else lines.push({ y, parts: [{ text, x }] });
  }
  return lines.reverse().map(({ parts }) =>
    parts
      .sort((a, b) => a.x - b.x)
      .map(({ text }) => text)
      .join(' '),
  );
}

function sheetOf(items: readonly Item[], view: readonly number[]): Sheet {
  const [left = 0, bottom = 0, right = 0, top = 0] = view;
  let [body, margin] = ['', ''];
  const outside: string[] = [];
  const placed: { text: string; x: number; y: number }[] = [];
  for (const { str, hasEOL, width, height, transform } of items) {
    const [cos = 0, sin = 0, , , x = 0, y = 0] = transform;
    const text = str + (hasEOL ? '\n' : '');
    if (y > top - HEAD || y < bottom + FOOT) margin += text;
    else {
      body += text;
      if (str.trim() !== '') placed.push({ text: str, x, y });
    }
    // Width runs along the line, which may stand upright in the head of a narrow column.
    const scale = Math.hypot(cos, sin) || 1;
    const [endX, endY] = [x + (width * cos) / scale, y + (width * sin + height * cos) / scale];
    const isOut = Math.min(x, endX) < left - 1 || Math.max(x, endX) > right + 1;
    const isOff = Math.min(y, endY) < bottom - 1 || Math.max(y, endY) > top + 1;
    if (str.trim() !== '' && (isOut || isOff)) outside.push(str);
  }
  return { body, ends: endsOf(placed), margin, outside };
}

async function open(pdf: Uint8Array): Promise<PDFDocumentProxy> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  return getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
}

async function startsOf(document: PDFDocumentProxy): Promise<Map<string, number>> {
  const starts = new Map<string, number>();
  for (const [name, target] of Object.entries(await document.getDestinations())) {
    const page: unknown = Array.isArray(target) ? target[0] : undefined;
    // What stands on a page of the book has the page's name and two dashes before its own.
    if (page === undefined || name.includes('--')) continue;
    starts.set(name, (await document.getPageIndex(page as Parameters<typeof document.getPageIndex>[0])) + 1);
  }
  return starts;
}

/** Only the sheets on which pages begin, and how many there are. */
export async function readStarts(
  pdf: Uint8Array,
): Promise<{ readonly starts: ReadonlyMap<string, number>; readonly total: number }> {
  const document = await open(pdf);
  try {
    return { starts: await startsOf(document), total: document.numPages };
  } finally {
    await document.destroy();
  }
}

/** Reads a PDF that Chromium printed. */
export async function readPdf(pdf: Uint8Array): Promise<PrintedPdf> {
  const document = await open(pdf);
  try {
    const sheets: Sheet[] = [];
    let size: number[] = [];
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      if (number === 1) size = page.view.map(Math.round);
      const { items } = await page.getTextContent();
      sheets.push(
        sheetOf(
          items.filter((item) => 'str' in item),
          page.view,
        ),
      );
      page.cleanup();
    }
    const starts = await startsOf(document);
    const bookmarks = ((await document.getOutline()) ?? []).flatMap(function names(item): string[] {
      return [item.title, ...(item.items as (typeof item)[]).flatMap(names)];
    });
    const raw = Buffer.from(pdf).toString('latin1');
    const tagged = /\/MarkInfo\s*<<\/Type \/MarkInfo\s*\/Marked true>>/.test(raw);
    return { sheets, size, bookmarks, starts, tagged, fonts: fontsOf(raw) };
  } finally {
    await document.destroy();
  }
}
