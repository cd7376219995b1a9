/** A table of comma separated values with its heading row. */
export interface CsvTable {
  columns: string[];
  rows: string[][];
  /** Rows with another number of cells than the heading, left out. */
  odd: number;
}

/** What stands between cells: spreadsheets of countries with decimal commas write semicolons, some people tabs. */
const SEPARATORS = [',', ';', '\t'] as const;
type Separator = (typeof SEPARATORS)[number];

/** Splits a row; quotes keep separators. A comma without a space belongs to a number where rows use ", ". */
function splitRow(line: string, spaced: boolean, separator: Separator): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!;
    if (character === '"') {
      if (quoted && line[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = !quoted;
    } else if (character === separator && !quoted && (!spaced || /[\s]/.test(line[at + 1] ?? ' '))) {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  cells.push(cell.trim());
  return cells;
}

/** Reads comma separated values below the first line whose cells match; null when no line is such a heading. */
export function readCsv(text: string, isHeading: (cells: readonly string[]) => boolean): CsvTable | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const separatorOf = (line: string) => SEPARATORS.find((one) => isHeading(splitRow(line, false, one)));
  const at = lines.findIndex((line) => line.length < 20_000 && separatorOf(line) !== undefined);
  if (at < 0) return null;
  const separator = separatorOf(lines[at]!)!;
  const spaced = separator === ',' && lines[at]!.includes(', ');
  const columns = splitRow(lines[at]!, false, separator);
  const table: CsvTable = { columns, rows: [], odd: 0 };
  for (const line of lines.slice(at + 1)) {
    let row = splitRow(line, spaced, separator);
    if (row.length !== columns.length && spaced) row = splitRow(line, false, separator);
    if (row.length !== columns.length) table.odd += 1;
    else if (!row.every((cell, index) => cell === columns[index])) table.rows.push(row);
  }
  return table;
}

/** A column's name in lower case without its unit, and the unit in its brackets. */
export function columnName(column: string): { name: string; unit: string | null } {
  const match = /^(.*?)\s*[[(]([^\])]{1,12})[\])]\s*$/.exec(column.trim().slice(0, 200));
  if (!match) return { name: column.trim().toLowerCase(), unit: null };
  return { name: match[1]!.trim().toLowerCase(), unit: match[2]!.trim() };
}
