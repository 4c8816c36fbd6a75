/** Who opens a shard: the access structures against a slow and obvious reading of the file, for every coalition that can be tried. */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { everybody, isNamed, opener, openings, unnamedAdministrator } from '../../src/deployment/access';
import { checkDeployment } from '../../src/deployment/checks';
import type { Deployment, Shard } from '../../src/deployment/deployment';
import { withEdits } from '../../src/deployment/edit';
import { loadDeployment } from '../../src/deployment/load';
import { withChanges } from '../../src/deployment/mend';
import { parseDeployment } from '../../src/deployment/parse';
import { reach, reachAlone, reachLines } from '../../src/deployment/reach';
import { exampleDeployment } from '../example';
import { drafts, fileOf } from '../generated/deployments';

/** Slow and obvious: whether these people open a shard, read from the fields of the file. */
function opens(shard: Shard, deployment: Deployment, people: ReadonlySet<string>): boolean {
  const any = (ids: readonly string[]) => ids.some((id) => people.has(id));
  const former = shard.formerCustodians
    .filter(({ generation }) => generation === deployment.key.generation)
    .map(({ person }) => person);
  const holders = [shard.custodian, shard.alternate, ...former];
  switch (shard.provider) {
    case 'paper': {
      const controllers = new Set(shard.safeControllers);
      const present = [...controllers].filter((id) => people.has(id)).length;
      return any(holders) || present >= Math.min(2, controllers.size);
    }
    case 'pkcs11-hsm': {
      const { 'hsm-user-pin-holder': user, 'hsm-so-pin-holder': officer } = deployment.roles;
      return any([...holders, ...shard.administrators]) && any([...user, ...officer]);
    }
    default: {
      const signIn = shard.signIn ?? [shard.custodian, shard.alternate];
      const administrators = deployment.identityProviders?.find(({ name }) => name === shard.identityProvider)
        ?.administrators ?? [unnamedAdministrator(shard.identityProvider)];
      return any([...signIn, ...former, ...shard.administrators, ...administrators]);
    }
  }
}

const opened = (deployment: Deployment, people: ReadonlySet<string>) =>
  deployment.shards.flatMap((shard) => (opens(shard, deployment, people) ? [shard.n] : []));

/** Park and Miller's generator: the same coalitions in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let drawn = seed; ; ) {
    drawn = (drawn * 48_271) % 2_147_483_647;
    yield drawn / 2_147_483_647;
  }
}

/** Every coalition of people of whom there are 12 or fewer; else everybody alone, every pair, and a sample of larger ones. */
function* coalitions(people: readonly string[], sampled = 300): Generator<Set<string>> {
  if (people.length <= 12) {
    for (let mask = 0; mask < 1 << people.length; mask++)
      yield new Set(people.filter((_, index) => mask & (1 << index)));
    return;
  }
  for (const [index, person] of people.entries()) {
    yield new Set([person]);
    for (const other of people.slice(index + 1)) yield new Set([person, other]);
  }
  const drawn = numbers(17);
  for (let count = 0; count < sampled; count++) {
    const size = 3 + Math.floor(drawn.next().value * 6);
    yield new Set(
      Array.from({ length: size }, () => people[Math.floor(drawn.next().value * people.length)] ?? ''),
    );
  }
}

const fixtures = readdirSync('tests/fixtures/deployments').map(
  (name) => `tests/fixtures/deployments/${name}`,
);

const sources: [string, () => Deployment][] = [
  ...[exampleDeployment, ...fixtures].map((file): [string, () => Deployment] => [
    file,
    () => loadDeployment(file),
  ]),
  ...fc
    .sample(drafts(8), { numRuns: 24, seed: 17 })
    .map((draft, index): [string, () => Deployment] => [
      `generated ${index + 1}: ${draft.threshold} of ${draft.shards}`,
      () => parseDeployment(fileOf(draft), 'deployment.yaml'),
    ]),
];

const seen = { below: 0, reaching: 0 };

describe('the access structures', () => {
  it.each(sources)(
    'open what the file says to every coalition, and M to none that reaches less: %s',
    (_, read) => {
      const deployment = read();
      const { threshold } = deployment.key;
      const fast = opener(deployment);
      const parts = reach(deployment);
      for (const people of coalitions(everybody(deployment))) {
        const slow = opened(deployment, people);
        expect(fast(people), [...people].join(', ')).toEqual(slow);
        const reached = new Set([...people].flatMap((id) => (parts.get(id) ?? []).map(({ shard }) => shard)));
        if (reached.size < threshold) expect(slow.length).toBeLessThan(threshold);
        seen[slow.length < threshold ? 'below' : 'reaching']++;
      }
    },
  );

  it.each(sources)('give M to nobody alone: %s', (_, read) => {
    const deployment = read();
    const counted = reachAlone(deployment);
    for (const person of everybody(deployment)) {
      const alone = opened(deployment, new Set([person]));
      expect(alone.length, person).toBeLessThan(deployment.key.threshold);
      const own = new Set((counted.get(person) ?? []).map(({ shard }) => shard));
      expect(alone.every((n) => own.has(n))).toBe(true);
    }
  });

  it.each(sources)('are minimal, and every part of them has its place: %s', (_, read) => {
    const deployment = read();
    for (const shard of deployment.shards) {
      const sets = openings(shard, deployment);
      expect(sets.length).toBeGreaterThan(0);
      for (const { people, parts } of sets) {
        expect(opens(shard, deployment, new Set(people))).toBe(true);
        for (const person of people)
          expect(opens(shard, deployment, new Set(people.filter((id) => id !== person)))).toBe(false);
        for (const { person, path } of parts) {
          const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], deployment);
          expect(isNamed(person) ? value : unnamedAdministrator(String(value))).toBe(person);
        }
      }
      expect(new Set(sets.map(({ people }) => people.join())).size).toBe(sets.length);
    }
  });

  it('were tried with coalitions on both sides of M', () => {
    expect(Math.min(seen.below, seen.reaching)).toBeGreaterThan(2000);
  });
});

describe('who reaches what', () => {
  let example: Deployment;
  beforeAll(() => {
    example = loadDeployment(exampleDeployment);
  });
  const setsOf = (deployment: Deployment, n: number) => {
    const shard = deployment.shards[n - 1] as Shard;
    return openings(shard, deployment).map(({ people }) => people.join(' '));
  };

  it('is custodian and alternate where a key is signed in to, and no recovery operator', () => {
    expect(setsOf(example, 1)).toEqual(['ana', 'gustav', 'priya', 'administrator of aws-local-users']);
    const operators = example.roles['recovery-operator'];
    expect(opened(example, new Set(operators))).toEqual([]);
    expect(opener(example)(operators)).toEqual([]);
  });

  it('is the pair of signIn in their place', () => {
    const other = withEdits(example, [{ path: ['shards', 0, 'signIn'], value: ['wim', 'vera'] }]);
    expect(setsOf(other, 1)).toEqual(['wim', 'vera', 'priya', 'administrator of aws-local-users']);
  });

  it('is a token with a PIN, and two controllers of a safe', () => {
    expect(setsOf(example, 4)).toEqual([
      'david wim',
      'jana wim',
      'sven wim',
      'david xenia',
      'jana xenia',
      'sven xenia',
    ]);
    expect(setsOf(example, 5)).toEqual(['elena', 'karim', 'tamara ulf']);
  });

  it('is each administrator of a sign-in at all that is behind it', () => {
    const two = loadDeployment('tests/fixtures/deployments/two-of-each.yaml');
    expect(opener(two)([unnamedAdministrator('example-workspace')])).toEqual([1, 2]);
    const named = withEdits(two, [
      { path: ['identityProviders'], value: [{ name: 'example-workspace', administrators: ['vera'] }] },
    ]);
    expect(opener(named)(['vera'])).toEqual([1, 2]);
    expect(everybody(named)).not.toContain(unnamedAdministrator('example-workspace'));
    const broken = withEdits(named, [{ path: ['shards', 2, 'custodian'], value: 'vera' }]);
    const [finding, ...others] = withChanges(broken, checkDeployment(broken));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ rule: 'IND-3' });
    expect(finding?.message).toMatch(
      /^"vera" alone reaches shards 1 \(administrator of the sign-in\), 2 \(administrator of the sign-in\) and 3 \(custodian\), .*; the smallest change: "\w+" instead of "vera" as /,
    );
  });

  it('is nothing for an automation that may only read states', () => {
    const watched = (identity: string) =>
      withEdits(example, [
        { path: ['automations'], value: [{ name: 'weekly check', identity, shards: [1, 2, 3] }] },
      ]);
    const quiet = watched('masterkey-monitor');
    expect(checkDeployment(quiet)).toEqual([]);
    expect(everybody(quiet)).not.toContain('automation weekly check');
    const loud = watched('masterkey-recovery');
    expect(opener(loud)(['automation weekly check'])).toEqual([1, 2, 3]);
    expect(withChanges(loud, checkDeployment(loud))).toEqual([
      {
        rule: 'AUT-1',
        path: ['automations', 0, 'identity'],
        message:
          'the automation "weekly check" signs in with the recovery identity of shards 1, 2, 3, "masterkey-recovery", and could unwrap with nobody there; wanted an identity that may only read the states of keys; the smallest change: "masterkey-monitor", which may only read, as the identity of "weekly check"',
      },
    ]);
    const beyond = withEdits(quiet, [{ path: ['automations', 0, 'shards', 1], value: 9 }]);
    expect(checkDeployment(beyond).map(({ rule, path }) => [rule, ...path].join(' '))).toEqual([
      'REF-1 automations 0 shards 1',
    ]);
  });

  it('stands in the ledger with what needs a second person', () => {
    const line = (id: string) => reachLines(example).find(({ person }) => person === id);
    expect(line('ana')).toMatchObject({ alone: [1], withOthers: [] });
    expect(line('sven')).toMatchObject({ alone: [4], withOthers: [] });
    expect(line('ulf')).toMatchObject({ alone: [], withOthers: [5] });
  });
});
