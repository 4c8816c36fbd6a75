/** How psql prints results and errors: aligned, unaligned, expanded and CSV tables; messages with their LINE and caret. */
import type { PostgresError } from './engine';

export interface Layout {
  format: 'aligned' | 'unaligned' | 'csv';
  expanded: boolean;
  tuplesOnly: boolean;
  fieldSeparator: string;
  recordSeparator: string;
  nullText: string;
}

export interface Table {
  readonly columns: readonly { readonly name: string; readonly oid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Types that psql aligns to the right: int8, int2, int4, oid, xid, cid, float4, float8, money, numeric. */
const rightAligned = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700]);

/** Prints one result. */
export function formatTable(table: Table, layout: Layout): string {
  const rows = table.rows.map((row) => row.map((value) => value ?? layout.nullText));
  if (layout.format === 'csv') return csv(table, rows, layout);
  if (layout.expanded)
    return layout.format === 'aligned' ? expanded(table, rows, layout) : pairs(table, rows, layout);
  return layout.format === 'aligned' ? aligned(table, rows, layout) : unaligned(table, rows, layout);
}

const footer = (rows: readonly unknown[]) => `(${rows.length} row${rows.length === 1 ? '' : 's'})`;

function unaligned(table: Table, rows: readonly string[][], layout: Layout): string {
  const lines = rows.map((row) => row.join(layout.fieldSeparator));
  if (!layout.tuplesOnly) {
    lines.unshift(table.columns.map(({ name }) => name).join(layout.fieldSeparator));
    lines.push(footer(rows));
  }
  return lines.length === 0 ? '' : `${lines.join(layout.recordSeparator)}\n`;
}

function pairs(table: Table, rows: readonly string[][], layout: Layout): string {
  const records = rows.map((row) =>
    row.map((value, column) => `${table.columns[column]?.name}${layout.fieldSeparator}${value}\n`).join(''),
  );
  return records.join('\n');
}

function csv(table: Table, rows: readonly string[][], layout: Layout): string {
  const quote = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map((row) => row.map(quote).join(','));
  if (!layout.tuplesOnly) lines.unshift(table.columns.map(({ name }) => quote(name)).join(','));
  return lines.map((line) => `${line}\n`).join('');
}

const widthOf = (cell: string) => Math.max(...cell.split('\n').map((line) => [...line].length));

function aligned(table: Table, rows: readonly string[][], layout: Layout): string {
  // The names count for the widths even where they are not shown.
  const shown = [table.columns.map(({ name }) => name), ...rows];
  const widths = table.columns.map((_, column) =>
    Math.max(0, ...shown.map((row) => widthOf(row[column] ?? ''))),
  );
  const lines: string[] = [];
  if (!layout.tuplesOnly) {
    const centered = table.columns.map(({ name }, column) => {
      const space = (widths[column] ?? 0) - [...name].length;
      const left = Math.floor(space / 2);
      return ` ${' '.repeat(left)}${name}${' '.repeat(space - left)} `;
    });
    lines.push(centered.join('|'), widths.map((width) => '-'.repeat(width + 2)).join('+'));
  }
  for (const row of rows) lines.push(...alignedRow(table, row, widths));
  if (!layout.tuplesOnly) lines.push(footer(rows));
  return `${lines.join('\n')}${lines.length === 0 ? '' : '\n'}\n`;
}

/** A value of several lines takes several rows; `+` marks that it goes on. */
function alignedRow(table: Table, row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((value) => value.split('\n'));
  const height = Math.max(1, ...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((cell, column) => {
        const text = cell[line] ?? '';
        const padding = ' '.repeat((widths[column] ?? 0) - [...text].length);
        const right = rightAligned.has(table.columns[column]?.oid ?? 0);
        const goesOn = line < cell.length - 1;
        const last = column === cells.length - 1;
        const tail = goesOn ? '+' : last ? '' : ' ';
        if (last && line >= cell.length) return ' ';
        if (right) return ` ${padding}${text}${tail}`;
        return ` ${text}${last && !goesOn ? '' : padding}${tail}`;
      })
      .join('|'),
  );
}

function expanded(table: Table, rows: readonly string[][], layout: Layout): string {
  if (rows.length === 0) return layout.tuplesOnly ? '' : '(0 rows)\n\n';
  const nameWidth = Math.max(...table.columns.map(({ name }) => [...name].length));
  const valueWidth = Math.max(...rows.flat().map(widthOf));
  const rule = `${'-'.repeat(nameWidth + 1)}+${'-'.repeat(valueWidth + 1)}`;
  const records = rows.map((row, index) => {
    const head = `-[ RECORD ${index + 1} ]`;
    const title = head.length >= rule.length ? head : head + rule.slice(head.length).replace(/^\+/, '-');
    const lines = row.flatMap((value, column) =>
      value
        .split('\n')
        .map(
          (text, line, all) =>
            `${(line === 0 ? (table.columns[column]?.name ?? '') : '').padEnd(nameWidth)} | ` +
            (line < all.length - 1 ? `${text.padEnd(valueWidth)}+` : text),
        ),
    );
    return [...(layout.tuplesOnly ? [] : [title]), ...lines].join('\n');
  });
  return `${records.join(layout.tuplesOnly ? '\n\n' : '\n')}\n\n`;
}

const displayWidth = 60;
const rightMargin = 10;

/** Prints an error or notice as libpq words it, with the line of `sql` that it points at. */
export function formatError(error: PostgresError, sql: string): string {
  const lines = [`${error.severity}:  ${error.message}`];
  if (error.position !== undefined) lines.push(...pointer(sql, Number(error.position) - 1));
  if (error.detail !== undefined) lines.push(`DETAIL:  ${error.detail}`);
  if (error.hint !== undefined) lines.push(`HINT:  ${error.hint}`);
  if (error.where !== undefined && error.severity !== 'NOTICE') lines.push(`CONTEXT:  ${error.where}`);
  return `${lines.join('\n')}\n`;
}

/** The line that holds character `location`, cut to 60 columns, and a caret below that character. */
function pointer(sql: string, location: number): string[] {
  const characters = [...sql.replaceAll('\t', ' ')];
  let begin = location;
  while (begin > 0 && characters[begin - 1] !== '\n') begin -= 1;
  let end = location;
  while (end < characters.length && characters[end] !== '\n') end += 1;
  let cutLeft = '';
  let cutRight = '';
  if (end - begin > displayWidth) {
    if (begin + displayWidth >= location + rightMargin) {
      end = begin + displayWidth;
      cutRight = '...';
    } else {
      if (location + rightMargin < end) {
        end = location + rightMargin;
        cutRight = '...';
      }
      if (end - begin > displayWidth) {
        begin = end - displayWidth;
        cutLeft = '...';
      }
    }
  }
  const number = characters.slice(0, location).filter((character) => character === '\n').length + 1;
  const prefix = `LINE ${number}: ${cutLeft}`;
  const text = characters.slice(begin, end).join('');
  return [`${prefix}${text}${cutRight}`, `${' '.repeat(prefix.length + location - begin)}^`];
}
