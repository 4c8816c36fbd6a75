/** Reads files of a trail in the browser, piece by piece, and hands them to the verifier. Nothing leaves the page. */
import * as z from 'zod';
import { parseHead } from '../../audit/head';
import type { Verdict } from '../../audit/verdict';
import { TrailVerifier } from '../../audit/verify';

// The schema library compiles itself with `new Function` where it may; the site's content policy forbids it.
z.config({ jitless: true });

/** A piece takes some milliseconds, so that a page that verifies without a worker still answers. */
const PIECE = 1 << 18;

export interface CheckRequest {
  readonly files: readonly File[];
  /** A head as typed; empty for none. */
  readonly head: string;
}

/** Sequence of the first record of a file, or infinity. */
async function firstSequence(file: Blob): Promise<number> {
  const text = await file.slice(0, PIECE).text();
  const line = text.slice(0, text.indexOf('\n') + 1);
  return Number(/"sequence":([0-9]{1,15})[,}]/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** Files in the order of the trail; a file picker gives them in any order. */
export async function inOrder(files: readonly File[]): Promise<File[]> {
  const known = await Promise.all(files.map(async (file) => ({ file, first: await firstSequence(file) })));
  return known.sort((a, b) => (a.first === b.first ? 0 : a.first - b.first)).map(({ file }) => file);
}

/**
 * Verifies files as one trail. `progress` receives the bytes read so far.
 * @throws RangeError when the head cannot be read, or no file was given.
 */
export async function check(request: CheckRequest, progress: (bytes: number) => void): Promise<Verdict> {
  const anchor = request.head.trim() === '' ? undefined : parseHead(request.head);
  const verifier = new TrailVerifier(anchor ? { anchor } : {});
  let total = 0;
  for (const file of await inOrder(request.files)) {
    verifier.beginFile(file.name);
    for (let at = 0, more = true; more && at < file.size; at += PIECE) {
      const bytes = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
      total += bytes.length;
      more = verifier.push(bytes);
      progress(total);
    }
    verifier.endFile();
  }
  return verifier.verdict();
}
