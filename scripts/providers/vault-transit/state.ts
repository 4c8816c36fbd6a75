/** The Vault servers of a drill. */
import { type PrivateKeyPem, stateFile } from '../world';

export interface VaultServer {
  readonly address: string;
  /** Shown by the client when nothing listens there. */
  readonly ip: string;
  sealed: boolean;
  readonly tokens: string[];
  readonly keys: Record<
    string,
    {
      deletionAllowed: boolean;
      /** 1 where it is not set: an older version does not decrypt. */
      minDecryptionVersion?: number;
      readonly createdAt: string;
      readonly privateKey: PrivateKeyPem;
    }
  >;
}

export interface VaultWorld {
  readonly servers: VaultServer[];
}

export const vaultState = stateFile<VaultWorld>('vault', () => ({ servers: [] }));
