/** HashiCorp Vault: what each identity may do, as a policy names it: capability and path. */
import type { Permissions } from './kind';

export const vaultTransitPermissions = {
  recovery: ['update transit/decrypt/KEY', 'read transit/keys/KEY'],
  administrator: [
    'create transit/keys/KEY',
    'update transit/keys/KEY',
    'read transit/keys/KEY',
    'delete transit/keys/KEY',
    'update transit/keys/KEY/config',
    'read transit/export/public-key/KEY',
  ],
  unwraps: 'update transit/decrypt/KEY',
  needs: {
    'vault write -field=name transit/keys': 'update transit/keys/KEY',
    'vault read -field=keys transit/export/public-key': 'read transit/export/public-key/KEY',
    'vault read -field=name transit/keys': 'read transit/keys/KEY',
    'vault write -field=plaintext transit/decrypt': 'update transit/decrypt/KEY',
  },
} as const satisfies Permissions;
