/** Domain sets, recovery paths and the matrix against brute force over all subsets up to N = 12. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxLooks, minimalDomainSets } from '../../src/quorum/domainSets';
import { fewestDomains } from '../../src/quorum/fewestDomains';
import { independence, minimalSets } from '../../src/quorum/independence';
import { bestPaths, outage, recoveryMatrix } from '../../src/quorum/recovery';
import { choose, structure } from '../../src/quorum/structure';
import type { DomainInput, QuorumInput, ShardInput } from '../../src/quorum/types';
import { minimalSetsBySubsets, subsets } from './oracle';

function shardsOf(n: number): fc.Arbitrary<ShardInput[]> {
  const shard = fc.record({
    minutes: fc.integer({ min: 0, max: 4 }),
    people: fc.integer({ min: 0, max: 2 }),
    paper: fc.boolean(),
  });
  return fc
    .array(shard, { minLength: n, maxLength: n })
    .map((shards) => shards.map((s, i) => ({ ...s, n: i + 1, name: `shard ${i + 1}`, provider: 'any' })));
}

function domainsOf(n: number): fc.Arbitrary<DomainInput[]> {
  const domain = fc.record({
    kind: fc.constantFrom('provider', 'region', 'building'),
    shards: fc.uniqueArray(fc.integer({ min: 1, max: n }), { maxLength: n }),
    losable: fc.boolean(),
    breachable: fc.boolean(),
    fallback: fc.option(fc.constant('an export'), { nil: undefined, freq: 6 }),
  });
  return fc.array(domain, { maxLength: 7 }).map((domains) =>
    domains.map(({ fallback, ...domain }, index) => ({
      ...domain,
      id: `d${index}`,
      name: `domain ${index}`,
      ...(fallback === undefined ? {} : { fallback }),
    })),
  );
}

const anyQuorum: fc.Arbitrary<QuorumInput> = fc
  .integer({ min: 1, max: 12 })
  .chain((n) =>
    fc.record({ threshold: fc.integer({ min: 1, max: n }), shards: shardsOf(n), domains: domainsOf(n) }),
  );

describe('fewest and minimal sets of domains', () => {
  test('equal the search through all subsets', () => {
    fc.assert(
      fc.property(anyQuorum, (input) => {
        const n = input.shards.length;
        for (const [harm, target, counts] of [
          ['breach', input.threshold, (d: DomainInput) => d.breachable !== false],
          [
            'loss',
            n - input.threshold + 1,
            (d: DomainInput) => d.losable !== false && d.fallback === undefined,
          ],
        ] as const) {
          const usable = input.domains.filter(counts);
          const wanted = minimalSetsBySubsets(
            usable.map((d) => d.shards),
            target,
          );
          const found = minimalDomainSets(input, harm);
          expect(found.domains).toEqual(usable);
          expect(found.minimal.map((set) => set.join(' ')).sort()).toEqual(wanted);
          const sizes = wanted.map((set) => set.split(' ').length);
          expect(found.fewest).toBe(sizes.length === 0 ? undefined : Math.min(...sizes));
          const fewest = fewestDomains(input, harm);
          expect(fewest.possible).toBe(sizes.length > 0);
          expect(fewest.domains.length).toBe(found.fewest ?? 0);
          const touched = new Set(fewest.domains.flatMap((d) => d.shards)).size;
          expect(touched >= target || !fewest.possible).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('equal domains count as one in the list of sets', () => {
    const shards = [1, 2, 3].map((n) => ({ n, name: '', provider: '', minutes: 1, people: 0, paper: false }));
    const domain = (id: string, ...members: number[]) => ({ kind: 'k', id, name: id, shards: members });
    const input = { threshold: 2, shards, domains: [domain('a', 1, 2), domain('b', 2, 1), domain('c', 3)] };
    const { sets, fewest } = minimalSets(input, 'breach');
    expect(fewest).toBe(1);
    expect(sets.map((set) => set.map(({ members }) => members.map(({ id }) => id)))).toEqual([[['a', 'b']]]);
  });

  test('are refused beyond the stated bound', () => {
    const shards = new Array(255).fill(0);
    // 80 domains of 25 pseudo-random shards: too many to list, and too entangled to prove a smallest set.
    let seed = 1;
    const random = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    const domains = Array.from({ length: 80 }, (_, index) => ({
      kind: 'k',
      id: String(index),
      name: '',
      shards: Array.from({ length: 255 }, (_, i) => i + 1).filter(() => random() < 0.1),
    }));
    expect(() => minimalDomainSets({ threshold: 220, shards, domains }, 'breach')).toThrow(RangeError);
    expect(() => fewestDomains({ threshold: 240, shards, domains }, 'breach')).toThrow(
      `limited to ${maxLooks} sets`,
    );
  });

  test('refuse shards that do not exist', () => {
    const domains = [{ kind: 'k', id: 'x', name: '', shards: [4] }];
    for (const find of [minimalDomainSets, fewestDomains]) {
      expect(() => find({ threshold: 2, shards: [0, 0, 0], domains }, 'loss')).toThrow(
        /domain k x: wanted shard numbers from 1 to 3, got 4/,
      );
    }
  });
});

describe('independence', () => {
  test('verdicts equal counting', () => {
    fc.assert(
      fc.property(anyQuorum, (input) => {
        const report = independence(input);
        const verdicts = report.kinds.flatMap((kind) => kind.domains);
        expect(verdicts).toHaveLength(input.domains.length);
        for (const { domain, left, lossEndsRecovery, breachYieldsKey } of verdicts) {
          expect(left).toBe(outage(input, [domain]).left.length);
          expect(lossEndsRecovery).toBe(outage(input, [domain]).paths.length === 0);
          expect(breachYieldsKey).toBe(
            domain.breachable !== false && domain.shards.length >= input.threshold,
          );
        }
        for (const { kind, fewestLost } of report.kinds) {
          const alone = { ...input, domains: input.domains.filter((d) => d.kind === kind) };
          const losing = subsets(alone.domains.length)
            .map((set) => set.map((d) => alone.domains[d] as DomainInput))
            .filter((set) => outage(alone, set).pathCount === 0n)
            .map((set) => set.length);
          expect(fewestLost).toBe(losing.length === 0 ? undefined : Math.min(...losing));
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('recovery matrix', () => {
  /** All M-subsets of the shards that no domain takes away, best first. */
  function pathsByBruteForce(input: QuorumInput, down: readonly DomainInput[]) {
    const lost = new Set(
      down.flatMap((d) => (d.losable === false || d.fallback !== undefined ? [] : [...d.shards])),
    );
    const left = input.shards.filter(({ n }) => !lost.has(n));
    return subsets(left.length)
      .filter((set) => set.length === input.threshold)
      .map((set) => set.map((i) => left[i] as ShardInput))
      .map((set) => ({
        numbers: set.map(({ n }) => n).join(' '),
        minutes: set.reduce((sum, s) => sum + s.minutes, 0),
        people: set.reduce((sum, s) => sum + s.people, 0),
        papers: set.filter(({ paper }) => paper).length,
      }))
      .sort((a, b) => a.minutes - b.minutes || a.people - b.people || a.papers - b.papers);
  }

  test('every row equals brute force over all subsets', () => {
    fc.assert(
      fc.property(anyQuorum, (input) => {
        for (const row of recoveryMatrix(input, 1000)) {
          const wanted = pathsByBruteForce(input, row.down);
          expect(row.pathCount).toBe(BigInt(wanted.length));
          expect(row.paths.map(({ shards }) => shards.join(' ')).sort()).toEqual(
            wanted.map(({ numbers }) => numbers).sort(),
          );
          expect(row.paths.map(({ minutes, people }) => [minutes, people])).toEqual(
            wanted.map(({ minutes, people }) => [minutes, people]),
          );
          expect(row.paperNeeded).toBe(wanted.length > 0 && wanted.every(({ papers }) => papers > 0));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('has a row for each domain that can be lost and for each pair of them', () => {
    fc.assert(
      fc.property(anyQuorum, (input) => {
        const losable = input.domains.filter((d) => d.losable !== false);
        const rows = recoveryMatrix(input).map(({ down }) => down.map(({ id }) => id).join('+'));
        const wanted = subsets(losable.length)
          .filter((set) => set.length === 1 || set.length === 2)
          .map((set) => set.map((d) => losable[d]?.id).join('+'));
        expect([...rows].sort()).toEqual(wanted.sort());
      }),
      { numRuns: 60 },
    );
  });

  test('a short list holds the best paths, also where all would be too many to write down', () => {
    const shards = Array.from({ length: 255 }, (_, i) => ({
      n: i + 1,
      name: '',
      provider: '',
      minutes: (i * 37) % 101,
      people: i % 3,
      paper: i % 5 === 0,
    }));
    const [first, second] = bestPaths(shards, 128, 2);
    const sorted = shards.map(({ minutes }) => minutes).sort((a, b) => a - b);
    const fastest = sorted.slice(0, 128).reduce((sum, m) => sum + m, 0);
    expect(first?.minutes).toBe(fastest);
    expect(second?.minutes).toBe(fastest - (sorted[127] as number) + (sorted[128] as number));
    expect(bestPaths(shards.slice(0, 2), 3, 5)).toEqual([]);
  });

  test('single lost shards count beside the domains', () => {
    const shards = [1, 2, 3].map((n) => ({
      n,
      name: '',
      provider: '',
      minutes: n,
      people: 0,
      paper: n === 3,
    }));
    const domain = { kind: 'k', id: 'a', name: 'a', shards: [1] };
    const input = { threshold: 2, shards, domains: [domain] };
    expect(outage(input, [domain]).left).toEqual([2, 3]);
    expect(outage(input, [domain]).paperNeeded).toBe(true);
    expect(outage(input, [domain], 10, [2]).paths).toEqual([]);
  });
});

describe('structure', () => {
  test('binomial coefficients obey Pascal', () => {
    for (let n = 1; n <= 60; n++) {
      for (let k = 0; k <= n; k++) expect(choose(n, k)).toBe(choose(n - 1, k) + choose(n - 1, k - 1));
    }
    expect(choose(255, 128)).toBe(choose(255, 127));
    expect(choose(5, 6)).toBe(0n);
  });

  test('tolerances', () => {
    expect(structure(3, 5)).toEqual({
      toleratedLosses: 2,
      toleratedThefts: 2,
      pathSize: 3,
      cutSize: 3,
      paths: 10n,
      cuts: 10n,
    });
    for (const [m, n] of [
      [0, 5],
      [6, 5],
      [1.5, 5],
      [3, 256],
      [3, Number.NaN],
    ] as const) {
      expect(() => structure(m, n)).toThrow(RangeError);
    }
    expect(() => structure('3' as never, 5)).toThrow(TypeError);
  });
});
