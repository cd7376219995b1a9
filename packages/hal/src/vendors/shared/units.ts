/** What a field counts; values of another dimension are refused. */
export type Dimension = 'share' | 'bytes' | 'power' | 'energy' | 'temperature' | 'frequency' | 'count' | 'text';

interface Unit {
  dimension: Dimension;
  /** One of the unit in the schema's unit. */
  factor: number;
  /** Spellings, in lower case. */
  symbols: readonly string[];
}

const KIB = 1024;

/**
 * Units that tools print. The schema's own units have factor 1. Tools that print KB, MB or GB count in 1,024s: 910B3
 * shows 65536 MB for 64 GiB, MI300X shows 196592 MB of 192 GiB.
 */
export const UNITS = {
  ppm: { dimension: 'share', factor: 1, symbols: ['ppm'] },
  percent: { dimension: 'share', factor: 10_000, symbols: ['%', 'percent', 'pct'] },
  ratio: { dimension: 'share', factor: 1_000_000, symbols: [] },
  B: { dimension: 'bytes', factor: 1, symbols: ['b', 'byte', 'bytes'] },
  KiB: { dimension: 'bytes', factor: KIB, symbols: ['kib', 'kb', 'k'] },
  MiB: { dimension: 'bytes', factor: KIB ** 2, symbols: ['mib', 'mb', 'm'] },
  GiB: { dimension: 'bytes', factor: KIB ** 3, symbols: ['gib', 'gb', 'g'] },
  TiB: { dimension: 'bytes', factor: KIB ** 4, symbols: ['tib', 'tb'] },
  microwatt: { dimension: 'power', factor: 0.001, symbols: ['uw', 'µw'] },
  milliwatt: { dimension: 'power', factor: 1, symbols: ['mw'] },
  W: { dimension: 'power', factor: 1000, symbols: ['w', 'watt', 'watts'] },
  kW: { dimension: 'power', factor: 1_000_000, symbols: ['kw'] },
  microjoule: { dimension: 'energy', factor: 0.001, symbols: ['uj', 'µj'] },
  millijoule: { dimension: 'energy', factor: 1, symbols: ['mj'] },
  J: { dimension: 'energy', factor: 1000, symbols: ['j', 'joule', 'joules'] },
  milliC: { dimension: 'temperature', factor: 1, symbols: ['mc'] },
  C: { dimension: 'temperature', factor: 1000, symbols: ['c', '°c', '℃', 'celsius', 'degc', '° c'] },
  Hz: { dimension: 'frequency', factor: 0.001, symbols: ['hz'] },
  kHz: { dimension: 'frequency', factor: 1, symbols: ['khz'] },
  MHz: { dimension: 'frequency', factor: 1000, symbols: ['mhz'] },
  GHz: { dimension: 'frequency', factor: 1_000_000, symbols: ['ghz'] },
  count: { dimension: 'count', factor: 1, symbols: [] },
  text: { dimension: 'text', factor: 1, symbols: [] },
} as const satisfies Record<string, Unit>;

export type UnitName = keyof typeof UNITS;

const BY_SYMBOL = new Map<string, Unit>(
  Object.values<Unit>(UNITS).flatMap((unit) => unit.symbols.map((symbol) => [symbol, unit] as const)),
);

/** Decimal spellings of binary units, which are worth a warning. */
export const DECIMAL_SPELLINGS: ReadonlySet<string> = new Set(['kb', 'mb', 'gb', 'tb']);

/** The unit that a tool spells so, or undefined. */
export const unitOf = (symbol: string): Unit | undefined => BY_SYMBOL.get(symbol.trim().toLowerCase());

/** Fields of a device that hold one value, with what they count and the range in which a reading can be true. */
export const FIELDS = {
  index: { dimension: 'count', min: 0, max: 1_000_000 },
  uuid: { dimension: 'text', min: 0, max: 0 },
  serial: { dimension: 'text', min: 0, max: 0 },
  pci: { dimension: 'text', min: 0, max: 0 },
  position: { dimension: 'text', min: 0, max: 0 },
  model: { dimension: 'text', min: 0, max: 0 },
  memory_total_bytes: { dimension: 'bytes', min: 1, max: KIB ** 5 },
  memory_used_bytes: { dimension: 'bytes', min: 0, max: KIB ** 5 },
  utilization_ppm: { dimension: 'share', min: 0, max: 1_000_000 },
  power_milliwatt: { dimension: 'power', min: 0, max: 100_000_000 },
  energy_millijoule: { dimension: 'energy', min: 0, max: Number.MAX_SAFE_INTEGER },
  temperature_milli_celsius: { dimension: 'temperature', min: -100_000, max: 300_000 },
  memory_temperature_milli_celsius: { dimension: 'temperature', min: -100_000, max: 300_000 },
  clock_core_khz: { dimension: 'frequency', min: 0, max: 100_000_000 },
  clock_memory_khz: { dimension: 'frequency', min: 0, max: 100_000_000 },
  ecc_corrected_total: { dimension: 'count', min: 0, max: Number.MAX_SAFE_INTEGER },
  ecc_uncorrected_total: { dimension: 'count', min: 0, max: Number.MAX_SAFE_INTEGER },
  retired_pages: { dimension: 'count', min: 0, max: Number.MAX_SAFE_INTEGER },
  remapped_rows: { dimension: 'count', min: 0, max: Number.MAX_SAFE_INTEGER },
  link_up: { dimension: 'count', min: 0, max: 1024 },
  link_total: { dimension: 'count', min: 0, max: 1024 },
  link_tx_bytes_total: { dimension: 'bytes', min: 0, max: Number.MAX_SAFE_INTEGER },
  link_rx_bytes_total: { dimension: 'bytes', min: 0, max: Number.MAX_SAFE_INTEGER },
  pcie_gen: { dimension: 'count', min: 1, max: 16 },
  pcie_width: { dimension: 'count', min: 1, max: 64 },
  driver_version: { dimension: 'text', min: 0, max: 0 },
  runtime_version: { dimension: 'text', min: 0, max: 0 },
  firmware_version: { dimension: 'text', min: 0, max: 0 },
} as const satisfies Record<string, { dimension: Dimension; min: number; max: number }>;

export type FieldName = keyof typeof FIELDS;
