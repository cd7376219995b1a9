import { Draft } from '../shared/draft';
import { flattenJson, isObject, type Json, readJson } from '../shared/json-text';
import { applyFacts, type MappingRule, rule } from '../shared/mapping';
import type { ProcessReading } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { firstInteger, parseQuantity } from '../shared/values';

/** `mthreads-gmi -q --json`: path below a GPU -> field. Some keys end in a space, which is dropped. */
export const GMI_JSON_MAPPING: readonly MappingRule[] = [
  rule('index', 'index', 'count'),
  rule('gpu uuid', 'uuid', 'text'),
  rule('driver version (top)', 'driver_version', 'text'),
  rule('uuid', 'uuid', 'text'),
  rule('serial number', 'serial', 'text'),
  rule('pci/bus id', 'pci', 'text'),
  rule('pci/pci/bus id', 'pci', 'text'),
  rule('product name', 'model', 'text'),
  rule('fb memory usage/total', 'memory_total_bytes', 'MiB'),
  rule('fb memory usage/used', 'memory_used_bytes', 'MiB'),
  rule('utilization/gpu', 'utilization_ppm', 'percent'),
  rule('power readings/power draw', 'power_milliwatt', 'W'),
  rule('temperature/gpu current temp', 'temperature_milli_celsius', 'C'),
  rule('temperature/memory current temp', 'memory_temperature_milli_celsius', 'C'),
  rule('clocks/graphics', 'clock_core_khz', 'MHz'),
  rule('clocks/gpu', 'clock_core_khz', 'MHz'),
  rule('clocks/memory', 'clock_memory_khz', 'MHz'),
  rule('ecc errors/aggregate/dram correctable', 'ecc_corrected_total', 'count'),
  rule('ecc errors/aggregate/dram uncorrectable', 'ecc_uncorrected_total', 'count'),
  rule('pci/gpu link info/pcie generation/current', 'pcie_gen', 'count'),
  rule('pci/gpu link info/link width/current', 'pcie_width', 'count'),
  rule('mtbios version', 'firmware_version', 'text'),
];

function readProcesses(gpu: { [key: string]: Json }): ProcessReading[] | null {
  const key = Object.keys(gpu).find((name) => /^process(?:es)?$/i.test(name.trim()));
  const list = key === undefined ? undefined : gpu[key];
  if (!Array.isArray(list)) return null;
  return list.flatMap((item) => {
    const facts = flattenJson(item);
    const pid = firstInteger(facts.get('pid') ?? facts.get('process id'));
    const memory = facts.get('used gpu memory') ?? facts.get('gpu memory usage') ?? facts.get('memory');
    const bytes = memory === undefined ? null : parseQuantity(memory, 'bytes', 'MiB');
    if (pid === null) return [];
    const name = facts.get('name') ?? facts.get('process name') ?? null;
    return [{ pid, name, memory_used_bytes: bytes?.kind === 'value' ? bytes.value : null }];
  });
}

/** Objects of GPUs in a document: the array under GPU, an object for each, or the document itself. */
function gpusOf(document: { [key: string]: Json }): { [key: string]: Json }[] {
  const found: { [key: string]: Json }[] = [];
  for (const [key, value] of Object.entries(document)) {
    if (!/^(?:gpus?|gpu\s?\d+|devices?)$/i.test(key.trim())) continue;
    for (const item of Array.isArray(value) ? value : [value]) if (isObject(item)) found.push(item);
  }
  return found.length === 0 && 'Product Name' in document ? [document] : found;
}

/** `mthreads-gmi -q --json`. */
export function parseGmiJson(text: string, context: ParseContext): RawReading {
  const documents = readJson(text, context.notes).filter(isObject);
  if (documents.length === 0) context.fail('there is no JSON object in the input');
  const gpus = documents.flatMap(gpusOf);
  if (gpus.length === 0) context.fail('the JSON lists no GPU');
  const above = flattenJson(documents[0]!);
  const drafts = gpus.map((gpu, order) => {
    const draft = new Draft(context.notes);
    applyFacts(draft, flattenJson(gpu), GMI_JSON_MAPPING);
    draft.setNumber('index', order);
    draft.reading.processes = readProcesses(gpu);
    return draft;
  });
  return {
    tool_version: above.get('gmi version') ?? null,
    driver_version: above.get('driver version') ?? null,
    drafts,
  };
}
