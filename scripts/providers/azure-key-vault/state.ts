/** What Azure holds in a drill: vaults and their keys. */
import { type PrivateKeyPem, stateFile } from '../world';

export interface AzureKey {
  enabled: boolean;
  /** When the vault will purge it; until then a deleted key can be recovered. */
  purgeDate?: string;
  /** What it may be used for; without it, everything. */
  readonly operations?: readonly string[];
  readonly version: string;
  readonly createdAt: string;
  readonly privateKey: PrivateKeyPem;
}

export interface AzureWorld {
  /** Name of the signed-in user or service principal; empty when nobody is signed in. */
  readonly account: string;
  /** Who was signed in before signing out. */
  readonly signedOut?: string;
  readonly vaults: Record<string, { readonly keys: Record<string, AzureKey> }>;
}

export const azureState = stateFile<AzureWorld>('azure', () => ({ account: '', vaults: {} }));
