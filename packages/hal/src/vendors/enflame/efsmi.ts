import { cellUnder } from '../shared/box-table';
import { type DeviceTableOptions, parseDeviceTable, versionIn } from '../shared/device-table';
import { Draft } from '../shared/draft';
import { applyFacts, type MappingRule, rule } from '../shared/mapping';
import { outlineFacts, readOutline, splitBlocks } from '../shared/outline';
import type { ParseContext, RawReading } from '../shared/tool';

/** `efsmi -q`, the long form: path of the outline, or key -> field. The table's headings are those of nvidia-smi. */
export const EFSMI_MAPPING: readonly MappingRule[] = [
  rule('dev sn', 'serial', 'text'),
  rule('dev uuid', 'uuid', 'text'),
  rule('dev name', 'model', 'text'),
  rule('device mem info/mem size', 'memory_total_bytes', 'MiB'),
  rule('mem size', 'memory_total_bytes', 'MiB'),
  rule('device mem info/total size', 'memory_total_bytes', 'MiB'),
  rule('total size', 'memory_total_bytes', 'MiB'),
  rule('mem usage', 'memory_used_bytes', 'MiB'),
  rule('used size', 'memory_used_bytes', 'MiB'),
  rule('gcu usage', 'utilization_ppm', 'percent'),
  rule('power info/power consumption', 'power_milliwatt', 'W'),
  rule('power consumption', 'power_milliwatt', 'W'),
  rule('gcu power', 'power_milliwatt', 'W'),
  rule('gcu temp', 'temperature_milli_celsius', 'C'),
  rule('mem temp', 'memory_temperature_milli_celsius', 'C'),
  rule('gcu clk', 'clock_core_khz', 'MHz'),
  rule('gcu clock', 'clock_core_khz', 'MHz'),
  rule('mem clk', 'clock_memory_khz', 'MHz'),
  rule('mem clock', 'clock_memory_khz', 'MHz'),
  rule('ecc single bit error', 'ecc_corrected_total', 'count'),
  rule('ecc double bit error', 'ecc_uncorrected_total', 'count'),
  rule('link speed/cur speed', 'pcie_gen', 'count'),
  rule('link width/cur width', 'pcie_width', 'count'),
  rule('fw ver', 'firmware_version', 'text'),
];

const TABLE: DeviceTableOptions = {
  heading: /\bDEV\b.*\bNAME\b/i,
  toolVersion: /EFSMI\s*:?\s*V?([\d.]+)/i,
  driverVersion: /Driver Ver(?:sion)?\s*:\s*([\w.]+)/i,
  record: (draft, table, record) => {
    draft.set('firmware_version', cellUnder(table, record, /FW VER/i), 'text');
    const memory = cellUnder(table, record, /^Mem\b/i) ?? '';
    draft.set('memory_total_bytes', /\d[\d.]*\s*[KMG]i?B/i.exec(memory)?.[0], 'MiB');
    draft.set('serial', /(\S+)\s*$/.exec(cellUnder(table, record, /\bSN\b/) ?? '')?.[1], 'text');
    draft.set(
      'pci',
      /\b[0-9a-f]{2,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]\b/i.exec(cellUnder(table, record, /BUS-?ID/i) ?? '')?.[0],
      'text',
    );
  },
};

const DEVICE = /^\s*DEV\s+ID\s*:?\s*(\d{1,4})\s*$/i;

/** `efsmi` (table) and `efsmi -q` (long form). */
export function parseEfsmi(text: string, context: ParseContext): RawReading {
  if (text.split('\n').some((line) => line.trim().startsWith('|') && TABLE.heading.test(line.slice(0, 500)))) {
    return parseDeviceTable(text, context, TABLE);
  }
  const { blocks } = splitBlocks(text, DEVICE);
  const whole = blocks.filter((lines) => lines.length > 1);
  if (whole.length === 0)
    return context.fail('there is neither a table with the heading "DEV NAME" nor a long form with "DEV ID N"');
  const drafts = whole.map(([first, ...lines]) => {
    const draft = new Draft(context.notes);
    draft.set('index', DEVICE.exec(first!)?.[1], 'count');
    const facts = outlineFacts(readOutline(lines));
    applyFacts(draft, facts, EFSMI_MAPPING);
    const part = (key: string) => /^[0-9a-f]{1,8}$/i.exec((facts.get(key) ?? '').replace(/^0x/i, ''))?.[0];
    const [domain, bus, device, slot] = ['domain', 'bus', 'dev', 'func'].map(part);
    if (bus && device)
      draft.set(
        'pci',
        `${(domain ?? '0').padStart(4, '0')}:${bus.padStart(2, '0')}:${device.padStart(2, '0')}.${slot ?? '0'}`,
        'text',
      );
    return draft;
  });
  return {
    tool_version: versionIn(text, TABLE.toolVersion),
    driver_version: versionIn(text, TABLE.driverVersion),
    drafts,
  };
}
