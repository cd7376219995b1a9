import { displayWidth, pad } from './width';

export interface Column {
  title: string;
  align: 'left' | 'right';
}

const GAP = '  ';

/** A table without borders; columns are as wide as their widest cell, numbers to the right. Ends with a newline. */
export function renderTable(columns: Column[], rows: string[][]): string {
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[index] ?? ''))),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => pad(cell, widths[index]!, columns[index]!.align === 'right' ? 'left' : 'right'))
      .join(GAP)
      .trimEnd();
  return `${[line(columns.map((column) => column.title)), ...rows.map(line)].join('\n')}\n`;
}

/** Pairs of label and value, the values in one column. Ends with a newline. */
export function renderPairs(pairs: [string, string][]): string {
  const width = Math.max(0, ...pairs.map(([label]) => displayWidth(label)));
  return (
    pairs.map(([label, value]) => `${pad(label, width)}${GAP}${value}`.trimEnd()).join('\n') +
    (pairs.length ? '\n' : '')
  );
}
