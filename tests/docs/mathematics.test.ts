/** Each figure on the page of threshold mathematics is computed again, by the formulas that the page derives and no code of the calculator. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import vectors from '../vectors/calculator.json';

const page = readFileSync(resolve(__dirname, '../../docs/introduction/threshold-mathematics.mdx'), 'utf8');

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
const tail = (from: number, n: number, p: number): number => {
  let sum = 0;
  for (let k = from; k <= n; k++) sum += choose(n, k) * p ** k * (1 - p) ** (n - k);
  return sum;
};
const available = (m: number, n: number, p: number) => tail(m, n, p);
const lost = (m: number, n: number, out: number) => tail(n - m + 1, n, out);
const harmonic = (m: number, n: number) => {
  let sum = 0;
  for (let i = m; i <= n; i++) sum += 1 / i;
  return sum;
};

/** A figure as the page writes it: `7.4 \cdot 10^{-3}` with as many digits as it shows. */
function power(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
  return `${mantissa} \\cdot 10^{${Number(exponent)}}`;
}

/** Product in the field with 256 elements and the polynomial of AES. */
const times = (a: number, b: number): number =>
  b === 0 ? 0 : ((b & 1) * a) ^ times(((a << 1) ^ (a >> 7 ? 0x11b : 0)) & 0xff, b >> 1);

const decimals = (value: number, digits: number) => value.toFixed(digits);

describe('the page of threshold mathematics', () => {
  it.each([
    [
      'splits that a bias needs',
      `$255 \\cdot (\\ln ${32 * 255} + 0.577) = ${decimals(255 * (Math.log(32 * 255) + 0.5772), 0)}$`,
    ],
    [
      'availability and loss of 2 of 3',
      `| 2 of 3 | 0.9 | ${decimals(available(2, 3, 0.9), 3)} | $${power(lost(2, 3, 0.1), 3)}$ | C001 |`,
    ],
    [
      'availability and loss of 3 of 5',
      `| 3 of 5 | 0.9 | ${decimals(available(3, 5, 0.9), 5)} | $${power(lost(3, 5, 0.1), 3)}$ | C003 |`,
    ],
    [
      'availability and loss of 5 of 9',
      `| 5 of 9 | 0.9 | ${decimals(available(5, 9, 0.9), 8)} | $${power(lost(5, 9, 0.1), 3)}$ | C007 |`,
    ],
    [
      'availability and loss of 3 of 5 with four nines',
      `| 3 of 5 | 0.9999 | ${decimals(available(3, 5, 0.9999), 11)} | $${power(lost(3, 5, 0.0001), 5)}$ | C011 |`,
    ],
    [
      'what subtraction gives instead',
      `gives $${power(1 - available(3, 5, 0.9999), 5)}$, right to four digits only`,
    ],
    [
      'what subtraction loses altogether',
      `gives exactly ${1 - available(5, 9, 0.9999)}, and the loss is $${power(lost(5, 9, 0.0001), 3)}$`,
    ],
    [
      'shards that differ',
      `all three ${0.9 * 0.8 * 0.7}, exactly two $0.216 + 0.126 + 0.056 = ${decimals(0.9 * 0.8 * 0.3 + 0.9 * 0.2 * 0.7 + 0.1 * 0.8 * 0.7, 3)}$, together 0.902`,
    ],
    ['compromise of 3 of 5', `= ${power(tail(3, 5, 0.01), 5)}$ (C023)`],
    [
      'five domains of one',
      `| Five domains with one shard each | $${power(lost(3, 5, 0.01), 3)}$ | 1 time |`,
    ],
    [
      'three domains of 2, 2 and 1',
      `any two of them | $${power(tail(2, 3, 0.01), 3)}$ | ${decimals(tail(2, 3, 0.01) / lost(3, 5, 0.01), 0)} times |`,
    ],
    [
      'three domains of 3, 1 and 1',
      `the first alone decides | $${power(0.01, 3)}$ | ${Math.round(0.01 / lost(3, 5, 0.01)).toLocaleString('en-US')} times |`,
    ],
    ['a common cause', `to $0.001 + 0.999 \\cdot 0.00856 = ${decimals(0.001 + 0.999 * lost(3, 5, 0.1), 5)}$`],
    ['life of 2 of 3', `| 2 of 3 | 5/6 | ${decimals(10 * harmonic(2, 3), 1)} years |`],
    ['life of 3 of 5', `| 3 of 5 | 47/60 (C053) | ${decimals(10 * harmonic(3, 5), 1)} years |`],
    [
      'life of 5 of 9',
      `| 5 of 9 | ${decimals(harmonic(5, 9), 4)} | ${decimals(10 * harmonic(5, 9), 1)} years |`,
    ],
    ['half-life of a shard', `$t = \\ln 2/\\lambda$, ${decimals(Math.log(2) / 0.1, 1)} years`],
    [
      'checked once a year',
      `| Checked once a year | $${power(1 - Math.exp(-0.1), 2)}$ | $${power(lost(3, 5, 1 - Math.exp(-0.1)), 2)}$ |`,
    ],
    [
      'checked each quarter',
      `| Checked each quarter | $${power(1 - Math.exp(-0.1), 2)}$ | $${power(1 - (1 - lost(3, 5, 1 - Math.exp(-0.025))) ** 4, 2)}$ |`,
    ],
    [
      'never checked',
      `| Never checked, over 10 years in total | ${decimals(1 - Math.exp(-1), 2)} | ${decimals(lost(3, 5, 1 - Math.exp(-1)), 2)} |`,
    ],
    [
      'a patient attacker',
      `with probability $${power(tail(3, 5, 1 - Math.exp(-0.02)), 2)}$ after one year and $${power(tail(3, 5, 1 - Math.exp(-0.1)), 2)}$ after five`,
    ],
  ])('says what comes out for %s', (_, figure) => {
    expect(page).toContain(figure);
  });

  it.each([2, 3, 4, 5])('counts losses, thefts and sets of %i of the majority', (m) => {
    const n = 2 * m - 1;
    expect(page).toContain(
      `| ${m} of ${n} | ${n - m} | ${m - 1} | ${choose(n, m)} | ${choose(n, n - m + 1)} |`,
    );
  });

  it('names entries that the file of vectors has', () => {
    const ids = new Set(vectors.vectors.map(({ id }) => id));
    const named = [...new Set(page.match(/\bC\d{3}\b/g))];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('interpolates in the field with 256 elements as it says', () => {
    const over = (a: number, b: number) => {
      for (let c = 0; c < 256; c++) if (times(c, b) === a) return c;
      throw new RangeError(`${b} has no inverse`);
    };
    const f = (x: number) => 0x42 ^ times(0x17, x) ^ times(0x99, times(x, x));
    const points = [7, 83, 201].map((x) => ({ x, y: f(x) }));
    const secret = points.reduce(
      (sum, { x, y }) =>
        sum ^
        points.reduce(
          (product, other) => (other.x === x ? product : times(product, over(other.x, other.x ^ x))),
          y,
        ),
      0,
    );
    expect(secret).toBe(0x42);
  });

  it('lets two shards of three fit each of the 256 candidates exactly once', () => {
    const [first, second] = [
      { x: 7, y: 19 },
      { x: 83, y: 200 },
    ];
    const fits = new Map<number, number>();
    for (let a1 = 0; a1 < 256; a1++)
      for (let a2 = 0; a2 < 256; a2++) {
        const secret = first.y ^ times(a1, first.x) ^ times(a2, times(first.x, first.x));
        if ((secret ^ times(a1, second.x) ^ times(a2, times(second.x, second.x))) === second.y)
          fits.set(secret, (fits.get(secret) ?? 0) + 1);
      }
    expect(fits.size).toBe(256);
    expect(new Set(fits.values())).toEqual(new Set([1]));
  });
});
