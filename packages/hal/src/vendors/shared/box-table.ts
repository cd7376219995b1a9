/** A table drawn with + - = and |, as most vendors' tools print it: banner, heading of one to three rows, records. */
export interface BoxTable {
  /** Rows above the heading, as text. */
  banner: string[];
  /** Cells of the heading, row by row. */
  heading: string[][];
  /** Records of as many rows as the heading, each row as cells. */
  records: string[][][];
  /** Tables below: processes, MIG devices. Rows as cells, heading rows first. */
  sections: string[][][];
  /** True when the text ends inside a record or without the closing line. */
  cutOff: boolean;
}

interface Row {
  cells: string[];
  text: string;
  whole: boolean;
}

const isRule = (line: string): boolean => line.length >= 3 && /[-=]{2}/.test(line) && /^[+|\-=\s]+$/.test(line);

function toRow(line: string): Row {
  const whole = line.endsWith('|');
  const inner = line.slice(1, whole ? -1 : undefined);
  return { cells: inner.split('|').map((cell) => cell.trim()), text: inner, whole };
}

/** Groups of rows between drawn lines, and whether a drawn line was the last thing. */
function groupRows(text: string): { groups: Row[][]; closed: boolean } {
  const groups: Row[][] = [];
  let current: Row[] = [];
  let closed = false;
  const flush = () => {
    if (current.length > 0) groups.push(current);
    current = [];
  };
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (isRule(line)) {
      flush();
      closed = true;
    } else if (line.startsWith('|')) {
      current.push(toRow(line));
      closed = false;
    } else if (line.startsWith('+') && /[-=]{3}/.test(line)) {
      flush();
      closed = true;
    }
  }
  flush();
  return { groups, closed };
}

const SECTION = /\bprocess(?:es)?\b|\bMIG devices\b|\bPID\b|\bvirtual\b.*\bdevices?\b/i;

/** Splits a group into records of the heading's height; a short rest at the end is reported as cut off. */
function toRecords(group: readonly Row[], height: number): { records: string[][][]; rest: boolean } {
  const records: string[][][] = [];
  for (let at = 0; at < group.length; at += height) {
    const rows = group.slice(at, at + height);
    if (rows.length < height || rows.some((row) => !row.whole)) return { records, rest: true };
    records.push(rows.map((row) => row.cells));
  }
  return { records, rest: false };
}

/** Reads a drawn table whose heading's first row matches the pattern; null when there is none. */
export function readBoxTable(text: string, headingPattern: RegExp): BoxTable | null {
  const { groups, closed } = groupRows(text);
  const table: BoxTable = { banner: [], heading: [], records: [], sections: [], cutOff: false };
  let section: string[][] | null = null;
  for (const group of groups) {
    const headingAt = group.findIndex((row) => headingPattern.test(row.text) && !SECTION.test(row.text));
    if (headingAt >= 0) {
      for (const row of group.slice(0, headingAt)) table.banner.push(row.text);
      table.heading = group.slice(headingAt).map((row) => row.cells);
      section = null;
    } else if (group.some((row) => SECTION.test(row.text))) {
      section = group.map((row) => row.cells);
      table.sections.push(section);
    } else if (section) {
      for (const row of group) section.push(row.cells);
    } else if (table.heading.length === 0) {
      for (const row of group) table.banner.push(row.text);
    } else {
      const { records, rest } = toRecords(group, table.heading.length);
      for (const record of records) table.records.push(record);
      if (rest) table.cutOff = true;
    }
  }
  if (table.heading.length === 0) return null;
  if (!closed && !section) table.cutOff = true;
  return table;
}

/** The record's cell under the heading cell that matches, with the heading; undefined when there is none. */
export function cellUnder(table: BoxTable, record: string[][], heading: RegExp): string | undefined {
  for (let row = 0; row < table.heading.length; row += 1) {
    const column = table.heading[row]!.findIndex((cell) => heading.test(cell));
    if (column >= 0) return record[row]?.[column];
  }
  return undefined;
}
