/** Tests that run before any key is made or split: randomness, the split's coefficients, a known answer. */
import { randomBytes } from 'node:crypto';
import { fromHex, toHex } from '../../src/shard/format';
import { combineShares, splitKey } from '../../src/shard/shares';
import { refusal, type SelfTest } from './command';

// Vector E001 of tests/vectors/shard-envelope.json.
const KNOWN_SHARES = ['9811da68bfb2d197d840663215fff54626', '23daf44bca7f55f8b9367fc9680201d59c'];
const KNOWN_KEY = 'd3c1e5d0e61742dba4aec46709dffd47';

/** Each test with its verdict. */
export async function selfTests(): Promise<SelfTest[]> {
  const [a, b] = [randomBytes(64), randomBytes(64)];
  const known = await combineShares(KNOWN_SHARES.map(fromHex), 2);
  // Releases before 0.0.4 never drew a zero coefficient, and two shares then rule out one value of every byte.
  // A uniform draw gives 32 zeros among 8192 on average; none at all has probability 1e-14.
  const [share = new Uint8Array(1)] = await splitKey(new Uint8Array(8192), 2, 2);
  return [
    { name: 'two random draws differ', ok: !a.equals(b) && new Set(a).size > 16 },
    // The library takes the whole buffer behind randomBytes, which must not be a shared pool.
    {
      name: 'random bytes are not pooled',
      ok: [1, 16, 255].every((n) => randomBytes(n).buffer.byteLength === n),
    },
    { name: 'known shares give the known key', ok: toHex(known) === KNOWN_KEY },
    { name: 'coefficients of the split include zero', ok: share.subarray(0, -1).includes(0) },
  ];
}

/** @throws CliError (exit 1) when a test fails: such a machine must not make keys. */
export async function requireSelfTests(): Promise<void> {
  const failed = (await selfTests()).find(({ ok }) => !ok);
  if (failed) {
    throw refusal(
      `self-test failed: ${failed.name}`,
      'Do not use this machine or this copy of sss for a ceremony.',
    );
  }
}
