/** A brief drill leaves out only what it has met already. */
import { expect, test } from 'vitest';
import { briefly } from '../../../scripts/tabletop/plan/brief';
import { choices } from '../../../scripts/tabletop/plan/choices';
import type { Scenario } from '../../../scripts/tabletop/plan/scenario';

const scenario = (file: string, more: Partial<Scenario>): Scenario =>
  ({
    id: `${file} ${JSON.stringify(more)}`,
    procedures: [{ file }],
    world: 'fixture',
    quorum: undefined,
    lost: undefined,
    faults: {},
    tampering: undefined,
    expect: 'recovered',
    ...more,
  }) as unknown as Scenario;

test('of the quorums of 4 of 7 those stay that unwrap each shard', () => {
  const all = choices([1, 2, 3, 4, 5, 6, 7], 4).map((quorum) => scenario('a', { quorum }));
  const brief = briefly(all);
  expect(all).toHaveLength(35);
  expect(brief.map(({ quorum }) => quorum?.join('-'))).toEqual(['1-2-3-4', '1-2-3-5', '1-2-3-6', '1-2-3-7']);
});

test.each<[string, Partial<Scenario>]>([
  ['another page', {}],
  ['a lost shard', { lost: 2 }],
  ['an outage', { down: 'aws-kms:us-east-1' }],
  ['a fault', { faults: { 'aws-kms': 'hang' } }],
  ['a bad shard', { tampering: { kind: 'x-zero', shard: 1, other: 2 } }],
  ['another end', { expect: { step: 'UNS-10', message: 'no' } }],
  ['another world', { world: 'empty' }],
])('%s is not left out, and the same once more is', (what, more) => {
  const first = scenario('a', { quorum: [1, 2] });
  const second = scenario(what === 'another page' ? 'b' : 'a', { quorum: [1, 2], ...more });
  expect(briefly([first, second, { ...second }])).toEqual([first, second]);
});
