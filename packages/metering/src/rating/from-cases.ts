import { isTimeZone, monthBounds, type Span } from '@suanxiang/domain/calendar';
import { CURRENCY_EXPONENTS, isCurrency } from '@suanxiang/domain/money';
import { CaseError, JsonObject } from './case-json';
import type { Credit } from './credits';
import type { SampleGroup, SampleLimits } from './samples';
import type { TaxRule } from './tax';
import type { AllocationTerm, PriceRow, Pricing, Reservation, TierBand, Undelivered } from './types';

/** A rating case of the format gpu-billing-cases/1, ready for the rater. */
export interface RatingCase {
  id: string;
  exponent: number;
  tax: TaxRule | null;
  spendCapMinor: bigint | null;
  commitmentMinor: bigint | null;
  prices: PriceRow[];
  allocations: AllocationTerm[];
  reservations: Reservation[];
  credits: Credit[];
  samples: SampleGroup[];
  limits: SampleLimits;
  graceSeconds: number;
  invoices: { id: string; period: Span }[];
}

/** Settings of a case: its own `config`, else the file's `defaults`, else what the specification says. */
class Settings {
  constructor(private readonly layers: readonly JsonObject[]) {}

  integer(key: string, fallback: number): number {
    return this.layers.find((layer) => layer.has(key))?.integer(key, 0) ?? fallback;
  }

  oneOf<T extends string>(key: string, values: readonly T[], fallback: T): T {
    return this.layers.find((layer) => layer.has(key))?.oneOf(key, values) ?? fallback;
  }

  over(layer: JsonObject): Settings {
    return new Settings([layer, ...this.layers]);
  }
}

function readGpus(object: JsonObject): { gpusNum: bigint; gpusDen: bigint } {
  const raw = object.raw('gpus');
  const positive = (holder: JsonObject, key: string) => {
    const value = holder.count(key);
    return value > 0n ? value : holder.fail(key, 'an integer >= 1');
  };
  if (typeof raw !== 'object') return { gpusNum: positive(object, 'gpus'), gpusDen: 1n };
  const fraction = object.object('gpus');
  return { gpusNum: positive(fraction, 'num'), gpusDen: positive(fraction, 'den') };
}

function readSpan(object: JsonObject, from: string, to: string): Span {
  const span = { fromS: object.time(from), toS: object.time(to) };
  return span.toS >= span.fromS ? span : object.fail(to, `at or after ${from}`);
}

function readPricing(row: JsonObject): Pricing {
  const model = row.has('model')
    ? row.oneOf('model', ['flat', 'graduated', 'volume'])
    : row.has('tiers')
      ? 'graduated'
      : 'flat';
  if (model === 'flat') return { model, microPerGpuHour: row.count('micro_per_gpu_hour') };
  const bands: TierBand[] = row.objects('tiers').map((tier) => ({
    upToGpuSeconds: tier.has('up_to_gpu_seconds') ? tier.count('up_to_gpu_seconds') : null,
    microPerGpuHour: tier.count('micro_per_gpu_hour'),
  }));
  const limits = bands.slice(0, -1).map((band) => band.upToGpuSeconds);
  const isRising = limits.every((limit, i) => limit !== null && (i === 0 || limit > (limits[i - 1] ?? limit)));
  return bands.length > 0 && isRising ? { model, bands } : row.fail('tiers', 'bands with rising up_to_gpu_seconds');
}

function readPrice(row: JsonObject): PriceRow {
  return {
    sku: row.text('sku'),
    fromS: row.time('from'),
    publishedS: row.has('published_at') ? row.time('published_at') : null,
    pricing: readPricing(row),
    minSeconds: row.has('min_seconds') ? row.integer('min_seconds', 0) : 0,
  };
}

function readAllocation(item: JsonObject, settings: Settings): AllocationTerm {
  const own = settings.over(item);
  const undelivered: Undelivered[] = item
    .objects('undelivered')
    .map((stretch) => ({ ...readSpan(stretch, 'from', 'to'), reason: stretch.text('reason') }));
  return {
    id: item.text('id'),
    sku: item.text('sku'),
    ...readGpus(item),
    startS: item.time('start'),
    endS: item.has('end') ? readSpan(item, 'start', 'end').toS : null,
    mode: item.has('mode') ? item.oneOf('mode', ['allocated', 'utilization']) : 'allocated',
    floorPpm: own.integer('floor_ppm', 0),
    gapPolicy: own.oneOf('gap_policy', ['zero', 'hold', 'floor'], 'zero'),
    holdSeconds: own.integer('hold_seconds', 0),
    undelivered,
  };
}

function readReservation(item: JsonObject): Reservation {
  const span = readSpan(item, 'from', 'to');
  const microPerGpuHour = item.count('micro_per_gpu_hour');
  return { id: item.text('id'), sku: item.text('sku'), ...readGpus(item), ...span, microPerGpuHour };
}

function readCredit(item: JsonObject): Credit {
  const time = (key: string) => (item.has(key) ? item.time(key) : null);
  const kind = item.oneOf('kind', ['promo', 'paid']);
  return {
    id: item.text('id'),
    kind,
    priority: item.has('priority') ? item.integer('priority') : 0,
    effectiveS: time('effective'),
    // Paid credits have no expiry in this version of the format.
    expiresS: kind === 'paid' ? null : time('expires'),
    grantedS: time('granted'),
    remainingMinor: item.count('amount_minor'),
  };
}

function readSamples(item: JsonObject): SampleGroup {
  const utilPpm = item.raw('util_ppm');
  const delayS = item.has('delay_s') ? item.integer('delay_s') : 0;
  return {
    allocationId: item.text('alloc'),
    fromS: item.time('t'),
    count: item.has('n') ? item.integer('n', 0) : 1,
    stepS: item.has('step') ? item.integer('step', 1) : 1,
    // A value that is no number cannot be a utilization: it is quarantined with the rest, never a reason to stop.
    utilPpm: typeof utilPpm === 'number' ? utilPpm : Number.NaN,
    rev: item.has('rev') ? item.integer('rev', 0) : 0,
    arrival: item.has('arrive') ? { atS: item.time('arrive') } : { delayS },
  };
}

function readExponent(account: JsonObject): number {
  if (account.has('exponent')) {
    const exponent = account.integer('exponent', 0);
    return exponent <= 6 ? exponent : account.fail('exponent', '0 to 6');
  }
  const currency = account.text('currency');
  return isCurrency(currency) ? CURRENCY_EXPONENTS[currency] : account.fail('currency', 'a known currency');
}

function readTax(account: JsonObject): TaxRule | null {
  if (!account.has('tax')) return null;
  const tax = account.object('tax');
  return { mode: tax.oneOf('mode', ['exclusive', 'inclusive']), ratePpm: tax.count('rate_ppm') };
}

function readInvoice(item: JsonObject, timeZone: string): { id: string; period: Span } {
  const id = item.text('id');
  if (!item.has('month')) return { id, period: readSpan(item, 'from', 'to') };
  try {
    return { id, period: monthBounds(item.text('month'), timeZone) };
  } catch (error) {
    if (error instanceof CaseError) throw error;
    return item.fail('month', 'a month like 2026-10');
  }
}

/** Least spend of a period, on the account or beside it: `commitment_minor`, or `commitment` as an amount or an object. */
function readCommitment(item: JsonObject, account: JsonObject): bigint | null {
  for (const holder of [account, item]) {
    if (holder.has('commitment_minor')) return holder.count('commitment_minor');
    if (!holder.has('commitment')) continue;
    if (typeof holder.raw('commitment') !== 'object') return holder.count('commitment');
    const commitment = holder.object('commitment');
    return commitment.count(commitment.has('amount_minor') ? 'amount_minor' : 'minor');
  }
  return null;
}

function requireUnique(items: readonly { id: string }[], place: string): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new CaseError(`${place} holds the id ${JSON.stringify(id)} twice.`);
    seen.add(id);
  }
}

/** Reads one case of kind `rating`. Throws CaseError with one sentence when it cannot be rated. */
export function readRatingCase(value: unknown, fileDefaults: unknown = {}): RatingCase {
  const id = JsonObject.of(value, 'a case').text('id');
  const item = JsonObject.of(value, `case ${id}`);
  const account = item.object('account');
  const layers = [...(item.has('config') ? [item.object('config')] : []), JsonObject.of(fileDefaults, 'defaults')];
  const settings = new Settings(layers);
  const timeZone = account.has('time_zone') ? account.text('time_zone') : 'UTC';
  if (!isTimeZone(timeZone)) account.fail('time_zone', 'an IANA time zone');
  const result: RatingCase = {
    id,
    exponent: readExponent(account),
    tax: readTax(account),
    spendCapMinor: account.has('spend_cap_minor') ? account.count('spend_cap_minor') : null,
    commitmentMinor: readCommitment(item, account),
    prices: item
      .objects('price_book')
      .filter((row) => !row.has('currency') || row.text('currency') === account.raw('currency'))
      .map(readPrice),
    allocations: item.objects('allocations').map((allocation) => readAllocation(allocation, settings)),
    reservations: item.objects('reservations').map(readReservation),
    credits: item.objects('credits').map(readCredit),
    samples: item.objects('samples').map(readSamples),
    limits: {
      futureLimitS: settings.integer('future_limit_seconds', 300),
      lateLimitS: settings.integer('late_limit_seconds', 3_024_000),
    },
    graceSeconds: settings.integer('grace_seconds', 86_400),
    invoices: item.objects('invoices').map((invoice) => readInvoice(invoice, timeZone)),
  };
  requireUnique(result.allocations, `${item.place}.allocations`);
  requireUnique(result.reservations, `${item.place}.reservations`);
  requireUnique(result.credits, `${item.place}.credits`);
  requireUnique(result.invoices, `${item.place}.invoices`);
  return result;
}
