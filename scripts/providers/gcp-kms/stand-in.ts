/** Google Cloud KMS in a drill: projects with a service account, and what can be wrong with their key versions. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inThirtyDays, type StandIn } from '../stand-in';
import { gcloud } from './gcloud';
import { gcpState } from './state';

export const gcpKms: StandIn<'gcp-kms'> = {
  tool: 'gcloud',
  run: gcloud,
  state: gcpState,
  logins: ['.config/'],
  signedIn(_, home) {
    const file = join(home, '.config', 'gcloud', 'configurations', 'config_default');
    return existsSync(file) && /^account\s*=/m.test(readFileSync(file, 'utf8')) ? file : undefined;
  },
  refusal: 'INVALID_ARGUMENT: Decryption failed',
  stops: {
    refuse: { at: 'look', message: 'Failed to establish a new connection' },
    hang: { at: 'look', message: 'Read timed out' },
    'http-503': { at: 'look', message: 'The service is currently unavailable' },
    throttle: { at: 'look', message: 'RESOURCE_EXHAUSTED' },
    denied: { at: 'unwrap', message: 'PERMISSION_DENIED' },
    'no-credentials': { at: 'look', message: 'You do not currently have an active account selected' },
    'clock-skew': { at: 'look', message: 'Token must be a short-lived token' },
    'wrong-shard': { at: 'check', message: 'wrapped for' },
    'expired-sign-in': { at: 'look', message: 'Reauthentication failed' },
    'unknown-authority': { at: 'look', message: 'CERTIFICATE_VERIFY_FAILED' },
    'unknown-host': { at: 'look', message: 'Name or service not known' },
    'key-disabled': { at: 'look', message: 'DISABLED' },
    'key-pending-deletion': { at: 'look', message: 'DESTROY_SCHEDULED' },
    'key-deleted': { at: 'look', message: 'DESTROYED' },
  },

  seed(directory, shards) {
    const last = shards.at(-1);
    const account =
      last === undefined ? '' : `${last.recoveryIdentity}@${last.project}.iam.gserviceaccount.com`;
    const projects = Object.fromEntries(shards.map(({ project }) => [project, { keyrings: {} }]));
    gcpState.save(directory, { account, projects });
    if (account === '') return {};
    return { home: { '.config/gcloud/configurations/config_default': `[core]\naccount = ${account}\n` } };
  },

  inject(directory, place, mode) {
    if (!mode.startsWith('key-')) return 0;
    const world = gcpState.load(directory);
    const versions = Object.entries(world.projects)
      .filter(([name]) => place === '' || name === place)
      .flatMap(([, { keyrings }]) => Object.values(keyrings))
      .flatMap(({ keys }) => keys.flatMap((key) => key.versions));
    for (const version of versions) {
      version.state =
        mode === 'key-deleted' ? 'DESTROYED' : mode === 'key-disabled' ? 'DISABLED' : 'DESTROY_SCHEDULED';
      if (mode === 'key-pending-deletion') version.destroyTime = inThirtyDays();
    }
    gcpState.save(directory, world);
    return versions.length;
  },

  targets: ({ project }) => [`gcp-kms:${project}`],

  outage: ({ location }) => [`gcp-kms:locations/${location}`],

  privateKey: (directory, shard) =>
    gcpState
      .load(directory)
      .projects[shard.project]?.keyrings[`${shard.location}/${shard.keyring}`]?.keys.find(
        (key) => key.name === shard.key,
      )
      ?.versions.find((version) => version.number === shard.keyVersion)?.privateKey,
};
