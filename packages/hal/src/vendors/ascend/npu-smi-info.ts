import { type BoxTable, cellUnder, readBoxTable } from '../shared/box-table';
import { versionIn } from '../shared/device-table';
import { Draft } from '../shared/draft';
import { type MappingRule, rule } from '../shared/mapping';
import type { ProcessReading } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { findPci, isErrorToken } from '../shared/values';
import { setAscendHealth } from './health';

/** `npu-smi info`: words of the two heading rows -> field. HBM counts before DDR where both are there. */
export const NPU_SMI_INFO_MAPPING: readonly MappingRule[] = [
  rule('Device or Phy-ID, else NPU', 'index', 'count'),
  rule('NPU/Chip', 'position', 'text'),
  rule('Name', 'model', 'text'),
  rule('Bus-Id', 'pci', 'text'),
  rule('HBM-Usage(MB) second', 'memory_total_bytes', 'MiB'),
  rule('HBM-Usage(MB) first', 'memory_used_bytes', 'MiB'),
  rule('Memory-Usage(MB) second', 'memory_total_bytes', 'MiB'),
  rule('Memory-Usage(MB) first', 'memory_used_bytes', 'MiB'),
  rule('AICore(%)', 'utilization_ppm', 'percent'),
  rule('Power(W)', 'power_milliwatt', 'W'),
  rule('Temp(C)', 'temperature_milli_celsius', 'C'),
  rule('Version (banner)', 'driver_version', 'text'),
];

/** Words of a heading cell: "AICore(%)   Memory-Usage(MB)  HBM-Usage(MB)". */
const labelsOf = (heading: string) => heading.split(/\s+/).filter((word) => /[A-Za-z]/.test(word));

/** Values of a cell in order: pairs "3318 / 65536" count as one. */
const valuesOf = (cell: string) => cell.match(/(?:\d[\d.]*|N\/?A|-)\s*\/\s*(?:\d[\d.]*|N\/?A|-)(?!\w)|\S+/g) ?? [];

/** The value below each label; a pair belongs to a label of usage. */
function labelled(heading: string, cell: string): Map<string, string> {
  const found = new Map<string, string>();
  const values = valuesOf(cell).filter((value) => value !== '/');
  for (const label of labelsOf(heading)) {
    const isUsage = /usage/i.test(label);
    const next = values[0];
    if (next === undefined) break;
    if (isUsage || !/^\d[\d.]*\s*\//.test(next)) found.set(label.toLowerCase(), values.shift()!);
  }
  return found;
}

/** Everything of one record by its label. */
function readCells(table: BoxTable, record: string[][]): Map<string, string> {
  const found = new Map<string, string>();
  table.heading.forEach((row, at) => {
    row.forEach((heading, column) => {
      for (const [label, value] of labelled(heading, record[at]?.[column] ?? ''))
        if (!found.has(label)) found.set(label, value);
    });
  });
  return found;
}

const startsWith = (cells: ReadonlyMap<string, string>, prefix: string): string | undefined => {
  for (const [label, value] of cells) if (label.startsWith(prefix)) return value;
  return undefined;
};

function setMemory(draft: Draft, pair: string | undefined): void {
  const [used, total] = pair?.split('/') ?? [];
  if (total === undefined || !(Number(total) > 0)) return;
  if (draft.set('memory_total_bytes', total, 'MiB')) draft.set('memory_used_bytes', used, 'MiB');
}

interface Chip {
  draft: Draft;
  npu: number;
  chip: number;
  device: number | null;
}

function readChip(table: BoxTable, record: string[][], context: ParseContext): Chip | null {
  const draft = new Draft(context.notes);
  const first = /^(\d{1,6})\s+(\S.*)$/.exec(record[0]?.[0] ?? '');
  const second = /^(\d{1,4})(?:\s+(\d{1,6}))?/.exec(record[1]?.[0] ?? '');
  if (!first || !second) return null;
  const [npu, chip] = [Number(first[1]), Number(second[1])];
  draft.set('position', `${npu}/${chip}`, 'text');
  draft.set('model', first[2]!.split(/\s{2,}/, 1)[0], 'text');
  draft.set('pci', findPci(cellUnder(table, record, /Bus-?Id/i) ?? '') ?? undefined, 'text');
  const cells = readCells(table, record);
  setAscendHealth(draft, cellUnder(table, record, /Health/i));
  draft.set('power_milliwatt', startsWith(cells, 'power'), 'W');
  draft.set('temperature_milli_celsius', startsWith(cells, 'temp'), 'C');
  draft.set('utilization_ppm', startsWith(cells, 'aicore'), 'percent');
  setMemory(draft, startsWith(cells, 'hbm-usage'));
  if (draft.reading.memory_total_bytes === null) setMemory(draft, startsWith(cells, 'memory-usage'));
  if (draft.reading.memory_total_bytes !== null) {
    context.notes.add('MB of npu-smi counts in 1,048,576 bytes and was read so.');
  }
  if (record.flat().some(isErrorToken)) draft.faults.add('reading-failed');
  return { draft, npu, chip, device: second[2] === undefined ? null : Number(second[2]) };
}

/** Numbers of devices: the driver's own where it is shown, else the card's, else the order where cards hold several. */
function setIndexes(chips: readonly Chip[]): void {
  const oneEach = new Set(chips.map(({ npu }) => npu)).size === chips.length;
  chips.forEach(({ draft, npu, device }, order) => {
    draft.setNumber('index', device ?? (oneEach ? npu : order));
  });
}

/** Process rows "| 0  0 | 37656 | python | 686 |", given to their chips. */
function attachProcesses(chips: readonly Chip[], sections: readonly string[][][]): void {
  const rows = sections.flat();
  if (!rows.some((cells) => cells.some((cell) => /process/i.test(cell)))) return;
  for (const { draft, npu, chip } of chips) {
    const own: ProcessReading[] = [];
    for (const cells of rows) {
      const [at, pid, name, memory] = cells;
      const place = /^(\d{1,6})(?:\s+(\d{1,4}))?$/.exec(at ?? '');
      if (!place || !/^\d{1,10}$/.test(pid ?? '') || Number(place[1]) !== npu || Number(place[2] ?? 0) !== chip)
        continue;
      const used = /^\d{1,9}$/.test(memory ?? '') ? Number(memory) * 1024 ** 2 : null;
      own.push({ pid: Number(pid), name: name || null, memory_used_bytes: used });
    }
    draft.reading.processes = own;
  }
}

/** `npu-smi info`: two rows a chip, several chips a card; narrow and wide layouts of 310, 310P, 910A, 910B and 910C. */
export function parseNpuSmiInfo(text: string, context: ParseContext): RawReading {
  const table = readBoxTable(text, /\bNPU\b.*\bName\b/i);
  if (!table || table.heading.length < 2)
    return context.fail('there is no table with the heading "NPU Name ... Health"');
  const chips = table.records.map((record) => readChip(table, record, context)).filter((chip) => chip !== null);
  if (chips.length === 0)
    context.fail(table.cutOff ? 'the output is cut off before the first chip ends' : 'the table lists no chip');
  if (table.cutOff) context.notes.add('The output is cut off; what is not whole was left out.');
  setIndexes(chips);
  attachProcesses(chips, table.sections);
  const banner = table.banner.join('\n');
  const version = versionIn(banner, /npu-smi\s+([\w.]+)/i);
  return {
    tool_version: version,
    driver_version: versionIn(banner, /\bVersion:\s*([\w.]+)/i),
    drafts: chips.map(({ draft }) => draft),
  };
}
