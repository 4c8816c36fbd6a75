/** `sss combine`: recovers the MasterKey from exactly M good shards into a new file, never onto a terminal. */
import { commitmentOf, digestOf, kcvOf, sameHex } from '../../../src/shard/commitment';
import { fromHex, ShardError } from '../../../src/shard/format';
import { type Found, findKey } from '../../../src/shard/search';
import {
  type Args,
  type Context,
  type CoreCommand,
  printable,
  type Report,
  refusal,
  usageError,
} from '../command';
import { readManifest, readText, refuseExisting, writeNewFile } from '../files';
import { sealKeyOf } from '../seal';
import { inFile, readShards } from '../shard-file';
import { sessionKeyOf, UNWRAP_OPTION, WRAP_OPTION, wrap, wrappedFor, wrapToOf } from '../wrapping';

export const combine: CoreCommand = {
  name: 'combine',
  summary: 'recover the MasterKey from M shards',
  files: { name: 'SHARD…', min: 1, max: 255, help: 'At least M shard files of one set, each once.' },
  options: [
    { name: 'out', value: 'FILE', required: true, help: 'New file (0600) for the raw key bytes.' },
    { name: 'manifest', value: 'FILE', help: 'The manifest: names bad shards, gives the commitment.' },
    UNWRAP_OPTION,
    { ...WRAP_OPTION, help: 'Write the key encrypted for this public key, such as that of the service.' },
    { name: 'commitment', value: 'HEX', help: 'The commitment, 64 hex digits, when the manifest is lost.' },
    { name: 'format', value: 'vault-hex', help: 'The files are raw Vault shares in hex; needs --threshold.' },
    { name: 'threshold', value: 'M', help: 'Only with --format vault-hex, whose shares do not know it.' },
    { name: 'key-sha256', value: 'HEX', help: 'Only with --format vault-hex: SHA-256 of the key.' },
  ],
  refusedInDrill: (args) => args.get('format') === 'vault-hex',
  async run(args, context) {
    const format = args.get('format');
    if (format !== undefined && format !== 'vault-hex') throw usageError('--format: wanted vault-hex');
    refuseExisting(args.text('out'));
    const wraps = ['unwrap-with', 'wrap-to'].find((name) => args.has(name));
    if (format && wraps) throw usageError(`--${wraps} does not go with --format`);
    if (format) return combineRaw(args);
    const only = ['threshold', 'key-sha256'].find((name) => args.has(name));
    if (only) throw usageError(`--${only} belongs to --format vault-hex`);
    return combineText(args, context);
  },
};

const hexOption = (args: Args, name: string): string | undefined => {
  const value = args.get(name)?.toLowerCase();
  if (value !== undefined && !/^[0-9a-f]{64}$/.test(value))
    throw usageError(`--${name}: wanted 64 hex digits`);
  return value;
};

async function combineText(args: Args, context: Context): Promise<Report> {
  const out = args.text('out');
  const path = args.get('manifest');
  const manifest = path === undefined ? undefined : readManifest(path, context.test);
  const given = hexOption(args, 'commitment');
  if (manifest && given !== undefined && !sameHex(given, manifest.commitment)) {
    throw refusal(`${printable(path ?? '')}: its commitment is not the one given with --commitment`, BOTH);
  }
  const wanted = manifest?.commitment ?? given;
  const to = wrapToOf(args);
  const { good, damaged } = readShards(args.files, manifest, context.test, sessionKeyOf(args));
  const header = good[0]?.shard;
  if (!header) throw refusal('no good shard');
  if (given !== undefined && kcvOf(given) !== header.kcv) {
    const begins = `it begins with ${kcvOf(given)}, and the check value of the shards is ${header.kcv}`;
    throw refusal(`--commitment: ${begins}`, 'It is mistyped, or that of another set: read it again.');
  }
  // The check value first: it is what the shards themselves carry.
  let near = false;
  const accept = (key: Uint8Array) => {
    const found = commitmentOf(key, header);
    if (!sameHex(kcvOf(found), header.kcv)) return false;
    near = wanted !== undefined && !sameHex(found, wanted);
    return !near;
  };
  try {
    const shares = good.map(({ shard }) => shard.share);
    return await withKey(shares, header.threshold, accept, ({ key, used, disagree, attributable }) => {
      const { bytes, record } = wrap(to, key);
      writeNewFile(out, bytes);
      if (manifest?.seal && manifest.seal.key !== sealKeyOf(key))
        context.warn(`${printable(path ?? '')}: ${SEAL}`);
      for (const line of damaged) context.warn(`${line}; left out`);
      for (const i of disagree)
        context.warn(`${printable(good[i]?.file ?? '')}: ${good[i]?.label}: ${DISAGREES}`);
      if (disagree.length > 0 && !attributable) context.warn(UNSURE);
      const shards = used.map((i) => good[i]?.label);
      const bad = [...damaged, ...disagree.map((i) => good[i]?.label)];
      const checked = wanted === undefined ? 'check value' : 'commitment';
      const what = `${key.length} bytes, KCV ${header.kcv}, ${checked} OK`;
      const only = wanted === undefined ? ' (4 bytes only, no commitment given)' : '';
      return {
        lines: [`${printable(out)}: ${what}${only}${wrappedFor(record)}`, `from shards ${shards.join(' ')}`],
        json: { file: out, keyBytes: key.length, checked, ...record, shards, bad },
      };
    });
  } catch (error) {
    throw near ? refusal(NEAR, COMPARE) : noKey(error, wanted !== undefined);
  }
}

/** Finds the key and hands it to `use`; key and shares are wiped, whatever happens. */
async function withKey(
  shares: readonly Uint8Array[],
  threshold: number,
  accept: (key: Uint8Array) => boolean,
  use: (found: Found) => Report,
): Promise<Report> {
  let found: Found | undefined;
  try {
    found = await findKey(shares, threshold, accept);
    return use(found);
  } finally {
    for (const secret of [...shares, ...(found ? [found.key] : [])]) secret.fill(0);
  }
}

const SEAL =
  'sealed with another key: the recovered key is right, but names and holders in this manifest may be forged';
const NEAR = 'no key: what the shards give has their check value, but not the commitment';
const COMPARE = 'Compare the commitment with the Ceremony Log, digit by digit.';
const BOTH = 'One of the two is wrong: compare both with the Ceremony Log.';
const RAW = 'A raw share is an even number of hex digits; lines that start with mks1 need no --format.';
const DISAGREES = 'does not fit to the shards that give the key; left out';
const UNSURE = 'only M shards agree, so the key is right, but a bad shard among those M cannot be excluded';

function noKey(error: unknown, commitment: boolean): unknown {
  if (!(error instanceof ShardError) || error.code !== 'commitment') return error;
  const against = commitment ? 'commitment' : 'check value';
  const hint =
    'Each shard has a right checksum. Run sss verify with the signed manifest to find the altered one.';
  return refusal(`no key: ${error.message} that matches the ${against}`, hint);
}

/** Raw shares know no threshold and no check value, so both come from the command line. */
async function combineRaw(args: Args): Promise<Report> {
  const out = args.text('out');
  const threshold = args.number('threshold', 2, 255);
  const wanted = hexOption(args, 'key-sha256');
  const shares = args.files.map((file) => {
    const text = readText(file, 4096, 'a raw share').trim();
    if (!/^([0-9a-f]{2}){2,}$/i.test(text)) throw refusal(`${printable(file)}: not a raw share in hex`, RAW);
    return fromHex(text);
  });
  if (wanted === undefined && shares.length !== threshold) {
    throw usageError(
      `${shares.length} shares for --threshold ${threshold}: without --key-sha256 give exactly M`,
    );
  }
  const accept = (found: Uint8Array) => wanted === undefined || sameHex(digestOf(found), wanted);
  try {
    return await withKey(shares, threshold, accept, ({ key, ...found }) => {
      writeNewFile(out, key);
      const [used, bad] = [found.used, found.disagree].map((which) =>
        which.map((i) => printable(args.files[i] ?? '')),
      ) as [string[], string[]];
      const check = wanted === undefined ? 'NOT CHECKED (raw shares carry no check value)' : 'SHA-256 OK';
      const checked = wanted === undefined ? 'nothing' : 'sha-256';
      return {
        lines: [
          `${printable(out)}: ${key.length} bytes, ${check}, from ${used.join(' ')}`,
          ...bad.map((file) => `${file}: ${DISAGREES}`),
        ],
        json: { file: out, keyBytes: key.length, checked, used, bad },
      };
    });
  } catch (error) {
    throw inFile('raw shares', error);
  }
}
