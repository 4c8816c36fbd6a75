/** 100,000 cases and more: arbitrary bytes, mutated shards, mixed sets. Never a wrong key, never a leak. */
import * as fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatShard, parseShard, printShard, ShardError } from '../../../src/shard/format';
import { IN_MEMORY, type MadeSet, makeSet, type Ran, scratch, sss } from './run';

const RUN = 12;
const OPERATION_CASES = 12_000;
const RESHARE_CASES = 400;
const IMAGE_CASES = 600;
const PARSE_CASES = 90_000;

let sets: MadeSet[];
let lines: string[];
let folder: string;
/** Every run of 12 characters of a shard, and of 12 hex digits of a key: none may ever be printed. */
const secrets = new Set<string>();
const keys = new Map<MadeSet, string>();

const learn = (text: string) => {
  for (let i = 0; i + RUN <= text.length; i += 1) secrets.add(text.slice(i, i + RUN));
};
const leaks = (text: string): boolean => {
  const lower = text.toLowerCase();
  for (let i = 0; i + RUN <= lower.length; i += 1) if (secrets.has(lower.slice(i, i + RUN))) return true;
  return false;
};

beforeAll(async () => {
  folder = scratch(IN_MEMORY);
  // Two sets of one shape, one of another generation, one of 2 of 2, one real.
  sets = [
    await makeSet(),
    await makeSet(),
    await makeSet({ generation: 2 }),
    await makeSet({ threshold: 2, holders: ['A', 'B'] }),
    await makeSet({}, {}),
  ];
  for (const [i, set] of sets.entries()) {
    const out = path.join(folder, `true-${i}`);
    const shards = [1, 2, 3].map((n) => set.shard(n)).filter((file) => fs.existsSync(file));
    const ran = await sss(
      ['combine', '--manifest', set.manifest, '--out', out, ...shards],
      i === 4 ? {} : { SSS_TEST: '1' },
    );
    expect(ran.code, ran.err).toBe(0);
    const key = fs.readFileSync(out).toString('hex');
    keys.set(set, key);
    learn(key);
  }
  lines = sets.flatMap((set) =>
    [1, 2, 3, 4, 5]
      .map((n) => set.shard(n))
      .filter((file) => fs.existsSync(file))
      .map((file) => fs.readFileSync(file, 'utf8')),
  );
  for (const line of lines) learn(line);
});

const position = fc.nat({ max: 89 });
/** Changes of a shard's text, from harmless (case, grouping) to hopeless. */
const edit: fc.Arbitrary<(line: string) => string> = fc.oneof(
  fc.constant((line: string) => line),
  fc.constant((line: string) => printShard(line)),
  fc.constant((line: string) => `${line.toUpperCase()}\n`),
  fc.tuple(position, fc.constantFrom(...'qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQ !\n\u0000é')).map(
    ([at, character]) =>
      (line: string) =>
        line.slice(0, at) + character + line.slice(at + 1),
  ),
  position.map((at) => (line: string) => line.slice(0, at)),
  position.map((at) => (line: string) => line.slice(at)),
  fc.tuple(position, position).map(
    ([a, b]) =>
      (line: string) =>
        line.slice(0, a) + line.slice(b),
  ),
  fc.constant((line: string) => line + line),
  // Damage under a right checksum: a holder who forges.
  fc.tuple(fc.nat({ max: 32 }), fc.integer({ min: 1, max: 255 })).map(([at, by]) => (line: string) => {
    const shard = parseShard(line);
    shard.share[at] = (shard.share[at] ?? 0) ^ by;
    return shard.share[32] === 0 ? line : formatShard(shard);
  }),
);

const edits = fc.oneof(
  { weight: 3, arbitrary: fc.constant<((line: string) => string)[]>([]) },
  { weight: 2, arbitrary: fc.array(edit, { minLength: 1, maxLength: 2 }) },
);

/** One file's content, once the command's set and the file's place in the list are known. */
type Make = (set: MadeSet, place: number) => string;

const text: fc.Arbitrary<Make> = fc
  .record({ foreign: fc.nat({ max: 9 }), which: fc.nat(), place: fc.nat({ max: 19 }), changes: edits })
  .map(({ foreign, which, place, changes }) => (set, own) => {
    // Mostly shard after shard of the command's own set, sometimes one twice, sometimes any of all sets.
    const file = set.shard(place === 0 ? 1 : own + 1);
    const any = lines[which % lines.length] ?? '';
    let line = foreign === 0 || !fs.existsSync(file) ? any : fs.readFileSync(file, 'utf8');
    for (const change of changes) {
      try {
        line = change(line);
      } catch (error) {
        // Forging needs a line that still parses.
        if (!(error instanceof ShardError)) throw error;
      }
    }
    return line;
  });

const junk: fc.Arbitrary<Make> = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes) => () => Buffer.from(bytes).toString('latin1'));

const content = fc.oneof({ weight: 15, arbitrary: text }, { weight: 1, arbitrary: junk });

describe('fuzzing', () => {
  it(`${PARSE_CASES} texts: parsed back to themselves, or refused without a quotation`, () => {
    let accepted = 0;
    fc.assert(
      fc.property(content, fc.nat({ max: 3 }), fc.nat({ max: 4 }), (make, which, place) => {
        const set = sets[which];
        if (!set) throw new Error('no set');
        const input = make(set, place);
        try {
          const shard = parseShard(input);
          accepted += 1;
          expect(formatShard(shard)).toBe(input.replace(/[ \t\r\n]/g, '').toLowerCase());
        } catch (error) {
          if (!(error instanceof ShardError)) throw error;
          if (leaks(`${error.message} ${error.hint}`)) throw new Error('a message quotes a shard');
        }
      }),
      { numRuns: PARSE_CASES },
    );
    expect(accepted).toBeGreaterThan(PARSE_CASES / 10);
  });

  it(`${OPERATION_CASES} commands: the true key or none, one line of error, nothing secret printed`, async () => {
    let [good, again, refused] = [0, 0, 0];
    const files = fc.array(content, { minLength: 1, maxLength: 5 });
    const command = fc.constantFrom(
      ...['combine', 'combine', 'combine', 'combine bare', 'reissue', 'verify', 'inspect', 'locate', 'sheet'],
    );
    const out = path.join(folder, 'key');
    await fc.assert(
      fc.asyncProperty(command, fc.nat({ max: 3 }), files, fc.boolean(), async (name, which, makes, json) => {
        const set = sets[which];
        if (!set) throw new Error('no set');
        const paths = makes.map((make, i) => {
          const file = path.join(folder, `f${i}`);
          fs.writeFileSync(file, make(set, i));
          return file;
        });
        const argv: Record<string, string[]> = {
          combine: ['combine', '--manifest', set.manifest, '--out', out, ...paths],
          'combine bare': ['combine', '--out', out, ...paths],
          verify: ['verify', '--manifest', set.manifest, ...paths],
          reissue: ['reissue', '--manifest', set.manifest, '--number', '2', '--out', out, ...paths],
          sheet: ['sheet', '--manifest', set.manifest, '--out', out, paths[0] ?? ''],
          inspect: ['inspect', paths[0] ?? ''],
          locate: ['locate', paths[0] ?? ''],
        };
        const ran: Ran = await sss([...(argv[name] ?? []), ...(json ? ['--json'] : [])]);
        const made = fs.existsSync(out) ? fs.readFileSync(out) : undefined;
        const key = made?.toString('hex');
        fs.rmSync(out, { force: true });
        if (leaks(ran.out) || leaks(ran.err)) throw new Error('a shard or a key was printed');
        expect(ran.out + ran.err).not.toMatch(/\n\s+at |internal fault/);
        // A single file is too few for reissue.
        expect(name === 'reissue' ? [0, 1, 2, 3] : [0, 1, 3]).toContain(ran.code);
        if (ran.code !== 0) {
          refused += 1;
          // What locate points at is its report.
          if (name !== 'locate') expect(ran.err).toMatch(/^sss: error: /m);
          expect(key).toBeUndefined();
        } else if (name === 'reissue') {
          expect(made?.toString()).toBe(fs.readFileSync(set.shard(2), 'utf8'));
          again += 1;
        } else if (name.startsWith('combine')) {
          good += 1;
          if (name === 'combine') expect(key).toBe(keys.get(set));
          else expect([...keys.values()].slice(0, 4)).toContain(key);
        }
      }),
      { numRuns: OPERATION_CASES },
    );
    // Both outcomes must really occur, or the property says nothing.
    expect(good).toBeGreaterThan(OPERATION_CASES / 50);
    expect(again).toBeGreaterThan(OPERATION_CASES / 500);
    expect(refused).toBeGreaterThan(OPERATION_CASES / 4);
  });

  it(`${RESHARE_CASES} reshares: a whole set of the same key, or nothing`, async () => {
    let good = 0;
    const [next, out] = [path.join(folder, 'next'), path.join(folder, 'key')];
    const deal = ['--threshold', '2', '--generation', '9', '--holder', 'A', '--holder', 'B', '--out', next];
    const files = fc.array(content, { minLength: 3, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 3 }), files, async (which, makes) => {
        const set = sets[which];
        if (!set) throw new Error('no set');
        const paths = makes.map((make, i) => {
          const file = path.join(folder, `f${i}`);
          fs.writeFileSync(file, make(set, i));
          return file;
        });
        const ran = await sss(['reshare', '--manifest', set.manifest, ...deal, ...paths]);
        if (leaks(ran.out) || leaks(ran.err)) throw new Error('a shard or a key was printed');
        expect([0, 1, 3]).toContain(ran.code);
        expect(fs.existsSync(next)).toBe(ran.code === 0);
        if (ran.code !== 0) return;
        good += 1;
        const both = ['shard-1.txt', 'shard-2.txt'].map((name) => path.join(next, name));
        await sss(['combine', '--manifest', path.join(next, 'manifest.json'), '--out', out, ...both]);
        expect(fs.readFileSync(out).toString('hex')).toBe(keys.get(set));
        fs.rmSync(out);
        fs.rmSync(next, { recursive: true });
      }),
      { numRuns: RESHARE_CASES },
    );
    expect(good).toBeGreaterThan(RESHARE_CASES / 20);
  });

  it(`${IMAGE_CASES} damaged images: refused in one line`, async () => {
    const [file, out] = [path.join(folder, 'image'), path.join(folder, 'scanned')];
    const image = new PNG({ width: 40, height: 40 });
    const [png, jpg] = [PNG.sync.write(image), jpeg.encode({ ...image, data: image.data }, 60).data];
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), damage, fc.nat(), async (isPng, changes, cut) => {
        const bytes = Buffer.from(isPng ? png : jpg);
        for (const [at, value] of changes) bytes[2 + (at % (bytes.length - 2))] = value;
        fs.writeFileSync(file, bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length));
        const ran = await sss(['scan', file, '--out', out]);
        expect(ran).toMatchObject({ code: 3, out: '' });
        expect(fs.existsSync(out)).toBe(false);
      }),
      { numRuns: IMAGE_CASES },
    );
  });
});
