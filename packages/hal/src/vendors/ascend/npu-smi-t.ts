import { Draft } from '../shared/draft';
import { applyFacts, type MappingRule, rule } from '../shared/mapping';
import type { ProcessReading } from '../shared/reading';
import type { ParseContext, RawReading } from '../shared/tool';
import { firstInteger } from '../shared/values';
import { ascendCode, setAscendHealth } from './health';
import { type Pair, readMap, readPairs } from './npu-smi-lines';

/** `npu-smi info -t usages|ecc|health|board|memory|temp|power|common|product ...`: key -> field. */
export const NPU_SMI_T_MAPPING: readonly MappingRule[] = [
  rule('chip phy-id, else chip logic id', 'index', 'count'),
  rule('npu id', 'index', 'count'),
  rule('npu id/chip id', 'position', 'text'),
  rule('serial number', 'serial', 'text'),
  rule('pcie bus info', 'pci', 'text'),
  rule('chip name', 'model', 'text'),
  rule('npu name', 'model', 'text'),
  rule('product type', 'model', 'text'),
  rule('product name', 'model', 'text'),
  rule('hbm capacity(mb)', 'memory_total_bytes', 'MiB'),
  rule('ddr capacity(mb)', 'memory_total_bytes', 'MiB'),
  rule('memory capacity(mb)', 'memory_total_bytes', 'MiB'),
  rule('hbm used memory(mb)', 'memory_used_bytes', 'MiB'),
  rule('hbm usage(mb)', 'memory_used_bytes', 'MiB'),
  rule('hbm used(mb)', 'memory_used_bytes', 'MiB'),
  rule('npu utilization(%)', 'utilization_ppm', 'percent'),
  rule('npu real-time utilization(%)', 'utilization_ppm', 'percent'),
  rule('chip usage rate(%)', 'utilization_ppm', 'percent'),
  rule('aicore usage rate(%)', 'utilization_ppm', 'percent'),
  rule('aicore usage rate (%)', 'utilization_ppm', 'percent'),
  rule('ai core usage rate(%)', 'utilization_ppm', 'percent'),
  rule('npu real-time power(w)', 'power_milliwatt', 'W'),
  rule('power dissipation(w)', 'power_milliwatt', 'W'),
  rule('chip power(w)', 'power_milliwatt', 'W'),
  rule('power(w)', 'power_milliwatt', 'W'),
  rule('npu temperature (c)', 'temperature_milli_celsius', 'C'),
  rule('npu temperature(c)', 'temperature_milli_celsius', 'C'),
  rule('temperature(c)', 'temperature_milli_celsius', 'C'),
  rule('temperature (c)', 'temperature_milli_celsius', 'C'),
  rule('hbm temperature(c)', 'memory_temperature_milli_celsius', 'C'),
  rule('hbm temperature (c)', 'memory_temperature_milli_celsius', 'C'),
  rule('aicore curfreq(mhz)', 'clock_core_khz', 'MHz'),
  rule('aicore freq(mhz)', 'clock_core_khz', 'MHz'),
  rule('hbm clock speed(mhz)', 'clock_memory_khz', 'MHz'),
  rule('ddr clock speed(mhz)', 'clock_memory_khz', 'MHz'),
  rule('software version', 'driver_version', 'text'),
  rule('firmware version', 'firmware_version', 'text'),
  rule('hbm or ddr single bit aggregate total err cnt', 'ecc_corrected_total', 'count'),
  rule('hbm or ddr double bit aggregate total err cnt', 'ecc_uncorrected_total', 'count'),
  rule('hbm and ddr single and double bit isolated pages count', 'retired_pages', 'count'),
];

/** Counters that belong together: corrected, uncorrected now, uncorrected ever, pages. */
const SINGLE = ['hbm single bit aggregate total err cnt', 'ddr single bit aggregate total err cnt'];
const DOUBLE_EVER = ['hbm double bit aggregate total err cnt', 'ddr double bit aggregate total err cnt'];
const DOUBLE_NOW = ['hbm double bit error count', 'ddr double bit error count'];
const SINGLE_NOW = ['hbm single bit error count', 'ddr single bit error count'];
const PAGES = ['single', 'double'].flatMap((bits) =>
  ['hbm', 'ddr'].map((kind) => `${kind} ${bits} bit isolated pages count`),
);
const PENDING = ['single', 'double'].flatMap((bits) =>
  ['hbm', 'ddr'].map((kind) => `${kind} ${bits} bit next-isolated pages count`),
);

type Facts = Map<string, string>;

/** The board's controller, which stands among the chips. */
const MCU = /^mcu$/i;

function sum(facts: Facts, keys: readonly string[]): number | null {
  const counts = keys.map((key) => facts.get(key)).filter((text) => /^\d{1,15}$/.test(text ?? ''));
  return counts.length === 0 ? null : counts.reduce((total, text) => total + Number(text), 0);
}

function readEcc(draft: Draft, facts: Facts): void {
  const [now, ever] = [sum(facts, DOUBLE_NOW), sum(facts, DOUBLE_EVER)];
  draft.setNumber('ecc_corrected_total', sum(facts, SINGLE) ?? sum(facts, SINGLE_NOW));
  draft.setNumber('ecc_uncorrected_total', ever ?? now);
  draft.setNumber('retired_pages', sum(facts, PAGES));
  if ((now ?? 0) > 0) draft.faults.add('ecc-uncorrected');
  else if ((ever ?? 0) > 0) draft.faults.add('ecc-uncorrected-earlier');
  if ((sum(facts, PENDING) ?? 0) > 0) draft.faults.add('page-retirement-pending');
}

/** Lines of a report by chip. The chip's number stands below its lines, in some reports above them. */
function splitChips(pairs: readonly Pair[]): Facts[] {
  const chips: Facts[] = [];
  const cards = new Set<string | undefined>();
  let card: Facts = new Map();
  let pending: Facts = new Map();
  let trailing: boolean | null = null;
  const add = (chip: Facts) => {
    chips.push(chip);
    cards.add(chip.get('npu id'));
  };
  const flush = () => {
    if (pending.size > 0) add(new Map([...card, ...pending]));
    pending = new Map();
  };
  for (const [key, value] of pairs) {
    if (key === 'npu id') {
      const above = card.size === 0 && chips.length === 0 && !pending.has('chip id') ? pending : new Map();
      if (above.size > 0) pending = new Map();
      else if (pending.size > 0 && !(trailing && chips.length > 0 && !pending.has('chip id'))) flush();
      else if (card.size > 1 && !cards.has(card.get('npu id'))) add(card);
      pending = new Map();
      card = new Map([...above, [key, value]]);
      trailing = null;
    } else if (key === 'chip id') {
      trailing ??= pending.size > 0;
      if (!trailing) flush();
      pending.set(key, value);
      if (trailing) flush();
    } else if (key === 'chip count' || key === 'card count' || key === 'total count') card.set(key, value);
    else {
      if (key === 'chip name' && MCU.test(value) && trailing === false) flush();
      pending.set(key, value);
    }
  }
  if (pending.size > 0 && (pending.has('chip id') || !trailing || chips.length === 0)) flush();
  if (card.has('npu id') && !cards.has(card.get('npu id'))) add(card);
  return chips;
}

/** Reports of several kinds after one another become one: lines of a card go to its chips, chips by their numbers. */
function mergeReports(reports: readonly Facts[]): Facts[] {
  const cards = new Map<string, { own: Facts; chips: Map<string, Facts> }>();
  for (const facts of reports) {
    const [npu, chip] = [facts.get('npu id') ?? '', facts.get('chip id')];
    const card = cards.get(npu) ?? { own: new Map(), chips: new Map() };
    cards.set(npu, card);
    if (chip === undefined) card.own = new Map([...card.own, ...facts]);
    else card.chips.set(chip, new Map([...(card.chips.get(chip) ?? []), ...facts]));
  }
  return [...cards.values()].flatMap(({ own, chips }) =>
    chips.size === 0 ? [own] : [...chips.values()].map((chip) => new Map([...own, ...chip])),
  );
}

/** Processes of `-t proc-mem`; without any of them the report says nothing about processes. */
function readProcesses(facts: Facts): ProcessReading[] | null {
  const found = [...facts].flatMap(([key, value]): ProcessReading[] => {
    const pid = /^process (\d+)$/.exec(key)?.[1];
    const [, memory, name] = /^(\d+) (.*)$/.exec(value) ?? [];
    if (!pid || !memory) return [];
    return [{ pid: Number(pid), name: name || null, memory_used_bytes: Number(memory) * 1024 ** 2 }];
  });
  return found.length > 0 ? found : null;
}

function readChip(facts: Facts, sharesCard: boolean, context: ParseContext): Draft {
  const draft = new Draft(context.notes);
  const [npu, chip] = [firstInteger(facts.get('npu id')), firstInteger(facts.get('chip id'))];
  if (npu !== null && chip !== null) draft.set('position', `${npu}/${chip}`, 'text');
  const device = firstInteger(facts.get('chip phy-id')) ?? firstInteger(facts.get('chip logic id'));
  draft.setNumber('index', device);
  if (sharesCard) facts.delete('npu id');
  if (!(Number(facts.get('hbm capacity(mb)')) > 0)) facts.delete('hbm capacity(mb)');
  const used = facts.get('hbm used memory(mb)')?.split('/');
  if (used) facts.set('hbm used memory(mb)', used[0]!);
  applyFacts(draft, facts, NPU_SMI_T_MAPPING);
  readEcc(draft, facts);
  draft.reading.processes = readProcesses(facts);
  setAscendHealth(draft, facts.get('health') ?? facts.get('health status'));
  for (const key of ['error code', 'health error code', 'chip fault code']) {
    for (const part of (facts.get(key) ?? '').slice(0, 2000).split(/[\s,;]+/)) {
      const code = ascendCode(part);
      if (code) draft.faults.add(code);
    }
  }
  for (const match of (facts.get('fault event information') ?? '')
    .slice(0, 4000)
    .matchAll(/\b(?:0x)?([0-9a-f]{8})\b/gi)) {
    const code = ascendCode(match[1]!);
    if (code) draft.faults.add(code);
  }
  if (facts.has('hbm usage rate(%)') && draft.reading.memory_used_bytes === null) {
    context.notes.add('Memory in use is given in whole percent only and was left out.');
  }
  return draft;
}

/** `npu-smi info -t ...`, `-l` and `-m`: "key : value" lines for each chip, or the map of chips to devices. */
export function parseNpuSmiT(text: string, context: ParseContext): RawReading {
  const pairs = readPairs(text);
  const map = readMap(text);
  if (map.length === 0 && !pairs.some(([key]) => key === 'npu id' || key === 'chip id')) {
    context.fail('there is neither "NPU ID" nor "Chip ID" in the input');
  }
  const reports = splitChips(pairs).filter((facts) => !MCU.test(facts.get('chip name') ?? ''));
  const chips = mergeReports([...map, ...reports]);
  const onCard = new Map<string | undefined, number>();
  for (const facts of chips) onCard.set(facts.get('npu id'), (onCard.get(facts.get('npu id')) ?? 0) + 1);
  const shared = chips.map((facts) => onCard.get(facts.get('npu id'))! > 1);
  const drafts = chips.map((facts, at) => readChip(facts, shared[at]!, context));
  if (drafts.length === 0) context.fail('the input lists no chip');
  const driver = drafts.find((draft) => draft.reading.driver_version)?.reading.driver_version;
  return { driver_version: driver ?? null, drafts };
}
