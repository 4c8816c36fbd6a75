/** What pages and drill take for granted of people and places: what they need, the build asks for, at its line. */
import { checkHolder } from '../shard/manifest';
import { type Deployment, type Shard, withNextKey } from './deployment';
import type { Finding } from './finding';
import { holders } from './holders';
import { type Role, witnessedPairs } from './roles';

/** What pages promise of people: two for each step, two approvers, two controllers a safe, a witness from outside. */
export function promises(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const held = holders(deployment);
  const uses = (role: Role) =>
    !role.startsWith('hsm-') || deployment.shards.some(({ provider }) => provider === 'pkcs11-hsm');
  for (const roles of witnessedPairs) {
    if (!roles.every(uses)) continue;
    const people = new Set(roles.flatMap((role) => [...(held.get(role)?.keys() ?? [])]));
    const [only] = people;
    const path = held.get(roles[0])?.get(only ?? '');
    if (people.size !== 1 || path === undefined || !held.has(roles[1])) continue;
    const message = `"${only}" is the only ${roles[0]} and the only ${roles[1]}, and pages let one act and the other watch; wanted two people`;
    findings.push({ rule: 'TWO-1', path, message });
  }
  if (new Set(deployment.roles.approver).size < 2) {
    const message = `"${deployment.roles.approver[0]}" is the only approver, and pages ask for two; wanted two people`;
    findings.push({ rule: 'TWO-2', path: ['roles', 'approver'], message });
  }
  for (const shard of deployment.shards) {
    if (shard.provider !== 'paper' || new Set(shard.safeControllers).size > 1) continue;
    const message = `the safe "${shard.safe}" has one controller, "${shard.safeControllers[0]}", and could be opened by one person; wanted two`;
    findings.push({ rule: 'TWO-3', path: ['shards', shard.n - 1, 'safeControllers'], message });
  }
  deployment.roles['external-witness'].forEach((id, index) => {
    const person = deployment.people.find((each) => each.id === id);
    if (person === undefined) return;
    if (person.organization !== undefined && person.organization !== deployment.organization) return;
    const found = person.organization === undefined ? 'has no organization' : 'is of this company';
    findings.push({
      rule: 'EXT-1',
      path: ['roles', 'external-witness', index],
      message: `"${id}" is external witness and ${found}; wanted somebody whose entry in people names another organization`,
    });
  });
  return findings;
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
