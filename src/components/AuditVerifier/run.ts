/** Runs a verification in a worker, or in the page where there is none: from a file: address, and in old browsers. */
import type { Verdict } from '../../audit/verdict';
import { type CheckRequest, check } from './check';
import type { WorkerMessage } from './worker';

function startWorker(address: string | undefined): Worker | undefined {
  if (address === undefined || typeof Worker === 'undefined') return undefined;
  try {
    return new Worker(address);
  } catch {
    return undefined;
  }
}

/** Why a verification could not take place, in words for the page. */
export class CannotVerify extends Error {}

function inPage(request: CheckRequest, progress: (bytes: number) => void): Promise<Verdict> {
  return check(request, progress).catch((error: unknown) => {
    throw new CannotVerify(error instanceof RangeError ? error.message : 'The files cannot be read.');
  });
}

/** Verifies; rejects with CannotVerify when the head or a file cannot be read. */
export function run(
  request: CheckRequest,
  address: string | undefined,
  progress: (bytes: number) => void,
): Promise<Verdict> {
  const worker = startWorker(address);
  if (!worker) return inPage(request, progress);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if ('progress' in data) return progress(data.progress);
      worker.terminate();
      if ('verdict' in data) resolve(data.verdict);
      else reject(new CannotVerify(data.refused));
    };
    // The script of the worker could not be loaded; the page can do the work as well.
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      inPage(request, progress).then(resolve, reject);
    };
    worker.postMessage(request);
  });
}
