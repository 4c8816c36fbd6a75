/** Tests that run before any key is made or split: the random sources, the split, a known answer. */
import { coefficientsOf } from '../../src/shard/field';
import { fromHex, toHex } from '../../src/shard/format';
import { healthFault } from '../../src/shard/random';
import type { combineShares, shareAt, splitKey } from '../../src/shard/shares';
import { splitFault } from './checks';
import type { SelfTest } from './command';
import type { rsaKeyFrom, unwrap, wrap } from './wrapping';

/** What is tested: the functions of the file that handles keys, not a copy of them. */
export interface Tested {
  combineShares: typeof combineShares;
  shareAt: typeof shareAt;
  splitKey: typeof splitKey;
  /** That of Node, from which the library draws. */
  randomBytes(size: number): Uint8Array;
  rsaKeyFrom: typeof rsaKeyFrom;
  unwrap: typeof unwrap;
  wrap: typeof wrap;
}

// Vector E001 of tests/vectors/shard-envelope.json.
const KNOWN_SHARES = ['9811da68bfb2d197d840663215fff54626', '23daf44bca7f55f8b9367fc9680201d59c'];
const KNOWN_THIRD = 'd2057976ea5d1fa3a1e5f7bff68965543c';
const KNOWN_KEY = 'd3c1e5d0e61742dba4aec46709dffd47';
// Test 7 of tests/vectors/rsa-oaep.json, whose key is published.
const KNOWN_SESSION =
  'MIIG+wIBADANBgkqhkiG9w0BAQEFAASCBuUwggbhAgEAAoIBgQDG/iN5JWYCPCZSh8Wsb3FUHAmU0R0FnuZAOYbvohwktRvZHYhi+d95pOMo4+J8g98mCyWptDQgr/xEtR6NdSW28pw3KkBRBHMgB1J6Yu2C+sc/SJKoDgloKkGljNNHAX8759gBM0+S2TIar9U7Ub/6v8dSz8yuCx7gO9r/nkKMwcEX8ayWtP4j+MI+Y4EYamb9WSiTOa5VxLza2/+Eq9qlMiQNTh0ostBIHa3TskZVfKj+GAkoF3MLOebuN4/8yFsZ/9yRapuZGmtm1KnHurX156NyIQEULnpBCMFdVzsVKJ4H5G6uoHtCwqvLozDplVS0ZWFlu0wNsrY5OgfspXXFGpPE4VvbD3R5CUR+Pv40xnyolUtTDlaiChtthNRe0bzTqljsBvGE7lhXqqgZ4cypom9OKNa5d9M5FtuYltJS0a+nYuKHyw04TMdb/lP06SLQLdCkgcBC4tMGtLPBiTceV1sl4ABaFkz2ndCXbk1b5HaAbqa+YITnGrT1rFwbEgMCAwEAAQKCAYAPLVn6RvJxUDIiEE3w2W0c26iVa5+ZiqWIF3slsskPuap+lESPO/yh9AQJXdwr4Aj4h1gfiemB5rpIaUIDywAN5JIqmPPf2gWH11cgk4QG/eaNepUI8U0hXzuzizqgC0qvgH7WlJnImv050NhkFlecodzrgYLccWew9Y+9+E2eG7cFAv9FXVeW2cXC6WbyvEbPoum31Onpi8BVtvrVnR/ngpwCUcdij8TYAz97SnkX0xK2kpG8N5GkNQ3adG1se8Foe1/aGeSB6F6Ur1GHrPNKgFUHz0TFGEOta2gNSS2SH2kl8tuGCwbklSg0ef3/i/X+B/Lkcof+DqwN3fokqm4fbkmGOnv/HkwqTfBVF6N4qak+jw8wkK8+moUSv0VsA94W8V3N6kiZHEepLLsvPdIw878lH3G25uWJZu/0WgVovMk+JG+13u47jCAUOP1nZD8xL0Y2Gib+U4oSRW1l6JQcz3EPx4uEwDCrRBG+wGuwjCqhKhxMGqIpoJoEOwLLZRUCgcEA9eyhbg6DaWsO2ayKgSVF2rpV8gqWTE5jQ2BKfyvihg/On6FqHMkhIJOd64jf9oVQOD6thR+sB60bLoqbK7aVJdls6rt+6DzlDwjWSRB/RJoUUhpok/PzxcWnA7L8KL/P4mGk9/RQVYCA3q6qtlHHqa5YbB5/XFLNqT5AqskI5OM1eYT8EWr5y+lTm8eo07NRpz6lwkE9HaLgtEi0VGcKyon/5zsUAem4VU/D8j1skEYjJRodKZYsqbJtlzNFvExfAoHBAM8lRG9Zz1EpGd2/z6LZZwSVrZK28pXWEDIFf52m2+/EUQpiPCtHpSIAgqO8Qq8aFE+Yye5P2uQb4OxQHMyUsrBkAZEJmzVWERYN6zJ+is4Bi4mAJe9HDkNz7B2X9mnimOHYRcZVPApUbMsWjVtRDb5gGP1O2aNUX5vbgZaPSm18eQ5cNHKajvtJYIb6EwAkmriyjziVHXvuHBJ6w8TQvVlu3uHp0XeB27gifXtdds6Li84DxdM5uXV5gWEISMVc3QKBwGNXpZZ50mgBUUxpQMIOtns3DoTp9fD5MWwEN9PLfIQ/Wm5tnBnovbMVLpP5BM/m5pLx7tJ6CtpG+VYBs9Eivnk9rZvdBdT21GkQXs/BFEg4HcFU3a32vCDGSUNbSDWF1opSe3uWe+UuNeC+mkNwIcHPpfR3FWfMIzwc466Z6zfa+L0QFWtL1YCjzpx9ORvbsj5nNjqUdAXGyBLL09zMizVqLa/Q07I6IbaEtFjkqzhUvNm+BM3J1lzusQqFMcRw7QKBvwTa2r/BWxqL3A9Wb4dhkQiKeYb2wrjAS6DggB0xy/XSpBOaOc7J3xTs7iLoRqfT9KXo7tKnDHpMLPlc50/kLEv2DBNaJkkZu0zJBrooPRiW8K5IUptJDwyFqwMGjL/uj6a7auc7GC0lzWb1IFsDi07q8ar+Lhul3pfIjUD6GsR2JmAvyQrmlHNPRPPk6I0YTogFp1WsKQS+j+ne9remLMnrz018LWyfnoaySD6b8izlGGG7tOc+cxpNvrqHdy0pAoHAIUofcxMOSLM2/gG5UIhezbNEPZPn6Mpi+w2pa9QjdZ2L5VLIvkTxOfvubsJLdfvwdE+sTaq/VIj+bDYA2bjpqSJIH8dKej1iJmLbjIUxjeSO6LcW8ZQp+1lJkNpwXr3372YT3Wv4hcFq1l6f5sKAOGvul2wl26/4+/abrtlRC+Xt7T+Q4LpKl+XIGiGJ8RRnB0Wrle3aIVvQX9x4kp+gz+iwHIPyrsk+OtGjNP2FqoeU6s+VWuXazUWyaHQfyhlc';
const KNOWN_WRAPPED =
  '0351794ac968e26863bfa67aa4d602c725b79ca9a4cd907a9e03c7575b975bfd99fa491b5bc3f93e1eac5b48d95090e10a29d9e4edce709c74886ee2d5067bcabab044e239cb4c23e1ffa8a8666fbdc706ecf49225697fb6f1a095e20dcca49090548d9fd0b8533b090823a76ce6c8c8a139a20b3e930a8d2ef8d868fd92c086c06a86c172e40e76f9920a6de6ab2fbff2cbe029b685dbc20da94e84442050b0128200446bf227eca935e1bfa8c89ec3454ea3a82cc792a2512d8513f2ddaf172e35e735ad69a5f892ad0c216e84ea9e92129d8272db269173cbc525e61fdfa5533e2e69a4670ed95f4958c684476c208002667fc7f687260eb54d9cea88bbfeb7b6d7aa640cf0ad0af22ecae17034c762bf832a9e8ef090926c5ad4fe6a15b6e5ef69da001bb7fbc608bc024bcf38e157dbb57974169bdf302ec177e48d15a1d0c919d9b8862cd91d454a96df1c720561928e282b9e922d0d8218d65b74bb740cb7cf7455e97a5e6bba07424382c31c37549d7f29bf7e2e23093ee861dce0ef';
const KNOWN_CLEAR = 'e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff';

/** True when this program opens what others wrapped with OAEP, and what it wraps itself. */
function wrapsAsKnown({ rsaKeyFrom, unwrap, wrap }: Tested): boolean {
  const lines = KNOWN_SESSION.replace(/.{64}/g, '$&\n');
  const pem = `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
  try {
    const key = rsaKeyFrom('known key', Buffer.from(pem), 'PRIVATE');
    const own = wrap({ key, hash: 'sha256', digest: '' }, fromHex(KNOWN_CLEAR)).bytes;
    const wrapped = [fromHex(KNOWN_WRAPPED), own];
    return wrapped.every((each) => toHex(unwrap(key, each)) === KNOWN_CLEAR);
  } catch {
    return false;
  }
}

/** Each test with its verdict. No key of anybody is near, and what they draw protects nothing. */
export async function selfTests(tested: Tested): Promise<SelfTest[]> {
  const { combineShares, shareAt, splitKey, randomBytes } = tested;
  // In two calls: a source may give the same at every call.
  const drawn = new Uint8Array(16_384);
  crypto.getRandomValues(drawn.subarray(0, 8192));
  crypto.getRandomValues(drawn.subarray(8192));
  // The library draws by itself: what it drew is computed back from three shares of zeros, in all of its field.
  const [zeros = drawn, ...rows] = coefficientsOf(await splitKey(new Uint8Array(8192), 3, 3));
  const drawnBySplit = Uint8Array.from(rows.flatMap((row) => [...row]));
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
      ok: known.every((found) => found === KNOWN_KEY) && third === KNOWN_THIRD && !zeros.some(Boolean),
    },
    // Releases before 0.0.4 never drew a zero, and two shares then rule out one value of every byte.
    { name: 'coefficients of the split include zero', ok: drawnBySplit.includes(0) },
    {
      name: 'fewer shares than the threshold do not give the key',
      ok: toHex(fewer) !== toHex(key) && faults.every((fault) => fault === undefined),
    },
    { name: 'a known wrapped text opens', ok: wrapsAsKnown(tested) },
    { name: 'two splits of one key differ', ok: !one.some((a) => two.some((b) => toHex(a) === toHex(b))) },
  ];
}
