/** What goes wrong in a drill, by the names that front matter, fences and stand-ins share. */

/** How a fault behaves; the stand-ins and the protocol stubs know the same names. */
export const faultModes = [
  'refuse',
  'hang',
  'http-503',
  'throttle',
  'denied',
  'no-credentials',
  'key-pending-deletion',
  'key-deleted',
  'sealed',
  'pin-locked',
  'absent',
  'none',
  'sheet-unreadable',
  'other-generation',
  'registry-lost',
  'registry-changed',
  'trail-gap',
] as const;

export type FaultMode = (typeof faultModes)[number];

/** What stops an operator who unwraps a shard: who has too few, a bad one, or a provider that does not give it. */
export const stopModes = [
  'below-threshold',
  'x-zero',
  'other-generation',
  'duplicate',
  'test-among-real',
  'sheet-altered',
  'ciphertext-flipped',
  'row-missing',
  'bundle-changed',
  'absent',
  'refuse',
  'hang',
  'http-503',
  'throttle',
  'denied',
  'no-credentials',
  'clock-skew',
  'wrong-shard',
  'expired-sign-in',
  'unknown-profile',
  'unknown-service',
  'unknown-authority',
  'unknown-host',
  'key-disabled',
  'key-pending-deletion',
  'key-deleted',
  'sealed',
  'pin-locked',
  'no-shard',
] as const;
export type StopMode = (typeof stopModes)[number];
