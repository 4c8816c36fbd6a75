/** Sheets of paper: what is printed can be read back, and nothing else can. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import encodeQR from 'qr';
import { afterAll, expect, it } from 'vitest';
import {
  drawSheet,
  printSheet,
  readSheet,
  sheetFile,
  storeSheet,
} from '../../../scripts/tabletop/world/sheets';
import { loadDeployment } from '../../../src/deployment/load';
import { exampleDeployment } from '../../example';

const folder = mkdtempSync(join(tmpdir(), 'sheets-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const charset = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const line = fc
  .array(fc.constantFrom(...charset), { minLength: 30, maxLength: 140 })
  .map((letters) => `mks1${letters.join('')}`);

it('reads every sheet that it draws', () => {
  const file = join(folder, 'safe', 'sheet.png');
  fc.assert(
    fc.property(line, (text) => {
      storeSheet(file, drawSheet(text));
      expect(readSheet(file)).toBe(text);
    }),
    { numRuns: 20 },
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('prints the code of a page as a scanner sees it', () => {
  const file = join(folder, 'printed.png');
  const text = `mks1${charset.repeat(2)}`;
  const svg = encodeQR(text.toUpperCase(), 'svg', { ecc: 'high', border: 4 });
  writeFileSync(file, printSheet(`<html><body>${svg}</body></html>`));
  expect(readSheet(file)).toBe(text);
});

it('refuses a page without a code, an empty safe and a shard that is not on paper', () => {
  expect(() => printSheet('<p>nothing</p>')).toThrow('the sheet shows no QR code');
  expect(() => readSheet(join(folder, 'none.png'))).toThrow('the safe holds no sheet');
  const [first] = loadDeployment(exampleDeployment).shards;
  expect(() => sheetFile('/world', first as never)).toThrow('shard 1 is not on paper');
});
