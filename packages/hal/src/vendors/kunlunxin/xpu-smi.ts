import { cellUnder, readBoxTable } from '../shared/box-table';
import { memoryPair, parseDeviceTable, versionIn } from '../shared/device-table';
import { Draft } from '../shared/draft';
import { type MappingRule, rule } from '../shared/mapping';
import { readMatrix } from '../shared/matrix';
import type { ParseContext, RawReading } from '../shared/tool';
import { parseTopology } from '../shared/topology';
import { findPci } from '../shared/values';

/** `xpu_smi -m`: place of the value in the line, counted from 0 -> field. */
export const XPU_SMI_M_MAPPING: readonly MappingRule[] = [
  rule('2', 'index', 'count'),
  rule('0', 'pci', 'text'),
  rule('3', 'serial', 'text'),
  rule('21', 'model', 'text'),
  rule('18', 'memory_total_bytes', 'MiB'),
  rule('17', 'memory_used_bytes', 'MiB'),
  rule('19', 'utilization_ppm', 'percent'),
  rule('8', 'power_milliwatt', 'W'),
  rule('4', 'temperature_milli_celsius', 'C'),
  rule('9', 'clock_core_khz', 'MHz'),
  rule('20', 'firmware_version', 'text'),
];

const MACHINE_LINE = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]\s/i;

/** K200 prints milliwatts where P800 prints watts; no card takes 2,000 W. */
const isMilliwatt = (power: string | undefined) => Number(power) >= 2000;

function parseMachineLines(lines: readonly string[], context: ParseContext): RawReading {
  const drafts: Draft[] = [];
  for (const line of lines) {
    const tokens = line.slice(0, 4000).match(/"[^"]*"|\S+/g) ?? [];
    if (tokens.length < 22) {
      context.notes.add('A line that is not whole was left out.');
      continue;
    }
    const draft = new Draft(context.notes);
    for (const { from, to, unit } of XPU_SMI_M_MAPPING) {
      const text = tokens[Number(from)]!.replaceAll('"', '');
      draft.set(to, text, to === 'power_milliwatt' && isMilliwatt(text) ? 'milliwatt' : unit, `column ${from}`);
    }
    drafts.push(draft);
  }
  if (drafts.length === 0) context.fail('no line is whole');
  return { drafts };
}

/** The older table: one row a device with a column for each value. */
function parseOldTable(text: string, context: ParseContext): RawReading {
  const table = readBoxTable(text, /\bDev\s?ID\b/i);
  if (!table) return context.fail('there is no table with the heading "XPU Name" or "DevID"');
  const drafts: Draft[] = [];
  for (const record of table.records) {
    const under = (heading: RegExp) => cellUnder(table, record, heading);
    if (!/^\d{1,4}$/.test(record[0]?.[0] ?? '') || !findPci(under(/PCI/i) ?? '')) continue;
    const draft = new Draft(context.notes);
    draft.set('index', record[0]![0], 'count');
    draft.set('pci', findPci(under(/PCI/i) ?? '') ?? undefined, 'text');
    draft.set('model', under(/^Model$/i), 'text');
    draft.set('serial', under(/^SN$/i), 'text');
    draft.set('utilization_ppm', under(/Use\s?Rate|Util/i), 'percent');
    const memory = memoryPair(under(/^Memory/i) ?? '');
    draft.set('memory_total_bytes', memory?.total, 'MiB');
    draft.set('memory_used_bytes', memory?.used, 'MiB');
    const power = under(/Power/i);
    draft.set('power_milliwatt', power, isMilliwatt(power) ? 'milliwatt' : 'W');
    draft.set('temperature_milli_celsius', under(/Temp/i), 'C');
    draft.set('clock_core_khz', under(/Freq/i), 'MHz');
    draft.set('firmware_version', under(/Firmware/i), 'text');
    const state = under(/^State$/i) ?? '';
    if (/^(?:N|Normal|OK)$/i.test(state)) draft.vendorHealth = 'ok';
    else if (/^(?:E|Error|Fault|Abnormal)$/i.test(state)) draft.faults.add('vendor-alarm');
    drafts.push(draft);
  }
  if (drafts.length === 0) context.fail('the table lists no whole device');
  return {
    driver_version: versionIn(text, /Driver Version:\s*([\w.]+)/i),
    drafts,
  };
}

/** `xpu-smi` of Kunlunxin: the table of P800 and later, the older table, or the machine format of `-m`. */
export function parseXpuSmi(text: string, context: ParseContext): RawReading {
  const lines = text.split('\n');
  const machine = lines.filter((line) => MACHINE_LINE.test(line));
  if (machine.length > 0 && !lines.some((line) => line.trim().startsWith('|')))
    return parseMachineLines(machine, context);
  if (!/\bXPU\b.*\bName\b/i.test(text.slice(0, 20_000))) {
    return readMatrix(text, context.notes) ? parseTopology(text, context) : parseOldTable(text, context);
  }
  return parseDeviceTable(text, context, {
    heading: /\bXPU\b.*\bName\b/i,
    toolVersion: /XPU-SMI\s+([\d.]+)/i,
    runtimeVersion: /XPU-RT Version:\s*([\w.]+)/i,
  });
}
