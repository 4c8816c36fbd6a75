/** What pages and drill take for granted of people and places: what they need, the build asks for, at its line. */
import { checkHolder } from '../shard/manifest';
import { type Deployment, type Shard, withNextKey } from './deployment';
import type { Finding } from './finding';
import { holders } from './holders';
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
  return [...steps, ...alone, ...safes(deployment), ...outside(deployment, steps)];
}

/** What a field says of another field of the same shard. */
export function places(deployment: Deployment): Finding[] {
  return deployment.shards.flatMap((shard) =>
    'replicaRegion' in shard && shard.replicaRegion === shard.region
      ? [
          {
            rule: 'REG-1',
            path: ['shards', shard.n - 1, 'replicaRegion'],
            message: `the replica of shard ${shard.n} is in the region of its key, ${shard.region}, and would be lost with it; wanted another region`,
          },
        ]
      : [],
  );
}

/** The field that tells a shard's place: a region, a host, a token, a safe. */
function fieldOfPlace(shard: Shard): string {
  const fields = Object.entries(shard).filter(([field]) => !['place', 'name'].includes(field));
  return (
    fields.find(([, value]) => typeof value === 'string' && value.includes(shard.place))?.[0] ?? 'provider'
  );
}

/** What `sss` and the vendors ask of the names that follow from the file: of a shard on its sheet, and of its next key. */
export function names(deployment: Deployment): Finding[] {
  const { shards } = deployment;
  const holders = shards.flatMap((shard): Finding[] => {
    try {
      checkHolder(shard.name);
      return [];
    } catch {
      const message = `sheet and manifest call shard ${shard.n} "${shard.name}", which no manifest can hold; wanted 120 characters at most (found ${shard.name.length}), and nothing that looks like a shard`;
      return [{ rule: 'NAME-1', path: ['shards', shard.n - 1, fieldOfPlace(shard)], message }];
    }
  });
  const keyed = shards.filter(({ medium }) => medium === 'wrapped');
  const next = new Map(keyed.map((shard) => [shard, withNextKey(shard).keyReference]));
  const taken = keyed.flatMap((shard): Finding[] => {
    const reference = next.get(shard);
    const other = keyed.find((each) => each !== shard && each.keyReference === reference);
    const same = keyed.find((each) => each.n < shard.n && next.get(each) === reference);
    if (other === undefined && same === undefined) return [];
    const what = other ? `is the key of shard ${other.n}` : `the next key of shard ${same?.n} would be too`;
    const message = `the next key of shard ${shard.n} would be ${reference}, and that ${what}; wanted another name, so that a lost key can be replaced`;
    return [{ rule: 'NAME-2', path: ['shards', shard.n - 1], message }];
  });
  return [...holders, ...taken];
}
