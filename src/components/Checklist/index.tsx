/** The panel over a procedure in which a run is named, chosen, handed over by file and deleted, folded until it is asked for. The script wakes it. */
import type { ReactNode } from 'react';
import { runLimits } from '../../procedure/run/run';

export interface ChecklistProps {
  /** Source of the page: `docs/emergency/unseal.mdx`. */
  readonly page: string;
  /** Digest of the page, as at the foot of its sheets. */
  readonly digest: string;
  /** M: how many shards a quorum has. */
  readonly threshold: number;
  /** Recovery time objective of the page in minutes. */
  readonly target?: number | undefined;
}

export default function Checklist({ page, digest, threshold, target }: ChecklistProps): ReactNode {
  return (
    <section
      className="run"
      aria-label="Run of this procedure"
      data-run=""
      data-page={page}
      data-digest={digest}
      data-threshold={threshold}
      data-target={target}
    >
      <details className="run-panel needs-js">
        <summary>
          Run: <strong data-run-open="">none, blank page</strong>
        </summary>
        <p className="run-line">
          <label>
            Run{' '}
            <select data-run-choice="">
              <option value="">none: blank page</option>
            </select>
          </label>
          <label>
            New run{' '}
            <input
              type="text"
              data-run-name=""
              maxLength={runLimits.name}
              autoComplete="off"
              placeholder="name"
            />
          </label>
          <button type="button" data-run-start="">
            Start
          </button>
        </p>
        <p className="run-line">
          <button type="button" data-run-export="" disabled>
            Export
          </button>
          <button type="button" data-run-import="">
            Import
          </button>
          <input
            type="file"
            data-run-file=""
            accept=".json,application/json"
            hidden
            aria-label="Exported run"
          />
          <button type="button" data-run-print="">
            Print
          </button>
          <button type="button" data-run-delete="" disabled>
            Delete
          </button>
          <span>
            Kept in this browser only. To hand it over, export it here and import it there: copies of one run
            are merged. Never type a shard, a key or a PIN.
          </span>
        </p>
      </details>
      <p className="run-status needs-js" role="status" data-run-status="" />
      <p className="run-toast" aria-hidden="true" data-run-toast="" hidden />
      <p className="run-filter" data-run-filter="" hidden />
      <p className="run-paper" data-run-paper="" hidden />
      <dialog className="run-ask" data-run-ask="" aria-labelledby="run-ask-text">
        <p id="run-ask-text" />
        <p className="run-line" data-run-reason="" hidden>
          <label>
            Reason <input type="text" data-run-why="" maxLength={runLimits.note} autoComplete="off" />
          </label>
        </p>
        <p className="run-line">
          <button type="button" data-run-no="">
            Leave as it is
          </button>
          <button type="button" data-run-yes="" />
        </p>
      </dialog>
    </section>
  );
}
