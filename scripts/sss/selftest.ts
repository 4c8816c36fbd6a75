/** Tests that run before any key is made or split: the random sources, the split, a known answer. */
import { coefficientsOf } from '../../src/shard/field';
import { fromHex, toHex } from '../../src/shard/format';
import { healthFault } from '../../src/shard/random';
import type { combineShares, shareAt, splitKey } from '../../src/shard/shares';
import { splitFault } from './checks';
import type { SelfTest } from './command';

/** What is tested: the functions of the file that handles keys, not a copy of them. */
export interface Tested {
  combineShares: typeof combineShares;
  shareAt: typeof shareAt;
  splitKey: typeof splitKey;
  /** That of Node, from which the library draws. */
  randomBytes(size: number): Uint8Array;
}

// Vector E001 of tests/vectors/shard-envelope.json.
const KNOWN_SHARES = ['9811da68bfb2d197d840663215fff54626', '23daf44bca7f55f8b9367fc9680201d59c'];
const KNOWN_THIRD = 'd2057976ea5d1fa3a1e5f7bff68965543c';
const KNOWN_KEY = 'd3c1e5d0e61742dba4aec46709dffd47';

/** Each test with its verdict. No key of anybody is near, and what they draw protects nothing. */
export async function selfTests({
  combineShares,
  shareAt,
  splitKey,
  randomBytes,
}: Tested): Promise<SelfTest[]> {
  // In two calls: a source may give the same at every call.
  const drawn = new Uint8Array(16_384);
  crypto.getRandomValues(drawn.subarray(0, 8192));
  crypto.getRandomValues(drawn.subarray(8192));
  // The library draws by itself: what it drew is computed back from three shares of zeros.
  const drawnBySplit = Uint8Array.from(
    coefficientsOf(await splitKey(new Uint8Array(8192), 3, 3))
      .slice(1)
      .flatMap((row) => [...row]),
  );
  const shares = KNOWN_SHARES.map(fromHex);
  const known = [await combineShares(shares, 2), coefficientsOf(shares)[0] ?? drawn].map(toHex);
  const third = toHex(await shareAt(shares, 2, 0x3c));
  const key = drawn.slice(0, 32);
  const splits = [await splitKey(key, 2, 3), await splitKey(key, 2, 3), await splitKey(key, 5, 9)] as const;
  const [one, two, five] = splits;
  const fewer = await combineShares(five.slice(0, 4), 4);
  const faults = splits.map((split) => splitFault(key, split, split === five ? 5 : 2));
  return [
    { name: 'draws for the key pass the health tests', ok: healthFault(drawn) === undefined },
    { name: 'draws for the split pass the health tests', ok: healthFault(drawnBySplit) === undefined },
    // The library takes the whole buffer behind randomBytes, which must not be a shared pool.
    {
      name: 'random bytes are not pooled',
      ok: [1, 16, 255].every((n) => randomBytes(n).buffer.byteLength === n),
    },
    {
      name: 'known shares give the known key',
      ok: known.every((found) => found === KNOWN_KEY) && third === KNOWN_THIRD,
    },
    // Releases before 0.0.4 never drew a zero, and two shares then rule out one value of every byte.
    { name: 'coefficients of the split include zero', ok: drawnBySplit.includes(0) },
    {
      name: 'fewer shares than the threshold do not give the key',
      ok: toHex(fewer) !== toHex(key) && faults.every((fault) => fault === undefined),
    },
    { name: 'two splits of one key differ', ok: !one.some((a) => two.some((b) => toHex(a) === toHex(b))) },
  ];
}
