import { Draft } from '../shared/draft';
import { flattenJson, isObject, type Json, readJson } from '../shared/json-text';
import { applyFacts, type Facts, type MappingRule, rule } from '../shared/mapping';
import type { Link, ProcessReading } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { firstInteger, isUnavailable, parseQuantity } from '../shared/values';

/** `amd-smi static|metric|list|monitor --json`: path below a GPU -> field. */
export const AMD_SMI_MAPPING: readonly MappingRule[] = [
  rule('gpu', 'index', 'count'),
  rule('uuid', 'uuid', 'text'),
  rule('gpu_uuid', 'uuid', 'text'),
  rule('board/product_serial', 'serial', 'text'),
  rule('asic/asic_serial', 'serial', 'text'),
  rule('bus/bdf', 'pci', 'text'),
  rule('bdf', 'pci', 'text'),
  rule('asic/market_name', 'model', 'text'),
  rule('board/product_name', 'model', 'text'),
  rule('mem_usage/total_vram', 'memory_total_bytes', 'MiB'),
  rule('vram/size', 'memory_total_bytes', 'MiB'),
  rule('vram/vram_size_mb', 'memory_total_bytes', 'MiB'),
  rule('vram_total', 'memory_total_bytes', 'MiB'),
  rule('fb_memory_usage/total', 'memory_total_bytes', 'MiB'),
  rule('mem_usage/used_vram', 'memory_used_bytes', 'MiB'),
  rule('vram_used', 'memory_used_bytes', 'MiB'),
  rule('memory/vram_used', 'memory_used_bytes', 'MiB'),
  rule('fb_memory_usage/used', 'memory_used_bytes', 'MiB'),
  rule('usage/gfx_activity', 'utilization_ppm', 'percent'),
  rule('usage/gfx_usage', 'utilization_ppm', 'percent'),
  rule('gfx', 'utilization_ppm', 'percent'),
  rule('power/socket_power', 'power_milliwatt', 'W'),
  rule('power/current_socket_power', 'power_milliwatt', 'W'),
  rule('power/average_socket_power', 'power_milliwatt', 'W'),
  rule('power/current_power', 'power_milliwatt', 'W'),
  rule('power_usage', 'power_milliwatt', 'W'),
  rule('energy/total_energy_consumption', 'energy_millijoule', 'J'),
  rule('temperature/edge', 'temperature_milli_celsius', 'C'),
  rule('temperature/hotspot', 'temperature_milli_celsius', 'C'),
  rule('hotspot_temperature', 'temperature_milli_celsius', 'C'),
  rule('temperature/mem', 'memory_temperature_milli_celsius', 'C'),
  rule('memory_temperature', 'memory_temperature_milli_celsius', 'C'),
  rule('clock/gfx_0/clk', 'clock_core_khz', 'MHz'),
  rule('clock/gfx/clk', 'clock_core_khz', 'MHz'),
  rule('clock/gfx_clock', 'clock_core_khz', 'MHz'),
  rule('gfx_clk', 'clock_core_khz', 'MHz'),
  rule('gfx_clock', 'clock_core_khz', 'MHz'),
  rule('clock/mem_0/clk', 'clock_memory_khz', 'MHz'),
  rule('clock/mem/clk', 'clock_memory_khz', 'MHz'),
  rule('clock/mem_clock', 'clock_memory_khz', 'MHz'),
  rule('mem_clock', 'clock_memory_khz', 'MHz'),
  rule('ecc/total_correctable_count', 'ecc_corrected_total', 'count'),
  rule('ecc/total_correctable', 'ecc_corrected_total', 'count'),
  rule('single_bit_ecc', 'ecc_corrected_total', 'count'),
  rule('ecc/total_uncorrectable_count', 'ecc_uncorrected_total', 'count'),
  rule('ecc/total_uncorrectable', 'ecc_uncorrected_total', 'count'),
  rule('double_bit_ecc', 'ecc_uncorrected_total', 'count'),
  rule('pcie/speed: GT/s', 'pcie_gen', 'count'),
  rule('pcie/width', 'pcie_width', 'count'),
  rule('pcie/current_lanes', 'pcie_width', 'count'),
  rule('driver/version', 'driver_version', 'text'),
  rule('driver/driver_version', 'driver_version', 'text'),
  rule('vbios/version', 'firmware_version', 'text'),
  rule('ifwi/version', 'firmware_version', 'text'),
];

const GENERATION: Readonly<Record<string, number>> = { '2.5': 1, '5': 2, '8': 3, '16': 4, '32': 5, '64': 6 };

/** Throttle states that amd-smi prints as ACTIVE, as THROTTLED, or as an accumulated percentage of violation. */
function readThrottle(draft: Draft, facts: Facts): void {
  const reasons = new Set<string>();
  let known = false;
  for (const [path, text] of facts) {
    const status = /^(?:throttle|power)\/(?:\w+\/)?(\w*(?:violation_status|throttle_status))$/.exec(path);
    if (!status || isUnavailable(text)) continue;
    known = true;
    if (/^(?:active|throttled|true)$/i.test(text)) {
      reasons.add(
        /therm|prochot/.test(path) ? 'thermal' : status[1]!.replace(/_(?:violation|throttle)_status$|_status$/, ''),
      );
    }
  }
  if (known) draft.reading.throttle_reasons = [...reasons];
}

function readConditions(draft: Draft, facts: Facts): void {
  const speed = /([\d.]{1,6})\s?GT\/s/i.exec((facts.get('pcie/speed') ?? '').slice(0, 40));
  if (speed) draft.setNumber('pcie_gen', GENERATION[String(Number(speed[1]))] ?? null);
  const deferred = facts.get('ecc/total_deferred_count') ?? facts.get('ecc/total_deferred');
  if (Number(deferred) > 0) draft.faults.add('ras-deferred');
  const text = (path: string) => (facts.get(path) ?? '').toLowerCase();
  if (/bad pages? found|pending/.test(text('pending'))) draft.faults.add('bad-page-pending');
  if (/bad pages? found|unreservable/.test(text('un_res'))) draft.faults.add('bad-page-unreservable');
}

function readProcesses(gpu: { [key: string]: Json }): ProcessReading[] | null {
  const list = gpu.process_list ?? gpu.process_info;
  if (!Array.isArray(list)) return null;
  return list.flatMap((item) => {
    const inner = isObject(item) && isObject(item.process_info) ? item.process_info : item;
    const facts = flattenJson(inner);
    const pid = firstInteger(facts.get('pid'));
    const memory = facts.get('memory_usage/vram_mem') ?? facts.get('vram_mem') ?? facts.get('mem_usage');
    const bytes = memory === undefined ? null : parseQuantity(memory, 'bytes', 'B');
    if (pid === null) return [];
    return [{ pid, name: facts.get('name') ?? null, memory_used_bytes: bytes?.kind === 'value' ? bytes.value : null }];
  });
}

function readLinks(gpus: readonly { [key: string]: Json }[]): Link[] | null {
  const links = new Map<string, Link>();
  for (const gpu of gpus) {
    const from = firstInteger(String(gpu.gpu));
    if (from === null || !Array.isArray(gpu.links)) continue;
    for (const item of gpu.links) {
      if (!isObject(item)) continue;
      const to = firstInteger(String(item.gpu));
      const kind = String(item.link_type ?? item.type ?? '');
      if (to === null || to === from || kind === '' || /self/i.test(kind)) continue;
      const [a, b] = from < to ? [from, to] : [to, from];
      const key = `${a}-${b}`;
      if (!links.has(key)) links.set(key, { a: `GPU${a}`, b: `GPU${b}`, kind });
    }
  }
  return links.size > 0 ? [...links.values()] : null;
}

/** GPUs of all documents by number; the objects of several commands for one GPU are put together. */
function collect(documents: readonly Json[]): Map<number, { [key: string]: Json }> {
  const gpus = new Map<number, { [key: string]: Json }>();
  const visit = (value: Json, depth: number): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, depth + 1);
    else if (isObject(value) && depth < 4) {
      const number =
        typeof value.gpu === 'number' || typeof value.gpu === 'string' ? firstInteger(String(value.gpu)) : null;
      if (number !== null) gpus.set(number, { ...gpus.get(number), ...value });
      else for (const child of Object.values(value)) visit(child, depth + 1);
    }
  };
  for (const document of documents) visit(document, 0);
  return gpus;
}

/** `amd-smi ... --json`: lists, or objects with gpu_data; several commands' outputs may follow each other. */
export function parseAmdSmiJson(text: string, context: ParseContext): RawReading {
  const documents = readJson(text, context.notes);
  if (documents.length === 0) context.fail('there is no JSON in the input');
  const gpus = [...collect(documents)].sort(([a], [b]) => a - b);
  if (gpus.length === 0) context.fail('the JSON lists no GPU');
  const drafts = gpus.map(([, gpu]) => {
    const draft = new Draft(context.notes);
    const { process_list: _processes, links: _links, ...rest } = gpu;
    const facts = flattenJson(rest);
    applyFacts(draft, facts, AMD_SMI_MAPPING);
    readThrottle(draft, facts);
    readConditions(draft, facts);
    draft.reading.processes = readProcesses(gpu);
    return draft;
  });
  const version = flattenJson(documents.find((document) => flattenJson(document).has('amdsmi_library_version')) ?? {});
  return {
    tool_version: version.get('tool_version') ?? version.get('version') ?? null,
    driver_version: drafts.find((draft) => draft.reading.driver_version)?.reading.driver_version ?? null,
    drafts,
    links: readLinks(gpus.map(([, gpu]) => gpu)),
  };
}
