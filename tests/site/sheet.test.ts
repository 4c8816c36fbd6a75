/** The sheet of a paper shard from PDF to shard text: printed by a browser, drawn by another program, read by two decoders. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import jpeg from 'jpeg-js';
import jsqr from 'jsqr';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../scripts/common/browser';
import { type MadeSet, makeSet, scratch, sss } from '../scripts/sss/run';
import { draw } from './draw';

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

describe('a sheet on paper', () => {
  test.each(['A4', 'Letter'] as const)(
    '%s: one page, whose code gives the shard to two decoders',
    async (format) => {
      const line = readFileSync(set.shard(5), 'utf8');
      const images = await draw(browser, await printSheet(5, format), 200);
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
    const [image] = (await draw(browser, await printSheet(2, 'A4'), 150)) as [PNG];
    const found = jsqr(Uint8ClampedArray.from(image.data), image.width, image.height);
    expect(found?.data).toBe(readFileSync(set.shard(2), 'utf8').toUpperCase());
    expect(found?.data).not.toBe(readFileSync(set.shard(5), 'utf8').toUpperCase());
  });
});
