/** Rules on answers that are not complete: told at the answer that breaks them, and never of what nobody has answered. */
import { describe, expect, it, test } from 'vitest';
import { type Answers, put } from '../../../scripts/adopt/answers';
import { bites, broken, completed } from '../../../scripts/adopt/partial';
import { idFor } from '../../../scripts/adopt/question';
import { providerIds } from '../../../src/deployment/providers/registry';

/** Five shards, of which the first have these answers. */
function asked(...shards: Answers[]): Answers {
  const rest = Array.from({ length: 5 - shards.length }, () => ({}));
  return { key: { threshold: 3 }, shards: [...shards, ...rest] };
}

describe('answers that are not complete', () => {
  test.each(providerIds)('%s alone breaks no rule, and is no other provider', (provider) => {
    const answers = asked({ provider });
    expect(completed(answers).shards[0]?.provider).toBe(provider);
    expect(broken(answers)).toEqual([]);
    expect(broken(asked({ provider }, { provider }))).toEqual([]);
  });

  it.each(['eu-central-1', 'us-gov-west-1', 'cn-north-1'])(
    'take %s before anybody has answered a replica',
    (region) => {
      expect(bites(asked({ provider: 'aws-kms' }), ['shards', 0, 'region'], region)).toEqual([]);
    },
  );

  it('are told of a third shard with a provider whose whole breach would be the key', () => {
    const answers = asked({ provider: 'gcp-kms' }, { provider: 'gcp-kms' });
    const found = bites(answers, ['shards', 2, 'provider'], 'gcp-kms');
    expect(found.map(({ rule }) => rule)).toContain('IND-1');
    expect(bites(answers, ['shards', 2, 'provider'], 'paper')).toEqual([]);
  });

  test.each([
    [
      'identityProvider',
      'okta',
      { provider: 'aws-kms' },
      { provider: 'azure-key-vault' },
      { provider: 'gcp-kms' },
    ],
    ['building', 'main', { provider: 'vault-transit' }, { provider: 'pkcs11-hsm' }, { provider: 'paper' }],
    ['custodian', 'ana', { provider: 'vault-transit' }, { provider: 'pkcs11-hsm' }, { provider: 'paper' }],
  ])('are told of a %s that three shards have, at the third', (field, value, first, second, third) => {
    const answers = {
      ...asked({ ...first, [field]: value }, { ...second, [field]: value }, third),
      people: [{ id: 'ana', name: 'Ana' }],
      sites: [{ id: 'main', name: 'Main', address: 'Street' }],
    };
    expect(broken(answers)).toEqual([]);
    const found = bites(answers, ['shards', 2, field], value);
    expect(found.map(({ rule }) => rule)).toContain('IND-1');
    for (const { message } of found) expect(message).not.toContain('unnamed');
  });

  it('are kept as they are, whatever is put into them', () => {
    const answers = asked({ provider: 'paper' });
    const before = JSON.stringify(answers);
    put(answers, ['shards', 0, 'safe'], 'safe-a');
    expect(JSON.stringify(answers)).toBe(before);
  });
});

test.each([
  ["Elena O'Neill", 'elena-o-neill'],
  ['Žofie Ångström', 'zofie-angstrom'],
  ['Ana', 'ana-2'],
  ['李雷', 'person'],
  ['3 Musketeers', 'musketeers'],
])('%s gets the id %s', (name, id) => {
  expect(idFor(name, ['ana'], 'person')).toBe(id);
});
