/** What AWS holds in a drill: accounts, their users, and keys with a state in each region. */
import { type PrivateKeyPem, stateFile } from '../world';

export interface AwsKeyInRegion {
  description: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingReplicaDeletion';
  deletionDate?: string;
  pendingWindowInDays?: number;
}

export interface AwsKey {
  /** UUID, or `mrk-` and 32 hex digits for a multi-Region key. */
  readonly id: string;
  readonly spec: string;
  readonly usage: string;
  readonly createdAt: string;
  readonly multiRegion: boolean;
  readonly primaryRegion: string;
  readonly privateKey: PrivateKeyPem;
  /** State in each region that holds the key: the primary and the replicas. */
  readonly regions: Record<string, AwsKeyInRegion>;
}

export interface AwsUser {
  readonly id: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `recovery` may unwrap and look; `administrator` may do all but unwrap. Without a role a user may do everything. */
  readonly role?: 'recovery' | 'administrator';
}

export interface AwsAccount {
  readonly account: string;
  readonly users: AwsUser[];
  readonly keys: AwsKey[];
  aliases: {
    readonly name: string;
    readonly region: string;
    keyId: string;
    readonly createdAt: string;
  }[];
}

export interface AwsWorld {
  /** Errors begin with the name of the tool, as in releases since December 2025. */
  readonly errorPrefix?: boolean;
  readonly accounts: AwsAccount[];
}

export const awsState = stateFile<AwsWorld>('aws', () => ({ accounts: [] }));
