/** What stands before every key: the self-test, and a draw that tests its source each time. */
import { randomBytes } from 'node:crypto';
import { combineShares, shareAt, splitKey } from '../../src/shard/shares';
import { BAD_MACHINE, refusal, type SelfTest } from './command';
import { rsaKeyFrom, unwrap, wrap } from './wrapping';

/** The self-tests, of the library in this very file and of what it draws from. */
export const selfTests = async (): Promise<SelfTest[]> =>
  (await import('./selftest')).selfTests({
    combineShares,
    shareAt,
    splitKey,
    randomBytes,
    rsaKeyFrom,
    unwrap,
    wrap,
  });

/** @throws CliError (exit 1) when a test fails: such a machine must not make keys. */
export async function requireSelfTests(): Promise<void> {
  const failed = (await selfTests()).find(({ ok }) => !ok);
  if (failed) throw refusal(`self-test failed: ${failed.name}`, BAD_MACHINE);
}

/**
 * Fills `bytes` from the operating system, and draws 1,024 more to judge the source by.
 * @throws CliError (exit 1) when the source has failed; `bytes` are wiped.
 */
export async function draw(bytes: Uint8Array): Promise<void> {
  const { drawFault } = await import('./checks');
  crypto.getRandomValues(bytes);
  const fault = drawFault(bytes, crypto.getRandomValues(new Uint8Array(1024)));
  if (fault === undefined) return;
  bytes.fill(0);
  throw refusal(`the random source of this machine has failed: ${fault}`, BAD_MACHINE);
}
