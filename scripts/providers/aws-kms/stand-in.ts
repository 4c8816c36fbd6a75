/** AWS KMS in a drill: accounts with a recovery identity and an administrator, and what can be wrong with their keys. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hex, inThirtyDays, type StandIn } from '../stand-in';
import { aws, cachedTokens, ssoCaches } from './aws';
import { type AwsUser, type AwsWorld, awsState } from './state';

function user(name: string, role: 'recovery' | 'administrator'): AwsUser {
  return {
    id: `AIDA${hex(8).toUpperCase()}`,
    name,
    accessKeyId: `AKIA${hex(8).toUpperCase()}`,
    secretAccessKey: hex(20),
    role,
  };
}

/**
 * Profiles: the recovery identity of an account under the account's twelve digits, its administrator under those and
 * `-admin`; the first account's recovery identity is also the default.
 */
function credentials({ accounts }: AwsWorld): string {
  const sections = accounts.flatMap(({ account, users }, index) =>
    users.flatMap((each) => {
      const name = each.role === 'administrator' ? `${account}-admin` : account;
      const names = index === 0 && each.role === 'recovery' ? ['default', name] : [name];
      return names.map(
        (profile) =>
          `[${profile}]\naws_access_key_id = ${each.accessKeyId}\naws_secret_access_key = ${each.secretAccessKey}\n`,
      );
    }),
  );
  return sections.join('\n');
}

export const awsKms: StandIn<'aws-kms'> = {
  tool: 'aws',
  run: aws,
  state: awsState,
  logins: ['.aws/'],
  signedIn: (_, home) => ssoCaches(home).flatMap(cachedTokens)[0],
  keepSignIn(directory, home, { account }) {
    const others = awsState
      .load(directory)
      .accounts.flatMap((each) =>
        each.users.filter(({ role }) => each.account !== account || role !== 'recovery'),
      );
    const keep = (name: string, isKept: (section: string) => boolean) => {
      const file = join(home, '.aws', name);
      if (!existsSync(file)) return [];
      const sections = readFileSync(file, 'utf8').split(/^(?=\[)/m);
      writeFileSync(file, sections.filter(isKept).join(''), { mode: 0o600 });
      return sections.filter((section) => !isKept(section));
    };
    const gone = keep(
      'credentials',
      (section) => !others.some(({ accessKeyId }) => section.includes(accessKeyId)),
    ).flatMap((section) => /^\[(.+)\]/.exec(section)?.[1] ?? []);
    keep('config', (section) => !gone.some((name) => section.startsWith(`[profile ${name}]`)));
  },
  refusal: 'An error occurred (InvalidCiphertextException) when calling the Decrypt operation',
  stops: {
    refuse: { at: 'look', message: 'Could not connect to the endpoint URL' },
    hang: { at: 'look', message: 'Read timeout on endpoint URL' },
    'http-503': { at: 'look', message: 'An error occurred (ServiceUnavailableException)' },
    throttle: { at: 'look', message: 'An error occurred (ThrottlingException)' },
    denied: {
      at: 'unwrap',
      message: 'An error occurred (AccessDeniedException) when calling the Decrypt operation',
    },
    'no-credentials': { at: 'look', message: 'Unable to locate credentials' },
    'clock-skew': { at: 'look', message: 'Signature expired' },
    'wrong-shard': { at: 'check', message: 'wrapped for' },
    'expired-sign-in': { at: 'look', message: 'The SSO session associated with this profile has expired' },
    'unknown-profile': { at: 'look', message: 'The config profile' },
    'unknown-authority': { at: 'look', message: 'SSL validation failed for' },
    'key-disabled': { at: 'look', message: 'Disabled' },
    'key-deleted': { at: 'look', message: '(NotFoundException)' },
  },

  seed(directory, shards) {
    const world: AwsWorld = { accounts: [] };
    for (const { account, recoveryIdentity } of shards) {
      if (world.accounts.some((known) => known.account === account)) continue;
      const users = [user(recoveryIdentity, 'recovery'), user('masterkey-admin', 'administrator')];
      world.accounts.push({ account, users, keys: [], aliases: [] });
    }
    awsState.save(directory, world);
    const users = world.accounts.flatMap((account) => account.users);
    return {
      home: world.accounts.length > 0 ? { '.aws/credentials': credentials(world) } : {},
      secrets: users.map(({ secretAccessKey }) => secretAccessKey),
    };
  },

  inject(directory, region, mode) {
    if (!mode.startsWith('key-')) return 0;
    const world = awsState.load(directory);
    let changed = 0;
    for (const account of world.accounts) {
      for (const key of account.keys) {
        const state = key.regions[region];
        if (state === undefined) continue;
        changed += 1;
        if (mode === 'key-deleted') {
          delete key.regions[region];
          // AWS KMS deletes the aliases of a key together with it.
          account.aliases = account.aliases.filter(
            (alias) => alias.region !== region || alias.keyId !== key.id,
          );
        } else if (mode === 'key-disabled') state.state = 'Disabled';
        // A primary key waits for its replicas before its own waiting time begins, so it has no date yet.
        else if (key.primaryRegion === region && Object.keys(key.regions).length > 1)
          Object.assign(state, { state: 'PendingReplicaDeletion', pendingWindowInDays: 30 });
        else
          Object.assign(state, {
            state: 'PendingDeletion',
            deletionDate: inThirtyDays(),
            pendingWindowInDays: 30,
          });
      }
    }
    awsState.save(directory, world);
    return changed;
  },

  // A multi-Region key is lost in all its regions.
  targets: ({ region, replicaRegion }) =>
    [region, replicaRegion].flatMap((each) => (each === undefined ? [] : [`aws-kms:${each}`])),

  outage: ({ region }) => [`aws-kms:${region}`],

  privateKey(directory, shard) {
    const account = awsState
      .load(directory)
      .accounts.find((candidate) => candidate.account === shard.account);
    const alias = account?.aliases.find(
      (candidate) => candidate.name === `alias/${shard.alias}` && candidate.region === shard.region,
    );
    return account?.keys.find((key) => key.id === alias?.keyId)?.privateKey;
  },
};
