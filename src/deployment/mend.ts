/** The smallest change of a file that mends a broken rule, and breaks no other: found by trying changes against the rules. */
import { checkDeployment } from './checks';
import type { Deployment } from './deployment';
import { type Edit, newcomer, type Path, withEdits } from './edit';
import type { Finding } from './finding';
import { type Role, roles, watchersOf } from './roles';

/** What to change, as the file says it and in words. */
export interface Change {
  readonly edits: readonly Edit[];
  readonly words: string;
}

/** Changes that are tried for one broken rule: a file with many people and shards must not keep a reader waiting. */
const mostTried = 600;

/** What a finding is about: of whom or of what, and for a pair of roles of which. Its numbers may change with a change elsewhere. */
const about = ({ rule, message }: Finding) =>
  `${rule} ${rule === 'TWO-1' || rule === 'REC-2' ? message : (/^[^"]*"[^"]*"/.exec(message)?.[0] ?? '')}`;

const sameFault = (a: Finding, b: Finding) => about(a) === about(b);

interface Entry {
  readonly path: Path;
  readonly role: string;
  /** True in a list that is long enough without it. */
  readonly spare: boolean;
}

const labels: Readonly<Record<string, string>> = {
  administrators: 'administrator of the key',
  safeControllers: 'controller of the safe',
  signIn: 'who signs in',
};

/** How many people a list must name. */
const needed = (list: string) =>
  ['approver', 'safe-controller', 'safeControllers', 'signIn'].includes(list) ? 2 : 1;

/** Every entry that names a person, former custodians left out: what was seen is not unseen by a change of the file. */
function entriesOf({ roles: assigned, shards, identityProviders = [] }: Deployment, person: string): Entry[] {
  const found: Entry[] = [];
  for (const [role, ids = []] of Object.entries(assigned))
    ids.forEach((id, index) => {
      if (id === person) found.push({ path: ['roles', role, index], role, spare: ids.length > needed(role) });
    });
  identityProviders.forEach(({ name, administrators }, at) => {
    administrators.forEach((id, index) => {
      const path = ['identityProviders', at, 'administrators', index];
      const role = `administrator of "${name}"`;
      if (id === person) found.push({ path, role, spare: administrators.length > 1 });
    });
  });
  for (const shard of shards) {
    for (const [field, value] of Object.entries(shard)) {
      const at = ['shards', shard.n - 1, field];
      const role = `${labels[field] ?? field} of shard ${shard.n}`;
      if (value === person && (field === 'custodian' || field === 'alternate'))
        found.push({ path: at, role, spare: false });
      if (Array.isArray(value))
        value.forEach((id, index) => {
          if (id === person) found.push({ path: [...at, index], role, spare: value.length > needed(field) });
        });
    }
  }
  return found;
}

const nameOf = (person: string) =>
  person === newcomer ? 'somebody who is not in people yet' : `"${person}"`;

/** Nobody in an entry where its list goes on without, else somebody else: those who are there first, then a newcomer. */
function insteadOf(deployment: Deployment, person: string, { path, role, spare }: Entry): Change[] {
  const others = deployment.people.map(({ id }) => id).filter((id) => id !== person);
  const takes = (id: string): Change => ({
    edits: [{ path, value: id }],
    words: `${nameOf(id)} instead of "${person}" as ${role}`,
  });
  const without: Change = { edits: [{ path, value: undefined }], words: `"${person}" no longer as ${role}` };
  return [...(spare ? [without] : []), ...others.map(takes), takes(newcomer)];
}

/** One more person in a role. */
function oneMore(deployment: Deployment, role: string): Change[] {
  const held = (deployment.roles as Record<string, readonly string[] | undefined>)[role] ?? [];
  const others = deployment.people.map(({ id }) => id).filter((id) => !held.includes(id));
  return [...others, newcomer].map((id) => ({
    edits: [{ path: ['roles', role, held.length], value: id }],
    words: `${nameOf(id)} as one more ${role}`,
  }));
}

/** One more person in the list at the place of a finding. */
function oneMoreAt(deployment: Deployment, path: Path): Change[] {
  const [, at, field] = path;
  const shard = path.length === 3 && field === 'safeControllers' ? deployment.shards[Number(at)] : undefined;
  if (shard?.provider !== 'paper') return [];
  const { safeControllers, n } = shard;
  const others = deployment.people.map(({ id }) => id).filter((id) => !safeControllers.includes(id));
  return [...others, newcomer].map((id) => ({
    edits: [{ path: [...path, safeControllers.length], value: id }],
    words: `${nameOf(id)} as one more controller of the safe of shard ${n}`,
  }));
}

/** Two people for the safes of kit and exports. */
function controllers({ people }: Deployment): Change[] {
  return people.flatMap(({ id }, index) =>
    people.slice(index + 1).map((second) => ({
      edits: [{ path: ['roles', 'safe-controller'], value: [id, second.id] }],
      words: `"${id}" and "${second.id}" as safe-controller`,
    })),
  );
}

/** M itself, the nearest first. */
function otherThreshold({ key, shards }: Deployment): Change[] {
  return Array.from({ length: Math.max(0, shards.length - 2) }, (_, index) => index + 2)
    .filter((m) => m !== key.threshold)
    .sort((a, b) => Math.abs(a - key.threshold) - Math.abs(b - key.threshold))
    .map((m) => ({ edits: [{ path: ['key', 'threshold'], value: m }], words: `a threshold of ${m}` }));
}

/** Another building of the file for a shard. */
function otherBuilding({ shards, sites }: Deployment): Change[] {
  return shards.flatMap((shard) =>
    'building' in shard
      ? sites
          .filter(({ id }) => id !== shard.building)
          .map(({ id }) => ({
            edits: [{ path: ['shards', shard.n - 1, 'building'], value: id }],
            words: `"${id}" instead of "${shard.building}" as the building of shard ${shard.n}`,
          }))
      : [],
  );
}

/** What mends a rule that no entry of the file can mend by itself, in words alone. */
const inWords: Readonly<Record<string, string>> = {
  'REF-2': 'another id for one of the two',
  'REF-4': 'another name or address for one of the two, or the other id in its place',
  'MN-1': 'more shards, or a smaller threshold',
  'MN-2': 'one more shard',
  'MN-3': 'a key of its own for one of the two',
  'REG-1': 'another region for the replica',
  'DEP-3': 'one that runs without the key',
  'REC-2': 'another name for one of the two identities',
  'REC-1': 'make the identity now, and take the line out',
  'EXT-1': 'the organization in the entry of this person in people, or a witness from outside',
  'EXP-1': 'a reshare, as a shard that was seen counts until then',
  'IND-3': 'a reshare, as a shard that was seen counts until then',
};

/** An identity of its own for the shard at the place of a finding, by its number. */
function ownIdentity({ shards }: Deployment, [, at]: Path): Change[] {
  const shard = shards[Number(at)];
  if (shard === undefined || !('recoveryIdentity' in shard)) return [];
  const ending = `-${shard.n}`;
  const value = shard.recoveryIdentity.slice(0, 128 - ending.length) + ending;
  return [
    {
      edits: [{ path: ['shards', shard.n - 1, 'recoveryIdentity'], value }],
      words: `"${value}" as the recovery identity of shard ${shard.n}`,
    },
  ];
}

/** An identity of its own for an automation. */
function ownMonitor({ automations = [] }: Deployment, [, at]: Path): Change[] {
  const name = automations[Number(at)]?.name;
  const value = 'masterkey-monitor';
  return [
    {
      edits: [{ path: ['automations', Number(at), 'identity'], value }],
      words: `"${value}", which may only read, as the identity of "${name}"`,
    },
  ];
}

/** Shards that must go elsewhere, so that a domain holds few enough to be breached (IND-1) or lost (IND-2). */
function elsewhere({ key, shards }: Deployment, { rule, message }: Finding): string | undefined {
  const [, kind, held] = /^the (\S+) ".*" holds (\d+) shard/.exec(message) ?? [];
  if (kind === undefined) return undefined;
  const count = Number(held) - (rule === 'IND-1' ? key.threshold - 1 : shards.length - key.threshold);
  return `another ${kind} for ${count} of these shards`;
}

function candidates(deployment: Deployment, finding: Finding): Change[] {
  const [, person = ''] = /^"([^"]+)"/.exec(finding.message) ?? [];
  const domain = /^the (?:administrator|custodian) "([^"]+)"/.exec(finding.message)?.[1];
  const own = deployment.people.some(({ id }) => id === person) ? person : domain;
  const at = finding.path.join();
  const entries = (own === undefined ? [] : entriesOf(deployment, own)).sort(
    (a, b) => Number(b.path.join() === at) - Number(a.path.join() === at),
  );
  const named = (Object.keys(roles) as Role[]).filter(
    (role) => role in deployment.roles && finding.message.includes(role),
  );
  const pairs = finding.rule.startsWith('TWO') ? named.filter((role) => watchersOf(role).length > 0) : [];
  return [
    ...(own === undefined ? [] : entries.flatMap((entry) => insteadOf(deployment, own, entry))),
    ...pairs.flatMap((role) => oneMore(deployment, role)),
    ...oneMoreAt(deployment, finding.path),
    ...(finding.rule.startsWith('MN-') ? otherThreshold(deployment) : []),
    ...(finding.rule === 'REC-2' ? ownIdentity(deployment, finding.path) : []),
    ...(finding.rule === 'AUT-1' ? ownMonitor(deployment, finding.path) : []),
    ...(finding.rule === 'REF-3' ? controllers(deployment) : []),
    ...(finding.rule.startsWith('IND-') ? otherBuilding(deployment) : []),
  ];
}

/** Several entries of one person at a time, given to a newcomer and then to those who are there, as far as they can. */
function several(
  deployment: Deployment,
  finding: Finding,
  mends: (edits: readonly Edit[]) => boolean,
): Change | undefined {
  const [, person = ''] = /^(?:the \S+ )?"([^"]+)"/.exec(finding.message) ?? [];
  const entries = entriesOf(deployment, person);
  const subsets = (size: number, from = 0): Entry[][] =>
    size === 0
      ? [[]]
      : entries.flatMap((entry, index) =>
          index < from ? [] : subsets(size - 1, index + 1).map((rest) => [entry, ...rest]),
        );
  for (let size = 2; size <= Math.min(entries.length, 4); size++) {
    for (const chosen of subsets(size)) {
      const given = chosen.map(({ path }): Edit => ({ path, value: newcomer }));
      if (!mends(given)) continue;
      const to = chosen.map(({ path }, index) => {
        const able = deployment.people.find(
          ({ id }) => id !== person && mends(given.with(index, { path, value: id })),
        );
        if (able) given[index] = { path, value: able.id };
        return able?.id ?? newcomer;
      });
      const words = chosen.map(({ role }, index) => `${nameOf(to[index] ?? newcomer)} as ${role}`);
      return {
        edits: given,
        words: `${words.slice(0, -1).join(', ')} and ${words.at(-1)} instead of "${person}"`,
      };
    }
  }
  return undefined;
}

/** The smallest change that mends one of the `findings` and adds none; undefined where only words can say it. */
export function smallestChange(
  deployment: Deployment,
  finding: Finding,
  findings: readonly Finding[],
): Change | undefined {
  let tried = 0;
  const mends = (edits: readonly Edit[]) => {
    if (++tried > mostTried) return false;
    const left = checkDeployment(withEdits(deployment, edits));
    return (
      !left.some((other) => sameFault(other, finding)) &&
      left.every((other) => findings.some((before) => sameFault(before, other)))
    );
  };
  const one = candidates(deployment, finding).find(({ edits }) => mends(edits));
  return one ?? several(deployment, finding, mends);
}

/** Broken rules that each get a change of their own; beyond these the first ones are to be mended first. */
const mostMended = 12;

/** The findings, each with the smallest change that mends it. */
export function withChanges(deployment: Deployment, findings: readonly Finding[]): Finding[] {
  return findings.map((finding, index) => {
    // A name that is not in the file is told with the known ones.
    if (index >= mostMended || finding.rule === 'REF-1') return finding;
    const words =
      smallestChange(deployment, finding, findings)?.words ??
      inWords[finding.rule] ??
      elsewhere(deployment, finding);
    if (words === undefined) return finding;
    const { message } = finding;
    return {
      ...finding,
      message: `${message}${message.endsWith('.') ? ' The' : '; the'} smallest change: ${words}`,
    };
  });
}
