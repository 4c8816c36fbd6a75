/**
 * A PKCS#11 HSM in a drill: tokens with their PINs behind each module, and what can be wrong. Before each token stands
 * one whose label begins alike and whose PIN is another, as a token that was replaced.
 */

import { digits, hex, type StandIn } from '../stand-in';
import { pkcs11Tool } from './pkcs11-tool';
import { type HsmToken, hsmState } from './state';

function newToken(label: string, soPin: string, more: Partial<HsmToken> = {}): HsmToken {
  const serial = hex(8);
  return {
    label,
    slotId: `0x${serial.slice(8)}`,
    serial,
    soPin,
    failedPins: 0,
    pinTries: 3,
    objects: [],
    ...more,
  };
}

export const pkcs11Hsm: StandIn<'pkcs11-hsm'> = {
  tool: 'pkcs11-tool',
  run: pkcs11Tool,
  state: hsmState,
  logins: [],
  refusal: 'CKR_FUNCTION_NOT_SUPPORTED',
  stops: {
    absent: { at: 'look', message: 'found 0, token' },
    denied: { at: 'unwrap', message: 'CKR_PIN_INCORRECT' },
    'pin-locked': { at: 'look', message: 'user PIN locked' },
    'key-deleted': { at: 'unwrap', message: 'Private/secret key not found' },
  },

  wrongPins: (directory) =>
    Object.values(hsmState.load(directory).modules)
      .flatMap(({ tokens }) => tokens)
      .reduce((sum, { failedPins }) => sum + failedPins, 0),

  seed(directory, shards) {
    const modules: Record<string, { tokens: HsmToken[] }> = {};
    const userPins: Record<string, string> = {};
    const officerPins: Record<string, string> = {};
    for (const { module, token } of shards) {
      modules[module] ??= { tokens: [newToken('decoy', digits(8))] };
      if (modules[module]?.tokens.some(({ label }) => label === token)) continue;
      const here = shards.filter((other) => other.module === module && other.token === token);
      const oaepHashes = [...new Set(here.map(({ oaepHash }) => oaepHash))];
      for (const label of [`${token}-old`, token]) {
        const [soPin, userPin] = [digits(8), digits(6)];
        modules[module]?.tokens.push(newToken(label, soPin, { userPin, oaepHashes }));
        userPins[label] = userPin;
        officerPins[label] = soPin;
      }
    }
    hsmState.save(directory, { modules });
    const secrets = [...Object.values(userPins), ...Object.values(officerPins)];
    return { userPins, officerPins, secrets };
  },

  inject(directory, place, mode) {
    if (mode !== 'pin-locked' && mode !== 'key-deleted') return 0;
    const world = hsmState.load(directory);
    const tokens = Object.values(world.modules).flatMap((module) => module.tokens);
    let changed = 0;
    for (const token of tokens.filter(({ label }) => (place === '' ? label !== 'decoy' : label === place))) {
      changed += mode === 'pin-locked' ? 1 : token.objects.length;
      if (mode === 'pin-locked') token.failedPins = token.pinTries;
      else token.objects.length = 0;
    }
    hsmState.save(directory, world);
    return changed;
  },

  targets: ({ token }) => [`pkcs11-hsm:${token}`],

  privateKey: (directory, shard) =>
    hsmState
      .load(directory)
      .modules[shard.module]?.tokens.find((token) => token.label === shard.token)
      ?.objects.find((object) => object.id === shard.objectId && object.hasPrivate)?.privateKey,
};
