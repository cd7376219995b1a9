import { describe, expect, test } from 'vitest';
import { amounts, at, exact, type Json, lease, price, rate, rateOnce } from './support/hand-cases';

/** Where rules meet: results worked out by hand, and by both raters. The price is 1 cent a second unless told otherwise. */
const dollarAnHour = price({ micro_per_gpu_hour: '1000000' });
const months = (...names: string[]) => names.map((month, index) => ({ id: `INV${index + 1}`, month }));
const totals = (result: Json) => Object.values(result.invoices).map((invoice: Json) => invoice.total_minor);

describe('hours that the clock skips, shows twice, or adds once in four years (S16)', () => {
  const long = lease({ start: '2026-01-01T00:00:00Z', end: '2029-01-01T00:00:00Z' });
  test.each([
    ['America/New_York', ['2026-03', '2026-11'], [74_300, 72_100]],
    ['Europe/Berlin', ['2026-03', '2026-10'], [74_300, 74_500]],
    ['Australia/Lord_Howe', ['2026-04', '2026-10'], [72_050, 74_350]],
    ['Asia/Shanghai', ['2026-03', '2026-10'], [74_400, 74_400]],
    ['UTC', ['2027-02', '2028-02'], [67_200, 69_600]],
  ])('%s: a lease over %j costs its very hours', (time_zone, names, expected) => {
    const account = { time_zone };
    expect(
      totals(rateOnce({ account, price_book: [dollarAnHour], allocations: [long], invoices: months(...names) })),
    ).toEqual(expected);
  });

  test('a lease over the hour that New York skips is one hour shorter than its wall clock says', () => {
    // 01:30 to 03:30 on 8 March 2026 is one hour.
    const one = lease({ start: '2026-03-08T06:30:00Z', end: '2026-03-08T07:30:00Z' });
    const given = { account: { time_zone: 'America/New_York' }, allocations: [one], invoices: months('2026-03') };
    expect(totals(rate(given))).toEqual([3600]);
  });

  test('a lease over 29 February is cut at midnight of 1 March', () => {
    const one = lease({ start: '2028-02-28T12:00:00Z', end: '2028-03-01T12:00:00Z' });
    const given = { price_book: [dollarAnHour], allocations: [one], invoices: months('2028-02', '2028-03') };
    expect(totals(rateOnce(given))).toEqual([3600, 1200]);
  });

  test('a price that begins at local midnight of the month belongs to the month that begins', () => {
    const one = lease({ start: '2026-09-30T15:59:00Z', end: '2026-09-30T16:01:00Z' });
    const dear = price({ from: '2026-09-30T16:00:00Z', micro_per_gpu_hour: '72000000' });
    const given = { account: { time_zone: 'Asia/Shanghai' }, price_book: [price(), dear], allocations: [one] };
    expect(totals(rate({ ...given, invoices: months('2026-09', '2026-10') }))).toEqual([60, 120]);
  });
});

describe('numbers above 2^53 in currencies of every exponent (S7)', () => {
  const big = price({ micro_per_gpu_hour: '9007199254740993' });
  test.each([
    // 9007199254740993 / (3600 x 10^(6 - exponent)) a second.
    ['JPY', 0, '3002399751580331/1200000000', 2_502_000n],
    ['USD', 2, '3002399751580331/12000000', 250_199_979n],
    ['KWD', 3, '3002399751580331/1200000', 2_501_999_793n],
  ])('%s: one second', (currency, exponent, exact_minor, minor) => {
    const one = lease({ end: at('10:00:01') });
    const given = { account: { currency, exponent }, price_book: [big], allocations: [one] };
    expect(exact(given)).toBe(exact_minor);
    expect(amounts(given)).toEqual({ 'usage:a1': Number(minor) });
  });
});

describe('a commitment that is used in part (S11)', () => {
  test.each([
    // 1,234 s at 389 an hour: 133.34 yen; of a committed 1,000.
    ['JPY', 0, '389000000', 1_000, 133, 867],
    // The same at 3.89: 1.3334 dollars, or dinars of 1,000 fils.
    ['USD', 2, '3890000', 1_000, 133, 867],
    ['KWD', 3, '3890000', 1_000, 1_333, 0],
    ['KWD', 3, '389000', 1_000, 133, 867],
  ])('%s with exponent %i', (currency, exponent, micro, commitment_minor, used, rest) => {
    const given = {
      account: { currency, exponent, commitment_minor },
      price_book: [price({ micro_per_gpu_hour: micro })],
      allocations: [lease({ end: at('10:20:34') })],
    };
    expect(amounts(given)).toEqual({ 'usage:a1': used, commitment: rest });
  });

  test('counts reservations and minimums, is taxed, and promotional credit does not pay what was not used', () => {
    const tax = { mode: 'exclusive', rate_ppm: 60_000 };
    const reservations = [
      { id: 'r', sku: 'other', gpus: 1, from: at('10:00:00'), to: at('10:00:10'), micro_per_gpu_hour: '36000000' },
    ];
    const given = {
      account: { commitment_minor: 200, tax },
      price_book: [price({ min_seconds: 60 })],
      allocations: [lease({ end: at('10:00:17') })],
      reservations,
      credits: [{ id: 'p', kind: 'promo', amount_minor: 500 }],
    };
    const { INV1 } = rate(given).invoices;
    // 60 of the minimum, 10 of the fee, 130 to the commitment; 70 burnt, 6 % of 130 is 7.8.
    expect(amounts(given)).toEqual({ 'usage:a1': 60, 'reservation:r': 10, commitment: 130 });
    expect(INV1).toMatchObject({ subtotal_minor: 200, credits_applied: { p: 70 }, net_minor: 130, tax_minor: 8 });
    expect(INV1.total_minor).toBe(138);
  });

  test('late usage takes from the commitment what it adds to its line (S14)', () => {
    const used = lease({ mode: 'utilization' });
    const samples = [
      { alloc: 'a1', t: at('10:00:00'), n: 50, util_ppm: 1_000_000 },
      { alloc: 'a1', t: at('10:00:50'), n: 30, util_ppm: 1_000_000, arrive: '2026-11-03T00:00:00Z' },
    ];
    const account = { commitment_minor: 100 };
    const { INV1, INV2 } = rate({
      account,
      allocations: [used],
      samples,
      invoices: months('2026-10', '2026-11'),
    }).invoices;
    expect([INV1.subtotal_minor, INV1.total_minor]).toEqual([100, 100]);
    expect(INV2).toMatchObject({
      adjustments: [{ key: 'usage:a1', corrects_invoice: 'INV1', amount_minor: 30 }],
      credit_notes: [{ key: 'commitment', corrects_invoice: 'INV1', amount_minor: -30 }],
      // Its own commitment, of which nothing was used, and the adjustment.
      total_minor: 130,
    });
  });
});

describe('minimum, credit, tax and means of payment, in this order', () => {
  const short = { price_book: [price({ min_seconds: 60 })], allocations: [lease({ end: at('10:00:17') })] };

  test('seconds of the minimum lie at the start: a credit that begins later does not pay them (S9, S12, S13)', () => {
    const tax = { mode: 'exclusive', rate_ppm: 210_000 };
    const credits = [
      { id: 'p', kind: 'promo', amount_minor: 25, effective: at('10:00:10') },
      { id: 'm', kind: 'paid', amount_minor: 50 },
    ];
    const { INV1 } = rate({ ...short, account: { tax }, credits }).invoices;
    // 7 of 60 burnt; 21 % of 53 is 11.13; 50 of 64 paid.
    expect(INV1).toMatchObject({ subtotal_minor: 60, credits_applied: { p: 7, m: 50 }, net_minor: 53, tax_minor: 11 });
    expect([INV1.total_minor, INV1.due_minor]).toEqual([64, 14]);
  });

  test('a credit that ends after the first second pays them all (S9, S12)', () => {
    const credits = [{ id: 'p', kind: 'promo', amount_minor: 100, expires: at('10:00:01') }];
    const { invoices, credits: left } = rate({ ...short, credits });
    expect(invoices.INV1).toMatchObject({ credits_applied: { p: 44 }, total_minor: 16 });
    expect(left.p).toEqual({ remaining_minor: 0, expired_minor: 56 });
  });

  test('inclusive tax is taken out of what credit has left (S12, S13)', () => {
    const tax = { mode: 'inclusive', rate_ppm: 60_000 };
    const credits = [{ id: 'p', kind: 'promo', amount_minor: 25 }];
    const { INV1 } = rate({ account: { tax }, credits }).invoices;
    // 75 / 1.06 is 70.75.
    expect(INV1).toMatchObject({ net_minor: 71, tax_minor: 4, total_minor: 75 });
  });

  test('a cap stops usage before credit and tax are looked at, and tax may pass it (S12, S13, S15)', () => {
    const account = { spend_cap_minor: 50, tax: { mode: 'exclusive', rate_ppm: 100_000 } };
    const credits = [{ id: 'p', kind: 'promo', amount_minor: 20 }];
    const { INV1 } = rate({ account, credits }).invoices;
    expect(INV1).toMatchObject({ subtotal_minor: 50, cap_reached_at: at('10:00:50'), net_minor: 30, tax_minor: 3 });
    expect(INV1.total_minor).toBe(33);
  });

  test('one credit follows the other over two months, and what expires at the end of the first is not in the second', () => {
    const whole = lease({ start: '2026-10-31T23:59:00Z', end: '2026-11-01T00:01:00Z' });
    const credits = [
      { id: 'october', kind: 'promo', amount_minor: 100, expires: '2026-11-01T00:00:00Z' },
      { id: 'always', kind: 'promo', amount_minor: 30 },
    ];
    const result = rate({ allocations: [whole], credits, invoices: months('2026-10', '2026-11') });
    expect(totals(result)).toEqual([0, 30]);
    expect(result.credits).toEqual({
      october: { remaining_minor: 0, expired_minor: 40 },
      always: { remaining_minor: 0, expired_minor: 0 },
    });
  });
});

describe('a limit of a tier that is hit to the ppm (S8)', () => {
  const tiers = [
    { up_to_gpu_seconds: 100, micro_per_gpu_hour: '72000000' },
    { up_to_gpu_seconds: null, micro_per_gpu_hour: '36000000' },
  ];
  const third = lease({ gpus: { num: 1, den: 3 }, end: at('10:05:00') });
  test.each(['graduated', 'volume'])('%s: a third of an accelerator for 300 seconds is 100', (model) => {
    expect(amounts({ price_book: [price({ model, tiers })], allocations: [third] })).toEqual({ 'tiered:g': 200 });
    const longer = { ...third, end: at('10:05:03') };
    const more = model === 'graduated' ? 201 : 101;
    expect(amounts({ price_book: [price({ model, tiers })], allocations: [longer] })).toEqual({ 'tiered:g': more });
  });

  test('a minimum fills tiers, what a reservation covers and what was not delivered do not (S9, S10, S17)', () => {
    const book = [price({ model: 'graduated', tiers, min_seconds: 90 })];
    const reservations = [
      { id: 'r', sku: 'g', gpus: 1, from: at('11:00:00'), to: at('11:01:00'), micro_per_gpu_hour: '0' },
    ];
    const gap = [{ from: at('12:00:00'), to: at('12:00:30'), reason: 'host_lost' }];
    const allocations = [
      lease({ id: 'short', end: at('10:00:30') }),
      lease({ id: 'covered', start: at('11:00:00'), end: at('11:02:00') }),
      lease({ id: 'broken', start: at('12:00:00'), end: at('12:02:00'), undelivered: gap }),
    ];
    // 90 + 60 + 90 = 240 seconds: 100 at 2, 140 at 1.
    expect(amounts({ price_book: book, allocations, reservations })).toEqual({ 'tiered:g': 340, 'reservation:r': 0 });
  });
});

test('intervals of no length are nothing: lease, stretch, reservation and credit', () => {
  const moment = at('10:00:30');
  const given = {
    allocations: [
      lease({ undelivered: [{ from: moment, to: moment, reason: 'host_lost' }] }),
      lease({ id: 'none', start: moment, end: moment }),
    ],
    price_book: [price({ min_seconds: 60 })],
    reservations: [{ id: 'r', sku: 'g', gpus: 5, from: moment, to: moment, micro_per_gpu_hour: '36000000' }],
    credits: [{ id: 'p', kind: 'promo', amount_minor: 50, effective: moment, expires: moment }],
  };
  expect(amounts(given)).toEqual({ 'usage:a1': 100 });
  const result = rate(given);
  expect(result.invoices.INV1).toMatchObject({ total_minor: 100, due_minor: 100 });
  expect(result.credits.p).toEqual({ remaining_minor: 0, expired_minor: 50 });
});
