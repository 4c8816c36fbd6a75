/** Draws a PDF as paper shows it, with pdf.js and so with another program than the one that printed it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';

type PdfJs = typeof import('pdfjs-dist/legacy/build/pdf.mjs');

const ORIGIN = 'https://paper.example/';
const PDFJS = path.resolve(__dirname, '../../node_modules/pdfjs-dist/legacy/build');
/** A page that loads pdf.js and nothing else. */
const DRAWING = `<!doctype html><title>Drawing</title>
<script type="module">import * as pdf from './pdf.mjs'; globalThis.pdf = pdf;</script>`;

/** Each sheet of a PDF at so many dots an inch. */
export async function draw(browser: Browser, pdf: Buffer, dpi: number): Promise<PNG[]> {
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
