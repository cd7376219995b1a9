import { cellUnder } from '../shared/box-table';
import { type DeviceTableOptions, parseDeviceTable } from '../shared/device-table';
import { Draft } from '../shared/draft';
import { applyFacts, type Facts, type MappingRule, rule } from '../shared/mapping';
import { readMatrix } from '../shared/matrix';
import { outlineFacts, readOutline, splitBlocks } from '../shared/outline';
import type { ParseContext, RawReading } from '../shared/tool';
import { parseTopology } from '../shared/topology';

/** `cnmon info`, the long form: path of the outline, or key -> field. The table's headings are those of nvidia-smi. */
export const CNMON_MAPPING: readonly MappingRule[] = [
  rule('uuid', 'uuid', 'text'),
  rule('serial number', 'serial', 'text'),
  rule('sn', 'serial', 'text'),
  rule('product name', 'model', 'text'),
  rule('physical memory usage/total', 'memory_total_bytes', 'MiB'),
  rule('memory usage/total', 'memory_total_bytes', 'MiB'),
  rule('memory/total', 'memory_total_bytes', 'MiB'),
  rule('physical memory usage/used', 'memory_used_bytes', 'MiB'),
  rule('memory usage/used', 'memory_used_bytes', 'MiB'),
  rule('memory/used', 'memory_used_bytes', 'MiB'),
  rule('utilization/mlu average', 'utilization_ppm', 'percent'),
  rule('mlu utilization/mlu average', 'utilization_ppm', 'percent'),
  rule('mlu average', 'utilization_ppm', 'percent'),
  rule('power/usage', 'power_milliwatt', 'W'),
  rule('power/board', 'power_milliwatt', 'W'),
  rule('temperature/chip', 'temperature_milli_celsius', 'C'),
  rule('temperature/board', 'temperature_milli_celsius', 'C'),
  rule('temperature/memory', 'memory_temperature_milli_celsius', 'C'),
  rule('frequency/ipu', 'clock_core_khz', 'MHz'),
  rule('frequency/mlu', 'clock_core_khz', 'MHz'),
  rule('frequency/current', 'clock_core_khz', 'MHz'),
  rule('frequency/ddr', 'clock_memory_khz', 'MHz'),
  rule('frequency/memory', 'clock_memory_khz', 'MHz'),
  rule('ecc/corrected', 'ecc_corrected_total', 'count'),
  rule('ecc/one bit', 'ecc_corrected_total', 'count'),
  rule('ddr ecc err count/corrected', 'ecc_corrected_total', 'count'),
  rule('ecc/uncorrected', 'ecc_uncorrected_total', 'count'),
  rule('ddr ecc err count/uncorrected', 'ecc_uncorrected_total', 'count'),
  rule('pci/current width', 'pcie_width', 'count'),
  rule('driver', 'driver_version', 'text'),
  rule('firmware', 'firmware_version', 'text'),
];

const TABLE: DeviceTableOptions = {
  heading: /\bCard\b.*\bName\b/i,
  toolVersion: /CNMON\s+v?([\d.]+)/i,
  driverVersion: /\bDriver\s+v?([\d.]+)/i,
  record: (draft, table, record) => {
    const [, index, model, firmware] =
      /^(\d{1,4})\s+(?:\/|\d+|N\/A)\s+(\S+)(?:\s+(\S+))?/.exec(record[0]?.[0] ?? '') ?? [];
    draft.set('index', index, 'count');
    draft.set('model', model, 'text');
    draft.set('firmware_version', firmware, 'text');
    draft.set('driver_version', /\bv?(\d[\d.]+)\s*$/.exec(cellUnder(table, record, /\bDriver\b/i) ?? '')?.[1], 'text');
  },
};

const CARD = /^\s*(?:Card|MLU)\s*(?:ID)?\s*:?\s*(\d{1,4})\s*:?\s*$/i;

/** The address from its four numbers, which the long form prints one by one. */
function pciOf(facts: Facts): string | undefined {
  const part = (key: string) => facts.get(`pci/${key}`) ?? facts.get(key);
  const whole = facts.get('pci/bus id') ?? facts.get('bus-id') ?? facts.get('bus id');
  if (whole) return whole;
  const [domain, bus, device, slot] = [part('domain id'), part('bus num'), part('device'), part('function')];
  const hex = (text: string | undefined) =>
    text && /^(?:0x)?[0-9a-f]{1,8}$/i.test(text) ? text.replace(/^0x/i, '') : null;
  const [d, b, v, f] = [hex(domain), hex(bus), hex(device), hex(slot)];
  if (!b || !v) return undefined;
  return `${(d ?? '0').padStart(4, '0')}:${b.padStart(2, '0')}:${v.padStart(2, '0')}.${f ?? '0'}`;
}

function parseLongForm(blocks: readonly string[][], head: readonly string[], context: ParseContext): RawReading {
  const drafts = blocks.map(([first, ...lines]) => {
    const draft = new Draft(context.notes);
    draft.set('index', CARD.exec(first!)?.[1], 'count');
    const facts = outlineFacts(readOutline(lines));
    applyFacts(draft, facts, CNMON_MAPPING);
    draft.set('pci', pciOf(facts), 'text');
    const health = (facts.get('health state') ?? facts.get('health') ?? '').toLowerCase();
    if (/^(?:good|healthy|normal|ok)/.test(health)) draft.vendorHealth = 'ok';
    else if (/^(?:bad|unhealthy|abnormal|warn|err)/.test(health)) draft.faults.add('mlu-unhealthy');
    return draft;
  });
  const above = outlineFacts(readOutline(head));
  return {
    tool_version: above.get('cnmon version')?.replace(/^v/i, '') ?? above.get('cnmon')?.replace(/^v/i, '') ?? null,
    driver_version:
      above.get('driver')?.replace(/^v/i, '') ??
      drafts.find((draft) => draft.reading.driver_version)?.reading.driver_version ??
      null,
    drafts,
  };
}

/** `cnmon` (table), `cnmon info` (long form) and `cnmon topo -m`. */
export function parseCnmonInfo(text: string, context: ParseContext): RawReading {
  if (TABLE.heading.test(text.slice(0, 50_000)) && text.includes('|')) return parseDeviceTable(text, context, TABLE);
  const { head, blocks } = splitBlocks(text, CARD);
  const cards = blocks.filter((lines) => lines.length > 2);
  if (cards.length === 0 && readMatrix(text, context.notes)) return parseTopology(text, context);
  if (cards.length === 0)
    return context.fail('there is neither a table with cards nor a long form with "Card N" in the input');
  return parseLongForm(cards, head, context);
}
