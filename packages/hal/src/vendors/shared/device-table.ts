import { type BoxTable, cellUnder, readBoxTable } from './box-table';
import { Draft } from './draft';
import { type MappingRule, rule } from './mapping';
import { readMatrix } from './matrix';
import { attachProcesses } from './process-table';
import type { ParseContext, RawReading } from './tool';
import { parseTopology } from './topology';
import { findPci, isErrorToken } from './values';

/** Drawn tables in the manner of nvidia-smi: words of the heading -> field. Units stand in the cells. */
export const DEVICE_TABLE_MAPPING: readonly MappingRule[] = [
  rule('first number of the first cell', 'index', 'count'),
  rule('Name', 'model', 'text'),
  rule('Bus-Id', 'pci', 'text'),
  rule('Memory-Usage (second)', 'memory_total_bytes', 'MiB'),
  rule('Memory-Usage (first)', 'memory_used_bytes', 'MiB'),
  rule('...-Util', 'utilization_ppm', 'percent'),
  rule('Pwr:Usage', 'power_milliwatt', 'W'),
  rule('Temp', 'temperature_milli_celsius', 'C'),
  rule('Clock-SM', 'clock_core_khz', 'MHz'),
  rule('Clock-Mem', 'clock_memory_khz', 'MHz'),
  rule('Volatile Uncorr. ECC', 'ecc_uncorrected_total', 'count'),
  rule('Driver Version (banner)', 'driver_version', 'text'),
  rule('CUDA, MACA or Runtime Version (banner)', 'runtime_version', 'text'),
  rule('Firmware, BIOS Version (banner or first cell)', 'firmware_version', 'text'),
];

const HEADINGS = {
  pci: /Bus-?\s?Id/i,
  memory: /(?<!v)(?<!L3-)\bMem(?:ory)?-?\s?Usage\b/i,
  power: /\bPwr\b|Power/i,
  temperature: /\bTemp\b/i,
  utilization: /\w-?Util\b|^Util\b|\bDUsed\b/i,
  ecc: /Uncorr\.? ECC|Uncor+-?\s?Events/i,
  clocks: /Clock-SM/i,
};

/** "91W / 400W", "106 W/ 250 W", "105W  300W", "N/A / 350W": what stands for the usage. */
export function powerText(cell: string): string | undefined {
  const text = cell.replace(/N\s?\/\s?A/gi, 'NA');
  const slash = text.indexOf('/');
  if (slash < 0) return /\d[\d.,]*\s*m?W\b/i.exec(text)?.[0];
  const usage = /(\d[\d.,]{0,12}\s*m?W|\S+)\s*$/i.exec(text.slice(0, slash))?.[1];
  return usage === 'NA' ? 'N/A' : usage;
}

/** "31058MiB / 98304MiB", "858/65536 MiB", "N/A / N/A": used and total with their units. */
export function memoryPair(cell: string): { used: string; total: string } | null {
  const text = cell.replace(/N\s?\/\s?A/gi, 'NA');
  const match = /(\d[\d.,]{0,12}|NA|-|ERR!)\s*([KMGT]i?B)?\s*\/\s*(\d[\d.,]{0,12}|NA|-|ERR!)\s*([KMGT]i?B)?/i.exec(
    text,
  );
  if (!match) return null;
  const [, used, usedUnit, total, totalUnit] = match;
  const unit = totalUnit ?? usedUnit ?? '';
  return { used: `${used}${usedUnit ?? unit}`, total: `${total}${unit}` };
}

/** "0  P800 OAM      N/A": number and name, without what stands in the columns after the name. */
export function numberAndName(cell: string): { index: string; name: string } | null {
  const match = /^(\d{1,6})\s+(\S.*)$/.exec(cell.trim());
  if (!match) return null;
  const name = match[2]!.split(/\s{2,}/, 1)[0]!.replace(/\s(?:On|Off|N\/A|Enabled|Disabled)$/i, '');
  return { index: match[1]!, name };
}

const temperatureText = (cell: string) => /-?\d{1,3}(?:[.,]\d+)?\s?(?:°\s?C|℃|C)(?![\w])/.exec(cell)?.[0];
const percentText = (cell: string) => /\d{1,3}(?:[.,]\d+)?\s?%/.exec(cell)?.[0];

/** Sets a value of a cell; a cell without one says why not. */
function setFrom(
  draft: Draft,
  field: Parameters<Draft['set']>[0],
  cell: string | undefined,
  text: string | undefined,
  unit: Parameters<Draft['set']>[2],
): void {
  if (cell === undefined) return;
  if (text !== undefined) draft.set(field, text, unit);
  else draft.set(field, cell.split(/\s+/).find(isErrorToken) ?? 'N/A', unit);
}

/** Reads what all such tables have in common from one record. */
export function readDeviceRecord(draft: Draft, table: BoxTable, record: string[][]): void {
  const under = (heading: RegExp) => cellUnder(table, record, heading);
  const first = numberAndName(record[0]?.[0] ?? '');
  if (first) {
    draft.set('index', first.index, 'count');
    draft.set('model', first.name, 'text');
  }
  draft.set('pci', findPci(under(HEADINGS.pci) ?? '') ?? undefined, 'text');
  const memory = memoryPair(under(HEADINGS.memory) ?? '');
  if (memory) {
    draft.set('memory_total_bytes', memory.total, 'MiB');
    draft.set('memory_used_bytes', memory.used, 'MiB');
  }
  const power = under(HEADINGS.power);
  setFrom(draft, 'power_milliwatt', power, power && powerText(power), 'W');
  const temperature = under(HEADINGS.temperature);
  setFrom(draft, 'temperature_milli_celsius', temperature, temperature && temperatureText(temperature), 'C');
  const utilization = under(HEADINGS.utilization);
  setFrom(draft, 'utilization_ppm', utilization, utilization && percentText(utilization), 'percent');
  const ecc = under(HEADINGS.ecc);
  if (ecc !== undefined) draft.set('ecc_uncorrected_total', /^\S+/.exec(ecc)?.[0] ?? 'N/A', 'count');
  const clocks = under(HEADINGS.clocks)?.match(/\d+\s?MHz/gi);
  draft.set('clock_core_khz', clocks?.[0], 'MHz');
  draft.set('clock_memory_khz', clocks?.[1], 'MHz');
}

/** What differs between tools that print such tables. */
export interface DeviceTableOptions {
  heading: RegExp;
  toolVersion: RegExp;
  driverVersion?: RegExp;
  runtimeVersion?: RegExp;
  /** Reads what only this tool has; runs before the common part. */
  record?: (draft: Draft, table: BoxTable, record: string[][]) => void;
}

/** The first group of the pattern that stands in the text and is a version. */
export function versionIn(text: string, pattern: RegExp | undefined): string | null {
  const found = pattern?.exec(text.slice(0, 5000))?.[1];
  return found && /\d/.test(found) ? found : null;
}

/** Reads a drawn device table: one draft for each whole record, processes at their devices. */
export function parseDeviceTable(text: string, context: ParseContext, options: DeviceTableOptions): RawReading {
  const table = readBoxTable(text, options.heading);
  if (!table && readMatrix(text, context.notes)) return parseTopology(text, context);
  if (!table) return context.fail('there is no table with the heading of this tool');
  const drafts: Draft[] = [];
  for (const record of table.records) {
    if (!/^\d/.test(record[0]?.[0] ?? '') && !/is lost/i.test(record.join(' '))) continue;
    const draft = new Draft(context.notes);
    options.record?.(draft, table, record);
    readDeviceRecord(draft, table, record);
    if (/is lost|fallen off/i.test(record.join(' '))) draft.faults.add('lost');
    drafts.push(draft);
  }
  if (drafts.length === 0)
    context.fail(table.cutOff ? 'the output is cut off before the first device ends' : 'the table lists no device');
  if (table.cutOff) context.notes.add('The output is cut off; what is not whole was left out.');
  attachProcesses(drafts, table.sections);
  const banner = `${table.banner.join('\n')}\n${text.slice(0, 3000)}`;
  const runtime = versionIn(banner, options.runtimeVersion);
  for (const draft of drafts) draft.set('runtime_version', runtime ?? undefined, 'text');
  return {
    tool_version: versionIn(banner, options.toolVersion),
    driver_version:
      versionIn(banner, options.driverVersion ?? /Driver Ver(?:sion)?\s*:?\s*([\w.+-]+)/i) ??
      drafts.find((draft) => draft.reading.driver_version)?.reading.driver_version ??
      null,
    drafts,
  };
}
