/** Azure Key Vault in a drill: vaults with a signed-in identity, and what can be wrong with their keys. */

import { inThirtyDays, type StandIn } from '../stand-in';
import { az } from './az';
import { azureState } from './state';

export const azureKeyVault: StandIn<'azure-key-vault'> = {
  tool: 'az',
  run: az,
  state: azureState,
  logins: ['.azure/'],
  signedIn: (directory) => azureState.load(directory).account || undefined,
  signIn(directory) {
    const world = azureState.load(directory);
    azureState.save(directory, { ...world, account: world.account || (world.signedOut ?? '') });
  },
  refusal: '(BadParameter) The parameter is incorrect',
  stops: {
    refuse: { at: 'look', message: 'Failed to establish a new connection' },
    hang: { at: 'look', message: 'Read timed out' },
    'http-503': { at: 'look', message: '(ServiceUnavailable)' },
    throttle: { at: 'look', message: '(Throttled)' },
    denied: { at: 'unwrap', message: '(Forbidden)' },
    'no-credentials': { at: 'look', message: "Please run 'az login' to setup account." },
    'wrong-shard': { at: 'check', message: 'wrapped for' },
    'expired-sign-in': { at: 'look', message: 'AADSTS7000222' },
    'unknown-authority': { at: 'look', message: 'CERTIFICATE_VERIFY_FAILED' },
    'unknown-host': { at: 'look', message: 'Name or service not known' },
    'key-disabled': { at: 'look', message: 'false' },
    'key-pending-deletion': { at: 'look', message: '(KeyNotFound)' },
    'key-deleted': { at: 'look', message: '(KeyNotFound)' },
  },

  seed(directory, shards) {
    const vaults = Object.fromEntries(shards.map(({ vault }) => [vault, { keys: {} }]));
    azureState.save(directory, { account: shards.at(-1)?.recoveryIdentity ?? '', vaults });
    return {};
  },

  inject(directory, place, mode) {
    if (!mode.startsWith('key-')) return 0;
    const world = azureState.load(directory);
    let changed = 0;
    for (const [vault, { keys }] of Object.entries(world.vaults)) {
      if (place !== '' && vault !== place) continue;
      for (const [name, key] of Object.entries(keys)) {
        changed += 1;
        if (mode === 'key-disabled') key.enabled = false;
        else if (mode === 'key-pending-deletion') key.purgeDate = inThirtyDays();
        else delete keys[name];
      }
    }
    azureState.save(directory, world);
    return changed;
  },

  targets: ({ vault }) => [`azure-key-vault:${vault}`],

  // A vault lies in one region.
  outage: ({ vault }) => [`azure-key-vault:${vault}`],

  privateKey: (directory, shard) =>
    azureState.load(directory).vaults[shard.vault]?.keys[shard.key]?.privateKey,
};
