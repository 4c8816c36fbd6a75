/**
 * Makes the table of shards, from which a procedure lets people choose a quorum, a table in which one ticks: a box and a
 * state in each row. src/client/run-choice.ts reads them; without a script the table is what the page says.
 */
import {
  append,
  attribute,
  type Document,
  type Element,
  elements,
  hasClass,
  isElement,
  make,
  setAttribute,
  textOf,
} from './dom';

/** What people can say of a shard before they choose, by the value that a run keeps. */
const states = [
  ['', 'at hand'],
  ['unreachable', 'cannot be reached'],
  ['exposed', 'may be exposed'],
] as const;

const childrenOf = (element: Element, ...names: readonly string[]): Element[] =>
  element.childNodes.filter(isElement).filter(({ tagName }) => names.includes(tagName));

function rowsOf(table: Element, part: 'thead' | 'tbody'): Element[] {
  return childrenOf(table, part).flatMap((group) => childrenOf(group, 'tr'));
}

/** The shards of a table in which each row is one that the page has a section for; undefined for any other table. */
function shardsOf(table: Element, sections: ReadonlySet<string>): number[] | undefined {
  const [head] = rowsOf(table, 'thead');
  const titles = head === undefined ? [] : childrenOf(head, 'th', 'td').map((cell) => textOf(cell).trim());
  if (titles[0] !== 'Shard' || !titles.includes('Minutes')) return undefined;
  const shards = rowsOf(table, 'tbody').map((row) => {
    const [first] = childrenOf(row, 'th', 'td');
    return first === undefined ? '' : textOf(first).trim();
  });
  return shards.length > 1 && shards.every((n) => sections.has(`shard-${n}`))
    ? shards.map(Number)
    : undefined;
}

function stateOf(shard: number): Element {
  const select = make('select', {
    'data-out': String(shard),
    'aria-label': `State of shard ${shard}`,
    autocomplete: 'off',
  });
  for (const [value, words] of states) append(select, make('option', { value }, words));
  const cell = make('td', { class: 'choice-state needs-js' });
  append(cell, select);
  return cell;
}

/** Adds the boxes and states, and the line that says what is chosen. Only the first such table of a page with a run. */
export function placeChoice(document: Document): void {
  const all = [...elements(document)];
  if (!all.some((element) => attribute(element, 'data-run') !== undefined)) return;
  const sections = new Set(
    all.flatMap((element) => (/^h[23]$/.test(element.tagName) ? (attribute(element, 'id') ?? []) : [])),
  );
  for (const table of all) {
    const shards = table.tagName === 'table' ? shardsOf(table, sections) : undefined;
    if (shards === undefined) continue;
    setAttribute(table, 'data-choice', '');
    for (const row of rowsOf(table, 'thead'))
      append(row, make('th', { scope: 'col', class: 'choice-state needs-js' }, 'State'));
    for (const [index, row] of rowsOf(table, 'tbody').entries()) {
      const shard = shards[index] ?? 0;
      const [first] = childrenOf(row, 'th', 'td');
      const box = make('input', {
        type: 'checkbox',
        class: 'needs-js',
        'data-take': String(shard),
        'aria-label': `Take shard ${shard}`,
        autocomplete: 'off',
      });
      if (first !== undefined) {
        append(first, box);
        first.childNodes.unshift(...first.childNodes.splice(-1));
      }
      append(row, stateOf(shard));
    }
    const frame =
      all.find((element) => hasClass(element, 'table-scroll') && element.childNodes.includes(table)) ?? table;
    const parent = frame.parentNode;
    if (parent === null || !('childNodes' in parent)) return;
    const said = make(
      'p',
      { class: 'choice-said needs-js', role: 'status', 'data-choice-said': '' },
      'Tick the shards that you take.',
    );
    append(parent as Element, said);
    const nodes = (parent as Element).childNodes;
    nodes.splice(nodes.indexOf(frame) + 1, 0, ...nodes.splice(-1));
    return;
  }
}
