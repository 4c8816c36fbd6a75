/** PKCS#11: what each identity may do. A token knows two users and no finer rights, so people are kept apart instead. */
import type { Permissions } from './kind';

export const pkcs11HsmPermissions = {
  recovery: ['C_Login', 'C_Decrypt', 'C_FindObjects'],
  administrator: ['C_Login', 'C_GenerateKeyPair', 'C_GetAttributeValue'],
  unwraps: 'C_Decrypt',
  needs: {
    '--keypairgen': 'C_GenerateKeyPair',
    '--decrypt': 'C_Decrypt',
    '--read-object': 'C_GetAttributeValue',
    '--list-objects': 'C_FindObjects',
  },
} as const satisfies Permissions;
