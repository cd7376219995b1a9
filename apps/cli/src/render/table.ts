import { displayWidth, pad, truncate } from './width';
import { paint } from './words';

export interface Column {
  title: string;
  align: 'left' | 'right';
  /** May be cut when the terminal is narrow. Ids, numbers and times may not. */
  flexible?: boolean;
  /** Among the first to be left out when the terminal is narrow. */
  minor?: boolean;
}

/** One cell: text, or text with a shorter form for narrow terminals, and with a colour. */
export interface Cell {
  text: string;
  short?: string | undefined;
  draw?: ((text: string) => string) | undefined;
}

const GAP = '  ';
/** A column is not cut below this, and below that only when no minor column is left. */
const NARROWEST = 10;
const READABLE = 24;

type Row = (string | Cell)[];

const textOf = (cell: string | Cell | undefined): string => (typeof cell === 'object' ? cell.text : (cell ?? ''));
const shortened = (cell: string | Cell): string | Cell =>
  typeof cell === 'object' && cell.short !== undefined ? { ...cell, text: cell.short } : cell;

function widthsOf(columns: Column[], rows: Row[]): number[] {
  return columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(textOf(row[index])))),
  );
}

const total = (widths: readonly number[]) =>
  widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);

/** Places of the columns that stay: minor ones go first, from the right, then the others; two always stay. */
function columnsThatFit(columns: Column[], widths: number[], limit: number): number[] {
  const kept = columns.map((_, index) => index);
  const needs = (least: number) =>
    total(kept.map((index) => (columns[index]!.flexible ? Math.min(widths[index]!, least) : widths[index]!)));
  for (;;) {
    const minor = kept.findLastIndex((index) => columns[index]!.minor);
    if (kept.length <= 2 || needs(minor > 0 ? READABLE : NARROWEST) <= limit) return kept;
    kept.splice(minor > 0 ? minor : kept.length - 1, 1);
  }
}

/** Cuts the widest flexible columns until all fit. */
function squeeze(widths: number[], least: number[], limit: number): void {
  while (total(widths) > limit) {
    let widest = -1;
    for (const [index, width] of widths.entries())
      if (width > least[index]! && (widest < 0 || width > widths[widest]!)) widest = index;
    if (widest < 0) return;
    widths[widest]! -= 1;
  }
}

interface Fitted {
  kept: number[];
  widths: number[];
  rows: Row[];
}

/** What of a table is shown in `limit` cells: short forms of cells first, then fewer columns, then cut ones. */
function fit(columns: Column[], rows: Row[], limit: number): Fitted {
  const all = columns.map((_, index) => index);
  const natural = widthsOf(columns, rows);
  if (total(natural) <= limit) return { kept: all, widths: natural, rows };
  const brief = rows.map((row) => row.map(shortened));
  const narrow = widthsOf(columns, brief);
  const least = narrow.map((width, index) => (columns[index]!.flexible ? Math.min(width, NARROWEST) : width));
  const kept = columnsThatFit(columns, narrow, limit);
  const pick = (values: number[]) => kept.map((index) => values[index]!);
  const widths = pick(narrow);
  squeeze(widths, pick(least), limit);
  return { kept, widths, rows: brief };
}

/**
 * A table without borders; columns are as wide as their widest cell, numbers to the right. With `limit`, in cells, columns are
 * cut or left out so that no line is longer; `hidden` names those left out. Text ends with a newline.
 */
export function layOut(
  columns: Column[],
  allRows: Row[],
  { limit, color }: { limit?: number | null | undefined; color?: boolean | undefined } = {},
): { text: string; hidden: string[] } {
  const { kept, widths, rows } = fit(columns, allRows, limit ?? Number.POSITIVE_INFINITY);
  const line = (cells: Row) =>
    kept
      .map((index, place) => {
        const cell = cells[index] ?? '';
        const side = columns[index]!.align === 'right' ? 'left' : 'right';
        const cut = truncate(textOf(cell), widths[place]!);
        const filled = place === kept.length - 1 && side === 'right' ? cut : pad(cut, widths[place]!, side);
        const draw = typeof cell === 'object' ? cell.draw : undefined;
        return draw ? filled.replace(cut, () => draw(cut)) : filled;
      })
      .join(GAP)
      .trimEnd();
  const titles = columns.map(({ title }) => ({ text: title, draw: (text: string) => paint(text, 'bold', color) }));
  const hidden = columns.filter((_, index) => !kept.includes(index)).map((column) => column.title);
  return { text: `${[line(titles), ...rows.map((row) => line(row))].join('\n')}\n`, hidden };
}

/** A table as text. */
export function renderTable(columns: Column[], rows: Row[], options = {}): string {
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
