import { Draft } from '../shared/draft';
import { flattenJson, isObject, type Json, readJson } from '../shared/json-text';
import { applyFacts, type Facts, type MappingRule, rule } from '../shared/mapping';
import type { ParseContext, RawReading } from '../shared/tool';
import { findPci, firstInteger } from '../shared/values';

/** `hy-smi --json`, and the list form "HCU[0] : key: value": key in lower case -> field. */
export const HY_SMI_MAPPING: readonly MappingRule[] = [
  rule('unique id', 'uuid', 'text'),
  rule('serial number', 'serial', 'text'),
  rule('card series', 'model', 'text'),
  rule('device name', 'model', 'text'),
  rule('card model', 'model', 'text'),
  rule('vram total memory (mib)', 'memory_total_bytes', 'MiB'),
  rule('vram total memory (b)', 'memory_total_bytes', 'B'),
  rule('vram total used memory (mib)', 'memory_used_bytes', 'MiB'),
  rule('vram total used memory (b)', 'memory_used_bytes', 'B'),
  rule('hcu use (%)', 'utilization_ppm', 'percent'),
  rule('dcu use (%)', 'utilization_ppm', 'percent'),
  rule('gpu use (%)', 'utilization_ppm', 'percent'),
  rule('average graphics package power (w)', 'power_milliwatt', 'W'),
  rule('current graphics package power (w)', 'power_milliwatt', 'W'),
  rule('temperature (sensor edge) (c)', 'temperature_milli_celsius', 'C'),
  rule('temperature (sensor core) (c)', 'temperature_milli_celsius', 'C'),
  rule('temperature (sensor junction) (c)', 'temperature_milli_celsius', 'C'),
  rule('temperature (sensor mem) (c)', 'memory_temperature_milli_celsius', 'C'),
  rule('temperature (sensor memory) (c)', 'memory_temperature_milli_celsius', 'C'),
  rule('sclk clock speed:', 'clock_core_khz', 'MHz'),
  rule('mclk clock speed:', 'clock_memory_khz', 'MHz'),
  rule('vbios version', 'firmware_version', 'text'),
  rule('driver version', 'driver_version', 'text'),
  rule('cardN, HCU[N]', 'index', 'count'),
  rule('pci bus', 'pci', 'text'),
  rule('available memory size (mib), whole GiB only', 'memory_total_bytes', 'MiB'),
  rule('counters: UE, uncorrected', 'ecc_uncorrected_total', 'count'),
];

const GIB_IN_MIB = 1024;

/**
 * "Available memory size" is what is free, or in plain reports of an idle card its nominal size. It is taken for the
 * size only when nothing else tells it and it is a whole number of GiB, which free memory hardly ever is.
 */
function readAvailable(draft: Draft, facts: Facts): void {
  const available = Number(facts.get('available memory size (mib)'));
  if (draft.reading.memory_total_bytes !== null || !(available > 0)) return;
  if (available % GIB_IN_MIB === 0) draft.setNumber('memory_total_bytes', available * 1024 ** 2);
  draft.notes.add('"Available memory size" stands for the size of the memory only where it is a whole number of GiB.');
}

/** A card from its keys, in lower case. */
export function readHygonCard(index: number | null, facts: Facts, context: ParseContext): Draft {
  const draft = new Draft(context.notes);
  draft.setNumber('index', index);
  draft.set('pci', findPci(facts.get('pci bus') ?? '') ?? undefined, 'text');
  applyFacts(draft, facts, HY_SMI_MAPPING);
  readAvailable(draft, facts);
  let uncorrected: number | null = null;
  for (const [key, text] of facts) {
    if (/(?:\bue\b|uncorrect)/.test(key) && /^\d{1,15}$/.test(text)) uncorrected = (uncorrected ?? 0) + Number(text);
  }
  draft.setNumber('ecc_uncorrected_total', uncorrected);
  if ((uncorrected ?? 0) > 0) draft.faults.add('ras-uncorrectable');
  return draft;
}

/** `hy-smi ... --json`. */
export function parseHySmiJson(text: string, context: ParseContext): RawReading {
  const cards = new Map<string, { [key: string]: Json }>();
  let driver: string | null = null;
  for (const document of readJson(text, context.notes)) {
    if (!isObject(document)) continue;
    for (const [name, value] of Object.entries(document)) {
      if (/^(?:card|hcu|dcu|gpu)\s?\[?\d{1,4}\]?$/i.test(name) && isObject(value))
        cards.set(name, { ...cards.get(name), ...value });
      else if (/^system/i.test(name)) driver = flattenJson(value).get('driver version') ?? driver;
    }
  }
  if (cards.size === 0) context.fail('there is no JSON object with cards (card0, card1, ...)');
  return {
    driver_version: driver,
    drafts: [...cards].map(([name, card]) => readHygonCard(firstInteger(name), flattenJson(card), context)),
  };
}
