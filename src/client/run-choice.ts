/**
 * Choosing a quorum in the table of the page: a row is ticked, or cannot be reached, or may be exposed. The choice and the
 * states are kept in the run; what is not chosen folds away. scripts/ship/choice.ts puts the boxes into the table.
 */
import { duration, type ProcedureRun, quorumFault, type ShardState } from '../procedure/run/run';

const why: Readonly<Record<ShardState, string>> = {
  unreachable: 'cannot be reached',
  exposed: 'may be exposed, and is not taken',
};

/** How the table reaches the rest of the page. */
export interface ChoiceContext {
  readonly known: readonly number[];
  readonly threshold: number;
  /** Keeps states and ticks in the run, and shows the quorum once it has M shards. */
  keep(shards: readonly number[] | undefined, out: Readonly<Record<string, ShardState>>): void;
  say(text: string): void;
}

interface Row {
  readonly n: number;
  readonly box: HTMLInputElement;
  readonly state: HTMLSelectElement;
  readonly minutes: number;
  readonly people: string;
}

export class ShardTable {
  private readonly rows: Row[] = [];
  private readonly said = document.querySelector<HTMLElement>('[data-choice-said]');

  constructor(private readonly context: ChoiceContext) {
    const table = document.querySelector<HTMLTableElement>('table[data-choice]');
    if (table === null) return;
    const titles = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent?.trim() ?? '');
    const column = (row: HTMLTableRowElement, title: RegExp): string =>
      row.cells[titles.findIndex((one) => title.test(one))]?.textContent?.trim() ?? '';
    for (const row of table.tBodies[0]?.rows ?? []) {
      const box = row.querySelector<HTMLInputElement>('[data-take]');
      const state = row.querySelector<HTMLSelectElement>('[data-out]');
      if (box === null || state === null) continue;
      this.rows.push({
        n: Number(box.dataset.take),
        box,
        state,
        minutes: Number(column(row, /^Minutes$/)) || 0,
        people: column(row, /^Custodian/),
      });
    }
    table.addEventListener('change', ({ target }) => {
      const row = this.rows.find(({ box, state }) => box === target || state === target);
      if (row !== undefined) this.change(row, target === row.box);
    });
  }

  /** Shows the choice and the states that a run keeps; the ticks of a choice that is not complete stay. */
  show(run: ProcedureRun | undefined, quorum: readonly number[] | undefined): void {
    for (const { n, box, state } of this.rows) {
      state.value = run?.out?.[n] ?? '';
      if (quorum !== undefined) box.checked = quorum.includes(n);
      if (state.value !== '') box.checked = false;
    }
    this.tell();
  }

  private get taken(): Row[] {
    return this.rows.filter(({ box }) => box.checked);
  }

  private change(row: Row, isBox: boolean): void {
    const { known, threshold, keep, say } = this.context;
    const state = row.state.value as ShardState | '';
    if (isBox && row.box.checked && state !== '') {
      row.box.checked = false;
      say(`Shard ${row.n} ${why[state]}.`);
      return;
    }
    if (isBox && this.taken.length > threshold) {
      row.box.checked = false;
      say(
        `A quorum has exactly ${threshold} shards. To take shard ${row.n}, take the tick of another away first.`,
      );
      return;
    }
    if (!isBox && state !== '' && row.box.checked) {
      row.box.checked = false;
      say(`Shard ${row.n} ${why[state]}: it is no longer chosen.`);
    }
    const shards = this.taken.map(({ n }) => n);
    const out = Object.fromEntries(
      this.rows.flatMap(({ n, state: { value } }) =>
        value === '' ? [] : [[String(n), value as ShardState]],
      ),
    );
    keep(quorumFault(shards, known, threshold) === undefined ? shards : undefined, out);
    this.tell();
  }

  /** Minutes and people of what is ticked, and how many are missing. */
  private tell(): void {
    if (this.said === null || this.rows.length === 0) return;
    const { threshold } = this.context;
    const { taken } = this;
    const left = this.rows.filter(({ state }) => state.value === '').length;
    const minutes = taken.reduce((sum, row) => sum + row.minutes, 0);
    const people = [...new Set(taken.map(({ people }) => people).filter(Boolean))].join('; ');
    const sum = taken.length === 0 ? '' : ` ${duration(minutes)}; ${people}.`;
    const missing = threshold - taken.length;
    const words =
      left < threshold
        ? `Only ${left} can be taken, and ${threshold} are needed.`
        : missing > 0
          ? `${taken.length} of ${threshold} chosen: tick ${missing} more.${sum}`
          : `Chosen: shards ${taken.map(({ n }) => n).join(', ')}.${sum}`;
    if (this.said.textContent !== words) this.said.textContent = words;
  }
}
