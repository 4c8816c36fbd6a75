/** HashiCorp Vault, or its fork OpenBao, transit secrets engine: an rsa-4096 key; ciphertext is `vault:v1:` and base64. */
import { z } from 'zod';
import { custody, online, path, placed } from './common';
import { nextName, type ProviderKind } from './kind';
import { vaultTransitPermissions } from './vault-transit.permissions';

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const origin = new RegExp(`^https://((?=.{1,253}(?::|$))${label}(?:\\.${label})*)(?::([1-9]\\d{0,4}))?$`);

/** An origin (RFC 6454): where Vault listens, without user, path or query. It becomes a part of commands, names and host files. */
function checkOrigin(address: string, context: z.RefinementCtx): void {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const port = origin.exec(address)?.[2];
  if (origin.test(address) && Number(port ?? 443) <= 65_535) return;
  if (!address.startsWith('https://')) refuse('wanted an address that begins with https://');
  else if (/^https:\/\/\[/.test(address))
    refuse('wanted a host name, which certificates and pages can name; not an IPv6 address');
  else if (/^https:\/\/[^/?#]*@/.test(address)) refuse('wanted an address without user or password');
  else if (/^https:\/\/[a-z0-9.:-]+[/?#]/.test(address))
    refuse('wanted scheme, host and port alone, without a path, such as https://vault.example:8200');
  else
    refuse('wanted https://, a host name of small letters, digits, dots and dashes, and a port up to 65535');
}

/** Where an engine is mounted, or a namespace: names between slashes. They become a part of paths and policies. */
const names = (what: string) =>
  z
    .string()
    .max(128, 'wanted at most 128 characters')
    .regex(
      /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/,
      `wanted ${what}: letters, digits, _ . - and single slashes inside`,
    );

const schema = z.strictObject({
  provider: z.literal('vault-transit'),
  command: z
    .enum(['vault', 'bao'])
    .default('vault')
    .describe('Command that talks to the server: bao where it is OpenBao.'),
  // A private authority and a namespace belong to the way there, as the address does: what a workstation was set up with
  // is taken away by every page.
  caFile: path
    .optional()
    .describe('Certificate of the authority that signed the server’s, in PEM; without it, the system’s own.'),
  namespace: names('the path of a namespace such as team or team/ledger')
    .optional()
    .describe('Namespace of the engine, as Vault Enterprise, HCP Vault and OpenBao have them.'),
  mount: names('the path of a transit engine such as transit or team/transit')
    .default('transit')
    .describe('Where the transit engine is mounted.'),
  address: z.string().superRefine(checkOrigin).describe('VAULT_ADDR: https, host and port, nothing else.'),
  key: z
    .string()
    .regex(
      /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,126}[A-Za-z0-9_])?$/,
      'wanted the name of a transit key: letters, digits, _ . -',
    )
    .describe('Name of the transit key.'),
  ...placed,
  ...online,
  ...custody,
});

export const vaultTransit: ProviderKind<z.infer<typeof schema>> = {
  name: 'HashiCorp Vault',
  medium: 'wrapped',
  has: ['seal', 'storage'],
  oaepHash: () => 'sha256',
  tool: 'vault',
  schema,
  permissions: vaultTransitPermissions,
  place: (shard) => new URL(shard.address).hostname,
  otherTools: { bao: 'OpenBao' },
  keyReference: ({ address, namespace, mount, key }) =>
    [address, 'v1', ...(namespace === undefined ? [] : [namespace]), mount, 'keys', key].join('/'),
  container: (shard) => shard.address,
  next: (shard) => ({ key: nextName(shard.key, 128) }),
  domains: () => [],
  realm: ({ address, namespace }) => [address, ...(namespace === undefined ? [] : [namespace])].join('/'),
  operator: ({ address }) => {
    const { hostname } = new URL(address);
    return { id: `vault-${hostname}`, name: `Vault ${hostname}` };
  },
};
