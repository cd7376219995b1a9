import { exactJson, parseExactJson } from '@suanxiang/metering/rating/case-json';
import { readRatingCase } from '@suanxiang/metering/rating/from-cases';
import { rateCase } from '@suanxiang/metering/rating/rate-case';
import { describe, expect, test } from 'vitest';
import { amounts, at, CENT_A_SECOND, caseOf, exact, type Json, lease, price, rate } from './support/hand-cases';

/** Hard cases of each rule with results that were worked out by hand. */
const used = lease({ mode: 'utilization' });
const samples = (fields: Json) => ({ alloc: 'a1', t: at('10:00:00'), n: 100, util_ppm: 1_000_000, ...fields });

describe('samples', () => {
  test.each([
    ['every third second, the last one at the end of the lease is outside (S1, S4)', { n: 35, step: 3 }, '34/1'],
    ['ten seconds before the lease begins (S4)', { t: at('09:59:50'), n: 20 }, '10/1'],
    ['a fraction of a second is cut off, and second 60 is read as 59 (S1)', { t: at('09:59:60.999'), n: 2 }, '1/1'],
    ['1 ppm of one second (S7)', { n: 1, util_ppm: 1 }, '1/1000000'],
    ['just in time: late by the limit (S2)', { delay_s: 3_024_000 }, '0/1'],
    ['stamped as far ahead as allowed (S2)', { delay_s: -300 }, '100/1'],
  ])('%s', (_name, group, expected) => {
    expect(exact({ allocations: [used], samples: [samples(group)] })).toBe(expected);
  });

  test('negative, above one, broken, absent, of no lease: quarantined, each second counted (S2)', () => {
    const bad = [-1, 1_000_001, 0.5, null, '500000', true].map((util_ppm) => samples({ n: 7, util_ppm }));
    const result = rate({ allocations: [used], samples: [...bad, samples({ alloc: 'nobody', n: 3 })] });
    expect(result).toMatchObject({ quarantined_samples: 45, invoices: { INV1: { total_minor: 0 } } });
    expect(result.invoices.INV1.lines).toHaveLength(1);
  });

  test('a revision of any size is the highest (S3)', () => {
    const revs = [2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1, 7].map((rev, index) =>
      samples({ rev, util_ppm: index * 100_000 }),
    );
    expect(exact({ allocations: [used], samples: revs })).toBe('20/1');
    expect(exact({ allocations: [used], samples: revs.toReversed() })).toBe('20/1');
  });

  test('a hold reaches its last second and not one more, starts anew with each sample, and holds the floored value (S5)', () => {
    const config = { gap_policy: 'hold', hold_seconds: 3, floor_ppm: 500_000 };
    const two = [samples({ n: 1, util_ppm: 100_000 }), samples({ t: at('10:00:02'), n: 1, util_ppm: 900_000 })];
    // Seconds 0 and 1 at the floor, 2 to 5 at 0.9: 0.5 + 0.5 + 4 x 0.9.
    expect(exact({ allocations: [used], samples: two, config })).toBe('23/5');
  });

  test('policy floor fills gaps, and never an undelivered second (S5, S17)', () => {
    const gap = [{ from: at('10:00:10'), to: at('10:00:30'), reason: 'host_lost' }];
    const config = { gap_policy: 'floor', floor_ppm: 250_000 };
    expect(exact({ allocations: [{ ...used, undelivered: gap }], config })).toBe('20/1');
  });
});

describe('prices and lines', () => {
  test('a change in the middle of a minute counts from its very second; published later, from then on (S6)', () => {
    const double = { from: at('10:00:31'), micro_per_gpu_hour: '72000000' };
    expect(amounts({ price_book: [price(), price(double)] })).toEqual({ 'usage:a1': 31 + 2 * 69 });
    const late = { ...double, published_at: at('10:01:39') };
    expect(amounts({ price_book: [price(), price(late)] })).toEqual({ 'usage:a1': 99 + 2 });
  });

  test('a spot series with a price of 0 in between and one that starts at the end of the lease (S6)', () => {
    const book = [
      price({ from: at('10:00:00') }),
      price({ from: at('10:00:20'), micro_per_gpu_hour: '0' }),
      price({ from: at('10:00:50'), micro_per_gpu_hour: '108000000' }),
      price({ from: at('10:01:40'), micro_per_gpu_hour: '999999999999' }),
    ];
    expect(amounts({ price_book: book })).toEqual({ 'usage:a1': 20 + 150 });
  });

  test.each([
    ['exactly half a cent, away from zero', '18000000', 1, 1],
    ['just under half', '17999999', 1, 0],
    ['one and a half', '54000000', 1, 2],
    ['two and a half: not to the even one', '90000000', 1, 3],
  ])('%s (S7)', (_name, micro, seconds, minor) => {
    const end = `2026-10-05T10:00:0${seconds}Z`;
    const book = [price({ micro_per_gpu_hour: micro })];
    expect(amounts({ price_book: book, allocations: [lease({ end })] })).toEqual({ 'usage:a1': minor });
  });

  test('2^53 + 1 millionths an hour for 4,096 accelerators and a whole month keep every digit (S7)', () => {
    const text = JSON.stringify(
      caseOf({
        price_book: [price({ micro_per_gpu_hour: 'BIG' })],
        allocations: [lease({ gpus: 4096, start: '2026-10-01T00:00:00Z', end: '2026-11-01T00:00:00Z' })],
      }),
    );
    const item = parseExactJson(text.replace('"BIG"', '9007199254740993'));
    const result = exactJson(rateCase(readRatingCase(item)));
    // 4096 x 744 h x 9007199254740993 / 10^4, and half a cent is not reached.
    const tenThousandths = 4096n * 744n * 9_007_199_254_740_993n;
    expect(result).toContain(`"total_minor": ${(2n * tenThousandths + 10_000n) / 20_000n}`);
  });

  test('a lease of no length and one outside the month have no line; one of no use has one at 0 (S7)', () => {
    const none = lease({ id: 'a0', end: at('10:00:00') });
    const before = lease({ id: 'a2', start: '2026-09-01T00:00:00Z', end: '2026-10-01T00:00:00Z' });
    expect(amounts({ allocations: [none, before, { ...used, id: 'a3' }] })).toEqual({ 'usage:a3': 0 });
  });
});

describe('tiers (S8)', () => {
  const tiers = [
    { up_to_gpu_seconds: 100, micro_per_gpu_hour: '72000000' },
    { up_to_gpu_seconds: 200, micro_per_gpu_hour: CENT_A_SECOND },
    { up_to_gpu_seconds: null, micro_per_gpu_hour: '0' },
  ];
  const upTo = (seconds: number) => {
    const end = new Date(Date.parse(at('10:00:00')) + seconds * 1000).toISOString();
    return lease({ end });
  };
  test.each([
    ['graduated', 99, 198],
    ['graduated', 100, 200],
    ['graduated', 101, 201],
    ['graduated', 200, 300],
    ['graduated', 900, 300],
    ['volume', 100, 200],
    ['volume', 101, 101],
    ['volume', 200, 200],
    ['volume', 201, 0],
  ])('%s at %i seconds', (model, seconds, minor) => {
    const book = [price({ model, tiers })];
    expect(amounts({ price_book: book, allocations: [upTo(seconds)] })).toEqual({ 'tiered:g': minor });
  });

  test('the sum of two half-used leases ends exactly at a limit, and one more ppm-second ends in the next band', () => {
    const two = [
      { ...used, gpus: 2 },
      { ...used, id: 'a2', gpus: { num: 1, den: 2 } },
    ];
    // 2 x 40 + 1/2 x 40 = 100 seconds.
    const half = ['a1', 'a2'].map((alloc) => samples({ alloc, n: 80, util_ppm: 500_000 }));
    const book = [price({ model: 'volume', tiers })];
    expect(amounts({ price_book: book, allocations: two, samples: half })).toEqual({ 'tiered:g': 200 });
    const more = samples({ t: at('10:01:30'), n: 1, util_ppm: 1 });
    expect(amounts({ price_book: book, allocations: two, samples: [...half, more] })).toEqual({ 'tiered:g': 100 });
  });
});

describe('minimum (S9)', () => {
  const book = [price({ min_seconds: 60 })];
  const short = (id: string, start: string, end: string) => lease({ id, start: at(start), end: at(end) });

  test('each restart pays its own; one second short, exactly long enough, one longer', () => {
    const allocations = [
      short('a1', '10:00:00', '10:00:59'),
      short('a2', '10:01:00', '10:02:00'),
      short('a3', '10:03:00', '10:04:01'),
      short('a4', '10:05:00', '10:05:01'),
    ];
    expect(Object.values(amounts({ price_book: book, allocations }))).toEqual([60, 60, 61, 60]);
  });

  test('the price of the start pays the missing seconds, though another one is in force when it ends', () => {
    const double = price({ from: at('10:00:10'), micro_per_gpu_hour: '72000000' });
    const allocations = [short('a1', '10:00:00', '10:00:20')];
    // 10 at 1, 10 at 2, 40 missing at 1.
    expect(amounts({ price_book: [...book, double], allocations })).toEqual({ 'usage:a1': 70 });
  });

  test('a start at the last second of a month pays there', () => {
    const allocations = [lease({ start: '2026-10-31T23:59:59Z', end: '2026-11-01T00:00:09Z' })];
    const invoices = ['2026-10', '2026-11'].map((month, index) => ({ id: `INV${index + 1}`, month }));
    const result = rate({ price_book: book, allocations, invoices }).invoices;
    expect([result.INV1.total_minor, result.INV2.total_minor]).toEqual([51, 9]);
  });
});

describe('reservations and commitment', () => {
  test('a reservation that begins and ends inside a lease, and a lease that wants more than is left (S10)', () => {
    const reservations = [
      { id: 'r1', sku: 'g', gpus: 3, from: at('10:00:20'), to: at('10:00:50'), micro_per_gpu_hour: '18000000' },
    ];
    const allocations = [lease({ id: 'b', gpus: 2 }), lease({ id: 'a', gpus: 2 })];
    // Same start, so by id: a is covered whole for 30 s, b by one of its two.
    expect(amounts({ reservations, allocations })).toEqual({
      'usage:b': 140 + 30,
      'usage:a': 140,
      'reservation:r1': 45,
    });
  });

  test('a commitment met to the cent adds 0, one cent more adds 1 (S11)', () => {
    expect(amounts({ account: { commitment_minor: 100 } })).toEqual({ 'usage:a1': 100, commitment: 0 });
    expect(amounts({ account: { commitment_minor: 101 } })).toEqual({ 'usage:a1': 100, commitment: 1 });
  });
});

describe('credits, tax, cap', () => {
  const promo = (fields: Json) => ({ id: 'p', kind: 'promo', amount_minor: 1000, ...fields });

  test('a credit pays seconds from its beginning to before its end, and the rest of it expires (S12)', () => {
    const credits = [promo({ effective: at('10:00:10'), expires: at('10:00:40') })];
    const result = rate({ credits });
    expect(result.invoices.INV1).toMatchObject({ credits_applied: { p: 30 }, total_minor: 70 });
    expect(result.credits.p).toEqual({ remaining_minor: 0, expired_minor: 970 });
  });

  test('the one that expires first burns first, and what is over goes to the next within the part (S12)', () => {
    const credits = [
      promo({ id: 'never', amount_minor: 15 }),
      promo({ id: 'soon', expires: at('10:00:50'), amount_minor: 40 }),
    ];
    const { INV1 } = rate({ credits }).invoices;
    expect(INV1).toMatchObject({ credits_applied: { soon: 40, never: 15 }, total_minor: 45 });
  });

  test('money pays the tax, promotional credit does not (S12, S13)', () => {
    const tax = { mode: 'exclusive', rate_ppm: 60_000 };
    const credits = [promo({ amount_minor: 75 }), { id: 'm', kind: 'paid', amount_minor: 1000 }];
    // 25 of net, 1.5 of tax to 2.
    const { INV1 } = rate({ account: { tax }, credits }).invoices;
    expect(INV1).toMatchObject({ net_minor: 25, tax_minor: 2, total_minor: 27, due_minor: 0 });
    expect(INV1.credits_applied).toEqual({ p: 75, m: 27 });
  });

  test.each([
    ['exclusive', 50_000, 100, 5, 105],
    ['exclusive', 55_000, 100, 6, 106],
    ['inclusive', 60_000, 94, 6, 100],
    ['inclusive', 1_000_000, 50, 50, 100],
    ['inclusive', 0, 100, 0, 100],
  ])('%s tax of %i ppm (S13)', (mode, rate_ppm, net_minor, tax_minor, total_minor) => {
    const { INV1 } = rate({ account: { tax: { mode, rate_ppm } } }).invoices;
    expect(INV1).toMatchObject({ net_minor, tax_minor, total_minor });
  });

  test.each([
    ['reached exactly at the last second is not reached', 100, 100, undefined],
    ['one cent below', 99, 99, at('10:01:39')],
    ['of 0', 0, 0, at('10:00:00')],
  ])('a cap %s (S15)', (_name, spend_cap_minor, total_minor, cap_reached_at) => {
    const { INV1 } = rate({ account: { spend_cap_minor } }).invoices;
    expect([INV1.total_minor, INV1.cap_reached_at]).toEqual([total_minor, cap_reached_at]);
  });

  test('a cap in the middle of a second of three accelerators leaves the whole second out (S15)', () => {
    const { INV1 } = rate({ account: { spend_cap_minor: 100 }, allocations: [lease({ gpus: 3 })] }).invoices;
    expect(INV1).toMatchObject({ total_minor: 99, cap_reached_at: at('10:00:33') });
  });
});

describe('months (S16)', () => {
  test.each([
    ['Asia/Shanghai', '2026-10', '2026-09-30T16:00:00Z', 744],
    ['America/New_York', '2026-11', '2026-11-01T04:00:00Z', 721],
    ['Australia/Lord_Howe', '2026-04', '2026-03-31T13:00:00Z', 720.5],
    ['UTC', '2028-02', '2028-02-01T00:00:00Z', 696],
    ['Asia/Kathmandu', '2100-02', '2100-01-31T18:15:00Z', 672],
    // The clock goes from 00:00 to 01:00 as October begins: the month begins with the change.
    ['America/Asuncion', '2017-10', '2017-10-01T04:00:00Z', 743],
    // The clock shows 00:00 of 1 November twice; the first one counts, and the month has the hour more.
    ['America/Havana', '2015-11', '2015-11-01T04:00:00Z', 721],
  ])('%s %s begins at %s and has %d hours', (time_zone, month, start, hours) => {
    const { INV1 } = rate({ account: { time_zone }, allocations: [], invoices: [{ id: 'INV1', month }] }).invoices;
    expect([INV1.period_utc[0], INV1.period_seconds]).toEqual([start, hours * 3600]);
  });

  test('a lease over a change of the clock at the boundary pays every second once', () => {
    const allocations = [lease({ start: '2017-10-01T03:59:50Z', end: '2017-10-01T04:00:10Z' })];
    const invoices = ['2017-09', '2017-10'].map((month, index) => ({ id: `INV${index + 1}`, month }));
    const result = rate({ account: { time_zone: 'America/Asuncion' }, allocations, invoices }).invoices;
    expect([result.INV1.total_minor, result.INV2.total_minor]).toEqual([10, 10]);
  });
});

test.each([
  ['JPY', 0, 1],
  ['CNY', 2, 100],
  ['EUR', 2, 100],
  ['KWD', 3, 1000],
])('%s counts in its own minor unit', (currency, exponent, total_minor) => {
  expect(rate({ account: { currency, exponent } }).invoices.INV1).toMatchObject({ total_minor });
});

test('late revisions up, down and up again: every document is the difference to what was billed (S14)', () => {
  const invoices = ['2026-10', '2026-11', '2026-12'].map((month, index) => ({ id: `INV${index + 1}`, month }));
  const given = [
    samples({ n: 50 }),
    samples({ rev: 1, n: 50, util_ppm: 200_000, arrive: '2026-11-03T00:00:00Z' }),
    samples({ rev: 2, n: 100, util_ppm: 600_000, arrive: '2026-11-05T00:00:00Z' }),
  ];
  // Both late revisions lie before the second closing: 50 to 60, and the third invoice finds nothing new.
  const result = rate({ allocations: [used], samples: given, invoices }).invoices;
  expect(result.INV2.adjustments).toEqual([{ key: 'usage:a1', corrects_invoice: 'INV1', amount_minor: 10 }]);
  expect(result.INV3.adjustments).toBeUndefined();
});
