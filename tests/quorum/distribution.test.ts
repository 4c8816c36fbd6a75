/** Chances, tails and correlated domains against enumeration of all states; the bound; the time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Chance, chance, chanceWithin, either, not } from '../../src/quorum/chance';
import { type CommonEvent, hitDistribution } from '../../src/quorum/correlated';
import { availability, compromise, loss, poissonBinomial, tails } from '../../src/quorum/distribution';
import { maxStates } from '../../src/quorum/eventPlan';
import { lossWithChecks, meanTimeToCompromise, meanTimeToLoss } from '../../src/quorum/lifetime';
import { equalShards, risks } from '../../src/quorum/probabilities';
import { hitDistributionByStates, relativeError } from './oracle';

const probability = fc.oneof(
  fc.constantFrom('0', '1', '0.5', '1e-6', '0.999999'),
  fc.integer({ min: 0, max: 1000 }).map((thousandths) => String(thousandths / 1000)),
);
const anyChance = probability.map(chance);

function eventsOf(count: number, maxLength: number) {
  return fc.array(
    fc.record({
      chance: anyChance,
      shards: fc.uniqueArray(fc.integer({ min: 1, max: count }), { maxLength: count }),
    }),
    { maxLength },
  );
}

describe('chance', () => {
  test('takes the complement on the decimal digits', () => {
    expect(chance('0.9999')).toEqual({ hit: 0.9999, miss: 1e-4 });
    expect(chance(0.999999999999)).toEqual({ hit: 0.999999999999, miss: 1e-12 });
    expect(chance('1e-6')).toEqual({ hit: 1e-6, miss: 0.999999 });
    expect(chance('12.5e-2')).toEqual({ hit: 0.125, miss: 0.875 });
    expect(chance('1')).toEqual({ hit: 1, miss: 0 });
    expect(chance('0.0')).toEqual({ hit: 0, miss: 1 });
    expect(chance(5e-324)).toEqual({ hit: 5e-324, miss: 1 });
  });

  test.each(['', ' ', '-0.1', '1.0001', '2', 'NaN', '0x1', '1e', '.5', 'abc', '1e999', Number.NaN, 1.5, -1])(
    'refuses %s',
    (value) => {
      expect(() => chance(value)).toThrow(RangeError);
    },
  );

  test('refuses other types', () => {
    for (const value of [undefined, null, true, {}, []])
      expect(() => chance(value as never)).toThrow(TypeError);
    expect(() => chanceWithin('1' as never, 1)).toThrow(TypeError);
    expect(() => chanceWithin(-1, 1)).toThrow(RangeError);
    expect(() => chanceWithin(1, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });

  test('hit and miss add up', () => {
    fc.assert(
      fc.property(anyChance, anyChance, (a, b) => {
        for (const c of [a, b, either(a, b), not(a)]) expect(c.hit + c.miss).toBeCloseTo(1, 14);
      }),
    );
  });

  test('within a short time the chance keeps its digits', () => {
    expect(chanceWithin(1e-12, 1).hit / (1e-12 - 5e-25)).toBeCloseTo(1, 14);
  });
});

describe('tails', () => {
  test('loss of M of N at failure f is compromise of N - M + 1 of N at q = f', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), probability, (n, pick, text) => {
        const m = 1 + (pick % n);
        const both = tails(poissonBinomial(new Array<Chance>(n).fill(chance(text))));
        expect(loss(m, both)).toBe(compromise(n - m + 1, both));
        expect(availability(m, both) + loss(m, both)).toBeCloseTo(1, 12);
      }),
    );
  });

  test('a loss of 1e-11 has all its digits', () => {
    const [, , third] = risks(equalShards(5, chance('0.9999')));
    expect(Math.abs((third?.loss ?? 0) / 9.99850006e-12 - 1)).toBeLessThan(1e-13);
  });

  test('refuses a threshold outside 1..N', () => {
    const down = tails(poissonBinomial([chance(0.5), chance(0.5)]));
    for (const m of [0, 3, 1.5, Number.NaN]) {
      for (const tail of [availability, loss, compromise]) expect(() => tail(m, down)).toThrow(RangeError);
    }
  });
});

describe('correlated domains', () => {
  test('equal the enumeration of all states', () => {
    const cases = fc
      .integer({ min: 1, max: 6 })
      .chain((n) => fc.tuple(fc.array(anyChance, { minLength: n, maxLength: n }), eventsOf(n, 6)));
    fc.assert(
      fc.property(cases, ([own, events]) => {
        expect(
          relativeError(hitDistribution(own, events), hitDistributionByStates(own, events)),
        ).toBeLessThan(1e-11);
      }),
      { numRuns: 300 },
    );
  });

  test('equal the enumeration up to 12 shards', () => {
    const cases = fc.tuple(fc.array(anyChance, { minLength: 12, maxLength: 12 }), eventsOf(12, 3));
    fc.assert(
      fc.property(cases, ([own, events]) => {
        expect(
          relativeError(hitDistribution(own, events), hitDistributionByStates(own, events)),
        ).toBeLessThan(1e-11);
      }),
      { numRuns: 8 },
    );
  });

  test('few shards may share very many domains', () => {
    const own = [0.1, 0.2, 0.3, 0.4, 0.5].map(chance);
    const events: CommonEvent[] = [];
    for (let mask = 1; mask < 32; mask++) {
      const shards = [1, 2, 3, 4, 5].filter((n) => (mask >> (n - 1)) & 1);
      events.push({ chance: chance(mask / 1000), shards }, { chance: chance(0.01), shards });
    }
    // Domains with the same shards are one event for the oracle; those of one shard belong to the shard.
    const combined = own.map((c, i) =>
      events
        .filter(({ shards }) => shards.join() === String(i + 1))
        .reduce((sum, e) => either(sum, e.chance), c),
    );
    const distinct = new Map<string, CommonEvent>();
    for (const event of events.filter(({ shards }) => shards.length > 1)) {
      const equal = distinct.get(event.shards.join());
      distinct.set(event.shards.join(), {
        shards: event.shards,
        chance: equal ? either(equal.chance, event.chance) : event.chance,
      });
    }
    // 26 events: 2^26 states are too many even for the oracle, so it walks over the union of their shards instead.
    let unions = new Map<number, number>([[0, 1]]);
    for (const { chance: c, shards } of distinct.values()) {
      const bits = shards.reduce((mask, n) => mask | (1 << (n - 1)), 0);
      const next = new Map<number, number>();
      for (const [mask, p] of unions) {
        next.set(mask, (next.get(mask) ?? 0) + p * c.miss);
        next.set(mask | bits, (next.get(mask | bits) ?? 0) + p * c.hit);
      }
      unions = next;
    }
    const wanted = new Array<number>(6).fill(0);
    for (const [mask, p] of unions) {
      const forced = combined.map((c, i) => ((mask >> i) & 1 ? chance(1) : c));
      poissonBinomial(forced).forEach((q, k) => {
        wanted[k] = (wanted[k] ?? 0) + p * q;
      });
    }
    expect(relativeError(hitDistribution(own, events), wanted)).toBeLessThan(1e-11);
  });

  test('are refused beyond the stated bound, and never approximated', () => {
    const pairs = (count: number): CommonEvent[] => {
      const shards = Array.from({ length: (count * (count - 1)) / 2 }, () => [] as number[]);
      const events = Array.from({ length: count }, () => [] as number[]);
      let n = 0;
      for (let a = 0; a < count; a++) {
        for (let b = a + 1; b < count; b++) {
          n += 1;
          events[a]?.push(n);
          events[b]?.push(n);
        }
      }
      expect(n).toBe(shards.length);
      return events.map((members) => ({ chance: chance(0.01), shards: members }));
    };
    const run = (count: number) =>
      hitDistribution(new Array<Chance>((count * (count - 1)) / 2).fill(chance(0.1)), pairs(count));
    expect(() => run(22)).toThrow(RangeError);
    expect(() => run(22)).toThrow(`limited to ${maxStates} joint states`);
    expect(run(12)).toHaveLength(67);
  });

  test('one hundred domains that do not overlap are no matter', () => {
    const own = new Array<Chance>(200).fill(chance(0.01));
    const events = Array.from({ length: 100 }, (_, i) => ({
      chance: chance(0.02),
      shards: [2 * i + 1, 2 * i + 2],
    }));
    const pair = [0.98 * 0.99 ** 2, 0.98 * 2 * 0.99 * 0.01, 0.98 * 0.01 ** 2 + 0.02];
    let wanted = [1];
    for (let i = 0; i < 100; i++) {
      const next = new Array<number>(wanted.length + 2).fill(0);
      wanted.forEach((p, k) => {
        pair.forEach((q, j) => {
          next[k + j] = (next[k + j] ?? 0) + p * q;
        });
      });
      wanted = next;
    }
    expect(relativeError(hitDistribution(own, events), wanted)).toBeLessThan(1e-11);
  });

  test('refuses shards that do not exist', () => {
    for (const n of [0, 3, 1.5, Number.NaN]) {
      expect(() =>
        hitDistribution([chance(0.1), chance(0.1)], [{ chance: chance(0.1), shards: [n] }]),
      ).toThrow(RangeError);
    }
    expect(() => hitDistribution([], [])).toThrow(RangeError);
  });
});

test('a probability of 0 is told apart from one that cannot be', () => {
  const cases = fc
    .integer({ min: 1, max: 5 })
    .chain((n) => fc.tuple(fc.array(anyChance, { minLength: n, maxLength: n }), eventsOf(n, 4)));
  fc.assert(
    fc.property(cases, ([own, events]) => {
      const stolen = chance(0);
      const input = {
        shards: own.map((down) => ({ down, stolen })),
        domains: events.map(({ chance: down, shards }) => ({ down, stolen, shards })),
      };
      const states = hitDistributionByStates(own, events);
      for (const { threshold, lossPossible, compromisePossible } of risks(input)) {
        const wanted = states.slice(own.length - threshold + 1).some((p) => p > 0);
        expect(lossPossible).toBe(wanted);
        expect(compromisePossible).toBe(false);
      }
    }),
  );
});

describe('time', () => {
  test('mean times are the harmonic sums', () => {
    expect(meanTimeToLoss(2, 3, 1)).toBeCloseTo(5 / 6, 15);
    expect(meanTimeToLoss(3, 5, 0.5)).toBeCloseTo((2 * 47) / 60, 15);
    expect(meanTimeToCompromise(3, 5, 1)).toBeCloseTo(1 / 3 + 1 / 4 + 1 / 5, 15);
    expect(() => meanTimeToLoss(3, 5, 0)).toThrow(RangeError);
    expect(() => meanTimeToLoss(6, 5, 1)).toThrow(RangeError);
  });

  test('checks make the difference that redundancy alone does not', () => {
    const { perInterval, perYear } = lossWithChecks(2, 3, 0.1, 0.25);
    const p = Math.exp(-0.025);
    expect(perInterval).toBeCloseTo((1 - p) ** 3 + 3 * (1 - p) ** 2 * p, 12);
    expect(perYear).toBeCloseTo(1 - (1 - perInterval) ** 4, 12);
    expect(lossWithChecks(2, 3, 0.1, 1).perYear).toBeGreaterThan(perYear);
  });
});
