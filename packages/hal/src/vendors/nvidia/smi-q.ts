import { Draft } from '../shared/draft';
import { addLost } from '../shared/lost';
import type { Facts } from '../shared/mapping';
import { outlineFacts, readOutline, splitBlocks } from '../shared/outline';
import type { ProcessReading } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { firstInteger, parseQuantity } from '../shared/values';
import { readGpuFacts } from './smi-xml';

/** Names in the text of `nvidia-smi -q` that differ from those of the same values in its XML. */
const XML_NAMES: Readonly<Record<string, string>> = {
  gpu_uuid: 'uuid',
  serial_number: 'serial',
  'pci/bus_id': 'pci/pci_bus_id',
  'pci/gpu_link_info/pcie_generation/current': 'pci/pci_gpu_link_info/pcie_gen/current_link_gen',
  'pci/gpu_link_info/pcie_generation/device_current': 'pci/pci_gpu_link_info/pcie_gen/current_link_gen',
  'pci/gpu_link_info/link_width/current': 'pci/pci_gpu_link_info/link_widths/current_link_width',
  'utilization/gpu': 'utilization/gpu_util',
  'temperature/gpu_current_temp': 'temperature/gpu_temp',
  'temperature/memory_current_temp': 'temperature/memory_temp',
  'gpu_power_readings/instantaneous_power_draw': 'gpu_power_readings/instant_power_draw',
  'clocks/graphics': 'clocks/graphics_clock',
  'clocks/sm': 'clocks/sm_clock',
  'clocks/memory': 'clocks/mem_clock',
  'remapped_rows/correctable_error': 'remapped_rows/remapped_row_corr',
  'remapped_rows/uncorrectable_error': 'remapped_rows/remapped_row_unc',
  'remapped_rows/pending': 'remapped_rows/remapped_row_pending',
  'remapped_rows/remapping_failure_occurred': 'remapped_rows/remapped_row_failure',
  'retired_pages/single_bit_ecc': 'retired_pages/multiple_single_bit/retired_count',
  'retired_pages/double_bit_ecc': 'retired_pages/double_bit/retired_count',
  'retired_pages/pending_page_blacklist': 'retired_pages/pending_blacklist',
  'retired_pages/pending': 'retired_pages/pending_blacklist',
};

const GPU = /^GPU(?:\s?(\d{1,4})\s+|\s+)([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f])\s*$/i;

/** The facts of a block under the names that they have in the XML. */
function xmlNames(facts: Facts): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const [path, value] of facts) {
    const name = path
      .replace('sec-ded', 'secded')
      .replace(/[ ./-]+/g, (gap) => (gap === '/' ? '/' : '_'))
      .replace(/^(clocks_(?:event|throttle)_reasons)\//, (_, section) => `${section}/${section.slice(0, -1)}_`);
    renamed.set(XML_NAMES[name] ?? name, value);
  }
  return renamed;
}

/** "Process ID : 1", "Name : x", "Used GPU Memory : 3 MiB" below "Processes". */
function readProcesses(lines: readonly string[]): ProcessReading[] | null {
  const entries = readOutline(lines).filter(({ path }) => path.startsWith('processes/'));
  if (entries.length === 0) return null;
  const found: ProcessReading[] = [];
  for (const { key, value } of entries) {
    const last = found.at(-1);
    if (key === 'process id') found.push({ pid: firstInteger(value) ?? 0, name: null, memory_used_bytes: null });
    else if (last && key === 'name') last.name = value;
    else if (last && key === 'used gpu memory') {
      const quantity = parseQuantity(value, 'bytes', 'MiB');
      if (quantity.kind === 'value') last.memory_used_bytes = quantity.value;
    }
  }
  return found;
}

/** `nvidia-smi -q` (text), whole or with `-d`. */
export function parseSmiQuery(text: string, context: ParseContext): RawReading {
  const { head, blocks } = splitBlocks(text, GPU);
  if (blocks.length === 0) context.fail('there is no line "GPU 00000000:00:00.0" in the input');
  const above = outlineFacts(readOutline(head));
  const drafts = blocks.map(([first, ...lines], order) => {
    const draft = new Draft(context.notes);
    const [, index, pci] = GPU.exec(first!)!;
    draft.setNumber('index', index ? Number(index) : order);
    draft.set('pci', pci, 'text');
    const entries = readOutline(lines);
    readGpuFacts(draft, xmlNames(new Map(entries.map(({ path, value }) => [path, value]))));
    draft.reading.processes = readProcesses(lines);
    draft.set('runtime_version', above.get('cuda version'), 'text');
    return draft;
  });
  addLost(drafts, text, context);
  const attached = firstInteger(above.get('attached gpus'));
  if (attached !== null && attached !== drafts.length) {
    context.notes.add(`The tool counts ${attached} devices and lists ${drafts.length}.`);
  }
  return { driver_version: above.get('driver version') ?? null, drafts };
}
