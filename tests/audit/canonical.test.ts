/** RFC 8785: its published test files, its number samples, and a second implementation on random values. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, isCanonical, type Json } from '../../src/audit/canonical';

// The test files of the RFC's authors, as the package `canonicalize` carries them.
const vectors = path.resolve('node_modules/canonicalize/test/testdata');
const names = readdirSync(path.join(vectors, 'input'));

describe('canonical form', () => {
  it('has vectors', () => expect(names.length).toBeGreaterThanOrEqual(5));

  it.each(names)('agrees with the published %s', (name) => {
    const input = JSON.parse(readFileSync(path.join(vectors, 'input', name), 'utf8'));
    // One of the files ends with a newline of its editor.
    const output = readFileSync(path.join(vectors, 'output', name), 'utf8').trimEnd();
    expect(canonical(input)).toBe(output);
    expect(isCanonical(output, JSON.parse(output))).toBe(true);
  });

  // RFC 8785 appendix B: IEEE 754 bits and their text.
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as %s', (bits, text) => {
    expect(canonical(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('refuses what has no canonical form', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udc00': 1 }])
      expect(() => canonical(bad)).toThrow(RangeError);
    for (const bad of [undefined, 1n, () => 1]) expect(() => canonical(bad as never)).toThrow(TypeError);
  });

  it('agrees with a second implementation on any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = canonicalize(value) as string;
        expect(canonical(value as Json)).toBe(text);
        expect(isCanonical(text, JSON.parse(text))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a member twice', '{"a":1,"a":1}'],
    ['white space', '{"a": 1}'],
    ['order', '{"b":1,"a":1}'],
    ['order of whole numbers as names', '{"9":1,"10":1}'],
    ['a needless escape', '{"a":"\\u0041"}'],
    ['an escaped solidus', '{"a":"\\/"}'],
    ['minus zero', '{"a":-0}'],
    ['a fraction of zeros', '{"a":1.0}'],
    ['an exponent', '{"a":1e2}'],
    ['digits beyond the safe range', '{"a":9007199254740993}'],
    ['half a surrogate pair', '{"a":"\\ud800"}'],
    ['__proto__ out of order', '{"a":1,"__proto__":1}'],
  ])('is not given by %s', (_what, text) => {
    expect(isCanonical(text, JSON.parse(text))).toBe(false);
  });

  it('sorts by UTF-16 code units, not by code points', () => {
    expect(canonical({ '\ufb33': 1, '\ud83d\ude00': 2 })).toBe('{"\ud83d\ude00":2,"\ufb33":1}');
    expect(isCanonical('{"10":1,"9":1}', { 9: 1, 10: 1 })).toBe(true);
  });
});
