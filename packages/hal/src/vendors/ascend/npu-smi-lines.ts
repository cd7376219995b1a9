/** A line of a report as key in lower case and value. */
export type Pair = [key: string, value: string];

const PROCESS = /^\s*Process id\s*:\s*(\d{1,10})\s+Process name\s*:(.*?)\s*Process memory\(MB\)\s*:\s*(\d{1,9})\s*$/i;

/** "key : value" lines; processes, of which there may be many, get keys of their own. */
export function readPairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const line of text.split('\n')) {
    if (line.length >= 500) continue;
    const process = PROCESS.exec(line);
    const match = /^\s*([^:]{2,60}?)\s*:\s*(.*?)\s*$/.exec(line);
    if (process) pairs.push([`process ${process[1]}`, `${process[3]} ${process[2]!.trim()}`]);
    else if (match) pairs.push([match[1]!.replace(/\s+/g, ' ').toLowerCase(), match[2]!]);
  }
  return pairs;
}

const COLUMNS: readonly [pattern: RegExp, key: string][] = [
  [/^\s*NPU ID\b/i, 'npu id'],
  [/^\s*Slot ID\b/i, 'slot id'],
  [/^\s*Chip ID\b/i, 'chip id'],
  [/^\s*Chip Logic ID\b/i, 'chip logic id'],
  [/^\s*Chip Phy-?ID\b/i, 'chip phy-id'],
  [/^\s*Chip Name\b/i, 'chip name'],
];

/** Keys of the heading of `npu-smi info -m`, or null for another line. */
function headingKeys(line: string): string[] | null {
  const keys: string[] = [];
  let rest = line.trimEnd();
  while (rest.trim() !== '') {
    const column = COLUMNS.find(([pattern]) => pattern.test(rest));
    if (!column) return null;
    keys.push(column[1]);
    rest = rest.replace(column[0], '');
  }
  return keys.includes('npu id') && keys.includes('chip id') && keys.at(-1) === 'chip name' ? keys : null;
}

/** `npu-smi info -m`: which chip is which device. Chips without a logical number are the boards' controllers. */
export function readMap(text: string): Map<string, string>[] {
  const lines = text.split('\n').filter((line) => line.length < 500);
  const at = lines.findIndex((line) => headingKeys(line) !== null);
  const keys = at < 0 ? null : headingKeys(lines[at]!);
  if (!keys) return [];
  return lines.slice(at + 1).flatMap((line) => {
    const cells = line.trim().split(/\s+/);
    if (cells.length < keys.length || !/^\d{1,6}$/.test(cells[0]!)) return [];
    const values = [...cells.slice(0, keys.length - 1), cells.slice(keys.length - 1).join(' ')];
    const facts = new Map(keys.map((key, column) => [key, values[column]!]));
    return /^\d+$/.test(facts.get('chip logic id') ?? '0') && !/^mcu$/i.test(facts.get('chip name')!) ? [facts] : [];
  });
}
