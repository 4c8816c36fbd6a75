/** Checks of a deployment that the schema cannot express: references, M of N, segregation of duties, independence, exposure, recovery. */
import { appearanceOf } from '../shard/names';
import { signers } from './access';
import { circular } from './dependence';
import type { Deployment, Shard } from './deployment';
import { type Domain, domains } from './domains';
import type { Finding } from './finding';
import { holders, peopleOf } from './holders';
import { names } from './naming';
import { places, promises } from './promises';
import { kindOf } from './providers/registry';
import { reachFindings } from './reach';
import { incompatiblePairs } from './roles';

const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
const numbers = (shards: readonly number[]) => shards.join(', ');

/**
 * One person or one building under two ids would be counted as two by every rule, and nobody could tell the two apart on
 * paper.
 */
function listedTwice(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const look = (list: 'people' | 'sites', field: 'name' | 'address', texts: readonly string[]): void => {
    const ids = deployment[list].map(({ id }) => id);
    const seen = new Map<string, string>();
    for (const [index, text] of texts.entries()) {
      const [id = '', other] = [ids[index], seen.get(appearanceOf(text))];
      if (other === undefined) seen.set(appearanceOf(text), id);
      // An id that stands twice is named already.
      if (other === undefined || other === id) continue;
      const twice = `${list === 'people' ? 'a person' : 'a building'} listed twice counts as two`;
      const wanted = `${field === 'name' ? 'names' : 'addresses'} that can be told apart, or one entry`;
      const message = `the ${field} "${text}" of "${id}" looks the same as that of "${other}": ${twice}; wanted ${wanted}`;
      findings.push({ rule: 'REF-4', path: [list, index, field], message });
    }
  };
  const { people, sites } = deployment;
  look(
    'people',
    'name',
    people.map(({ name }) => name),
  );
  look(
    'sites',
    'name',
    sites.map(({ name }) => name),
  );
  look(
    'sites',
    'address',
    sites.map(({ address }) => address),
  );
  return findings;
}

function references(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const known = (ids: readonly string[], id: string, what: string, path: (string | number)[]) => {
    if (!ids.includes(id)) {
      findings.push({ rule: 'REF-1', path, message: `"${id}" is not in ${what}; known: ${ids.join(', ')}` });
    }
  };
  const people = deployment.people.map((person) => person.id);
  const sites = deployment.sites.map((site) => site.id);
  for (const list of ['people', 'sites'] as const) {
    deployment[list].forEach((entry, index) => {
      if (deployment[list].findIndex((other) => other.id === entry.id) < index) {
        findings.push({
          rule: 'REF-2',
          path: [list, index, 'id'],
          message: `the id "${entry.id}" is used twice`,
        });
      }
    });
  }
  findings.push(...listedTwice(deployment));
  for (const shard of deployment.shards) {
    for (const [path, id] of peopleOf(shard)) known(people, id, 'people', path);
    if ('building' in shard) known(sites, shard.building, 'sites', ['shards', shard.n - 1, 'building']);
  }
  const signIns = domains(deployment).filter(({ kind }) => kind === 'identity-provider');
  deployment.identityProviders?.forEach(({ name, administrators }, index) => {
    const at = ['identityProviders', index];
    known(
      signIns.map(({ id }) => id),
      name,
      'identityProvider of any shard',
      [...at, 'name'],
    );
    administrators.forEach((id, place) => {
      known(people, id, 'people', [...at, 'administrators', place]);
    });
    if (deployment.identityProviders?.findIndex((other) => other.name === name) === index) return;
    const message = `the identity provider "${name}" stands here twice`;
    findings.push({ rule: 'REF-2', path: [...at, 'name'], message });
  });
  deployment.database.exports.forEach((copy, index) => {
    known(sites, copy.building, 'sites', ['database', 'exports', index, 'building']);
  });
  for (const [role, ids = []] of Object.entries(deployment.roles)) {
    ids.forEach((id, index) => {
      known(people, id, 'people', ['roles', role, index]);
    });
  }
  if (!holders(deployment).has('safe-controller')) {
    const message =
      'nobody opens the safes of the recovery kit and of the exports; wanted two people as safe-controller, as no shard on paper names any';
    findings.push({ rule: 'REF-3', path: ['roles'], message });
  }
  return findings;
}

function quorum(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const { threshold } = deployment.key;
  const n = deployment.shards.length;
  if (threshold > n) {
    findings.push({
      rule: 'MN-1',
      path: ['key', 'threshold'],
      message: `the threshold M is ${threshold}, but there are only ${many(n, 'shard')} (N); wanted M ≤ N`,
    });
  }
  if (threshold === n) {
    findings.push({
      rule: 'MN-2',
      path: ['key', 'threshold'],
      message: `the threshold M equals N (${n}): the loss of one shard would lose the key; wanted M < N`,
    });
  }
  const references = new Map<string, number>();
  for (const shard of deployment.shards) {
    const first = references.get(shard.keyReference);
    if (first !== undefined && shard.medium === 'wrapped') {
      findings.push({
        rule: 'MN-3',
        path: ['shards', shard.n - 1],
        message: `shards ${first} and ${shard.n} are wrapped by the same key ${shard.keyReference}; wanted one key a shard`,
      });
    }
    references.set(shard.keyReference, first ?? shard.n);
    if (shard.custodian === shard.alternate) {
      findings.push({
        rule: 'MN-4',
        path: ['shards', shard.n - 1, 'alternate'],
        message: `"${shard.custodian}" is custodian and alternate of shard ${shard.n}; wanted two people`,
      });
    }
  }
  return findings;
}

function segregation(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const held = holders(deployment);
  for (const { rule, roles, reason } of incompatiblePairs) {
    const [first, second] = [held.get(roles[0]), held.get(roles[1])];
    for (const [id, path] of first ?? []) {
      if (second?.has(id)) {
        findings.push({ rule, path, message: `"${id}" is both ${roles[0]} and ${roles[1]}. ${reason}` });
      }
    }
  }
  for (const shard of deployment.shards) {
    const administrators = 'administrators' in shard ? shard.administrators : [];
    administrators.forEach((id, index) => {
      const as =
        id === shard.custodian
          ? 'custodian'
          : id === shard.alternate
            ? 'alternate'
            : signers(shard).some(({ person }) => person === id)
              ? 'recovery identity'
              : undefined;
      if (as === undefined) return;
      findings.push({
        rule: 'SOD-16',
        path: ['shards', shard.n - 1, 'administrators', index],
        message: `"${id}" is administrator of the key of shard ${shard.n} and its ${as}. Who may change a key’s policy must not be the one who is asked before it unwraps.`,
      });
    });
    if (shard.provider !== 'paper') continue;
    shard.safeControllers.forEach((id, index) => {
      if (id === shard.custodian || id === shard.alternate) {
        findings.push({
          rule: 'SOD-15',
          path: ['shards', shard.n - 1, 'safeControllers', index],
          message: `"${id}" opens the safe "${shard.safe}" and holds shard ${shard.n} in it. One person could take the bag unseen.`,
        });
      }
    });
  }
  return findings;
}

function placeOf(domain: Domain): (string | number)[] {
  return ['shards', (domain.shards[0] ?? 1) - 1];
}

function independence(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const m = deployment.key.threshold;
  const n = deployment.shards.length;
  if (m >= n) return findings;
  for (const domain of domains(deployment)) {
    const held = domain.shards.length;
    const what = `the ${domain.kind} "${domain.id}" holds ${many(held, 'shard')} (${numbers(domain.shards)})`;
    if (domain.breachable && held >= m) {
      findings.push({
        rule: 'IND-1',
        path: placeOf(domain),
        message: `${what}, and ${m} are enough for the key; wanted at most ${m - 1}`,
      });
    }
    // The registry survives its database: the schema demands signed exports in other places.
    if (domain.losable && domain.kind !== 'database' && n - held < m) {
      findings.push({
        rule: 'IND-2',
        path: placeOf(domain),
        message: `${what}; without them ${n - held} of ${n} are left, and ${m} are needed`,
      });
    }
  }
  return findings;
}

/** Shards that each person has ever seen, by generation (PCI PIN 21-2.4: a reassigned share counts for its former holder forever). */
export function exposure(deployment: Deployment): Map<string, Map<number, number[]>> {
  const seen = new Map<string, Map<number, number[]>>();
  const see = (person: string, generation: number, shard: number) => {
    const generations = seen.get(person) ?? new Map<number, number[]>();
    const shards = generations.get(generation) ?? [];
    if (!shards.includes(shard)) shards.push(shard);
    generations.set(generation, shards);
    seen.set(person, generations);
  };
  for (const shard of deployment.shards) {
    see(shard.custodian, deployment.key.generation, shard.n);
    see(shard.alternate, deployment.key.generation, shard.n);
    for (const { person } of signers(shard)) see(person, deployment.key.generation, shard.n);
    for (const former of shard.formerCustodians) see(former.person, former.generation, shard.n);
  }
  return seen;
}

function lifetimeExposure(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  for (const [person, generations] of exposure(deployment)) {
    for (const [generation, shards] of generations) {
      if (shards.length >= deployment.key.threshold) {
        findings.push({
          rule: 'EXP-1',
          path: ['shards', (shards[0] ?? 1) - 1, 'custodian'],
          message: `"${person}" has held ${many(shards.length, 'shard')} (${numbers(shards)}) of generation ${generation}; wanted fewer than ${deployment.key.threshold} in a lifetime`,
        });
      }
    }
  }
  return findings;
}

/** Where the name of a shard's recovery identity means one and the same. */
function realmOf(shard: Shard): string {
  const kind = kindOf(shard.provider);
  const account = kind.domains(shard).find((domain) => domain.kind === 'account')?.id;
  return [shard.provider, kind.realm?.(shard) ?? account ?? kind.operator(shard)?.id].join(' ');
}

/** A recovery identity of each shard's own (REC-2), to which two people can sign in (TWO-5): custodian and alternate, or those of `signIn`. */
function identities(deployment: Deployment): Finding[] {
  const findings: Finding[] = [];
  const first = new Map<string, number>();
  for (const shard of deployment.shards) {
    if (!('recoveryIdentity' in shard)) continue;
    const { n, recoveryIdentity, signIn } = shard;
    const at = ['shards', n - 1];
    const id = `${realmOf(shard)} ${recoveryIdentity}`;
    const other = first.get(id);
    if (other === undefined) first.set(id, n);
    else {
      const message = `the identity "${recoveryIdentity}" unwraps shards ${other} and ${n}, so that whoever signs in for one has both; wanted one of its own for each shard`;
      findings.push({ rule: 'REC-2', path: [...at, 'recoveryIdentity'], message });
    }
    if (signIn !== undefined && new Set(signIn).size < 2) {
      const message = `"${signIn[0]}" alone signs in with the recovery identity of shard ${n}, and nobody stands in; wanted two people`;
      findings.push({ rule: 'TWO-5', path: [...at, 'signIn'], message });
    }
  }
  return findings;
}

/** No automation may unwrap (AUT-1): what runs with nobody there is seen by nobody. */
function unattended({ automations = [], shards }: Deployment): Finding[] {
  return automations.flatMap(({ name, identity, shards: at }, index): Finding[] => {
    const path = ['automations', index];
    const beyond = at.findIndex((n) => n > shards.length);
    if (beyond !== -1) {
      const message = `the automation "${name}" signs in at shard ${at[beyond]}, and there are ${shards.length}`;
      return [{ rule: 'REF-1', path: [...path, 'shards', beyond], message }];
    }
    const opened = shards.filter(
      (shard) => at.includes(shard.n) && 'recoveryIdentity' in shard && shard.recoveryIdentity === identity,
    );
    if (opened.length === 0) return [];
    const what = `${opened.length === 1 ? 'shard' : 'shards'} ${numbers(opened.map(({ n }) => n))}`;
    const message = `the automation "${name}" signs in with the recovery identity of ${what}, "${identity}", and could unwrap with nobody there; wanted an identity that may only read the states of keys`;
    return [{ rule: 'AUT-1', path: [...path, 'identity'], message }];
  });
}

function recovery(deployment: Deployment): Finding[] {
  return deployment.shards.flatMap((shard) =>
    'recoveryNeedsIamWrite' in shard && shard.recoveryNeedsIamWrite
      ? [
          {
            rule: 'REC-1',
            path: ['shards', shard.n - 1, 'recoveryNeedsIamWrite'],
            message: `unwrapping shard ${shard.n} needs a change of permissions during the incident; wanted an identity made before it`,
          },
        ]
      : [],
  );
}

/** Every broken rule of a deployment; empty when it is sound. What a rule for one role says of a person is not said again of the sum. */
export function checkDeployment(deployment: Deployment): Finding[] {
  const single = [
    references,
    quorum,
    segregation,
    promises,
    places,
    names,
    independence,
    lifetimeExposure,
    recovery,
    identities,
    unattended,
    circular,
  ].flatMap((check) => check(deployment));
  const broken = single.filter(({ rule }) => rule === 'IND-1' || rule === 'EXP-1');
  const sums = reachFindings(deployment).filter(
    ({ message }) => !broken.some((other) => other.message.includes(message.slice(0, message.indexOf(' ')))),
  );
  return [...single, ...sums];
}
