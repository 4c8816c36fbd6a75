/** Places of steps: each rule that a page breaks fails the build at its line. */
import { describe, expect, it } from 'vitest';
import { mutantsOf } from '../../scripts/tabletop/mutation/mutate';
import { scenarioPlaces } from '../../scripts/tabletop/plan/places';
import { loadDeployment } from '../../src/deployment/load';
import { InvalidInput } from '../../src/deployment/problem';
import { compilePage } from '../../src/procedure/compile';
import { placeTotals } from '../../src/procedure/results/reach';
import { placeOf } from '../../src/procedure/steps/step';
import { kindOfPlace } from '../../src/procedure/vocabulary/places';
import { exampleDeployment } from '../example';
import { recoveryPage } from '../scripts/tabletop/places-page';

const deployment = loadDeployment(exampleDeployment);
const file = 'docs/test.mdx';
const compile = (text: string) => compilePage(file, text, deployment, () => undefined);

function problemsOf(text: string): string {
  try {
    compile(text);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  return '';
}

const good = recoveryPage();
const changed = (before: string, after: string) => {
  expect(good, before).toContain(before);
  return good.replace(before, after);
};

describe('a page that tells places', () => {
  it('compiles, and every step is at its own', () => {
    const { steps } = compile(good);
    expect([...new Set(steps.map(placeOf))]).toEqual([
      'air-gapped',
      'workstation-1',
      'workstation-2',
      'workstation-3',
      'service-host',
    ]);
    expect(steps.find(({ id }) => id === 'TST-S2-02')?.crossing).toEqual({
      files: ['session.pub.pem'],
      from: 'air-gapped',
      to: 'workstation',
    });
  });

  it('may tell the place of several steps around them', () => {
    const within = (around: string) =>
      good
        .replace(' place="service-host"', '')
        .replace(/<Step id="TST-07"[\s\S]*<\/Step>/, (step) => `${around}\n${step}\n\n</At>`);
    const { steps } = compile(within('<At place="service-host">\n'));
    expect(steps.at(-1)).toMatchObject({ id: 'TST-07', place: 'service-host' });
    expect(steps[0]?.place).toBe('air-gapped');
    expect(problemsOf(within('<At place="cloud">\n'))).toContain('<At>: wanted place="…" with air-gapped or');
  });

  it.each([
    ['an unknown place', 'place="service-host"', 'place="cloud"', 'place="cloud" is unknown'],
    [
      'steps without a place beside others that have one',
      'place: air-gapped\n',
      '',
      'step TST-01: is at no place',
    ],
    [
      'a tool that needs a network at the air-gapped machine',
      'sss combine',
      'psql --version &&\nsss combine',
      'step TST-04: calls psql at air-gapped',
    ],
    [
      'a network at the air-gapped machine',
      'act="key-load"',
      'requires="network" act="key-load"',
      'step TST-05: requires "network"',
    ],
    [
      'a workstation of no shard',
      'place="service-host"',
      'place="workstation"',
      'step TST-07: is at a workstation and names no shard',
    ],
    [
      'plain text at a workstation of nobody',
      'place="service-host" requires="key-live"',
      'place="administrator" sets="shard-plaintext" requires="key-live"',
      'sets "shard-plaintext" at administrator',
    ],
    [
      'a combined key at a workstation',
      'log="shard.unwrapped" minutes="1" shard="1" place="workstation"',
      'log="shard.unwrapped" minutes="1" shard="1" place="workstation" sets="key-file"',
      'sets "key-file" at workstation',
    ],
    [
      'a fact of another machine',
      'requires="recovery-shell" act="carry" crosses="session.pub.pem"',
      'requires="manifest" act="carry" crosses="session.pub.pem"',
      'step TST-S1-02: requires "manifest"',
    ],
    [
      'a file that nobody carries',
      'act="carry" crosses="session.pub.pem" from="air-gapped"',
      'act="speak"',
      'step TST-S1-04: uses session.pub.pem at workstation-1, which lies at air-gapped',
    ],
    ['a wrapped shard that nobody carries', 'crosses="shard-1.wrapped" to="air-gapped"', '', ''],
    [
      'a file that no step makes',
      'crosses="shard-1.wrapped"',
      'crosses="shard-9.wrapped"',
      'step TST-S1-04: carries shard-9.wrapped from workstation-1, where no step makes it',
    ],
    [
      'a folder in a name',
      'crosses="shard-1.wrapped"',
      'crosses="../shard-1.wrapped"',
      'wanted the name of a file',
    ],
    ['a way to itself', 'to="air-gapped"', 'to="workstation"', 'it is at workstation already'],
    ['a way to nowhere', ' to="air-gapped"', '', 'wanted from=… or to=…'],
    ['a way of nothing', 'crosses="shard-1.wrapped" ', '', 'to="air-gapped" without crosses'],
    [
      'an act that carries nothing',
      'act="carry" crosses="session.pub.pem" from="air-gapped"',
      'act="carry"',
      'act "carry" lacks crosses',
    ],
    ['another act that carries', 'act="carry"', 'act="speak"', 'act "speak" carries nothing'],
  ])('is told of %s', (_, before, after, wanted) => {
    // A name that the shell puts together is seen by the drill alone.
    if (wanted === '') expect(problemsOf(changed(before, after))).toBe('');
    else expect(problemsOf(changed(before, after))).toContain(wanted);
  });
});

it('takes a quoted path with blanks for no file of a working folder', () => {
  const reads = (path: string) => good.replaceAll(/^wc --bytes shard-\d\.bin$/gm, `$&\ncat ${path}`);
  expect(problemsOf(reads("'/etc/our own/the ca.pem'"))).toBe('');
  expect(problemsOf(reads("'-ca-cert=/etc/our own/the ca.pem'"))).toBe('');
  expect(problemsOf(reads('ca.pem'))).toContain('uses ca.pem at workstation-2, which lies at workstation-1');
});

it('gives each place the tools that its steps call', () => {
  const { steps, page } = compile(good);
  const tools = (name: string) =>
    scenarioPlaces(steps, page)
      ?.find((place) => place.name === name)
      ?.tools.filter((tool) => ['aws', 'gcloud', 'psql', 'vault', 'sss', 'tee'].includes(tool));
  expect(tools('air-gapped')).toEqual(['sss']);
  expect(tools('workstation-2')).toEqual(['gcloud', 'psql']);
  expect(tools('service-host')).toEqual([]);
});

it('puts mistakes into places: a step elsewhere, another file on the medium, another way', () => {
  const text = good;
  const mutants = mutantsOf(new Map([[file, text]]), [compile(text)]);
  const made = (operator: string) =>
    mutants.filter((mutant) => mutant.operator === operator).map(({ after = '' }) => after);
  expect(
    made('place-changed').some(
      (after) => after.includes('id="TST-04"') && after.includes('place="workstation"'),
    ),
  ).toBe(true);
  expect(
    made('place-changed').some(
      (after) => after.includes('id="TST-S1-03"') && after.includes('place="air-gapped"'),
    ),
  ).toBe(true);
  expect(made('crossing-changed').some((after) => after.includes('crosses="session.key"'))).toBe(true);
  expect(made('crossing-changed').some((after) => after.includes('crosses="shard-1.txt"'))).toBe(true);
  expect(made('crossing-changed').some((after) => after.includes('to="administrator"'))).toBe(true);
});

it('adds up what places have seen', () => {
  const at = (place: string, clear: string[], shards: number[], rebuilds: boolean) => ({
    place,
    clear,
    shards,
    rebuilds,
  });
  expect(
    placeTotals([
      { places: [at('workstation-1', [], [1], false), at('air-gapped', ['shard 5'], [1, 5], false)] },
      { places: [at('air-gapped', ['MasterKey'], [1, 2, 5], true)] },
      {},
    ]),
  ).toEqual([
    { place: 'air-gapped', scenarios: 2, clear: ['MasterKey', 'shard 5'], shards: 3, rebuilds: 1 },
    { place: 'workstation-1', scenarios: 1, clear: [], shards: 1, rebuilds: 0 },
  ]);
  expect(kindOfPlace('workstation-12')).toBe('workstation');
});
