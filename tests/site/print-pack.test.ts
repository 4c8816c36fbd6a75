/** The print pack on paper: steps and commands once and whole, footers, fonts, nothing outside the sheet, the same bytes again. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/common/browser';
import { faultsOf, faultsOfFile } from '../../scripts/print/check';
import { type PrintedPage, readPages } from '../../scripts/print/pages';
import { openSite, type Paper, printPage } from '../../scripts/print/press';
import { settle } from '../../scripts/print/settle';
import { readPdf } from '../../scripts/print/sheets';
import { elements, hasClass } from '../../scripts/ship/dom';
import { BUILD } from './site';

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

const runPrint = (...args: string[]) =>
  spawnSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'scripts/print.ts', ...args], {
    cwd: resolve(__dirname, '../..'),
    encoding: 'utf8',
  });

const samples = readPages(BUILD).filter(({ slug }) =>
  [
    'emergency-unseal',
    'ceremony-script',
    'audit-templates-ceremony-log',
    'audit-templates-shard-receipt',
  ].includes(slug),
);

/** Every fault of a page on a size of paper, as `npm run print` looks for them in every PDF of the pack. */
async function faults(page: PrintedPage, paper: Paper, expected: PrintedPage = page): Promise<string[]> {
  const pdf = await readPdf(await printPage(context, ORIGIN + page.file, paper));
  return [
    ...faultsOfFile(pdf, paper, [expected.title]),
    ...faultsOf(expected, pdf.sheets, 1, pdf.sheets.length),
  ];
}

describe.each(samples.map((page) => [page.slug, page] as const))('%s', (_slug, page) => {
  test('every step, command and footer is there, on sheets of A4 and Letter', async () => {
    const steps = [...elements(page.document)].filter((one) => hasClass(one, 'step'));
    expect(steps.length > 0).toBe(page.kind === 'procedure');
    for (const paper of ['a4', 'letter'] as const) expect(await faults(page, paper)).toEqual([]);
  });
});

describe('a PDF that is not what its page says', () => {
  const page = (): PrintedPage => {
    const found = readPages(BUILD).find(({ slug }) => slug === 'emergency-unseal');
    if (found === undefined) throw new Error('no unseal page');
    return found;
  };

  test('on other paper, or with the sheets of another page, is named', async () => {
    const pdf = await readPdf(await printPage(context, ORIGIN + page().file, 'a4'));
    expect(faultsOfFile(pdf, 'letter', ['A title'])).toEqual([
      'is not on letter paper',
      'has no bookmark "A title"',
    ]);
    const bare = { ...pdf, tagged: false, fonts: { used: 2, embedded: 1 } };
    expect(faultsOfFile(bare, 'a4', [])).toEqual(['is not tagged', 'carries 1 of its 2 fonts']);
    const total = pdf.sheets.length;
    expect(faultsOf(page(), pdf.sheets, 2, total)).toContain(
      `sheet 2 lacks "Sheet 2 of ${total}" in its margin`,
    );
    const foreign = samples.find(({ slug }) => slug === 'ceremony-script') as PrintedPage;
    expect(faultsOf(foreign, pdf.sheets, 1, total)).toEqual(
      expect.arrayContaining([
        'sheet 1 lacks the digest of the page in its margin',
        'step CER-01 stands 0 times on paper, wanted once',
      ]),
    );
    const [first, ...rest] = pdf.sheets;
    if (first === undefined) throw new Error('no sheet');
    expect(faultsOf(page(), [{ ...first, outside: ['lost'] }, ...rest], 1, total)).toEqual([
      'sheet 1: "lost" stands outside the sheet',
    ]);
  });

  test('stops npm run print, which then leaves the older pack as it was', () => {
    const site = join(folder, 'site');
    const out = join(folder, 'print');
    for (const name of ['assets', 'emergency/fake-request'])
      cpSync(join(BUILD, name), join(site, name), { recursive: true });
    cpSync(join(BUILD, 'index.html'), join(site, 'index.html'));
    mkdirSync(out);
    writeFileSync(join(out, 'old'), '');
    const html = readFileSync(join(site, 'emergency/fake-request/index.html'), 'utf8');
    const print = (...how: string[]) =>
      runPrint('--site', site, ...(how.length === 0 ? ['--out', out] : how));
    // A rule that hides a step from paper, as a slip in the style sheets would.
    const sheet = join(site, /assets\/style-\w+\.css/.exec(html)?.[0] ?? '');
    const style = readFileSync(sheet, 'utf8');
    const id = /<section class="step[^"]*" id="([A-Z0-9-]+)"/.exec(html)?.[1];
    writeFileSync(sheet, `${style}@media print{#${id}{display:none}}`);
    const refused = print();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(
      `print: error: a4/emergency-fake-request.pdf: step ${id} stands 0 times on paper, wanted once`,
    );
    expect(readdirSync(out)).toEqual(['old']);
    expect(existsSync(`${out}.tmp`)).toBe(false);
    writeFileSync(sheet, style);
    // First into the site, whose pages then link it; what they link is not on paper, so the next print is the same.
    expect(print('--link')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(site, 'index.html'), 'utf8')).toContain('href="print/a4/runbook.pdf"');
    expect(print()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(out, 'SHA256SUMS'), 'utf8')).toBe(
      readFileSync(join(site, 'print/SHA256SUMS'), 'utf8'),
    );
    expect(readdirSync(out).sort()).toEqual(['SHA256SUMS', 'a4']);
    expect(readdirSync(join(out, 'a4')).sort()).toEqual(['emergency-fake-request.pdf', 'runbook.pdf']);
  });
});

/** Runs of the whole command on other machines: what they have of fonts, language and clock must not reach the paper. */
describe('the fonts of the machine', () => {
  const sums = (out: string) => readFileSync(join(out, 'SHA256SUMS'), 'utf8');
  const configuration = (name: string, ...dirs: string[]) => {
    const file = join(folder, name);
    const body = dirs.map((dir) => `<dir>${resolve(__dirname, '../..', dir)}</dir>`).join('');
    writeFileSync(file, `<?xml version="1.0"?><fontconfig>${body}</fontconfig>`);
    return file;
  };
  /** Hides the fonts of the system, where a user may have a namespace of mounts. */
  const hidden = ['--user', '--map-root-user', '--mount', 'sh', '-c'];
  const mayHide =
    spawnSync('unshare', [...hidden, 'mount -t tmpfs none /usr/share/fonts'], { stdio: 'ignore' }).status ===
    0;

  test('are not what is printed: few fonts, none or others give the same bytes', () => {
    const site = join(folder, 'fonts-site');
    // The page of the architecture has a drawing whose words Chromium writes as Type 3 fonts.
    for (const name of ['assets', 'emergency/fake-request', 'introduction/architecture', 'index.html'])
      cpSync(join(BUILD, name), join(site, name), { recursive: true });
    const tsx = resolve(__dirname, '../../node_modules/tsx/dist/cli.mjs');
    const print = (name: string, env: Record<string, string>, ...before: string[]) => {
      const out = join(folder, name);
      const words = [...before, process.execPath, tsx, 'scripts/print.ts', '--site', site, '--out', out];
      const [program = '', ...rest] = words;
      const cwd = resolve(__dirname, '../..');
      const run = spawnSync(program, rest, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
      expect(run).toMatchObject({ status: 0, stderr: '' });
      return sums(out);
    };
    const few = print('few', { FONTCONFIG_FILE: configuration('few.conf') });
    expect(few).toMatch(/a4\/runbook\.pdf/);
    const others = ['node_modules/katex/dist/fonts', 'node_modules/pdfjs-dist/standard_fonts'];
    const strange = {
      FONTCONFIG_FILE: configuration('others.conf', ...others),
      LC_ALL: 'tr_TR.UTF-8',
      TZ: 'Asia/Tokyo',
    };
    expect(print('others', strange)).toBe(few);
    if (mayHide) {
      const words = [...hidden, 'mount -t tmpfs none /usr/share/fonts && exec "$@"', 'sh'];
      expect(print('none', {}, 'unshare', ...words)).toBe(few);
    }
  });

  test('a character that no font of the pack has is named, and nothing is printed', () => {
    const site = join(folder, 'glyph-site');
    for (const name of ['assets', 'emergency/fake-request', 'index.html'])
      cpSync(join(BUILD, name), join(site, name), { recursive: true });
    const page = join(site, 'emergency/fake-request/index.html');
    writeFileSync(page, readFileSync(page, 'utf8').replace('</h1>', ' 漢</h1>'));
    const out = join(folder, 'glyph');
    const { status, stderr } = runPrint('--site', site, '--out', out);
    expect(status).toBe(1);
    expect(stderr).toBe(
      'print: error: emergency/fake-request/index.html: no font of the pack has the character "漢" (U+6F22)\nprint: hint: give a folder with a font that has it: npm run print -- --fonts FOLDER\n',
    );
    expect(existsSync(out)).toBe(false);
  });
});

test('a page whose drawing is written in Type 3 fonts carries all its fonts', async () => {
  const pdf = await printPage(context, `${ORIGIN}introduction/architecture/index.html`, 'a4');
  const raw = pdf.toString('latin1');
  expect(raw).toMatch(/\/Subtype \/Type3/);
  // The font of the system, for which the style sheet asks first, is one without serifs.
  expect(
    [...new Set([...raw.matchAll(/\/FontName \/\w+\+(DejaVu\w+)/g)].map(([, name]) => name))].sort(),
  ).toEqual(['DejaVuSans', 'DejaVuSansMono']);
  const { fonts } = await readPdf(pdf);
  expect(fonts.used).toBeGreaterThan(0);
  expect(fonts.embedded).toBe(fonts.used);
});

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
  for (const [args, message] of [
    [['--paper', 'a5'], '--paper: expected a4, letter or both, got a5'],
    [['--site', folder], 'there is no built site in'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ] as const) {
    const { status, stderr } = runPrint(...args);
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
