/**
 * What becomes of a shard as it leaves its provider. The commands of a provider end in a pipe, and each sink has the command
 * that reads it (`docs/_partials/sink.mdx`), what that command needs, what it proves, and what the step logs.
 */

interface Sink {
  /** Facts beside those that every decryption requires. */
  readonly requires: string;
  readonly sets: string;
  readonly log: string;
  /** What the step says it does with the shard. */
  readonly does: string;
  readonly undo: string;
  /** The fact that lasts until the folder is wiped, and what the wipe logs. */
  readonly leaves: string;
  readonly wipes: string;
  /** Facts about the key that is combined from it, where the service takes the key wrapped. */
  readonly key: string;
}

const stored = 'The stored ciphertext has not changed.';

/** Encrypted for the machine that combines: no clear text on this one. */
const wrap = {
  requires: 'session-key',
  sets: 'shard-checked',
  log: 'shard.unwrapped shard.verified',
  does: 'and wrap it for this recovery in one pipeline',
  undo: `Delete the wrapped file. ${stored}`,
  leaves: 'session-key',
  wipes: 'session-key.destroyed',
  key: 'key-wrapped',
} as const;

/** The same at the workstation of the custodian: what is wrapped goes to the machine that combines. */
const send = {
  ...wrap,
  does: 'wrap it for this recovery in one pipeline, and send it to the recovery operator',
} as const;

export const sinks = {
  wrap,
  send,
  /** The same without the shard tool: what was sent is compared with the manifest where it is opened. */
  'send-by-hand': {
    ...send,
    sets: '',
    log: 'shard.unwrapped',
    leaves: 'session-key shard-plaintext',
    wipes: 'session-key.destroyed shard.wiped',
    key: 'key-file key-wrapped',
  },
  /** Compared with the manifest and forgotten. */
  prove: {
    requires: '',
    sets: 'shard-checked',
    log: 'shard.unwrapped shard.verified',
    does: 'and compare it with the manifest in one pipeline',
    undo: `Nothing to undo: nothing was written. ${stored}`,
    leaves: '',
    wipes: '',
    key: '',
  },
  /** As above, and its holder's receipt is written. */
  receipt: {
    requires: '',
    sets: 'shard-checked',
    log: 'shard.unwrapped shard.verified receipt.signed',
    does: 'and write its receipt, which holds no secret, in one pipeline',
    undo: `Delete the receipt. ${stored}`,
    leaves: '',
    wipes: '',
    key: '',
  },
  /** Encrypted for the key that replaces the present one. */
  rewrap: {
    requires: 'public-keys',
    sets: 'shard-checked wrapped-again',
    log: 'shard.unwrapped shard.verified shard.rewrapped',
    does: 'and wrap it for the new key in one pipeline',
    undo: `Delete the wrapped file. ${stored}`,
    leaves: '',
    wipes: '',
    key: '',
  },
  /** Kept as a file in memory: where the shard tool cannot be used, or the shard is one that it refuses. */
  file: {
    requires: '',
    sets: 'shard-plaintext',
    log: 'shard.unwrapped',
    does: 'into the folder in memory',
    undo: `Delete the file. ${stored}`,
    leaves: 'shard-plaintext',
    wipes: 'shard.wiped',
    key: '',
  },
} as const satisfies Readonly<Record<string, Sink>>;

export type SinkName = keyof typeof sinks;

export const isSink = (name: string): name is SinkName => name in sinks;
