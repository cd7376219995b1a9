import { formatTimestamp, monthBounds } from '@suanxiang/domain/calendar';
import fc from 'fast-check';

/**
 * Random cases of the format gpu-billing-cases/1: short leases around a month boundary in some zone, prices that change
 * there, samples that are late, early, repeated, revised or invalid. What a case may hold is chosen by `features`.
 */
export interface Features {
  /** Late samples lead to adjustments and credit notes; the rules do not define them together with tax or credits. */
  late?: boolean;
  tiers?: boolean;
  reservations?: boolean;
  cap?: boolean;
  money?: boolean;
  commitment?: boolean;
}

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
];
const MONTHS = ['2026-03', '2026-10', '2026-11', '2024-02', '2025-12'];
const SKUS = ['gpu.a', 'gpu.b'];

const micro = fc.bigInt({ min: 0n, max: 90_000_000n }).map(String);
const offset = fc.integer({ min: -300, max: 300 });
const gpus = fc.oneof(
  fc.integer({ min: 1, max: 8 }),
  fc.record({ num: fc.integer({ min: 1, max: 7 }), den: fc.constantFrom(2, 3, 7) }),
);
const utilization = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 10_000 }).map((steps) => steps * 100) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 333_333, 1_000_000) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 1_000_001, 0.5, null, '7') },
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Drops members that are undefined, as a case file has them absent. */
function compact<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function spanArbitrary(at: (second: number) => string, longest: number) {
  return fc
    .tuple(offset, fc.integer({ min: 0, max: longest }))
    .map(([from, length]) => ({ from: at(from), to: at(from + length) }));
}

function priceBook(at: (second: number) => string, features: Features) {
  const flat = fc.record({ micro_per_gpu_hour: micro, min_seconds: optional(fc.integer({ min: 0, max: 200 })) });
  const tiered = fc
    .record({
      model: fc.constantFrom('graduated', 'volume'),
      limits: fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { maxLength: 3 }),
      prices: fc.array(micro, { minLength: 4, maxLength: 4 }),
      min_seconds: optional(fc.integer({ min: 0, max: 200 })),
    })
    .map(({ model, limits, prices, min_seconds }) => ({
      model,
      min_seconds,
      tiers: [...limits.sort((a, b) => a - b), null].map((limit, i) => ({
        up_to_gpu_seconds: limit,
        micro_per_gpu_hour: prices[i],
      })),
    }));
  const pricing: fc.Arbitrary<object> = features.tiers ? fc.oneof(flat, tiered) : flat;
  const row = fc
    .record({ sku: fc.constantFrom(...SKUS), from: offset, published: optional(offset), pricing })
    .map(({ sku, from, published, pricing: price }) => {
      const isFirst = from < -250;
      const published_at = published === undefined ? undefined : at(published);
      return { sku, from: at(isFirst ? -400_000 : from), published_at, ...price };
    });
  return fc.array(row, { minLength: 1, maxLength: 6 });
}

function samplesArbitrary(at: (second: number) => string, features: Features) {
  const delay = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -300, max: 900 }) },
    { weight: 1, arbitrary: fc.constantFrom(-301, 3_024_001) },
    ...(features.late ? [{ weight: 3, arbitrary: fc.integer({ min: 80_000, max: 3_024_000 }) }] : []),
    ...(features.late ? [{ weight: 1, arbitrary: fc.constant(3_024_000) }] : []),
  );
  const group = fc.record({
    alloc: fc.constantFrom('a1', 'a2', 'a3', 'a4', 'a9'),
    t: offset,
    n: fc.integer({ min: 0, max: 90 }),
    step: optional(fc.integer({ min: 1, max: 4 })),
    util_ppm: utilization,
    rev: optional(fc.integer({ min: 0, max: 2 })),
    delay_s: optional(delay),
    arrive: optional(offset),
  });
  return fc.array(
    group.map(({ t, arrive, ...rest }) => ({
      ...rest,
      t: at(t),
      arrive: arrive === undefined || rest.delay_s !== undefined ? undefined : at(arrive),
    })),
    { maxLength: 10 },
  );
}

function allocationsArbitrary(at: (second: number) => string) {
  const undelivered = fc.record({ span: spanArbitrary(at, 80), reason: fc.constantFrom('host_lost', 'maintenance') });
  const allocation = fc.record({
    sku: fc.constantFrom(...SKUS),
    gpus,
    span: spanArbitrary(at, 250),
    mode: fc.constantFrom('allocated', 'utilization'),
    undelivered: optional(
      fc.array(
        undelivered.map(({ span, reason }) => ({ ...span, reason })),
        { maxLength: 3 },
      ),
    ),
  });
  return fc
    .array(allocation, { minLength: 1, maxLength: 4 })
    .map((items) =>
      items.map(({ span, ...rest }, index) => ({ id: `a${index + 1}`, ...rest, start: span.from, end: span.to })),
    );
}

function creditsArbitrary(at: (second: number) => string) {
  const credit = fc.record({
    kind: fc.constantFrom('promo', 'paid'),
    amount_minor: fc.integer({ min: 0, max: 3000 }),
    priority: fc.integer({ min: 0, max: 2 }),
    effective: optional(offset),
    expires: optional(offset),
    granted: optional(offset),
  });
  return fc.array(credit, { maxLength: 4 }).map((items) =>
    items.map(({ effective, expires, granted, ...rest }, index) => ({
      id: `c${index}`,
      ...rest,
      effective: effective === undefined ? undefined : at(effective),
      expires: expires === undefined || rest.kind === 'paid' ? undefined : at(expires),
      granted: granted === undefined ? undefined : at(granted),
    })),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: cases are raw JSON, as from a file
export function randomCase(features: Features = {}): fc.Arbitrary<any> {
  return fc.tuple(fc.constantFrom(...ZONES), fc.constantFrom(...MONTHS)).chain(([time_zone, month]) => {
    const { fromS, toS } = monthBounds(month, time_zone);
    const at = (second: number) => formatTimestamp(toS + second);
    const next = (seconds: number) => formatTimestamp(toS + seconds).slice(0, 7);
    const months = [formatTimestamp((fromS + toS) / 2).slice(0, 7), next(15 * 86_400), next(45 * 86_400)];
    const reservation = fc
      .record({ sku: fc.constantFrom(...SKUS), gpus, span: spanArbitrary(at, 400), micro_per_gpu_hour: micro })
      .map(({ span, ...rest }) => ({ ...rest, ...span }));
    return fc
      .record({
        account: fc.record({
          exponent: fc.constantFrom(0, 2, 3, 6),
          tax: features.money
            ? optional(
                fc.record({
                  mode: fc.constantFrom('exclusive', 'inclusive'),
                  rate_ppm: fc.integer({ min: 0, max: 300_000 }),
                }),
              )
            : fc.constant(undefined),
          commitment_minor: features.commitment ? optional(fc.integer({ min: 0, max: 900 })) : fc.constant(undefined),
          spend_cap_minor: features.cap ? optional(fc.integer({ min: 0, max: 600 })) : fc.constant(undefined),
        }),
        config: fc.record({
          floor_ppm: optional(fc.constantFrom(0, 200_000, 500_001)),
          gap_policy: optional(fc.constantFrom('zero', 'hold', 'floor')),
          hold_seconds: optional(fc.integer({ min: 0, max: 10 })),
        }),
        price_book: priceBook(at, features),
        allocations: allocationsArbitrary(at),
        samples: samplesArbitrary(at, features),
        reservations: fc.array(reservation, { maxLength: features.reservations ? 2 : 0 }),
        credits: features.money ? creditsArbitrary(at) : fc.constant([]),
      })
      .map((item) =>
        compact({
          id: 'X',
          kind: 'rating',
          ...item,
          account: { id: 'acct', currency: 'USD', time_zone, ...item.account },
          reservations: item.reservations.map((entry, index) => ({ id: `r${index}`, ...entry })),
          invoices: months.map((name, index) => ({ id: `INV${index + 1}`, month: name })),
        }),
      );
  });
}
