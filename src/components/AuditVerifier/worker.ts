/** The script that verifies: in a worker, so that the page stays free, or loaded by a page that may not start one. */
import { type Checked, type CheckRequest, check } from './check';

/** What the worker says: how far it is, the verdict, or why there is none. */
export type WorkerMessage =
  | { readonly progress: number }
  | { readonly checked: Checked }
  | { readonly refused: string };

/** Where a page finds the function when it loads this script itself. */
export interface CheckHolder {
  masterkeyCheck?: typeof check;
}

interface WorkerScope {
  onmessage: ((event: { data: CheckRequest }) => void) | null;
  postMessage(message: WorkerMessage): void;
}

if ('document' in globalThis) {
  (globalThis as CheckHolder).masterkeyCheck = check;
} else {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data }) => {
    check(data, (progress) => scope.postMessage({ progress })).then(
      (checked) => scope.postMessage({ checked }),
      (error: unknown) =>
        scope.postMessage({
          refused: error instanceof RangeError ? error.message : 'The files cannot be read.',
        }),
    );
  };
}
