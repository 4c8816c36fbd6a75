/** Writes `deployment.yaml` with comments that say what each part is and which rule binds it. */
import { stringify } from 'yaml';
import { providers } from '../../src/deployment/providers/registry';
import {
  type AssignedRole,
  assignedRoleIds,
  assignedRoles,
  incompatiblePairs,
  type Role,
} from '../../src/deployment/roles';
import type { DeploymentFile } from '../../src/deployment/schema';

/** What is said above each part. */
const comments: Readonly<Record<keyof DeploymentFile, readonly string[]>> = {
  organization: ['The company, as it stands on the printed sheets.'],
  key: [
    'The key. threshold is M, the shards that are needed; N is the number of entries under shards.',
    'MN-1, MN-2: M is smaller than N, so that the loss of one shard does not lose the key.',
  ],
  database: [
    'The shard registry: wrapped shards, which are ciphertext. Exports lie in other places than the database.',
  ],
  service: [
    'How the service takes the key, wrapped for it alone; {file} stands for the file. importKey is the SHA-256 of its public key.',
  ],
  shards: [
    'One entry a shard, in order: the first is shard 1. Append new ones at the end.',
    'IND-1, IND-2: no provider, account, region, sign-in, building or safe holds M shards or more, or leaves fewer than M.',
    'MN-4: custodian and alternate are two people. SOD-15, SOD-16: neither opens the safe or administers the key.',
    'REC-2: a recovery identity unwraps one shard. Its custodian and alternate sign in with it, or the two of signIn.',
    'EXP-1, IND-3: nobody holds or reaches M shards. TWO-3: two controllers open a safe, and a third person watches.',
  ],
  people: [
    'Everybody who is named in this file. An organization stands with people of another company only.',
    'REF-1, REF-2: every id that is used stands here, once.',
  ],
  roles: [
    'Who may act in each role; several people may. "Not also" names the roles that the same person may not hold.',
    'TWO-1: where one acts and another watches, there are two people. TWO-2: there are two approvers.',
  ],
  identityProviders: [
    'Who administers what signs people in. One that is not named counts as a person of its own.',
  ],
  automations: ['Jobs that run with nobody there. They may read states of keys, and unwrap nothing.'],
  sites: ['Buildings. Shards and exports in one building fail together, and are breached together.'],
};

/** `Not also: operator (SOD-4), recovery-operator (SOD-5).`; empty where a role has no such pair. */
function notAlso(role: Role): string {
  const others = incompatiblePairs.flatMap(({ rule, roles: [a, b] }) =>
    a === role ? [`${b} (${rule})`] : b === role ? [`${a} (${rule})`] : [],
  );
  if (role === 'external-witness') return ' In no other role (EXT-2).';
  return others.length === 0 ? '' : ` Not also: ${others.join(', ')}.`;
}

const said = (lines: readonly string[], indent = '') => lines.map((line) => `${indent}# ${line}\n`).join('');
/** One line, whatever is in it; ids in lists stand as they are. */
const oneLine = (value: unknown) => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();

function section(name: keyof DeploymentFile, file: DeploymentFile): string {
  if (name === 'shards')
    return `shards:\n${file.shards
      .map(({ provider, ...fields }, index) => {
        const kind = providers[provider].name;
        const lines = Object.entries(fields)
          .filter(([field, value]) => field !== 'formerCustodians' || (value as unknown[]).length > 0)
          .filter(([field, value]) => field !== 'recoveryNeedsIamWrite' || value === true)
          .map(([field, value]) => `    ${field}: ${oneLine(value)}\n`);
        return `  # Shard ${index + 1}: ${kind}\n  - provider: ${provider}\n${lines.join('')}`;
      })
      .join('\n')}`;
  if (name === 'people' || name === 'sites')
    return `${name}:\n${file[name].map((entry) => `  - ${oneLine(entry)}\n`).join('')}`;
  if (name === 'roles') {
    const safes = file.roles['safe-controller'];
    return `roles:\n${assignedRoleIds
      .map((role: AssignedRole) => {
        const duty = said([`${assignedRoles[role]}${notAlso(role)}`], '  ');
        return `${duty}  ${role}: ${oneLine(file.roles[role])}\n`;
      })
      .join(
        '',
      )}${safes ? `${said(['Opens the safes of kit and exports, as no shard is on paper.'], '  ')}  safe-controller: ${oneLine(safes)}\n` : ''}`;
  }
  return stringify({ [name]: file[name] }, { lineWidth: 0 });
}

/** The parts in the order in which they are written. */
const order = Object.keys(comments) as (keyof DeploymentFile)[];

/** The text of a deployment file, with comments. */
export function deploymentText(file: DeploymentFile): string {
  const written = order.filter((name) => file[name] !== undefined);
  const parts = written.map((name) => `${said(comments[name])}${section(name, file)}`);
  return `# yaml-language-server: $schema=./static/schemas/deployment.schema.json
# The one file that describes your deployment. After a change: npm run tabletop -- fixture, then npm test.

${parts.join('\n')}`;
}
