/** Facts of the room that safety depends on. Steps require, set and clear them; `world.ts` has the rules. */

export const facts = {
  network: 'The machine is on a network.',
  'recovery-shell': 'A hardened shell is open in a folder in memory that nobody else can read.',
  incident: 'An incident is open and has a number.',
  quorum: 'The shards of this recovery are chosen and written down.',
  manifest:
    'The manifest of the set is in the working folder, and its digest is that of the signed Ceremony Log.',
  'session-key': 'The session key of this recovery is in the folder in memory.',
  'shard-plaintext': 'A shard is on disk as plain text.',
  'shard-checked': 'An unwrapped shard was checked against the manifest.',
  'key-file': 'The combined MasterKey is on disk.',
  'key-wrapped': 'The combined MasterKey is encrypted for the import key of the service.',
  'key-live': 'The service holds the MasterKey in memory.',
  'room-closed': 'Only the listed people are in the room, and the doors are closed.',
  'machine-clean': 'The sanitized machine runs the verified image.',
  'tool-verified': 'The digest of the tool was compared, and its known-answer test passed.',
  'dark-window': 'The lens caps are on; nothing records pictures.',
  'provider-keys': 'A key exists at the provider.',
  'public-keys': 'The providers’ public keys are in the room, and their digests were compared.',
  'set-plaintext': 'A whole set is on disk as plain text.',
  'set-verified': 'Every quorum of the set rebuilds the same key.',
  wrapped: 'Every shard for a provider is encrypted under that provider’s key.',
  'sheets-printed': 'Every sheet is printed, and its code was read back.',
  'bags-filled': 'Every sheet is in its bag.',
  'bags-sealed': 'Every bag is sealed, and its serial number is written down.',
  'registry-table': 'The registry has its table.',
  stored: 'Every wrapped shard is in the registry.',
  proved: 'Every stored shard was read back and matches the manifest.',
  'version-unneeded': 'Records and backups under the version were counted: none is left that needs it.',
  'set-committed': 'The approvers have committed the new set: it is in force from here on.',
  'wrapped-again': 'The shard that was made again is encrypted under its new key.',
  'loss-recorded': 'The loss of the shard is recorded in the registry.',
} as const;

export type Fact = keyof typeof facts;
export const factNames = Object.keys(facts) as [Fact, ...Fact[]];
