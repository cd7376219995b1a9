import { Draft } from './draft';
import { type MappingRule, rule } from './mapping';
import { type PromSample, readProm } from './prom-text';
import type { Health, SliceReading } from './reading';
import type { ParseContext, RawReading } from './tool';
import { FIELDS, UNITS, type UnitName } from './units';

/** What an exporter's page looks like. Labels are in lower case without underscores, as the reader gives them. */
export interface PromSpec {
  /** Metrics of this exporter; others (Go's own, node_exporter's) are passed over. */
  metrics: RegExp;
  /** Metric, or metric{label=value}, -> field. The first rule with a value wins. */
  mapping: readonly MappingRule[];
  index: readonly string[];
  uuid: readonly string[];
  labels: {
    pci?: readonly string[];
    model?: readonly string[];
    serial?: readonly string[];
    driver?: readonly string[];
    firmware?: readonly string[];
  };
  /** Metrics with one sample for each port or block, which add up. */
  summed?: ReadonlySet<string>;
  /** Metrics that stand for a fault: its code from the value, or null. */
  faults?: Readonly<Record<string, (value: number) => string | null>>;
  /** Metric whose value is the vendor's word on health. */
  health?: Readonly<Record<string, (value: number) => Health>>;
  /** Metric whose value is a mask of reasons for a lower clock. */
  throttle?: Readonly<Record<string, (text: string) => string[] | null>>;
  slice?: (sample: PromSample) => { id: string; profile: string | null } | null;
  /** Rules that `finish` works out, for the mapping table. */
  computed?: readonly MappingRule[];
  /** What takes more than one metric of a device, by metric or metric{label=value}. */
  finish?: (draft: Draft, values: ReadonlyMap<string, number>) => void;
}

interface Group {
  draft: Draft;
  values: Map<string, number>;
  slices: Map<string, { slice: SliceReading; values: Map<string, number> }>;
}

/** NVIDIA's DCGM prints these where it has no value. */
const BLANKS = [2_147_483_632, 9_223_372_036_854_775_000, 140_737_488_355_328];

const isBlank = (value: number) =>
  !Number.isFinite(value) || BLANKS.some((blank) => value >= blank && value <= blank * (1 + 1e-12) + 16);

const firstLabel = (sample: PromSample, names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = sample.labels.get(name);
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
};

const indexOf = (text: string | undefined): number | null => {
  const match = text === undefined ? null : /^(?:\D{0,20}?)(\d{1,6})$/.exec(text);
  return match ? Number(match[1]) : null;
};

/** Finds each sample's device by its UUID, or by its number with the UUID that other samples give for it. */
function keysOf(samples: readonly PromSample[], spec: PromSpec): (string | null)[] {
  const host = (sample: PromSample) => firstLabel(sample, ['hostname', 'nodename', 'node', 'instance']) ?? '';
  const uuidOfIndex = new Map<string, string>();
  const indexOfUuid = new Map<string, Set<number>>();
  for (const sample of samples) {
    const index = indexOf(firstLabel(sample, spec.index));
    const uuid = firstLabel(sample, spec.uuid);
    if (index === null || !uuid) continue;
    uuidOfIndex.set(`${host(sample)}/${index}`, uuid);
    uuidOfIndex.set(`/${index}`, uuid);
    indexOfUuid.set(uuid, (indexOfUuid.get(uuid) ?? new Set()).add(index));
  }
  const shared = new Set([...indexOfUuid].filter(([, numbers]) => numbers.size > 1).map(([uuid]) => uuid));
  return samples.map((sample) => {
    const uuid = firstLabel(sample, spec.uuid);
    const index = indexOf(firstLabel(sample, spec.index));
    if (uuid && !shared.has(uuid)) return uuid;
    if (index === null) return uuid ?? null;
    const known = uuidOfIndex.get(`${host(sample)}/${index}`) ?? uuidOfIndex.get(`/${index}`);
    return known && !shared.has(known) ? known : `${host(sample)}/#${index}`;
  });
}

function identify(draft: Draft, sample: PromSample, spec: PromSpec): void {
  draft.setNumber('index', indexOf(firstLabel(sample, spec.index)));
  draft.set('uuid', firstLabel(sample, spec.uuid), 'text');
  const { pci = [], model = [], serial = [], driver = [], firmware = [] } = spec.labels;
  draft.set('pci', firstLabel(sample, pci), 'text');
  draft.set('model', firstLabel(sample, model), 'text');
  draft.set('serial', firstLabel(sample, serial), 'text');
  draft.set('driver_version', firstLabel(sample, driver), 'text');
  draft.set('firmware_version', firstLabel(sample, firmware), 'text');
}

/** The exporter's whole mapping table: its labels that name a device, and its metrics. */
export function promMapping(spec: PromSpec): MappingRule[] {
  const { pci = [], model = [], serial = [], driver = [], firmware = [] } = spec.labels;
  const labels = [
    [spec.index, 'index'],
    [spec.uuid, 'uuid'],
    [pci, 'pci'],
    [model, 'model'],
    [serial, 'serial'],
    [driver, 'driver_version'],
    [firmware, 'firmware_version'],
  ] as const;
  return [
    ...labels.flatMap(([names, to]) =>
      names.map((name) => rule(`label ${name}`, to, to === 'index' ? 'count' : 'text')),
    ),
    ...spec.mapping,
    ...(spec.computed ?? []),
  ];
}

/** Keys under which a sample's value is kept: its metric, and its metric with each label. */
function store(values: Map<string, number>, sample: PromSample, summed: ReadonlySet<string> | undefined): void {
  const add = (key: string) => {
    const before = values.get(key);
    if (before === undefined) values.set(key, sample.value);
    else if (summed?.has(sample.name)) values.set(key, before + sample.value);
  };
  add(sample.name);
  for (const [label, value] of sample.labels)
    if (value !== '' && value.length < 60) add(`${sample.name}{${label}=${value.toLowerCase()}}`);
}

const scaled = (value: number, unit: UnitName) => Math.round(value * UNITS[unit].factor);

function applyValues(draft: Draft, values: ReadonlyMap<string, number>, spec: PromSpec): void {
  for (const { from, to, unit } of spec.mapping) {
    const value = values.get(from);
    if (value === undefined || FIELDS[to].dimension === 'text') continue;
    if (isBlank(value)) draft.notes.unavailable(to, 'no value');
    else draft.setNumber(to, scaled(value, unit), from);
  }
  for (const [metric, codeOf] of Object.entries(spec.faults ?? {})) {
    const value = values.get(metric);
    const code = value === undefined || isBlank(value) ? null : codeOf(value);
    if (code) draft.faults.add(code);
  }
  for (const [metric, healthOf] of Object.entries(spec.health ?? {})) {
    const value = values.get(metric);
    if (value !== undefined && !isBlank(value)) draft.vendorHealth = healthOf(value);
  }
  spec.finish?.(draft, values);
}

function finishSlice(group: Group, spec: PromSpec): SliceReading[] {
  return [...group.slices.values()].map(({ slice, values }) => {
    const part = new Draft(group.draft.notes);
    applyValues(part, values, { ...spec, faults: {}, health: {} });
    part.faults.clear();
    const { memory_total_bytes, memory_used_bytes, utilization_ppm } = part.reading;
    return { ...slice, memory_total_bytes, memory_used_bytes, utilization_ppm };
  });
}

function emptySlice(id: string, profile: string | null): SliceReading {
  const instance = indexOf(id);
  return {
    index: instance,
    uuid: null,
    profile,
    gpu_instance_id: instance,
    compute_instance_id: null,
    memory_total_bytes: null,
    memory_used_bytes: null,
    utilization_ppm: null,
  };
}

/** Reads an exporter's page: samples by device, values by the mapping table. */
export function parsePromDevices(text: string, context: ParseContext, spec: PromSpec): RawReading {
  const { samples, odd } = readProm(text);
  const own = samples.filter((sample) => spec.metrics.test(sample.name));
  if (odd > 0) context.notes.add(`Lines that are no samples were left out: ${odd}.`);
  if (own.length === 0)
    context.fail(
      samples.length > 0 ? "the page has none of this exporter's metrics" : 'the input is no page of metrics',
    );
  const keys = keysOf(own, spec);
  const groups = new Map<string, Group>();
  own.forEach((sample, at) => {
    const key = keys[at];
    if (key === null || key === undefined) return;
    let group = groups.get(key);
    if (!group) {
      group = { draft: new Draft(context.notes), values: new Map(), slices: new Map() };
      groups.set(key, group);
    }
    identify(group.draft, sample, spec);
    const part = spec.slice?.(sample);
    if (part) {
      const slice = group.slices.get(part.id) ?? { slice: emptySlice(part.id, part.profile), values: new Map() };
      group.slices.set(part.id, slice);
      store(slice.values, sample, spec.summed);
    } else store(group.values, sample, spec.summed);
    const reasons = spec.throttle?.[sample.name]?.(String(Math.round(sample.value)));
    if (reasons) group.draft.reading.throttle_reasons = reasons;
  });
  for (const group of groups.values()) {
    applyValues(group.draft, group.values, spec);
    group.draft.reading.slices = finishSlice(group, spec);
  }
  if (groups.size === 0) context.fail('no metric names a device');
  const drafts = [...groups.values()].map((group) => group.draft);
  return {
    driver_version: drafts.find((draft) => draft.reading.driver_version)?.reading.driver_version ?? null,
    drafts,
  };
}
