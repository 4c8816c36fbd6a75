/** Every vector of tests/vectors/calculator.json: exact fractions, at 1e-9 relative. */
import { describe, expect, test } from 'vitest';
import { chance, not } from '../../src/quorum/chance';
import { hitDistribution } from '../../src/quorum/correlated';
import { availability, compromise, loss, poissonBinomial, tails } from '../../src/quorum/distribution';
import { minimalDomainSets } from '../../src/quorum/domainSets';
import { fewestDomains } from '../../src/quorum/fewestDomains';
import { independence } from '../../src/quorum/independence';
import { meanTimeToLoss } from '../../src/quorum/lifetime';
import { structure } from '../../src/quorum/structure';
import vectors from '../vectors/calculator.json';

type Exact = { decimal: string };

function expectClose(actual: number, expected: Exact) {
  const wanted = Number(expected.decimal);
  if (wanted === 0) expect(actual).toBe(0);
  else expect(Math.abs(actual - wanted) / wanted).toBeLessThanOrEqual(1e-9);
}

interface Input {
  M: number;
  N?: number;
  p_available?: string | string[];
  q_compromised?: string;
  shards?: { p: string; events: string[] }[];
  events?: Record<string, string>;
  shards_per_domain?: Record<string, number>;
  lambda_per_year?: string;
}

function common(input: Input) {
  const shards = input.shards ?? [];
  return Object.entries(input.events ?? {}).map(([name, probability]) => ({
    chance: chance(probability),
    shards: shards.flatMap((shard, index) => (shard.events.includes(name) ? [index + 1] : [])),
  }));
}

function downTails(input: Input) {
  if (input.shards) {
    return tails(
      hitDistribution(
        input.shards.map(({ p }) => not(chance(p))),
        common(input),
      ),
    );
  }
  const usable = Array.isArray(input.p_available)
    ? input.p_available
    : new Array<string>(input.N ?? 0).fill(input.p_available ?? '');
  return tails(poissonBinomial(usable.map((text) => not(chance(text)))));
}

const kinds: Record<string, (input: Input, expected: Record<string, Exact>) => void> = {
  iid: availabilityAndLoss,
  heterogeneous: availabilityAndLoss,
  'correlated-availability': availabilityAndLoss,
  'iid-compromise': (input, expected) => {
    const q = chance(input.q_compromised ?? '');
    expectClose(
      compromise(input.M, tails(poissonBinomial(new Array(input.N).fill(q)))),
      expected.compromise as Exact,
    );
  },
  'correlated-compromise': (input, expected) => {
    const own = (input.shards ?? []).map(({ p }) => chance(p));
    expectClose(
      compromise(input.M, tails(hitDistribution(own, common(input)))),
      expected.compromise as Exact,
    );
  },
  'mttf-no-repair': (input, expected) => {
    expectClose(
      meanTimeToLoss(input.M, input.N ?? 0, Number(input.lambda_per_year)),
      expected.mttf_years as Exact,
    );
  },
  structure: (input, expected) => {
    expectStructure(input, expected as unknown as ExpectedStructure);
  },
};

function availabilityAndLoss(input: Input, expected: Record<string, Exact>) {
  const down = downTails(input);
  expectClose(availability(input.M, down), expected.availability as Exact);
  expectClose(loss(input.M, down), expected.loss as Exact);
}

interface ExpectedStructure {
  N: number;
  min_path_shards: number;
  min_cut_shards: number;
  count_min_paths: string;
  count_min_cuts: string;
  min_colluding_domains: number;
  minimal_colluding_domain_sets: string[][];
  min_lost_domains: number;
  minimal_lost_domain_sets: string[][];
  survives_any_one_domain: boolean;
  no_single_domain_reaches_M: boolean;
}

function expectStructure(input: Input, expected: ExpectedStructure) {
  let next = 1;
  const domains = Object.entries(input.shards_per_domain ?? {}).map(([id, size]) => ({
    kind: 'domain',
    id,
    name: id,
    shards: Array.from({ length: size }, () => next++),
  }));
  const shards = Array.from({ length: next - 1 }, (_, index) => ({
    n: index + 1,
    name: `shard ${index + 1}`,
    provider: 'x',
    minutes: 1,
    people: 1,
    paper: false,
  }));
  const set = { threshold: input.M, shards, domains };
  const s = structure(input.M, shards.length);
  expect(shards).toHaveLength(expected.N);
  expect(s.pathSize).toBe(expected.min_path_shards);
  expect(s.cutSize).toBe(expected.min_cut_shards);
  expect(String(s.paths)).toBe(expected.count_min_paths);
  expect(String(s.cuts)).toBe(expected.count_min_cuts);
  for (const [harm, fewest, sets] of [
    ['breach', expected.min_colluding_domains, expected.minimal_colluding_domain_sets],
    ['loss', expected.min_lost_domains, expected.minimal_lost_domain_sets],
  ] as const) {
    const found = minimalDomainSets(set, harm);
    const named = found.minimal.map((positions) => positions.map((position) => domains[position]?.id));
    expect(named.map((ids) => ids.join()).sort()).toEqual(sets.map((ids) => ids.join()).sort());
    expect(found.fewest).toBe(fewest);
    expect(fewestDomains(set, harm).domains).toHaveLength(fewest);
  }
  const verdicts = independence(set).kinds.flatMap((kind) => kind.domains);
  expect(verdicts.every((verdict) => !verdict.lossEndsRecovery)).toBe(expected.survives_any_one_domain);
  expect(verdicts.every((verdict) => !verdict.breachYieldsKey)).toBe(expected.no_single_domain_reaches_M);
}

describe('calculator vectors', () => {
  test('the file is whole', () => {
    expect(vectors.vectors).toHaveLength(vectors.count);
    expect(vectors.count).toBeGreaterThan(0);
  });

  test.each(vectors.vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const check = kinds[vector.kind];
    if (!check) throw new Error(`no check for vectors of kind ${vector.kind}`);
    check(vector.input as Input, vector.expected as unknown as Record<string, Exact>);
  });
});
