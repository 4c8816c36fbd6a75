/** 100,000 hostile manifests, receipts, names, hex and pictures: nothing false is taken, nothing draws on a terminal. */
import * as fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ImageError } from '../../../scripts/sss/scan/gray';
import { readJpeg } from '../../../scripts/sss/scan/jpeg';
import { readPng } from '../../../scripts/sss/scan/png';
import { receiptHolds, sealHolds } from '../../../scripts/sss/seal';
import { fromHex, ShardError, toHex } from '../../../src/shard/format';
import { locate } from '../../../src/shard/locate';
import { formatManifest, type Manifest, parseManifest, sealedText } from '../../../src/shard/manifest';
import { isPlainName } from '../../../src/shard/names';
import { checkReceipt } from '../../../src/shard/turnover';
import { IN_MEMORY, makeSet, makeWitness, scratch, sss } from './run';

const MANIFESTS = 40_000;
const RECEIPTS = 20_000;
const TEXTS = 36_700;
const PICTURES = 3_000;
const COMMANDS = 300;

let manifest: Manifest;
let receipt: Record<string, unknown>;
let line: string;
let folder: string;
const witness = makeWitness();
let files: { old: string; next: string; receipts: string[] };
beforeAll(async () => {
  folder = scratch(IN_MEMORY);
  const set = await makeSet({ threshold: 2, holders: ['A', 'B', 'C'] });
  const out = path.join(folder, 'set2');
  const deal = ['--threshold', '2', '--generation', '2', '--holder', 'A', '--holder', 'B', '--out', out];
  await sss(['reshare', '--manifest', set.manifest, ...deal, set.shard(1), set.shard(2)]);
  const next = path.join(out, 'manifest.json');
  const receipts = ['1', '2'].map((n) => path.join(folder, `r${n}.json`));
  for (const [i, file] of receipts.entries())
    await sss(['verify', '--manifest', next, '--receipt', file, path.join(out, `shard-${i + 1}.txt`)]);
  for (const file of [set.manifest, next]) witness.sign(file);
  files = { old: set.manifest, next, receipts };
  manifest = parseManifest(fs.readFileSync(next, 'utf8'));
  receipt = JSON.parse(fs.readFileSync(receipts[0] ?? '', 'utf8'));
  line = fs.readFileSync(path.join(out, 'shard-1.txt'), 'utf8');
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DRAWS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Values that parsers trip over. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, '', ' ', 0, -1, 1.5, 1e308, 256, [], {}, '__proto__', 'safe\u001b[2J', '\u202ex'],
  ),
  fc.constantFrom<unknown>('mks1qpzry9x8gf', '0'.repeat(64), 'f'.repeat(128), 'safe, Oslo\u3164', [[]], {
    toString: 1,
  }),
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer({ min: 0, max: 70_000 }),
  fc.string({ unit: 'binary', maxLength: 130 }),
);

/** A path into JSON and what is put there; `undefined` deletes. */
const change = fc.record({
  where: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 3 }),
  value: fc.option(hostile, { nil: undefined, freq: 6 }),
  name: fc.option(fc.constantFrom('extra', '__proto__', 'constructor', 'follows', 'seal'), { freq: 8 }),
});
type Change = { where: number[]; value: unknown; name: string | null };

function apply(json: unknown, { where, value, name }: Change): void {
  let at = json as Record<string, unknown>;
  for (const [i, step] of where.entries()) {
    const keys = Object.keys(at);
    const key = name && i === where.length - 1 ? name : (keys[step % Math.max(1, keys.length)] ?? '0');
    const inner = at[key];
    if (i < where.length - 1 && typeof inner === 'object' && inner !== null) {
      at = inner as Record<string, unknown>;
      continue;
    }
    if (value === undefined) delete at[key];
    else
      Object.defineProperty(at, key, {
        value: JSON.parse(JSON.stringify(value)),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return;
  }
}

const changes = fc.array(change, { minLength: 1, maxLength: 3 });

describe('hostile', () => {
  it(`${MANIFESTS} manifests: refused in one plain line, or unchanged, or without a seal that fits`, () => {
    let read = 0;
    fc.assert(
      fc.property(changes, (list) => {
        const json = structuredClone(manifest);
        for (const one of list) apply(json, one);
        let found: Manifest;
        try {
          found = parseManifest(JSON.stringify(json));
        } catch (error) {
          if (!(error instanceof ShardError)) throw error;
          if (DRAWS.test(error.message + error.hint)) throw new Error('a message draws');
          return;
        }
        read += 1;
        if (DRAWS.test(JSON.stringify(found))) throw new Error('a field draws');
        const same = sealedText(found) === sealedText(manifest);
        if (found.seal && !same && sealHolds(found)) throw new Error('a changed manifest passes');
      }),
      { numRuns: MANIFESTS },
    );
    expect(read).toBeGreaterThan(MANIFESTS / 100);
  });

  it(`${RECEIPTS} receipts: none but the true one counts`, () => {
    fc.assert(
      fc.property(changes, (list) => {
        const json = structuredClone(receipt);
        for (const one of list) apply(json, one);
        try {
          checkReceipt(manifest, JSON.stringify(json), receiptHolds);
        } catch (error) {
          if (!(error instanceof ShardError)) throw error;
          if (DRAWS.test(error.message + error.hint)) throw new Error('a message draws');
          return;
        }
        expect(json).toEqual(receipt);
      }),
      { numRuns: RECEIPTS },
    );
  });

  it(`${TEXTS} texts: as hex, as a name, as a typed line`, () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFgz x\n+-'), maxLength: 12 });
    const text = fc.oneof(
      digits,
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, fc.nat({ max: 89 }), (input, at) => {
        try {
          if (toHex(fromHex(input)) !== input.toLowerCase()) throw new Error('not what was given');
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
        if (isPlainName(input) && DRAWS.test(input)) throw new Error('a name draws');
        // Pointing at a slip takes some milliseconds.
        if (at % 45 !== 0) return;
        try {
          const found = locate(line.slice(0, at) + input + line.slice(at + 1));
          if (found.kind === 'layout') throw new Error('a layout is proposed for a slip');
        } catch (error) {
          if (!(error instanceof ShardError)) throw error;
        }
      }),
      { numRuns: TEXTS },
    );
  });

  it(`${PICTURES} pictures: read or refused, never a fault`, async () => {
    const names = fs.readdirSync(path.join(__dirname, 'pictures'));
    const whole = names.map((name) =>
      Uint8Array.from(fs.readFileSync(path.join(__dirname, 'pictures', name))),
    );
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.nat(), damage, fc.nat(), async (which, list, cut) => {
        const bytes = Uint8Array.from(whole[which % whole.length] ?? []);
        for (const [at, value] of list) bytes[2 + (at % (cut % 2 === 0 ? 200 : bytes.length - 2))] = value;
        const end = cut % 5 === 0 ? cut % bytes.length : bytes.length;
        try {
          const deadline = Date.now() + 10_000;
          const png = bytes[1] === 0x50;
          const part = bytes.subarray(0, end);
          const { width, height, data } = png ? await readPng(part, deadline) : readJpeg(part, deadline);
          expect(data.length).toBe(width * height);
        } catch (error) {
          if (!(error instanceof ImageError)) throw error;
        }
      }),
      { numRuns: PICTURES },
    );
  });

  it(`${COMMANDS} commands: retire releases nothing on changed evidence`, async () => {
    const bad = path.join(folder, 'bad.json');
    const out = path.join(folder, 'out.json');
    const names = fc.constantFrom('retire', 'retire', 'manifest', 'verify');
    await fc.assert(
      fc.asyncProperty(names, fc.boolean(), changes, async (name, inReceipt, list) => {
        const json = structuredClone(inReceipt ? receipt : manifest) as Record<string, unknown>;
        const before = JSON.stringify(json);
        for (const one of list) apply(json, one);
        fs.writeFileSync(bad, inReceipt ? JSON.stringify(json) : formatManifest(json as never));
        const changed = JSON.stringify(json) !== before;
        const { old, next, receipts } = files;
        const shown = inReceipt ? next : bad;
        const argv: Record<string, string[]> = {
          retire: [
            ...['retire', '--manifest', old, '--new-manifest', shown, '--new-signature', `${next}.sig`],
            ...[...witness.options, '--out', out, inReceipt ? bad : (receipts[0] ?? ''), receipts[1] ?? ''],
          ],
          manifest: ['manifest', shown],
          verify: ['verify', '--manifest', shown, path.join(path.dirname(next), 'shard-1.txt')],
        };
        const ran = await sss(argv[name] ?? []);
        if (DRAWS.test(ran.out.replaceAll('\n', '') + ran.err.replaceAll('\n', '')))
          throw new Error('output draws');
        expect(ran.err).not.toContain('internal fault');
        const made = fs.existsSync(out);
        fs.rmSync(out, { force: true });
        if (name !== 'retire') return;
        expect(made).toBe(ran.code === 0);
        if (changed) expect(made).toBe(false);
      }),
      { numRuns: COMMANDS },
    );
  });
});
