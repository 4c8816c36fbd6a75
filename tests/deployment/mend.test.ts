/** Broken rules: the change that the message names mends them, and breaks nothing else. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { checkDeployment } from '../../src/deployment/checks';
import { type Deployment, resolveDeployment } from '../../src/deployment/deployment';
import { withEdits } from '../../src/deployment/edit';
import { peopleOf } from '../../src/deployment/holders';
import { loadDeployment } from '../../src/deployment/load';
import { smallestChange, withChanges } from '../../src/deployment/mend';
import { exampleDeployment } from '../example';

const files = [
  exampleDeployment,
  'tests/fixtures/deployments/eight-people.yaml',
  'tests/fixtures/deployments/paper.yaml',
];
const sound = files.map((file) => loadDeployment(file));

/** Every place of the file that names a person. */
function places({ roles, shards }: Deployment): (string | number)[][] {
  return [
    ...Object.entries(roles).flatMap(([role, ids = []]) => ids.map((_, index) => ['roles', role, index])),
    ...shards.flatMap((shard) => peopleOf(shard).map(([path]) => path)),
  ];
}

describe('a broken rule', () => {
  it('is mended by the change that is named for it, which breaks no other', () => {
    const rules = new Map<string, number>();
    let unmended = 0;
    fc.assert(
      fc.property(fc.constantFrom(...sound), fc.nat(), fc.nat(), (deployment, place, person) => {
        const all = places(deployment);
        const path = all[place % all.length] ?? [];
        const value = deployment.people[person % deployment.people.length]?.id;
        const broken = withEdits(deployment, [{ path, value }]);
        const findings = checkDeployment(broken);
        for (const finding of findings) {
          rules.set(finding.rule, (rules.get(finding.rule) ?? 0) + 1);
          const change = smallestChange(broken, finding, findings);
          if (change === undefined) {
            unmended++;
            continue;
          }
          const left = checkDeployment(withEdits(broken, change.edits));
          expect(left.map(({ message }) => message)).not.toContain(finding.message);
          expect(left.length).toBeLessThan(findings.length);
          // A file of which one entry was changed needs no more than one.
          if (findings.length === 1) expect(change.edits).toHaveLength(1);
        }
      }),
      {
        numRuns: Number(process.env.MEND_RUNS ?? 80),
        seed: Number(process.env.MEND_SEED ?? 1),
        endOnFailure: true,
      },
    );
    expect(rules.size).toBeGreaterThan(8);
    expect(unmended).toBe(0);
  });

  test.each<[string, (deployment: Deployment) => Deployment, RegExp]>([
    [
      'entries of one person at several shards',
      (deployment) =>
        withEdits(
          deployment,
          [0, 1, 2, 3].map((at) => ({ path: ['shards', at, 'administrators', 0], value: 'priya' })),
        ),
      /the smallest change: "\w+" as administrator of the key of shard 1 and "\w+" as administrator of the key of shard 2 instead of "priya"$/,
    ],
    [
      'a safe with one controller',
      (deployment) => withEdits(deployment, [{ path: ['shards', 4, 'safeControllers'], value: ['tamara'] }]),
      /wanted two; the smallest change: "\w+" as one more controller of the safe of shard 5$/,
    ],
    [
      'a threshold that no shard is left for',
      (deployment) => withEdits(deployment, [{ path: ['key', 'threshold'], value: 5 }]),
      /the smallest change: a threshold of 4$/,
    ],
    [
      'one roof for three shards',
      (deployment) =>
        withEdits(
          deployment,
          [2, 4].map((at) => ({ path: ['shards', at, 'building'], value: 'harbor-office' })),
        ),
      /the smallest change: "mill-\w+" instead of "harbor-office" as the building of shard \d$/,
    ],
    [
      'one identity provider for three shards',
      (deployment) =>
        withEdits(
          deployment,
          [0, 1, 2].map((at) => ({ path: ['shards', at, 'identityProvider'], value: 'one' })),
        ),
      /the smallest change: another identity-provider for 1 of these shards$/,
    ],
    [
      'one recovery identity for two shards',
      (deployment) => {
        const [aws] = deployment.shards;
        return resolveDeployment({
          ...deployment,
          shards: deployment.shards.map((shard) =>
            shard.n === 2
              ? {
                  ...aws,
                  alias: 'other',
                  custodian: 'bruno',
                  alternate: 'hanna',
                  identityProvider: 'two',
                  administrators: ['quentin'],
                }
              : shard,
          ),
        } as never);
      },
      /^the identity "masterkey-recovery" unwraps shards 1 and 2, .*; the smallest change: "masterkey-recovery-2" as the recovery identity of shard 2$/,
    ],
    [
      'an identity to which one person signs in',
      (deployment) => withEdits(deployment, [{ path: ['shards', 0, 'signIn'], value: ['ana', 'ana'] }]),
      /wanted two people; the smallest change: "\w+" instead of "ana" as who signs in of shard 1$/,
    ],
  ])('is told with it: %s', (_, change, said) => {
    const broken = change(sound[0] as Deployment);
    const [first] = withChanges(broken, checkDeployment(broken));
    expect(first?.message).toMatch(said);
  });

  it('keeps nobody waiting in a file with many people and shards', () => {
    const [deployment] = sound as [Deployment];
    const people = Array.from({ length: 60 }, (_, index) => ({ id: `n${index}`, name: `N ${index}` }));
    const many = withEdits({ ...deployment, people: [...deployment.people, ...people] }, [
      ...[0, 1, 2].map((at) => ({ path: ['shards', at, 'administrators', 0], value: 'nadia' })),
      ...['recovery-lead', 'service-owner', 'approver'].map((role) => ({
        path: ['roles', role],
        value: ['nadia'],
      })),
    ]);
    const started = performance.now();
    expect(withChanges(many, checkDeployment(many)).length).toBeGreaterThan(5);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
