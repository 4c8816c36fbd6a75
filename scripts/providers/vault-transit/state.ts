/** The Vault servers of a drill. */
import { type PrivateKeyPem, stateFile } from '../world';

export interface VaultServer {
  readonly address: string;
  /** Shown by the client when nothing listens there. */
  readonly ip: string;
  sealed: boolean;
  readonly tokens: string[];
  /** Namespaces that its tokens are good for; without them, the root. */
  readonly namespaces?: readonly string[];
  /** Transit engines, each after its namespace: `team/transit`. Without them, `transit` in the root. */
  readonly engines?: readonly string[];
  /** File with the authority of its certificate; without it, the system knows that authority. */
  readonly caFile?: string;
  /** By name, and by engine and name where the engine is not `transit` in the root. */
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

/** Name under which a server keeps a key. */
export const keyName = (engine: string, name: string): string =>
  engine === 'transit' ? name : `${engine}/keys/${name}`;

/** An engine after its namespace. */
export const inNamespace = (namespace: string | undefined, path: string): string =>
  namespace === undefined || namespace === '' ? path : `${namespace}/${path}`;

export interface VaultWorld {
  readonly servers: VaultServer[];
}

export const vaultState = stateFile<VaultWorld>('vault', () => ({ servers: [] }));
