/** The tools of a drill: exactly those that a page lists, and honest about what they are. */
import { expect, it } from 'vitest';
import { providerTools } from '../../../scripts/providers/stand-ins';
import { buildTools, toolVersions, wrappersFor } from '../../../scripts/tabletop/world/tool-set';

const node = process.execPath;
const tools = { providers: '/x/providers.cjs', sss: '/x/sss.cjs' };

it('wraps the listed tools and no other', () => {
  expect(wrappersFor(tools, [])).toEqual({});
  expect(wrappersFor(tools, ['openssl', 'base64'])).toEqual({});
  expect(wrappersFor(tools, ['aws', 'sss', 'openssl'])).toEqual({
    aws: [node, '/x/providers.cjs', 'aws', '{world}'],
    sss: [node, '/x/sss.cjs'],
  });
});

it('takes the real tools on rung 2, where nothing forbids it', () => {
  const both = { ...tools, real: '/x/real.cjs' };
  const drops = new Map([['psql', { name: 'psql', reason: 'not installed' }]]);
  expect(wrappersFor(both, ['aws', 'vault', 'psql', 'sss'], drops)).toEqual({
    aws: [node, '/x/real.cjs', 'aws', '{world}'],
    vault: [node, '/x/providers.cjs', 'vault', '{world}'],
    psql: [node, '/x/providers.cjs', 'psql', '{world}'],
    sss: [node, '/x/sss.cjs'],
  });
});

it('starts what goes over a network in one of its own, where the machine allows it', () => {
  const apart = { ...tools, real: '/x/real.cjs', network: ['/usr/bin/unshare', '--net', '--mount'] };
  expect(wrappersFor(apart, ['aws', 'vault', 'pkcs11-tool'])).toEqual({
    aws: [...apart.network, node, '/x/real.cjs', '--inside', 'aws', '{world}'],
    vault: [node, '/x/providers.cjs', 'vault', '{world}'],
    'pkcs11-tool': [node, '/x/real.cjs', 'pkcs11-tool', '{world}'],
  });
});

it('asks the stand-ins what they are', async () => {
  const versions = new Map(toolVersions(await buildTools()).map(({ name, version }) => [name, version]));
  expect(versions.get('aws')).toBe('aws-cli/2.9.19 (MasterKey Runbook stand-in)');
  expect(versions.get('vault')).toMatch(/^Vault v1\..*stand-in/);
  expect(versions.get('pkcs11-tool')).toMatch(/^stand-in of \d/);
});

it('says which tools are stand-ins', () => {
  const versions = toolVersions();
  const standIns = versions.filter(({ version }) => version.startsWith('stand-in of '));
  expect(standIns.map(({ name }) => name)).toEqual([...providerTools, 'psql']);
  expect(standIns.every(({ rung }) => rung === 1)).toBe(true);
  expect(versions.find(({ name }) => name === 'bash')?.version).toMatch(/^\d+\.\d+/);
  expect(versions.find(({ name }) => name === 'openssl')?.version).toMatch(/^\S+ \d/);
});
