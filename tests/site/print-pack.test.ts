/** The print pack on paper: steps and commands once and whole, footers, fonts, nothing outside the sheet, the same bytes again. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser';
import { readPages } from '../../scripts/print/pages';
import { openSite, printPage } from '../../scripts/print/press';
import { settle } from '../../scripts/print/settle';
import { attribute, elements, hasClass, textOf } from '../../scripts/ship/dom';
import { BUILD } from './site';

interface Sheet {
  readonly text: string;
  /** Text that begins or ends outside the sheet. */
  readonly outside: readonly string[];
}

interface Paper {
  readonly sheets: readonly Sheet[];
  readonly bookmarks: readonly string[];
  readonly size: readonly number[];
  readonly raw: string;
}

const ORIGIN = 'https://runbook.example/';
const when = new Date('2026-11-23T00:00:00Z');
let browser: Browser;
let context: BrowserContext;
let folder: string;

beforeAll(async () => {
  browser = await launchBrowser();
  context = await openSite(browser, BUILD, ORIGIN, new Map());
  folder = await mkdtemp(join(tmpdir(), 'pack-'));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function read(pdf: Uint8Array): Promise<Paper> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const sheets: Sheet[] = [];
  let size: number[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    size = page.view.map(Math.round);
    const [left = 0, bottom = 0, right = 0, top = 0] = page.view;
    const items = (await page.getTextContent()).items.filter((item) => 'str' in item);
    sheets.push({
      text: items.map((item) => item.str + (item.hasEOL ? '\n' : '')).join(''),
      outside: items
        .filter(({ str }) => str.trim() !== '')
        .filter(
          ({ transform: [, , , , x, y], width, height }) =>
            x < left || x + width > right + 1 || y < bottom || y + height > top + 1,
        )
        .map(({ str }) => str),
    });
  }
  const bookmarks = ((await document.getOutline()) ?? []).flatMap(function names(item): string[] {
    return [item.title, ...(item.items as (typeof item)[]).flatMap(names)];
  });
  await document.destroy();
  return { sheets, size, bookmarks, raw: Buffer.from(pdf).toString('latin1') };
}

/** Without white space and marks of continuation, as a long line may be broken anywhere. */
const dense = (text: string): string => text.replace(/[\s↳]+/g, '');

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

const samples = readPages(BUILD).filter(({ slug }) =>
  [
    'emergency-unseal',
    'ceremony-script',
    'audit-templates-ceremony-log',
    'audit-templates-shard-receipt',
  ].includes(slug),
);

describe.each(samples.map((page) => [page.slug, page] as const))(
  '%s',
  (_slug, { file, kind, title, document }) => {
    test('every step, command and footer is there, on sheets of A4 and Letter', {
      timeout: 240_000,
    }, async () => {
      for (const [paper, size] of [
        ['a4', [0, 0, 596, 843]],
        ['letter', [0, 0, 612, 792]],
      ] as const) {
        const printed = await read(await printPage(context, ORIGIN + file, paper));
        expect(printed.size).toEqual(size);
        const digest = textOf([...elements(document)].find((one) => hasClass(one, 'page-digest')) as never);
        for (const [index, { text, outside }] of printed.sheets.entries()) {
          expect(text).toContain(`Sheet ${index + 1} of ${printed.sheets.length}`);
          expect(text).toMatch(/MasterKey Runbook \d+\.\d+\.\d+ · commit [0-9a-f]+/);
          expect(text).toContain(`page ${digest}`);
          expect(outside).toEqual([]);
        }
        const whole = dense(
          printed.sheets
            .map(({ text }) => text.replace(/MasterKey Runbook \d.*|Sheet \d+ of \d+/g, ''))
            .join('\n'),
        );
        const steps = [...elements(document)].filter(
          (one) => one.tagName === 'section' && hasClass(one, 'step'),
        );
        expect(steps.length > 0).toBe(kind === 'procedure');
        for (const step of steps) {
          const id = attribute(step, 'id') ?? '';
          const place = [...elements(step)].find((one) => hasClass(one, 'step-plan'));
          const who = [...elements(step)].find((one) => hasClass(one, 'step-who'));
          const head = dense(`${id}${textOf(who as never)}${textOf(place as never)}`).replace(
            'witness:',
            '·witness:',
          );
          expect(`${id}: ${occurrences(whole, head)}`).toBe(`${id}: 1`);
          for (const block of [...elements(step)].filter((one) => hasClass(one, 'code-command'))) {
            const pre = [...elements(block)].find((one) => one.tagName === 'pre');
            expect(whole).toContain(dense(textOf(pre as never)));
          }
        }
        expect(printed.bookmarks).toContain(title);
        expect(printed.raw).toMatch(/\/MarkInfo\s*<<\/Type \/MarkInfo\s*\/Marked true>>/);
        // Every font is a subset that travels inside the file.
        const fonts = printed.raw.match(/\/Type \/FontDescriptor/g) ?? [];
        expect(fonts.length).toBeGreaterThan(0);
        expect((printed.raw.match(/\/FontFile[23] /g) ?? []).length).toBe(fonts.length);
      }
    });
  },
);

describe('settle', () => {
  test('two prints of one page, in different order beside others, are the same bytes', async () => {
    const [first, second] = [samples[0], samples[1]];
    if (first === undefined || second === undefined) throw new Error('no samples');
    const other = await launchBrowser();
    try {
      const apart = await openSite(other, BUILD, ORIGIN, new Map());
      await printPage(apart, ORIGIN + second.file, 'a4');
      const again = await printPage(apart, ORIGIN + first.file, 'a4');
      const once = await printPage(context, ORIGIN + first.file, 'a4');
      expect(settle(again, when).equals(settle(once, when))).toBe(true);
      expect(settle(once, when).length).toBe(once.length);
      expect(settle(once, when).equals(settle(once, new Date('2027-01-01T00:00:00Z')))).toBe(false);
    } finally {
      await other.close();
    }
  });

  test('a PDF without the dates of Chromium is refused', () => {
    expect(() => settle(Buffer.from('%PDF-1.4'), when)).toThrow(/two dates/);
  });
});

test('a wrong argument or a missing build is one clear error', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'scripts/print.ts', ...args], {
      cwd: resolve(__dirname, '../..'),
      encoding: 'utf8',
    });
  for (const [args, message] of [
    [['--paper', 'a5'], '--paper: expected a4, letter or both, got a5'],
    [['--site', folder], 'there is no built site in'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ] as const) {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^print: error: /);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  }
});

test('package.json knows the command', () => {
  const { scripts } = JSON.parse(readFileSync(resolve(__dirname, '../../package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(scripts.print).toBe('tsx scripts/print.ts');
});
