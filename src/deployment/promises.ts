/** What pages and drill take for granted of people and places: what they need, the build asks for, at its line. */
import type { Deployment } from './deployment';
import type { Finding } from './finding';
import { holders } from './holders';
import { partitionOf } from './providers/aws-kms.regions';
import { incompatiblePairs, watchersOf, witnessedPairs } from './roles';

/** Two people where one acts and the other watches (TWO-1): for each pair of roles, and at each shard's own administrators. */
function twoAtEachStep(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const held = holders(deployment);
  const hsm = deployment.shards.some(({ provider }) => provider === 'pkcs11-hsm');
  for (const [first, second] of witnessedPairs) {
    if (!hsm && [first, second].some((role) => role.startsWith('hsm-'))) continue;
    const all = [first, second].flatMap((role) => [...(held.get(role)?.keys() ?? [])]);
    const [only = ''] = all;
    const path = held.get(first)?.get(only);
    if (new Set(all).size !== 1 || path === undefined || !held.has(second)) continue;
    const message = `"${only}" is the only ${first} and the only ${second}, and pages let one act and the other watch; wanted two people`;
    findings.push({ rule: 'TWO-1', path, message });
  }
  for (const shard of deployment.shards) {
    const own = new Set('administrators' in shard ? shard.administrators : []);
    const [only = ''] = own;
    for (const role of watchersOf('provider-administrator')) {
      if (role === 'hsm-user-pin-holder' && shard.provider !== 'pkcs11-hsm') continue;
      const others = [...(held.get(role)?.keys() ?? [])];
      if (own.size !== 1 || others.length === 0 || others.some((id) => id !== only)) continue;
      // Said above where nobody else administers anything.
      if (held.get('provider-administrator')?.size === 1) continue;
      const message = `"${only}" is the only administrator of shard ${shard.n} and the only ${role}, and pages let one act and the other watch; wanted two people`;
      findings.push({ rule: 'TWO-1', path: ['shards', shard.n - 1, 'administrators', 0], message });
    }
  }
  return findings;
}

/** Two controllers of each safe, and a witness of its opening who is neither (TWO-3). */
function safes(deployment: Deployment): Finding[] {
  const held = holders(deployment);
  const own = deployment.roles['safe-controller'];
  const all: { what: string; path: (string | number)[]; controllers: readonly string[] }[] = [
    ...deployment.shards.flatMap((shard) =>
      shard.provider === 'paper'
        ? [
            {
              what: `the safe "${shard.safe}"`,
              path: ['shards', shard.n - 1, 'safeControllers'],
              controllers: shard.safeControllers,
            },
          ]
        : [],
    ),
    ...(own
      ? [{ what: 'a safe of kit or exports', path: ['roles', 'safe-controller'], controllers: own }]
      : []),
  ];
  return all.flatMap(({ what, path, controllers }): Finding[] => {
    const people = new Set(controllers);
    if (people.size < 2) {
      const message = `${what} has one controller, "${controllers[0]}", and could be opened by one person; wanted two`;
      return [{ rule: 'TWO-3', path, message }];
    }
    return watchersOf('safe-controller').flatMap((role) => {
      // The external witness opens nothing (EXT-2), and a custodian not the safe of the own shard (SOD-15).
      if (role === 'external-witness' || role === 'custodian') return [];
      const watchers = [...(held.get(role)?.keys() ?? [])];
      if (watchers.length === 0 || new Set([...people, ...watchers]).size > 2) return [];
      const [only = ''] = watchers;
      const message = `"${only}" would open ${what} with one other person and watch it as ${role}; wanted a third person`;
      return [{ rule: 'TWO-3', path: [...path, controllers.indexOf(only)], message }];
    });
  });
}

/** The external witness is of another organization (EXT-1) and does nothing else (EXT-2): who acts cannot attest to it. */
function outside(deployment: Deployment, found: readonly Finding[]): Finding[] {
  const held = holders(deployment);
  return [...new Set(deployment.roles['external-witness'])].flatMap((id): Finding[] => {
    const person = deployment.people.find((each) => each.id === id);
    if (person === undefined) return [];
    const findings: Finding[] = [];
    if (person.organization === undefined || person.organization === deployment.organization) {
      const what = person.organization === undefined ? 'has no organization' : 'is of this company';
      findings.push({
        rule: 'EXT-1',
        path: ['roles', 'external-witness', deployment.roles['external-witness'].indexOf(id)],
        message: `"${id}" is external witness and ${what}; wanted somebody whose entry in people names another organization`,
      });
    }
    for (const [role, people] of held) {
      const path = people.get(id);
      const told = found.some(({ message }) => message.startsWith(`"${id}"`) && message.includes(role));
      const apart = incompatiblePairs.some(
        ({ roles: [a, b] }) => [a, b].sort().join() === [role, 'external-witness'].sort().join(),
      );
      if (role === 'external-witness' || path === undefined || told || apart) continue;
      const message = `"${id}" is external witness and ${role}; wanted an external witness who holds no other role, as nobody can attest to what they do themselves`;
      findings.push({ rule: 'EXT-2', path, message });
    }
    return findings;
  });
}

/** Exports of the registry in two buildings at least (TWO-4). */
function apart({ database: { exports } }: Deployment): Finding[] {
  if (new Set(exports.map(({ building }) => building)).size > 1) return [];
  const message = `the exports of the registry lie in one building, "${exports[0]?.building}", and pages promise two; wanted an export in another building`;
  return [{ rule: 'TWO-4', path: ['database', 'exports', exports.length - 1, 'building'], message }];
}

/** What pages promise of people: two for each step, two approvers, two controllers a safe and a witness, one from outside. */
export function promises(deployment: Deployment): Finding[] {
  const steps = twoAtEachStep(deployment);
  const approvers = deployment.roles.approver;
  const alone: Finding[] =
    new Set(approvers).size < 2
      ? [
          {
            rule: 'TWO-2',
            path: ['roles', 'approver'],
            message: `"${approvers[0]}" is the only approver, and pages ask for two; wanted two people`,
          },
        ]
      : [];
  return [...steps, ...alone, ...safes(deployment), ...apart(deployment), ...outside(deployment, steps)];
}

/** What a field says of another field of the same shard. */
export function places(deployment: Deployment): Finding[] {
  return deployment.shards.flatMap((shard): Finding[] => {
    if (shard.provider !== 'aws-kms' || shard.replicaRegion === undefined) return [];
    const { n, region, replicaRegion } = shard;
    const refuse = (what: string) => [
      {
        rule: 'REG-1',
        path: ['shards', n - 1, 'replicaRegion'],
        message: `the replica of shard ${n} ${what}`,
      },
    ];
    if (replicaRegion === region)
      return refuse(
        `is in the region of its key, ${region}, and would be lost with it; wanted another region`,
      );
    if (partitionOf(replicaRegion) === partitionOf(region)) return [];
    return refuse(
      `is in ${replicaRegion}, and AWS copies no key from ${region} to there (partitions ${partitionOf(region)} and ${partitionOf(replicaRegion)}); wanted a region of the same partition`,
    );
  });
}
