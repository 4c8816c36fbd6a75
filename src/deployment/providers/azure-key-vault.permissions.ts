/** Azure Key Vault: what each identity may do, as a role with data actions names it (Azure RBAC for Key Vault). */
import type { Permissions } from './kind';

export const azureKeyVaultPermissions = {
  recovery: ['keys/read', 'keys/decrypt/action'],
  administrator: ['keys/create/action', 'keys/read', 'keys/delete', 'keys/recover/action'],
  unwraps: 'keys/decrypt/action',
  needs: {
    'az keyvault key create': 'keys/create/action',
    'az keyvault key download': 'keys/read',
    'az keyvault key show': 'keys/read',
    'az keyvault key show-deleted': 'keys/read',
    'az keyvault key recover': 'keys/recover/action',
    'az keyvault key decrypt': 'keys/decrypt/action',
  },
} as const satisfies Permissions;
