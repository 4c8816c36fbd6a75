/**
 * Keys of Azure Key Vault (REST 7.4) as the service keeps and refuses them: behind the `az` stand-in, and behind the
 * endpoint that the real tool talks to. Texts are those that users of the service have reported in public: a denial in
 * hashicorp/terraform-provider-azurerm 27817, a disabled key in Azure/azure-sdk-for-python 45342, a key without the
 * operation in Azure/azure-sdk-for-net 11518, a ciphertext of another key in Azure/azure-sdk-for-net 18947 (RSA-OAEP) and
 * kapicorp/kapitan 590 (RSA-OAEP-256).
 */
import { decryptOaep, generatePrivateKey } from '../rsa';
import type { Fault } from '../world';
import type { AzureKey, AzureWorld } from './state';

/** An error as the service sends it. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** What `innererror` names. */
    readonly inner?: string,
  ) {
    super(message);
  }
}

/** A key of a vault, by names. */
export interface KeyPlace {
  readonly vault: string;
  readonly key: string;
}

export const tenantId = '7a1d3c52-0c4f-4b7e-9a55-2d6f1e8b9c04';
export const subscriptionId = '3f0b6c1e-5d2a-4c89-8e17-b1a4d9e7f602';

/** Default of a vault with soft delete. */
const recoverableDays = 90;

const algorithms = { 'RSA-OAEP': 'sha1', 'RSA-OAEP-256': 'sha256' } as const;

/** A caller without the data action, as a vault with Azure RBAC answers. */
export function denied(world: AzureWorld, { vault, key }: KeyPlace, action: string): VaultError {
  const lines = [
    'Caller is not authorized to perform action on resource.',
    'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
    `Caller: appid=${world.account};oid=${subscriptionId};iss=https://sts.windows.net/${tenantId}/`,
    `Action: 'Microsoft.KeyVault/vaults/${action}'`,
    `Resource: '/subscriptions/${subscriptionId}/resourcegroups/masterkey/providers/microsoft.keyvault/vaults/${vault}/keys/${key}'`,
    'Assignment: (not found)',
    'DenyAssignmentId: null',
    'DecisionReason: null ',
    `Vault: ${vault};location=westeurope`,
    '',
  ];
  return new VaultError(403, 'Forbidden', lines.join('\r\n'), 'ForbiddenByRbac');
}

function keysOf(world: AzureWorld, vault: string): Record<string, AzureKey> {
  if (!Object.hasOwn(world.vaults, vault)) throw new RangeError(`no vault ${vault}`);
  return world.vaults[vault]?.keys ?? {};
}

/** A key that is there, or one that is deleted and recoverable. Each is out of sight of who asks for the other. */
export function keyOf(world: AzureWorld, { vault, key }: KeyPlace, deleted = false): AzureKey {
  const keys = keysOf(world, vault);
  const stored = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (stored !== undefined && (stored.purgeDate !== undefined) === deleted) return stored;
  const what = deleted ? 'A deleted key' : 'A key';
  const recover = deleted
    ? ''
    : ' If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182';
  throw new VaultError(
    404,
    'KeyNotFound',
    `${what} with (name/id) ${key} was not found in this key vault.${recover}`,
  );
}

/** A new key, or a new version of one. The name of a deleted key is kept for it. */
export function createKey(
  world: AzureWorld,
  { vault, key }: KeyPlace,
  { bits, operations }: { readonly bits: number; readonly operations: readonly string[] | undefined },
): AzureKey {
  const keys = keysOf(world, vault);
  if (Object.hasOwn(keys, key) && keys[key]?.purgeDate !== undefined) {
    throw new VaultError(
      409,
      'Conflict',
      `Key ${key} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.`,
      'ObjectIsDeletedButRecoverable',
    );
  }
  const made: AzureKey = {
    enabled: true,
    version: crypto.randomUUID().replaceAll('-', ''),
    createdAt: new Date().toISOString(),
    privateKey: generatePrivateKey(bits),
    ...(operations === undefined ? {} : { operations }),
  };
  keys[key] = made;
  return made;
}

/** Decrypts by RSA-OAEP. Throws VaultError where the key or the ciphertext does not allow it. */
export function decryptWith(
  stored: AzureKey,
  algorithm: string,
  ciphertext: Buffer,
  fault: Fault | undefined,
): Buffer {
  if (!stored.enabled)
    throw new VaultError(
      403,
      'Forbidden',
      'Operation decrypt is not allowed on a disabled key.',
      'KeyDisabled',
    );
  if (stored.operations?.includes('decrypt') === false) {
    throw new VaultError(
      403,
      'Forbidden',
      'Operation decrypt is not permitted on this key.',
      'KeyOperationForbidden',
    );
  }
  if (fault?.mode === 'wrong-shard') return Buffer.from(fault.plaintext ?? '');
  const hash = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm as 'RSA-OAEP'] : undefined;
  const plaintext =
    hash && fault?.mode !== 'tampered' ? decryptOaep(stored.privateKey, hash, ciphertext) : undefined;
  if (plaintext !== undefined) return plaintext;
  const reason =
    hash === 'sha1' ? 'Error occurred while decoding OAEP padding.' : 'The parameter is incorrect.';
  throw new VaultError(400, 'BadParameter', reason);
}

/** Deletes a key; it can be recovered until its purge date. */
export function deleteKey(stored: AzureKey): void {
  stored.purgeDate = new Date(Date.now() + recoverableDays * 86_400_000).toISOString();
}

/** Full name of a version. */
export const kidOf = ({ vault, key }: KeyPlace, { version }: AzureKey): string =>
  `https://${vault}.vault.azure.net/keys/${key}/${version}`;

export const everyOperation = ['encrypt', 'decrypt', 'sign', 'verify', 'wrapKey', 'unwrapKey'];

/** What the service keeps about a key that is not a secret. */
export const recovery = { recoverableDays, recoveryLevel: 'Recoverable' };

/** What stands in the way of an answer, as the service says it; undefined where nothing does. */
export function obstacle(fault: Fault | undefined): VaultError | undefined {
  if (fault?.mode === 'http-503')
    return new VaultError(503, 'ServiceUnavailable', 'The service is currently unavailable.');
  if (fault?.mode !== 'throttle') return undefined;
  return new VaultError(
    429,
    'Throttled',
    'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
  );
}
