/** The sheet of a paper shard from PDF to shard text: printed by a browser, drawn by another program, read by two decoders. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import jpeg from 'jpeg-js';
import jsqr from 'jsqr';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/browser';
import { type MadeSet, makeSet, scratch, sss } from '../scripts/sss/run';

type PdfJs = typeof import('pdfjs-dist/legacy/build/pdf.mjs');

const ORIGIN = 'https://paper.example/';
const PDFJS = path.resolve(__dirname, '../../node_modules/pdfjs-dist/legacy/build');
/** A page that loads pdf.js and nothing else. */
const DRAWING = `<!doctype html><title>Drawing</title>
<script type="module">import * as pdf from './pdf.mjs'; globalThis.pdf = pdf;</script>`;

let browser: Browser;
let set: MadeSet;
beforeAll(async () => {
  browser = await launchBrowser();
  set = await makeSet();
});
afterAll(() => browser?.close());

/** The sheet as a PDF, printed as a person would. */
async function printSheet(n: number, format: 'A4' | 'Letter'): Promise<Buffer> {
  const file = path.join(scratch(), 'sheet.html');
  await sss(['sheet', '--manifest', set.manifest, '--out', file, set.shard(n)]);
  const page = await browser.newPage();
  try {
    await page.goto(`file://${file}`);
    return await page.pdf({ format, preferCSSPageSize: false });
  } finally {
    await page.close();
  }
}

/** Draws each sheet of a PDF with pdf.js at so many dots an inch. */
async function draw(pdf: Buffer, dpi: number): Promise<PNG[]> {
  const page = await browser.newPage();
  try {
    await page.route(`${ORIGIN}**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === 'sheet.pdf') return route.fulfill({ body: pdf, contentType: 'application/pdf' });
      if (/^pdf(\.worker)?\.mjs$/.test(name))
        return route.fulfill({
          body: readFileSync(path.join(PDFJS, name)),
          contentType: 'text/javascript',
        });
      return route.fulfill({ body: DRAWING, contentType: 'text/html' });
    });
    await page.goto(ORIGIN);
    const images = await page.evaluate(async (scale) => {
      const { getDocument, GlobalWorkerOptions } = (globalThis as unknown as { pdf: PdfJs }).pdf;
      GlobalWorkerOptions.workerSrc = '/pdf.worker.mjs';
      const file = await getDocument('/sheet.pdf').promise;
      const drawn: string[] = [];
      for (let number = 1; number <= file.numPages; number += 1) {
        const sheet = await file.getPage(number);
        const viewport = sheet.getViewport({ scale });
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [viewport.width, viewport.height];
        await sheet.render({ canvasContext: canvas.getContext('2d') as CanvasRenderingContext2D, viewport })
          .promise;
        drawn.push(canvas.toDataURL('image/png').replace(/^.*,/, ''));
      }
      return drawn;
    }, dpi / 72);
    return images.map((image) => PNG.sync.read(Buffer.from(image, 'base64')));
  } finally {
    await page.close();
  }
}

describe('a sheet on paper', () => {
  test.each(['A4', 'Letter'] as const)(
    '%s: one page, whose code gives the shard to two decoders',
    async (format) => {
      const line = readFileSync(set.shard(5), 'utf8');
      const images = await draw(await printSheet(5, format), 200);
      expect(images.length).toBe(1);
      const [image] = images as [PNG];
      // 210 or 215.9 mm wide.
      expect(Math.round((image.width / 200) * 25.4)).toBe(format === 'A4' ? 210 : 216);
      const found = jsqr(Uint8ClampedArray.from(image.data), image.width, image.height);
      expect(found?.data).toBe(line.toUpperCase());
      const folder = scratch();
      const files = {
        'sheet.png': PNG.sync.write(image),
        // As a camera or a scanner keeps it.
        'sheet.jpg': jpeg.encode({ data: image.data, width: image.width, height: image.height }, 70).data,
      };
      for (const [name, bytes] of Object.entries(files)) {
        writeFileSync(path.join(folder, name), bytes);
        const out = path.join(folder, `${name}.txt`);
        expect(await sss(['scan', path.join(folder, name), '--out', out])).toMatchObject({ code: 0 });
        expect(readFileSync(out, 'utf8')).toBe(line);
      }
    },
  );

  test('of another shard gives that shard', async () => {
    const [image] = (await draw(await printSheet(2, 'A4'), 150)) as [PNG];
    const found = jsqr(Uint8ClampedArray.from(image.data), image.width, image.height);
    expect(found?.data).toBe(readFileSync(set.shard(2), 'utf8').toUpperCase());
    expect(found?.data).not.toBe(readFileSync(set.shard(5), 'utf8').toUpperCase());
  });
});
