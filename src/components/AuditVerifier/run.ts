/** Runs a verification in a worker, or in the page where a worker may not start: from a folder, and in old browsers. */
import type { Checked, CheckRequest } from './check';
import type { CheckHolder, WorkerMessage } from './worker';

/** Why a verification could not take place, in words for the page. */
export class CannotVerify extends Error {}

/** Address of the script from where this page is: a copy of the site in a folder has no root that addresses begin at. */
function fromHere(address: string): string {
  const root = document.querySelector<HTMLElement>('script[data-root]')?.dataset.root;
  if (root === undefined) return address;
  return new URL(address.slice(address.lastIndexOf('/') + 1), new URL(root, document.baseURI)).href;
}

function startWorker(address: string): Worker | undefined {
  if (typeof Worker === 'undefined') return undefined;
  try {
    return new Worker(address);
  } catch {
    return undefined;
  }
}

/** Loads the script of the worker into the page. It is large, so only a page that needs it loads it. */
function loadScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.onload = () => resolve();
    script.onerror = () => reject(new CannotVerify('The verifying script cannot be loaded.'));
    script.src = address;
    document.head.append(script);
  });
}

async function inPage(
  request: CheckRequest,
  address: string,
  progress: (bytes: number) => void,
): Promise<Checked> {
  const holder = globalThis as CheckHolder;
  if (!holder.masterkeyCheck) await loadScript(address);
  try {
    if (!holder.masterkeyCheck) throw new TypeError();
    return await holder.masterkeyCheck(request, progress);
  } catch (error) {
    throw new CannotVerify(error instanceof RangeError ? error.message : 'The files cannot be read.');
  }
}

/** Verifies; rejects with CannotVerify when the head, the procedure or a file cannot be read. */
export function run(
  request: CheckRequest,
  address: string,
  progress: (bytes: number) => void,
): Promise<Checked> {
  const script = fromHere(address);
  const worker = startWorker(script);
  if (!worker) return inPage(request, script, progress);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if ('progress' in data) return progress(data.progress);
      worker.terminate();
      if ('checked' in data) resolve(data.checked);
      else reject(new CannotVerify(data.refused));
    };
    // A page in a folder may create a worker whose script is then refused.
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      inPage(request, script, progress).then(resolve, reject);
    };
    worker.postMessage(request);
  });
}
