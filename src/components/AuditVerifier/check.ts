/** Reads files of a trail in the browser, piece by piece, and hands them to the verifier. Nothing leaves the page. */
import * as z from 'zod';
import { MAX_LINE_BYTES } from '../../audit/chain';
import { parseHead } from '../../audit/head';
import { firstSequence, inOrderOf } from '../../audit/lines';
import { procedureSchema } from '../../audit/procedure';
import { StepCounter, type StepRecords } from '../../audit/step-records';
import type { Verdict } from '../../audit/verdict';
import { TrailVerifier } from '../../audit/verify';

// The schema library compiles itself with `new Function` where it may; the site's content policy forbids it.
z.config({ jitless: true });

/** A piece takes some milliseconds, so that a page that verifies without a worker still answers. */
const PIECE = 1 << 18;
const PROCEDURE_BYTES = 1 << 23;

export interface CheckRequest {
  readonly files: readonly File[];
  /** A head as typed; empty for none. */
  readonly head: string;
  /** A procedure of the evidence pack, whose steps are held against the records. */
  readonly procedure: File | undefined;
}

export interface Checked {
  readonly verdict: Verdict;
  /** Of a sound trail, when a procedure was given. */
  readonly steps: StepRecords | undefined;
}

/** Files in the order of the trail; a file picker gives them in any order. */
export async function inOrder(files: readonly File[]): Promise<File[]> {
  const start = async (file: File) => firstSequence(await file.slice(0, MAX_LINE_BYTES + 1).text());
  return inOrderOf(await Promise.all(files.map(async (file) => [file, await start(file)] as const)));
}

/** The steps of a procedure of the evidence pack. */
async function counterOf(file: File): Promise<StepCounter> {
  const refused = new RangeError(`${file.name}: is not an exported procedure`);
  if (file.size > PROCEDURE_BYTES) throw refused;
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch {
    throw refused;
  }
  const parsed = procedureSchema.safeParse(value);
  if (!parsed.success) throw refused;
  return new StepCounter(parsed.data.steps);
}

/**
 * Verifies files as one trail. `progress` receives the bytes read so far.
 * @throws RangeError when the head or the procedure cannot be read, or no file was given.
 */
export async function check(request: CheckRequest, progress: (bytes: number) => void): Promise<Checked> {
  const anchor = request.head.trim() === '' ? undefined : parseHead(request.head);
  const steps = request.procedure && (await counterOf(request.procedure));
  const verifier = new TrailVerifier({
    now: Date.now(),
    ...(anchor && { anchor }),
    ...(steps && { onEvent: steps.add.bind(steps) }),
  });
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
  const verdict = verifier.verdict();
  return { verdict, steps: verdict.ok ? steps?.result() : undefined };
}
