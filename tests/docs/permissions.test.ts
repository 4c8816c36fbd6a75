/** The table of permissions suffices, and holds nothing that no step needs: pages, guard rails and stand-ins read the same one. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callAws } from '../../scripts/providers/aws-kms/service';
import { loadDeployment } from '../../src/deployment/load';
import { kindOf, permissionFor, providerIds, withFirstNames } from '../../src/deployment/providers/registry';
import { compilePage } from '../../src/procedure/compile';
import { loadProcedures } from '../../src/procedure/load';
import type { Step } from '../../src/procedure/steps/step';
import { partialReader } from '../../src/procedure/text/load-partial';

const root = resolve(__dirname, '../..');
const read = partialReader(root);
const pages = ['example/deployment', 'deployments/azure', 'deployments/elsewhere'].flatMap((name) =>
  loadProcedures(root, loadDeployment(join(root, `tests/fixtures/${name}.yaml`))),
);
const steps = pages.filter(({ applies }) => applies).flatMap((page) => page.steps);

/** Words of a command; `{mount}` is whatever the shard has there. */
const patternOf = (words: string) =>
  words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{[a-z]+\\\}/g, '\\S+');

/** What the command of a step needs at a provider, by the table. */
function needed({ command }: Step, needs: Readonly<Record<string, string>>): string[] {
  const text = (command?.lines ?? [])
    .map((line) => withFirstNames(line.text.replace(/\\$/, '').trim()))
    .join(' ')
    .replace(/ +-(?:address|namespace|ca-cert)=(?:\\'|'[^']*'|[^\s'])+/g, '')
    .replace(/ +/g, ' ');
  return Object.entries(needs)
    .filter(([words]) => new RegExp(`(?:^|\\s)${patternOf(words)}(?=[\\s/]|$)`).test(text))
    .map(([, permission]) => permission);
}

const tables = providerIds.flatMap((id) => {
  const { permissions, tool } = kindOf(id);
  return permissions && tool ? [{ id, tool, permissions }] : [];
});

describe.each(tables)('the permissions of $id', ({ tool, permissions }) => {
  const calling = steps.filter(({ command }) =>
    command?.lines.some(({ text }) => new RegExp(`(?:^|\\s)${tool} `).test(withFirstNames(text))),
  );

  it('suffice for each step, whoever does it', () => {
    const missing = calling.flatMap((step) => {
      const held = step.by === 'provider-administrator' ? permissions.administrator : permissions.recovery;
      return needed(step, permissions.needs)
        .filter((permission) => !held.includes(permission))
        .map((permission) => `${step.id}, ${step.by}: ${permission}`);
    });
    expect([...new Set(missing)]).toEqual([]);
  });

  it('name what every command of the pages needs', () => {
    // The state of a seal and the slots of an HSM are told to everybody; a security officer sets a PIN; whoever signs
    // out needs no permission.
    const open = /(?:vault|bao) status|--list-token-slots|--login-type so/;
    const silent = calling
      .filter(
        ({ log, command }) =>
          !log.includes('session.closed') && !command?.lines.some(({ text }) => open.test(text)),
      )
      .filter((step) => needed(step, permissions.needs).length === 0);
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  it('give the recovery identity nothing that no step of recovery needs', () => {
    const used = new Set(
      calling
        .filter(({ by }) => by !== 'provider-administrator')
        .flatMap((step) => needed(step, permissions.needs)),
    );
    expect(
      permissions.recovery.filter((permission) => !used.has(permission) && permission !== 'C_Login'),
    ).toEqual([]);
  });

  it('keep unwrapping away from the administrators', () => {
    expect(permissions.administrator).not.toContain(permissions.unwraps);
    expect(permissions.recovery).toContain(permissions.unwraps);
  });
});

describe('the page of guard rails', () => {
  it('prints the table', () => {
    const file = 'docs/ceremony/prepare-keys.mdx';
    const deployment = loadDeployment(join(root, 'tests/fixtures/example/deployment.yaml'));
    const text = compilePage(file, readFileSync(join(root, file), 'utf8'), deployment, read)
      .lines.map((line) => line.text)
      .join('\n');
    expect(text).toContain('| AWS KMS | `kms:DescribeKey, kms:Decrypt` |');
    for (const { id, permissions } of tables.filter(({ id: each }) =>
      deployment.shards.some(({ provider }) => provider === each),
    ))
      for (const permission of permissions.recovery)
        expect(text, id).toContain(permissionFor(permission, { mount: 'transit' }));
    expect(text).not.toContain('do nothing else');
    // The other stand-ins know one session for everybody.
    expect(text).not.toContain('The drill denies every other one');
    expect(text).toContain('The drill itself denies the rest at AWS KMS only.');
  });
});

describe('the stand-in of AWS', () => {
  const world = {
    accounts: [
      {
        account: '000000000001',
        users: (['recovery', 'administrator'] as const).map((role) => ({
          id: role,
          name: role,
          accessKeyId: role,
          secretAccessKey: role,
          role,
        })),
        keys: [
          {
            id: '00000000-0000-4000-8000-000000000001',
            spec: 'RSA_4096',
            usage: 'ENCRYPT_DECRYPT',
            createdAt: '2026-01-01T00:00:00Z',
            multiRegion: false,
            primaryRegion: 'us-east-1',
            privateKey: '',
            regions: { 'us-east-1': { description: '', state: 'Enabled' as const } },
          },
        ],
        aliases: [
          {
            name: 'alias/x',
            region: 'us-east-1',
            keyId: '00000000-0000-4000-8000-000000000001',
            createdAt: '2026-01-01T00:00:00Z',
          },
        ],
      },
    ],
  };
  const ask = (role: string, api: string) =>
    callAws('/nonexistent', world, {
      service: 'kms',
      api,
      region: 'us-east-1',
      parameters: { KeyId: 'alias/x', TargetKeyId: 'alias/x' },
      accessKeyId: role,
      secretAccessKey: role,
      attempts: 1,
      readTimeout: 1,
    });

  it.each(['GetPublicKey', 'ListAliases', 'EnableKey', 'CancelKeyDeletion', 'CreateKey'])(
    'denies the recovery identity what the table does not name: %s',
    (api) => {
      expect(ask('recovery', api)).toMatchObject({
        code: 'AccessDeniedException',
        message: expect.stringContaining(`is not authorized to perform: kms:${api}`),
      });
    },
  );

  it('denies an administrator to decrypt', () => {
    expect(ask('administrator', 'Decrypt')).toMatchObject({ code: 'AccessDeniedException' });
  });

  it('allows what the table names', () => {
    expect(ask('recovery', 'DescribeKey')).toMatchObject({ kind: 'response' });
  });
});
