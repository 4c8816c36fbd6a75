import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/audit/criteria';
import { loadDeployment } from '../../src/deployment/load';
import { incompatiblePairs, roles } from '../../src/deployment/roles';
import { loadProcedures } from '../../src/procedure/load';
import { exampleDeployment } from '../example';

const deployment = loadDeployment(exampleDeployment);
const procedures = loadProcedures('.', deployment);
const procedure = (page: string) => {
  const found = procedures.find(({ file }) => file === `docs/${page}.mdx`);
  if (!found) throw new RangeError(`no page docs/${page}.mdx`);
  return found;
};
const text = (page: string) =>
  procedure(page)
    .lines.map((line) => line.text)
    .join('\n');
const commands = (page: string) =>
  procedure(page)
    .steps.flatMap(({ command }) => command?.lines ?? [])
    .map((line) => line.text)
    .join('\n');
const logs = (page: string) => procedure(page).steps.flatMap(({ log }) => log);

const wrapped = deployment.shards.filter(({ medium }) => medium === 'wrapped').map(({ n }) => n);
const paper = deployment.shards.filter(({ medium }) => medium === 'paper').map(({ n }) => n);

/** What must be found, by the beginning of the criterion. */
const finds: Readonly<Record<string, () => void>> = {
  'Key ceremony guide: obtaining': () => {
    expect(text('ceremony/setup')).toMatch(/git verify-tag[\s\S]*sha256sum/);
    expect(commands('ceremony/setup')).toContain('sss selftest');
    expect(text('ceremony/kit')).toContain('sha256sum --check --strict --quiet SHA256SUMS');
    expect(commands('ceremony/script')).toMatch(/sha256sum < "\$\(command -v sss\)"[\s\S]*sss generate/);
  },
  'Key ceremony guide: sanitization': () => {
    const page = text('ceremony/sanitization');
    for (const part of ['Drives', 'Radios', 'Camera, microphone', 'Printer', 'Scanner', 'sss preflight'])
      expect(page).toContain(part);
    expect(logs('ceremony/sanitization')).toEqual(
      expect.arrayContaining(['machine.unsealed', 'machine.inspected', 'image.verified', 'machine.sealed']),
    );
    expect(text('ceremony/room')).toContain('## Cameras and dark windows');
    expect(text('ceremony/readiness')).toContain('## Materials');
  },
  'Key ceremony guide: each shard verified': () => {
    const proved = procedure('ceremony/prove').steps;
    for (const n of wrapped) {
      const section = new RegExp(`^PRV-[SF]${n}-`);
      const own = proved.filter(({ id }) => section.test(id)).flatMap(({ log }) => log);
      expect(own).toEqual(expect.arrayContaining(['shard.unwrapped', 'shard.verified', 'shard.proved']));
    }
    expect(proved.filter(({ log }) => log.includes('bag.inspected'))).toHaveLength(paper.length);
    expect(logs('ceremony/prove')).not.toContain('key.combined');
    expect(logs('ceremony/rehearse')).toContain('key.combined');
  },
  'Roles with segregation': () => {
    const page = text('introduction/roles');
    const titles = Object.keys(roles).map((id) => id.split('-')[0] ?? '');
    for (const title of titles) expect(page.toLowerCase()).toContain(title);
    expect(page).toContain('<RoleMatrix />');
    expect(incompatiblePairs.length).toBeGreaterThanOrEqual(14);
    for (const heading of ['Lifetime exposure', 'Alternates', 'Acknowledgement of a key custodian'])
      expect(page).toContain(`## ${heading}`);
  },
  'Offline storage of shards': () => {
    const made = logs('ceremony/script');
    for (const action of ['shard.printed', 'shard.scanned', 'bag.sealed', 'receipt.signed'] as const)
      expect(made).toContain(action);
    expect(logs('ceremony/custody')).toEqual(
      expect.arrayContaining(['courier.dispatched', 'bag.received', 'safe.closed', 'attestation.signed']),
    );
    expect(text('audit/custody')).toContain('## Exposure ledger');
  },
  'Disaster recovery: unseal': () => {
    expect(procedure('emergency/unseal').page.drill?.quorum).toBe('every');
    expect(logs('emergency/region-down')).toContain('key.loaded');
    expect(text('emergency/two-domains-down')).toContain('## Decide');
  },
  'Disaster recovery: replace': () => {
    expect(logs('lifecycle/replace-shard')).toEqual(
      expect.arrayContaining([
        'shard.reconstructed',
        'provider-key.created',
        'shard.wrapped',
        'shard.stored',
        'shard.proved',
      ]),
    );
  },
  'Recovery matrix': () => expect(text('emergency/recovery-matrix')).toContain('<RecoveryMatrix />'),
  'Compromise recovery plan': () => {
    const page = text('emergency/compromise');
    expect(page).toContain('```mermaid');
    expect(page).toContain('S < M');
    expect(logs('emergency/key-exposed')).toEqual(
      expect.arrayContaining(['service.contained', 'key.rotated', 'data.reencrypted', 'notice.sent']),
    );
  },
  'Key rotation, versioning': () => {
    expect(logs('lifecycle/rotate')).toContain('key.rotated');
    expect(logs('lifecycle/reshare')).toContain('set.committed');
    expect(logs('lifecycle/rewrap')).toContain('shard.rewrapped');
    expect(logs('lifecycle/revoke-destroy')).toEqual(
      expect.arrayContaining(['key.revoked', 'key.destroyed']),
    );
    for (const word of ['Rewrap', 'Reissue', 'Reshare', 'Rotate', 'Re-encrypt', 'Revoke', 'Destroy'])
      expect(text('introduction/glossary')).toContain(`| **${word}**`);
  },
  'Ceremony Log': () => {
    expect(text('audit/templates/ceremony-log')).toContain('<Form id="ceremony-log" />');
    expect(text('audit/verify')).toContain('sss audit compare');
  },
  'Audit-trail format': () => {
    for (const heading of ['Members', 'The chain', 'Anchoring', 'Verdicts'])
      expect(text('audit/audit-trail')).toContain(`## ${heading}`);
  },
  'Tabletop exercise': () => expect(text('emergency/exercise-kit')).toContain('npm run tabletop -- exercise'),
  'Controls traced': () => {
    expect(text('audit/control-map')).toContain('<ControlMap />');
    for (const question of ['standard', 'form', 'zero', 'vss', 'rsa', 'kcv'])
      expect(text('audit/faq')).toContain(`{#${question}}`);
  },
};

describe('the acceptance criterion', () => {
  it.each(CRITERIA.map(({ asks }) => asks))('%s', (asks) => {
    const found = Object.entries(finds).filter(([beginning]) => asks.startsWith(beginning));
    expect(found).toHaveLength(1);
    found[0]?.[1]();
  });

  it('is looked for, each of them: none is left over', () => {
    expect(Object.keys(finds)).toHaveLength(CRITERIA.length);
  });
});
