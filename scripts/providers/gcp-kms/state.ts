/** What Google Cloud holds in a drill: projects, key rings, keys and their versions. */
import { type PrivateKeyPem, stateFile } from '../world';

export interface GcpVersion {
  readonly number: number;
  readonly algorithm: string;
  readonly protectionLevel: string;
  readonly createdAt: string;
  state: 'ENABLED' | 'DISABLED' | 'DESTROY_SCHEDULED' | 'DESTROYED';
  destroyTime?: string;
  readonly privateKey: PrivateKeyPem;
}

export interface GcpKey {
  readonly name: string;
  readonly purpose: string;
  readonly destroyScheduledDuration: string;
  readonly createdAt: string;
  readonly versions: GcpVersion[];
}

export interface GcpWorld {
  /** The account that the recovery identity is logged in as. */
  readonly account: string;
  readonly projects: Record<string, { readonly keyrings: Record<string, { readonly keys: GcpKey[] }> }>;
}

export const gcpState = stateFile<GcpWorld>('gcp', () => ({ account: '', projects: {} }));
