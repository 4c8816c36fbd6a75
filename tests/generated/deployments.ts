/** Deployments that keep every rule of the build by how they are made: M of N, providers, people, scripts, lengths. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { type ProviderId, providerIds } from '../../src/deployment/providers/registry';
import { assignedRoleIds, type Role } from '../../src/deployment/roles';
import { personName, slugOf, textOf } from './names';
import { Shards } from './shards';
import { Staff } from './staff';
import { Tape } from './tape';

/** What is drawn: sizes, which providers in which order, and a tape for everything else. */
export interface Draft {
  readonly threshold: number;
  readonly shards: number;
  /** Fewest people that the file names; more are added where the rules need them. */
  readonly people: number;
  /** Providers to take in turn, as far as the rules let them. */
  readonly providers: readonly ProviderId[];
  readonly tape: readonly number[];
}

/** Shards of this provider that fail or are breached together, however they are named. */
const together: ReadonlySet<ProviderId> = new Set(['aws-kms', 'gcp-kms', 'azure-key-vault', 'pkcs11-hsm']);

/** The provider of each shard: those of the draft in turn, and one that stands alone where another would be too much. */
function providersOf({ threshold, shards, providers }: Draft): ProviderId[] {
  const most = Math.min(threshold - 1, shards - threshold);
  const chosen: ProviderId[] = [];
  for (let n = 0; n < shards; n++) {
    const turn = [...providers.slice(n % providers.length), ...providers, 'paper' as const];
    const free = turn.find((id) => !together.has(id) || chosen.filter((other) => other === id).length < most);
    chosen.push(free ?? 'paper');
  }
  return chosen;
}

/** How the service takes the key: its commands in short and long forms. */
function serviceOf(tape: Tape): Record<string, string> {
  const program = tape.of(['settlectl', 'Settle_2.0', 'settlement-service-administration-tool']);
  return {
    importKey: tape.of(['0', 'a', 'f']).repeat(64),
    showImportKey: `${program} ${tape.of(['import-key', '--namespace=eu-1 keys show --name import'])}`,
    load: `${program} ${tape.of(['load {file}', 'unseal --in={file}', '-f ./{file} --wait 30'])}`,
    check: `${program} ${tape.of(['check', `request --sample ${'s'.repeat(60)}`])}`,
    answer: tape.of(['ok', 'OK: sealed=false', 'all 3 replicas, active']),
  };
}

/** The deployment of a draft, as an object that YAML can write. */
export function deploymentOf(draft: Draft): Record<string, unknown> {
  const tape = new Tape(draft.tape);
  const providers = providersOf(draft);
  const staff = new Staff(tape, draft.people, draft.threshold, tape.onceIn(2));
  const hasHsm = providers.includes('pkcs11-hsm');
  const isPin = (role: Role) => role.startsWith('hsm-');
  for (const role of assignedRoleIds) staff.give(role);
  staff.give('approver', staff.holding('approver'));
  const shards = new Shards(tape, staff, Math.min(draft.threshold - 1, draft.shards - draft.threshold));
  const made = providers.map((id, index) => shards.make(id, index + 1));
  const signIns = new Map<string, number[]>();
  made.forEach(({ identityProvider: name }, index) => {
    if (typeof name === 'string') signIns.set(name, [...(signIns.get(name) ?? []), index + 1]);
  });
  const identityProviders = [...signIns].flatMap(([name, behind]) => {
    const able = staff.members.filter(({ id, external }) => !external && staff.mayReach(id, ...behind));
    if (able.length === 0 || !tape.onceIn(4)) return [];
    const { id } = tape.of(able);
    staff.reach(id, ...behind);
    return [{ name, administrators: [id] }];
  });
  const paperless = !providers.includes('paper');
  const openers: string[] = [];
  if (paperless || tape.onceIn(4))
    for (let count = 0; count < 2; count++) openers.push(staff.give('safe-controller', openers));
  for (let more = tape.upTo(8); more > 0; more--) {
    const role = tape.of(assignedRoleIds);
    staff.give(role, staff.holding(role));
  }
  const groups = [
    ...made.flatMap(({ administrators, safeControllers }) => [
      { role: 'provider-administrator' as const, people: (administrators ?? []) as string[] },
      { role: 'safe-controller' as const, people: (safeControllers ?? []) as string[] },
    ]),
    { role: 'safe-controller' as const, people: openers },
  ].filter(({ people }) => people.length > 0);
  staff.complete(assignedRoleIds, (role) => hasHsm || !isPin(role), groups);
  const sites = [...new Set([...shards.buildings, 'archive', 'vault'])];
  const company = textOf(tape, 'Northwind Clearing');
  return {
    organization: company,
    key: {
      name: slugOf(tape, 'settlement-key', 1),
      version: tape.of([1, 2, 9999]),
      generation: tape.of([1, 3, 65_534]),
      bytes: tape.of([32, 16, 48, 64]),
      threshold: draft.threshold,
      service: textOf(tape, 'settlement'),
    },
    database: {
      service: tape.of(['shards', 'Registry_1.prod-eu', `r${'s'.repeat(62)}`]),
      recoveryRole: tape.of(['recovery', 'Recovery (read only)', "o'role", 'r'.repeat(63)]),
      exports: sites
        .slice(0, 2 + tape.upTo(3))
        .map((building) => ({ building, medium: textOf(tape, 'paper export') })),
    },
    ...(tape.onceIn(2) ? { service: serviceOf(tape) } : {}),
    shards: made,
    people: staff.members.map(({ id, external }, index) => ({
      id,
      name: personName(tape, index),
      ...(external ? { organization: `${textOf(tape, 'Assessors', 110)} ${index}` } : {}),
    })),
    roles: {
      ...Object.fromEntries(assignedRoleIds.map((role) => [role, staff.holding(role)])),
      ...(openers.length > 0 ? { 'safe-controller': openers } : {}),
    },
    ...(identityProviders.length > 0 ? { identityProviders } : {}),
    sites: sites.map((id, index) => ({
      id,
      // A long text says nothing of the number: two of them would be one building.
      name: `${index + 1} ${textOf(tape, 'Site', 110)}`,
      address: `${index + 1} ${textOf(tape, 'Quay Road, Porthaven', 110)}`,
    })),
  };
}

/** The file of a draft, as an adopter would write it. */
export const fileOf = (draft: Draft): string => stringify(deploymentOf(draft), { lineWidth: 0 });

/** Fewest shards that open the key, so that sixty people are enough: everybody may reach fewer. */
const fewest = (shards: number): number =>
  Math.max(2, Math.ceil((3.5 * shards) / 40) + (shards > 11 ? 1 : 0));

/** Drafts of valid deployments of at most `largest` shards, 3 of them at least. */
export function drafts(largest = 40): fc.Arbitrary<Draft> {
  const sizes = fc
    .oneof(
      { weight: 4, arbitrary: fc.integer({ min: 3, max: Math.min(5, largest) }) },
      { weight: 2, arbitrary: fc.integer({ min: 3, max: Math.min(10, largest) }) },
      { weight: 1, arbitrary: fc.integer({ min: 3, max: largest }) },
    )
    .chain((shards) =>
      fc.record({
        shards: fc.constant(shards),
        threshold: fc.integer({ min: fewest(shards), max: Math.min(20, shards - 1) }),
      }),
    );
  const providers = fc.oneof(
    fc.constantFrom(...providerIds).map((id) => [id]),
    fc.shuffledSubarray([...providerIds], { minLength: 1 }),
    fc.constant([...providerIds]),
  );
  return fc
    .record({
      size: sizes,
      people: fc.integer({ min: 6, max: 56 }),
      providers,
      tape: fc.array(fc.nat({ max: 9999 }), { maxLength: 600, size: 'max' }),
    })
    .map(({ size, ...rest }) => ({ ...size, ...rest }));
}
