import { Draft } from '../shared/draft';
import { flattenJson, isObject, type Json, readJson } from '../shared/json-text';
import { applyFacts, type Facts, type MappingRule, rule } from '../shared/mapping';
import type { Link } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { firstInteger } from '../shared/values';

/** `rocm-smi --json`: key of a card -> field. Keys changed their capitals over the years; they are compared without. */
export const ROCM_SMI_MAPPING: readonly MappingRule[] = [
  rule('unique id', 'uuid', 'text'),
  rule('serial number', 'serial', 'text'),
  rule('pci bus', 'pci', 'text'),
  rule('card series', 'model', 'text'),
  rule('device name', 'model', 'text'),
  rule('card model', 'model', 'text'),
  rule('vram total memory (b)', 'memory_total_bytes', 'B'),
  rule('vram total used memory (b)', 'memory_used_bytes', 'B'),
  rule('gpu use (%)', 'utilization_ppm', 'percent'),
  rule('average graphics package power (w)', 'power_milliwatt', 'W'),
  rule('current socket graphics package power (w)', 'power_milliwatt', 'W'),
  rule('average socket power (w)', 'power_milliwatt', 'W'),
  rule('accumulated energy (uj)', 'energy_millijoule', 'microjoule'),
  rule('temperature (sensor edge) (c)', 'temperature_milli_celsius', 'C'),
  rule('temperature (sensor junction) (c)', 'temperature_milli_celsius', 'C'),
  rule('temperature (sensor memory) (c)', 'memory_temperature_milli_celsius', 'C'),
  rule('sclk clock speed:', 'clock_core_khz', 'MHz'),
  rule('mclk clock speed:', 'clock_memory_khz', 'MHz'),
  rule('vbios version', 'firmware_version', 'text'),
  rule('cardN', 'index', 'count'),
  rule('pcie clock level: GT/s', 'pcie_gen', 'count'),
  rule('pcie clock level: xN', 'pcie_width', 'count'),
  rule('system/driver version', 'driver_version', 'text'),
  rule('RAS counters: correctable, CE', 'ecc_corrected_total', 'count'),
  rule('RAS counters: uncorrectable, UE', 'ecc_uncorrected_total', 'count'),
];

/** PCIe speed in GT/s -> generation. */
const GENERATION: Readonly<Record<string, number>> = { '2.5': 1, '5': 2, '8': 3, '16': 4, '32': 5, '64': 6 };

function readPcie(draft: Draft, facts: Facts): void {
  const level = facts.get('pcie clock level') ?? '';
  const match = /([\d.]{1,6})\s?GT\/s\s*x(\d{1,2})/i.exec(level.slice(0, 100));
  if (!match) return;
  draft.setNumber('pcie_gen', GENERATION[String(Number(match[1]))] ?? null);
  draft.setNumber('pcie_width', Number(match[2]));
}

/** Clocks that newer versions print only as "1 (700Mhz)" under "clock level". */
function readClockLevels(draft: Draft, facts: Facts): void {
  for (const [key, field] of [
    ['sclk clock level', 'clock_core_khz'],
    ['mclk clock level', 'clock_memory_khz'],
  ] as const) {
    draft.set(field, /\(([^)]{1,20})\)/.exec(facts.get(key) ?? '')?.[1], 'MHz', key);
  }
}

/** Error counters by block, which --showrasinfo adds as "... CE" and "... UE" or nested objects. */
function readRas(draft: Draft, facts: Facts): void {
  let corrected: number | null = null;
  let uncorrected: number | null = null;
  for (const [key, text] of facts) {
    const count = /^\d{1,15}$/.test(text) ? Number(text) : null;
    if (count === null || !/correctable|\b[cu]e (?:count|errors?)\b|\((?:ce|ue)\)/.test(key)) continue;
    if (/uncorrectable|\bue\b/.test(key)) uncorrected = (uncorrected ?? 0) + count;
    else corrected = (corrected ?? 0) + count;
  }
  draft.setNumber('ecc_corrected_total', corrected);
  draft.setNumber('ecc_uncorrected_total', uncorrected);
  if ((uncorrected ?? 0) > 0) draft.faults.add('ras-uncorrectable');
}

function readCard(name: string, card: Json, context: ParseContext): Draft {
  const draft = new Draft(context.notes);
  draft.setNumber('index', firstInteger(name));
  const facts = flattenJson(card);
  applyFacts(draft, facts, ROCM_SMI_MAPPING);
  readClockLevels(draft, facts);
  readPcie(draft, facts);
  readRas(draft, facts);
  return draft;
}

/** "(Topology) Link type between DRM devices 0 and 1": "XGMI". */
function readLinks(facts: Facts): Link[] | null {
  const links: Link[] = [];
  for (const [key, kind] of facts) {
    const match = /link type between (?:drm devices|gpus?) (\d{1,4}) and (\d{1,4})/.exec(key);
    if (match) links.push({ a: `GPU${match[1]}`, b: `GPU${match[2]}`, kind });
  }
  return links.length > 0 ? links : null;
}

/** `rocm-smi ... --json`, with or without the "system" object. */
export function parseRocmSmiJson(text: string, context: ParseContext): RawReading {
  const cards = new Map<string, Json>();
  const system = new Map<string, string>();
  for (const document of readJson(text, context.notes)) {
    if (!isObject(document)) continue;
    for (const [name, value] of Object.entries(document)) {
      if (/^(?:card|gpu|dcu|hcu)\s?\[?\d{1,4}\]?$/i.test(name) && isObject(value)) {
        cards.set(name, { ...(cards.get(name) as object | undefined), ...value });
      } else if (/^system/i.test(name)) for (const [key, fact] of flattenJson(value)) system.set(key, fact);
    }
  }
  if (cards.size === 0) context.fail('there is no JSON object with cards (card0, card1, ...)');
  const drafts = [...cards].map(([name, card]) => readCard(name, card, context));
  return {
    driver_version: system.get('driver version') ?? null,
    drafts,
    links: readLinks(system),
  };
}
