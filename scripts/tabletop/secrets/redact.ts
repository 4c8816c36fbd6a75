/** Takes secrets out of logs, and remembers that it had to: a run in which that happens has failed. */
import { type Secret, secretPattern } from './secrets';

export interface Redaction {
  /** Name of the secret, or what the text looked like. */
  readonly secret: string;
  /** What was redacted, as the caller named it: `stdout of UNS-04`. */
  readonly where: string;
}

export interface Redactor {
  /** The text without secrets. `where` goes into the redactions. */
  redact(text: string, where: string): string;
  /** Every redaction so far. Must be empty at the end of a run. */
  readonly redactions: readonly Redaction[];
}

/** Twelve or more characters of bech32 after the prefix, as one word or in groups of five: a shard, whoever's. */
const shardLike =
  /mks1[02-9ac-hj-np-z]{12,}|mks1[02-9ac-hj-np-z](?:[ \t]+[02-9ac-hj-np-z]{5}){2,}(?:[ \t]+[02-9ac-hj-np-z]{1,4}\b)?/gi;

export const shardLikeText = 'text that looks like a shard';

/** True when the text holds something that looks like a shard. */
export function looksLikeShard(text: string): boolean {
  return new RegExp(shardLike.source, 'i').test(text);
}

/** Makes a redactor for the secrets of one run. Throws RangeError on a secret that is too short to be searched for. */
export function createRedactor(secrets: readonly Secret[]): Redactor {
  const patterns = secrets.map((secret) => ({ name: secret.name, pattern: secretPattern(secret) }));
  const redactions: Redaction[] = [];
  return {
    redactions,
    redact(text, where) {
      let clean = text;
      for (const { name, pattern } of [...patterns, { name: shardLikeText, pattern: shardLike }]) {
        const next = clean.replace(pattern, `[redacted: ${name}]`);
        if (next !== clean) redactions.push({ secret: name, where });
        clean = next;
      }
      return clean;
    },
  };
}
