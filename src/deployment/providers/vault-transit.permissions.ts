/** HashiCorp Vault: what each identity may do, as a policy names it: capability and path, the engine where the shard has it. */
import type { Permissions } from './kind';

export const vaultTransitPermissions = {
  recovery: ['update {mount}/decrypt/KEY', 'read {mount}/keys/KEY'],
  administrator: [
    'create {mount}/keys/KEY',
    'update {mount}/keys/KEY',
    'read {mount}/keys/KEY',
    'delete {mount}/keys/KEY',
    'update {mount}/keys/KEY/config',
    'read {mount}/export/public-key/KEY',
  ],
  unwraps: 'update {mount}/decrypt/KEY',
  needs: {
    'vault write -field=name {mount}/keys': 'update {mount}/keys/KEY',
    'vault read -field=keys {mount}/export/public-key': 'read {mount}/export/public-key/KEY',
    'vault read -field=name {mount}/keys': 'read {mount}/keys/KEY',
    'vault write -field=plaintext {mount}/decrypt': 'update {mount}/decrypt/KEY',
  },
} as const satisfies Permissions;
