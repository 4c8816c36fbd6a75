/** Shard text format v1 against vectors that an independent program made. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitmentOf, kcvOf } from '../../src/shard/commitment';
import {
  formatShard,
  fromHex,
  labelOf,
  parseShard,
  printShard,
  type Shard,
  ShardError,
  shardLength,
  shardX,
  toHex,
} from '../../src/shard/format';
import { combineShares } from '../../src/shard/shares';
import { envelope } from './vectors';

const codeOf = (text: string): string => {
  try {
    parseShard(text);
  } catch (error) {
    if (error instanceof ShardError) return error.code;
    throw error;
  }
  return 'accepted';
};

const anyShard: fc.Arbitrary<Shard> = fc
  .record({
    test: fc.boolean(),
    threshold: fc.integer({ min: 2, max: 255 }),
    extra: fc.integer({ min: 0, max: 253 }),
    generation: fc.integer({ min: 1, max: 65535 }),
    id: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    kcv: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    y: fc.uint8Array({ minLength: 16, maxLength: 64 }),
    x: fc.integer({ min: 1, max: 255 }),
  })
  .map(({ extra, id, kcv, y, x, ...header }) => ({
    ...header,
    total: Math.min(255, header.threshold + extra),
    setId: toHex(id),
    kcv: toHex(kcv),
    share: Uint8Array.of(...y, x),
  }));

describe('hex', () => {
  it('decodes pairs of digits of either case, and refuses everything else without a quotation', () => {
    expect(fromHex('00fFA9')).toEqual(Uint8Array.of(0, 255, 169));
    expect(fromHex('')).toEqual(new Uint8Array());
    for (const text of ['zz', '0', '0g', '0x', ' 00', '00 ', '00\n', '-1', '+1', '1.', '١٢']) {
      expect(() => fromHex(text), JSON.stringify(text)).toThrow(RangeError);
      expect(() => fromHex(text)).toThrow(/^not hex: wanted pairs of the digits 0 to 9 and a to f$/);
    }
    for (const value of [undefined, null, 12, ['00'], Uint8Array.of(0)])
      expect(() => fromHex(value as never)).toThrow(TypeError);
  });
});

describe('the vectors', () => {
  for (const set of envelope.vectors) {
    it(`${set.id}: ${set.M} of ${set.N}, ${set.secret.length / 2} bytes`, async () => {
      for (const { x, vault_share, text } of set.shards) {
        const shard = parseShard(text);
        expect(shard).toMatchObject({
          test: set.test_flag,
          threshold: set.M,
          total: set.N,
          generation: set.generation,
          setId: set.set_id,
          kcv: set.kcv,
        });
        expect([shardX(shard), toHex(shard.share)]).toEqual([x, vault_share]);
        expect(formatShard(shard).toUpperCase()).toBe(text);
        expect(commitmentOf(fromHex(set.secret), shard)).toBe(set.commitment);
      }
      const shares = set.shards.slice(-set.M).map(({ vault_share }) => fromHex(vault_share));
      expect(toHex(await combineShares(shares, set.M))).toBe(set.secret);
      expect(kcvOf(set.commitment)).toBe(set.kcv);
    });
  }

  for (const { text, reason } of envelope.negative) {
    it(`refuses: ${reason}`, () => expect(codeOf(text)).not.toBe('accepted'));
  }
});

describe('parseShard', () => {
  const text = envelope.vectors[1]?.shards[0]?.text ?? '';

  it('has 90 characters for a 32-byte key, and a label', () => {
    expect(text).toHaveLength(90);
    expect(labelOf(parseShard(text))).toBe('994F-185');
  });

  it('accepts the printed form: upper case, groups of five, several lines', () => {
    expect(printShard(text.toLowerCase())).toMatch(/^MKS1Z [A-Z0-9 \n]+$/);
    expect(parseShard(`  ${printShard(text)}\r\n`)).toEqual(parseShard(text));
  });

  it('says what is wrong', () => {
    const lower = text.toLowerCase();
    expect(codeOf(' \n')).toBe('empty');
    expect(codeOf('\u0000'.repeat(90))).toBe('not-text');
    expect(codeOf('x'.repeat(5000))).toBe('not-text');
    expect(codeOf('hello')).toBe('prefix');
    expect(codeOf(`${text.slice(0, 80)}${lower.slice(80)}`)).toBe('case');
    expect(codeOf(`${lower.slice(0, 20)}b${lower.slice(21)}`)).toBe('characters');
    expect(codeOf(lower.slice(0, -1))).toBe('checksum');
  });

  it('counts positions from 1, in groups of five', () => {
    expect(() => parseShard(`${text.slice(0, 10)}O${text.slice(11)}`)).toThrow(
      "character 11 (group 3, character 1) can't stand in a shard line",
    );
  });

  it('gives back what formatShard got, for every shard', () => {
    fc.assert(
      fc.property(anyShard, (shard) => {
        expect(parseShard(formatShard(shard))).toEqual(shard);
      }),
    );
  });

  it('notices every change of up to four characters', () => {
    const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
    const edits = fc.uniqueArray(
      fc.record({ at: fc.integer({ min: 4, max: 89 }), by: fc.integer({ min: 1, max: 31 }) }),
      { minLength: 1, maxLength: 4, selector: ({ at }) => at },
    );
    fc.assert(
      fc.property(edits, (list) => {
        const characters = [...text.toLowerCase()];
        for (const { at, by } of list) {
          characters[at] = alphabet[(alphabet.indexOf(characters[at] ?? '') + by) % 32] ?? '';
        }
        expect(codeOf(characters.join(''))).toBe('checksum');
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses x = 0, and formatShard does not make it', () => {
    const shard = parseShard(text);
    shard.share[32] = 0;
    expect(() => formatShard(shard)).toThrow('x is 0');
  });

  it('never quotes the text in a message', () => {
    const damaged = fc.tuple(fc.integer({ min: 0, max: 89 }), fc.string({ minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(damaged, ([at, junk]) => {
        try {
          parseShard(text.slice(0, at) + junk + text.slice(at + 1));
        } catch (error) {
          const shown = `${error}${(error as ShardError).hint}${(error as Error).stack}`.toLowerCase();
          for (let i = 0; i + 8 < text.length; i += 1) {
            expect(shown).not.toContain(text.slice(i, i + 8).toLowerCase());
          }
        }
      }),
    );
  });
});

it('the length of a line follows from the length of the key', () => {
  expect([16, 24, 32, 48, 64].map(shardLength)).toEqual([65, 78, 90, 116, 142]);
  fc.assert(
    fc.property(anyShard, (shard) => formatShard(shard).length === shardLength(shard.share.length - 1)),
  );
});
