/** Shard files as the commands read them: parsed, checked against the manifest, named in every refusal. */
import { lineDigest } from '../../src/shard/commitment';
import { labelOf, normalizeShard, parseShard, type Shard, ShardError } from '../../src/shard/format';
import { checkListed, type Manifest, type ManifestShard, setDifference } from '../../src/shard/manifest';
import { CliError, printable, refusal } from './command';
import { exitOf, readLimited, refuseOtherKind, SHARD_LIMIT } from './files';
import { type SessionKey, unwrap } from './wrapping';

export interface ShardFile {
  file: string;
  shard: Shard;
  /** The normalized line: as secret as the shard. */
  line: string;
  label: string;
  /** Its entry, when a manifest was given. */
  entry?: ManifestShard;
}

/** A shard file that the manifest lists. */
export interface ListedFile extends ShardFile {
  entry: ManifestShard;
}

/** A ShardError with the file in front. */
export function inFile(file: string, error: unknown): unknown {
  if (!(error instanceof ShardError)) return error;
  return new CliError(exitOf(error), `${printable(file)}: ${error.message}`, error.hint);
}

/** The text of a shard file, decrypted when there is a session key. */
function textOf(file: string, session: SessionKey | undefined): string {
  const bytes = readLimited(file, SHARD_LIMIT, 'a shard');
  let clear = bytes;
  try {
    if (session) clear = unwrap(session, bytes);
    // Bytes that are no text become characters that the reader of shards refuses.
    return Buffer.from(clear.buffer, clear.byteOffset, clear.length).toString('utf8');
  } finally {
    bytes.fill(0);
    clear.fill(0);
  }
}

/** Reads one shard file and refuses the wrong kind (TEST or real). */
export function readShard(file: string, test: boolean, session?: SessionKey): ShardFile {
  const text = textOf(file, session);
  const shard = parseShard(text);
  refuseOtherKind(file, shard.test, test);
  return { file, shard, line: normalizeShard(text), label: labelOf(shard) };
}

/** Reads one shard file and checks it against the manifest. */
export function readListed(
  file: string,
  manifest: Manifest,
  test: boolean,
  session?: SessionKey,
): ListedFile {
  const read = readShard(file, test, session);
  return { ...read, entry: checkListed(manifest, read.shard, read.line) };
}

const WITHOUT_MANIFEST =
  'Without the manifest nobody can tell which of the two is foreign: add --manifest, or give the shards of one set.';

/** Refuses two shards that are not of one set. Each accuses the other, so neither is blamed. */
function refuseMixture(a: ShardFile, b: ShardFile): void {
  const [what, left, right] = setDifference(a.shard, b.shard) ?? [];
  if (what === undefined) return;
  const found = `${what} ${left} in the one, ${right} in the other`;
  const message = `${printable(a.file)} and ${printable(b.file)}: one of them is a shard of another set: ${found}`;
  throw refusal(message, WITHOUT_MANIFEST);
}

/** Damage that M other shards can make up for; everything else in a list of shards is a mistake to stop at. */
const DAMAGE = new Set(['case', 'characters', 'checksum', 'length', 'altered', 'wrapped']);

export interface ShardList {
  good: ShardFile[];
  /** One line a damaged file, ready to print. */
  damaged: string[];
}

/**
 * Reads the shards of one set. Damaged ones are set aside and named; a file that is no shard, a foreign shard, a
 * shard given twice and x = 0 stop the command.
 */
export function readShards(
  files: readonly string[],
  manifest: Manifest | undefined,
  test: boolean,
  session?: SessionKey,
): ShardList {
  const good: ShardFile[] = [];
  const damaged: string[] = [];
  let hint = '';
  for (const file of files) {
    try {
      const read: ShardFile = manifest
        ? readListed(file, manifest, test, session)
        : readShard(file, test, session);
      if (good[0] && !manifest) refuseMixture(good[0], read);
      const twin = good.find(({ label }) => label === read.label);
      if (twin) {
        const how =
          lineDigest(twin.line) === lineDigest(read.line) ? 'the same shard' : 'two different texts of';
        const message = `${printable(file)}: ${how} ${read.label} as in ${printable(twin.file)}`;
        throw refusal(message, 'Give each shard once.');
      }
      good.push(read);
    } catch (error) {
      if (!(error instanceof ShardError) || !DAMAGE.has(error.code)) throw inFile(file, error);
      damaged.push(`${printable(file)}: ${error.message}`);
      hint ||= error.hint;
    }
  }
  const needed = manifest?.threshold ?? good[0]?.shard.threshold;
  if (needed === undefined) throw refusal(damaged.join('; '), hint);
  if (good.length < needed) {
    const count = `${good.length} good ${good.length === 1 ? 'shard' : 'shards'}, and ${needed} are needed`;
    throw refusal([...damaged, count].join('; '), hint || 'Bring another shard of the same set.');
  }
  return { good, damaged };
}

/** Wipes the share bytes; the text lines are strings, which JavaScript can't wipe. */
export function wipeShards(files: readonly ShardFile[]): void {
  for (const { shard } of files) shard.share.fill(0);
}
