import { Draft } from '../shared/draft';
import { addLost } from '../shared/lost';
import { applyFacts, type Facts } from '../shared/mapping';
import type { ProcessReading, SliceReading } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { firstInteger, isUnavailable, parseQuantity } from '../shared/values';
import { findElements, readXml, type XmlElement, xmlFacts } from '../shared/xml-text';
import { ECC_CORRECTED, ECC_UNCORRECTED, SMI_XML_MAPPING } from './smi-xml-mapping';

const LEAVE_OUT: ReadonlySet<string> = new Set([
  'supported_clocks',
  'mig_devices',
  'processes',
  'accounted_processes',
  'row_remapper_histogram',
]);

const count = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const quantity = parseQuantity(text, 'count', 'count');
  return quantity.kind === 'value' && quantity.value >= 0 ? quantity.value : null;
};

const bytes = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const quantity = parseQuantity(text, 'bytes', 'MiB');
  return quantity.kind === 'value' && quantity.value >= 0 ? quantity.value : null;
};

/** The sum of the first set of counters of which any has a value. */
function sumFirst(facts: Facts, prefix: string, sets: readonly (readonly string[])[]): number | null {
  for (const set of sets) {
    const values = set.map((name) => count(facts.get(`${prefix}/${name}`))).filter((value) => value !== null);
    if (values.length > 0) return values.reduce((sum, value) => sum + value, 0);
  }
  return null;
}

function readEcc(draft: Draft, facts: Facts): void {
  const lifetime = sumFirst(facts, 'ecc_errors/aggregate', ECC_UNCORRECTED);
  const recent = sumFirst(facts, 'ecc_errors/volatile', ECC_UNCORRECTED);
  const corrected =
    sumFirst(facts, 'ecc_errors/aggregate', ECC_CORRECTED) ?? sumFirst(facts, 'ecc_errors/volatile', ECC_CORRECTED);
  draft.setNumber('ecc_corrected_total', corrected);
  draft.setNumber('ecc_uncorrected_total', lifetime ?? recent);
  if ((recent ?? 0) > 0) draft.faults.add('ecc-uncorrected');
  else if ((lifetime ?? 0) > 0) draft.faults.add('ecc-uncorrected-earlier');
  if (/^yes$/i.test(facts.get('ecc_errors/aggregate/sram_threshold_exceeded') ?? ''))
    draft.faults.add('sram-threshold');
}

function readRetirement(draft: Draft, facts: Facts): void {
  const pages = ['multiple_single_bit_retirement', 'double_bit_retirement', 'multiple_single_bit', 'double_bit']
    .map((name) => count(facts.get(`retired_pages/${name}/retired_count`)))
    .filter((value) => value !== null);
  if (pages.length > 0)
    draft.setNumber(
      'retired_pages',
      pages.reduce((sum, value) => sum + value, 0),
    );
  const corrected = count(facts.get('remapped_rows/remapped_row_corr'));
  const uncorrected = count(facts.get('remapped_rows/remapped_row_unc'));
  if (corrected !== null || uncorrected !== null)
    draft.setNumber('remapped_rows', (corrected ?? 0) + (uncorrected ?? 0));
  const isYes = (path: string) => /^yes$/i.test(facts.get(path) ?? '');
  if (isYes('retired_pages/pending_retirement') || isYes('retired_pages/pending_blacklist')) {
    draft.faults.add('page-retirement-pending');
  }
  if (isYes('remapped_rows/remapped_row_pending')) draft.faults.add('row-remap-pending');
  if (isYes('remapped_rows/remapped_row_failure')) draft.faults.add('row-remap-failed');
}

/** Reasons printed as elements that say Active. */
function readThrottle(draft: Draft, facts: Facts): void {
  const reasons: string[] = [];
  let known = false;
  for (const [path, text] of facts) {
    const match = /^clocks_(?:throttle|event)_reasons\/clocks_(?:throttle|event)_reason_(\w+)$/.exec(path);
    if (!match || isUnavailable(text)) continue;
    known = true;
    if (/^active$/i.test(text)) reasons.push(match[1]!);
  }
  if (known) draft.reading.throttle_reasons = reasons;
}

function readProcesses(gpu: XmlElement): ProcessReading[] | null {
  const list = gpu.children.find((child) => child.name === 'processes');
  if (!list || isUnavailable(list.text || 'x')) return null;
  return list.children
    .filter((child) => child.name === 'process_info')
    .flatMap((child) => {
      const facts = xmlFacts(child, LEAVE_OUT);
      const pid = firstInteger(facts.get('pid'));
      const name = facts.get('process_name') ?? null;
      return pid === null ? [] : [{ pid, name, memory_used_bytes: bytes(facts.get('used_memory')) }];
    });
}

function readSlices(gpu: XmlElement): SliceReading[] {
  const list = gpu.children.find((child) => child.name === 'mig_devices');
  return (list?.children ?? [])
    .filter((child) => child.name === 'mig_device')
    .map((child) => {
      const facts = xmlFacts(child, LEAVE_OUT);
      return {
        index: firstInteger(facts.get('index')),
        uuid: facts.get('uuid') ?? null,
        profile: facts.get('profile') ?? facts.get('device_attributes/shared/profile') ?? null,
        gpu_instance_id: firstInteger(facts.get('gpu_instance_id')),
        compute_instance_id: firstInteger(facts.get('compute_instance_id')),
        memory_total_bytes: bytes(facts.get('fb_memory_usage/total')),
        memory_used_bytes: bytes(facts.get('fb_memory_usage/used')),
        utilization_ppm: null,
      };
    });
}

/** Reads what the document says of one GPU, by the paths of its elements. */
export function readGpuFacts(draft: Draft, facts: Facts): void {
  applyFacts(draft, facts, SMI_XML_MAPPING);
  readEcc(draft, facts);
  readRetirement(draft, facts);
  readThrottle(draft, facts);
  const recovery = facts.get('gpu_recovery_action');
  if (recovery && /reset|reboot|drain/i.test(recovery)) draft.faults.add('154');
}

function readGpu(gpu: XmlElement, order: number, context: ParseContext): Draft {
  const draft = new Draft(context.notes);
  draft.setNumber('index', order);
  readGpuFacts(draft, xmlFacts(gpu, LEAVE_OUT));
  draft.set('pci', gpu.attributes.get('id'), 'text');
  draft.reading.processes = readProcesses(gpu);
  draft.reading.slices = readSlices(gpu);
  return draft;
}

/** `nvidia-smi -q -x` and the tools that print the same document. */
export function parseSmiXml(text: string, context: ParseContext): RawReading {
  const start = text.search(/<\?xml|<!DOCTYPE|<\w+_smi_log|<\w*smi\w*_log/i);
  if (start < 0) context.fail('there is no XML in the input');
  const root = readXml(text.slice(start));
  const gpus = findElements(root, 'gpu');
  const whole = gpus.filter((gpu) => gpu.closed);
  if (gpus.length > whole.length) context.notes.add('The output is cut off inside a device, which was left out.');
  const drafts = whole.map((gpu, order) => readGpu(gpu, order, context));
  addLost(drafts, text.slice(0, start), context);
  if (drafts.length === 0)
    context.fail(gpus.length > 0 ? 'the output is cut off inside its first device' : 'the document lists no device');
  const log = root.children.find((child) => /_log$/i.test(child.name)) ?? root;
  const facts = xmlFacts(log, new Set(['gpu']));
  const attached = firstInteger(facts.get('attached_gpus'));
  if (attached !== null && attached !== drafts.length) {
    context.notes.add(`The tool counts ${attached} devices and lists ${drafts.length}.`);
  }
  for (const draft of drafts) draft.set('runtime_version', facts.get('cuda_version'), 'text');
  return { driver_version: facts.get('driver_version') ?? null, drafts };
}
