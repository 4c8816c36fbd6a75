/** Verifies in a worker, so that the page stays free. Speaks only with its page. */
import type { Verdict } from '../../audit/verdict';
import { type CheckRequest, check } from './check';

/** What the worker says: how far it is, the verdict, or why there is none. */
export type WorkerMessage =
  | { readonly progress: number }
  | { readonly verdict: Verdict }
  | { readonly refused: string };

const scope = globalThis as unknown as {
  onmessage: ((event: { data: CheckRequest }) => void) | null;
  postMessage(message: WorkerMessage): void;
};

scope.onmessage = ({ data }) => {
  check(data, (progress) => scope.postMessage({ progress })).then(
    (verdict) => scope.postMessage({ verdict }),
    (error: unknown) =>
      scope.postMessage({
        refused: error instanceof RangeError ? error.message : 'The files cannot be read.',
      }),
  );
};
