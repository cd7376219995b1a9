import { displayWidth, pad, truncate } from './width';
import { paint } from './words';

export interface Column {
  title: string;
  align: 'left' | 'right';
  /** May be cut when the terminal is narrow. Ids, numbers and times may not. */
  flexible?: boolean;
}

/** One cell: text, or text that is drawn in a colour after it has been padded. */
export interface Cell {
  text: string;
  draw: (text: string) => string;
}

const GAP = '  ';
/** A column is not cut below this. */
const NARROWEST = 10;

const textOf = (cell: string | Cell | undefined): string => (typeof cell === 'object' ? cell.text : (cell ?? ''));

function widthsOf(columns: Column[], rows: (string | Cell)[][]): number[] {
  return columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(textOf(row[index])))),
  );
}

const total = (widths: number[]) => widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);

/**
 * Widths with which a table fits into `limit` cells: columns at the end are left out until those that remain can be cut to
 * fit. The first two always stay.
 */
export function fitWidths(columns: Column[], natural: number[], limit: number): number[] {
  const least = natural.map((width, index) => (columns[index]!.flexible ? Math.min(width, NARROWEST) : width));
  let kept = natural.length;
  while (kept > 2 && total(least.slice(0, kept)) > limit) kept -= 1;
  const widths = natural.slice(0, kept);
  while (total(widths) > limit) {
    let widest = -1;
    for (let index = 0; index < kept; index += 1)
      if (widths[index]! > least[index]! && (widest < 0 || widths[index]! > widths[widest]!)) widest = index;
    if (widest < 0) break;
    widths[widest]! -= 1;
  }
  return widths;
}

/**
 * A table without borders; columns are as wide as their widest cell, numbers to the right. With `limit`, in cells, columns are
 * cut or left out so that no line is longer; `hidden` names those left out. Text ends with a newline.
 */
export function layOut(
  columns: Column[],
  rows: (string | Cell)[][],
  { limit, color }: { limit?: number | null | undefined; color?: boolean | undefined } = {},
): { text: string; hidden: string[] } {
  const natural = widthsOf(columns, rows);
  const widths = limit ? fitWidths(columns, natural, limit) : natural;
  const line = (cells: (string | Cell)[], draw?: (text: string) => string) =>
    widths
      .map((width, index) => {
        const cell = cells[index] ?? '';
        const side = columns[index]!.align === 'right' ? 'left' : 'right';
        const last = index === widths.length - 1 && side === 'right';
        const cut = truncate(textOf(cell), width);
        const filled = last ? cut : pad(cut, width, side);
        if (draw) return draw(filled);
        return typeof cell === 'object' ? filled.replace(cut, () => cell.draw(cut)) : filled;
      })
      .join(GAP)
      .trimEnd();
  const head = line(
    columns.map((column) => column.title),
    color ? (text) => paint(text, 'bold', true) : undefined,
  );
  const hidden = columns.slice(widths.length).map((column) => column.title);
  return { text: `${[head, ...rows.map((row) => line(row))].join('\n')}\n`, hidden };
}

/** A table as text. */
export function renderTable(columns: Column[], rows: (string | Cell)[][], options = {}): string {
  return layOut(columns, rows, options).text;
}

/** Pairs of label and value, the values in one column. Ends with a newline. */
export function renderPairs(pairs: [string, string][], draw: (label: string) => string = (label) => label): string {
  const width = Math.max(0, ...pairs.map(([label]) => displayWidth(label)));
  return (
    pairs.map(([label, value]) => `${draw(pad(label, width))}${GAP}${value}`.trimEnd()).join('\n') +
    (pairs.length ? '\n' : '')
  );
}
