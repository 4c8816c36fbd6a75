/** The tools of a drill: exactly those that a page lists, and honest about what they are. */
import { expect, it } from 'vitest';
import { toolVersions, wrappersFor } from '../../../scripts/tabletop/tool-set';

const tools = { providers: '/x/providers.cjs', sss: '/x/sss.cjs' };

it('wraps the listed tools and no other', () => {
  expect(wrappersFor(tools, [])).toEqual({});
  expect(wrappersFor(tools, ['openssl', 'base64'])).toEqual({});
  expect(wrappersFor(tools, ['aws', 'sss', 'openssl'])).toEqual({
    aws: ['/x/providers.cjs', 'aws', '{world}'],
    sss: ['/x/sss.cjs'],
  });
});

it('says which tools are stand-ins', () => {
  const versions = toolVersions();
  const standIns = versions.filter(({ version }) => version.startsWith('stand-in of '));
  expect(standIns.map(({ name }) => name)).toEqual(['aws', 'az', 'gcloud', 'vault', 'pkcs11-tool', 'psql']);
  expect(standIns.every(({ rung }) => rung === 1)).toBe(true);
  expect(versions.find(({ name }) => name === 'bash')?.version).toMatch(/^\d+\.\d+/);
  expect(versions.find(({ name }) => name === 'openssl')?.version).toMatch(/^\S+ \d/);
});
