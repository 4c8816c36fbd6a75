/** Time stamps of an outside authority over the print of a head (RFC 3161), checked by `openssl ts` alone. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { type Anchor, formatHead, headWords } from '../../../src/audit/head';
import type { StampFinding } from '../../../src/audit/verdict';
import { fileError, usageError } from '../command';
import { systemError } from '../files';

/** Openssl's own words for a certificate whose time is over; the stamp may have been right. */
const EXPIRED = /certificate has expired/;

/** What `sss audit head` prints for a head, byte by byte: this is what the authority stamps. */
export const printOfHead = (head: { readonly sequence: number; readonly digest: string }): string =>
  `${[formatHead(head), ...headWords(head.digest)].join('\n')}\n`;

function openssl(argv: readonly string[]): { ok: boolean; out: string } | undefined {
  try {
    // Nothing of the environment may name another configuration, engine or store of certificates.
    const ran = spawnSync('openssl', argv, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', OPENSSL_CONF: '/dev/null' },
    });
    if (ran.error) return undefined;
    return { ok: ran.status === 0, out: `${ran.stdout}${ran.stderr}` };
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_ACCESS_DENIED') throw error;
    throw fileError('openssl: denied by the permissions of this Node process', 'Add --allow-child-process.');
  }
}

function requireReadable(file: string): void {
  try {
    if (!fs.statSync(file).isFile()) throw Object.assign(new Error(), { code: 'EISDIR' });
    fs.accessSync(file, fs.constants.R_OK);
  } catch (error) {
    throw systemError(file, error);
  }
}

/**
 * Checks a time stamp over a head.
 * @param stamp File of the authority's response (`.tsr`).
 * @param authority File of the certificates that are trusted (PEM); without it nothing can be verified.
 * @param recorded Time of the record that is the head, when the trail holds it.
 * @throws CliError when a file cannot be read, or the head has no sequence.
 */
export function checkStamp(
  anchor: Anchor | undefined,
  stamp: string,
  authority: string | undefined,
  recorded: string | undefined,
): StampFinding {
  if (anchor?.sequence === undefined)
    throw usageError('--stamp: wanted the stamped head with its sequence as --head', 'Give the whole print.');
  requireReadable(stamp);
  if (authority === undefined)
    return { standing: 'UNVERIFIABLE', why: 'no certificate of its authority was given' };
  requireReadable(authority);
  const digest = createHash('sha256')
    .update(printOfHead({ sequence: anchor.sequence, digest: anchor.digest }))
    .digest('hex');
  const checked = openssl(['ts', '-verify', '-digest', digest, '-in', stamp, '-CAfile', authority]);
  if (checked === undefined) return { standing: 'UNVERIFIABLE', why: 'openssl was not found' };
  if (!checked.ok || !/^Verification: OK$/m.test(checked.out)) {
    if (EXPIRED.test(checked.out))
      return { standing: 'UNVERIFIABLE', why: 'the certificate of its authority has expired' };
    return { standing: 'FAILED', why: 'is not by this authority over this head' };
  }
  const text = openssl(['ts', '-reply', '-in', stamp, '-text'])?.out ?? '';
  const said = /^Time stamp: (.+)$/m.exec(text)?.[1] ?? '';
  const time = Date.parse(said);
  if (Number.isNaN(time)) return { standing: 'UNVERIFIABLE', why: 'it names no time' };
  const at = new Date(time).toISOString();
  // A minute is what a clock may be off before a ceremony ends.
  return recorded !== undefined && time < Date.parse(recorded) - 60_000
    ? { standing: 'FAILED', why: `is of ${at}, before the record that it stamps (${recorded})` }
    : { standing: 'VERIFIED', time: at };
}
