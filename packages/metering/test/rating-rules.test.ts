import { describe, expect, test } from 'vitest';
import { at, type Json, lease, price, rateOnce as rate } from './support/hand-cases';

// Prices in the tests: 36.00 an hour is 1 cent a second, 3.60 an hour is 0.1 cent a second.

const linesOf = (fields: Json, invoice = 'INV1') =>
  Object.fromEntries(rate(fields).invoices[invoice].lines.map((line: Json) => [line.key, line.exact_minor]));

describe('samples', () => {
  const used = { allocations: [lease({ mode: 'utilization' })] };
  const sample = (fields: Json) => ({ alloc: 'a1', t: at('10:00:00'), n: 1, util_ppm: 1_000_000, ...fields });

  test.each([
    ['as late as allowed', { delay_s: 3_024_000 }, 0],
    ['a second too late', { delay_s: 3_024_001 }, 1],
    ['as early as allowed', { delay_s: -300 }, 0],
    ['a second too early', { delay_s: -301 }, 1],
    ['above the range', { util_ppm: 1_000_001 }, 1],
    ['below the range', { util_ppm: -1 }, 1],
    ['a fraction', { util_ppm: 0.5 }, 1],
    ['no number', { util_ppm: null }, 1],
    ['of an unknown lease', { alloc: 'zz' }, 1],
    ['before the lease: clipped, not quarantined', { t: at('09:00:00') }, 0],
  ])('%s (S2)', (_name, fields, quarantined) => {
    expect(rate({ ...used, samples: [sample(fields)] }).quarantined_samples).toBe(quarantined);
  });

  test('a fixed arrival cuts a group in valid and quarantined samples (S1, S2)', () => {
    const result = rate({ ...used, samples: [sample({ n: 50, step: 10, arrive: at('10:00:00') })] });
    expect(result.quarantined_samples).toBe(19);
  });

  test('quarantined samples are never billed and never clamped (S2)', () => {
    expect(linesOf({ ...used, samples: [sample({ n: 100, util_ppm: 1_000_001 })] })).toEqual({ 'usage:a1': '0/1' });
  });

  test('a higher revision wins over a lower value, among equal revisions the lower value wins (S3)', () => {
    const samples = [
      sample({ n: 10, util_ppm: 100_000, rev: 0 }),
      sample({ n: 10, util_ppm: 900_000, rev: 2 }),
      sample({ n: 10, util_ppm: 800_000, rev: 2 }),
      sample({ n: 10, util_ppm: 0, rev: 1 }),
    ];
    expect(linesOf({ ...used, samples })).toEqual({ 'usage:a1': '8/1' });
    expect(linesOf({ ...used, samples: samples.toReversed() })).toEqual({ 'usage:a1': '8/1' });
  });

  test.each([
    ['zero', {}, '10/1'],
    ['floor', { floor_ppm: 250_000 }, '65/2'],
    ['hold', { hold_seconds: 4 }, '14/1'],
    ['hold', { hold_seconds: 1000 }, '100/1'],
    ['hold', { hold_seconds: 4, floor_ppm: 250_000 }, '14/1'],
    ['hold', {}, '10/1'],
  ])('gap policy %s with %o (S5)', (gap_policy, config, exact) => {
    expect(linesOf({ ...used, config: { gap_policy, ...config }, samples: [sample({ n: 10 })] })).toEqual({
      'usage:a1': exact,
    });
  });

  test('a value is not held from before the lease, nor from the period before (S5)', () => {
    const config = { gap_policy: 'hold', hold_seconds: 30 };
    expect(linesOf({ ...used, config, samples: [sample({ t: at('09:59:59') })] })).toEqual({ 'usage:a1': '0/1' });
    const across = {
      config,
      allocations: [lease({ mode: 'utilization', start: '2026-10-31T23:59:50Z', end: '2026-11-01T00:00:10Z' })],
      samples: [sample({ t: '2026-10-31T23:59:55Z' })],
      invoices: [
        { id: 'INV1', month: '2026-10' },
        { id: 'INV2', month: '2026-11' },
      ],
    };
    expect(linesOf(across)).toEqual({ 'usage:a1': '5/1' });
    expect(linesOf(across, 'INV2')).toEqual({ 'usage:a1': '0/1' });
  });
});

describe('prices', () => {
  test('a row applies from its publication, never to seconds before (S6)', () => {
    const late = price({ from: at('10:00:10'), published_at: at('10:00:40'), micro_per_gpu_hour: '0' });
    expect(linesOf({ price_book: [price(), late] })).toEqual({ 'usage:a1': '40/1' });
  });

  test('of two rows for one moment the one published last wins, wherever it stands (S6)', () => {
    const wrong = price({ published_at: '2025-12-01T00:00:00Z', micro_per_gpu_hour: '1' });
    const right = price({ published_at: '2025-12-02T00:00:00Z' });
    for (const price_book of [
      [wrong, right],
      [right, wrong],
    ]) {
      expect(linesOf({ price_book })).toEqual({ 'usage:a1': '100/1' });
    }
  });

  test('seconds before the first price cost nothing', () => {
    expect(linesOf({ price_book: [price({ from: at('10:01:00') })] })).toEqual({ 'usage:a1': '40/1' });
  });
});

describe('tiers (S8)', () => {
  const tiers = [
    { up_to_gpu_seconds: 100, micro_per_gpu_hour: '72000000' },
    { up_to_gpu_seconds: 150, micro_per_gpu_hour: '36000000' },
    { up_to_gpu_seconds: null, micro_per_gpu_hour: '18000000' },
  ];
  const two = [lease(), lease({ id: 'a2', start: at('11:00:00'), end: at('11:01:40') })];
  const book = (model: string) => [price({ model, tiers, micro_per_gpu_hour: undefined })];

  test('graduated: one line over the account, each band at its price', () => {
    expect(linesOf({ price_book: book('graduated'), allocations: two })).toEqual({ 'tiered:g': '275/1' });
  });

  test('volume: the whole quantity at the band it ends in', () => {
    expect(linesOf({ price_book: book('volume'), allocations: two })).toEqual({ 'tiered:g': '100/1' });
    expect(linesOf({ price_book: book('volume') })).toEqual({ 'tiered:g': '200/1' });
  });

  test('a price that turns tiered inside a lease: each second is in one line', () => {
    const price_book = [price(), ...book('graduated').map((row) => ({ ...row, from: at('10:00:30') }))];
    expect(linesOf({ price_book })).toEqual({ 'usage:a1': '30/1', 'tiered:g': '140/1' });
  });
});

describe('attack 40: minimum charge (S9)', () => {
  const price_book = [price({ min_seconds: 60 })];
  const minimum = (fields: Json) => linesOf({ price_book, allocations: [lease(fields)] });

  test('is added at the starting price', () => {
    const book = [price({ min_seconds: 60 }), price({ from: at('10:00:10'), micro_per_gpu_hour: '72000000' })];
    expect(linesOf({ price_book: book, allocations: [lease({ end: at('10:00:20') })] })).toEqual({
      'usage:a1': '70/1',
    });
  });

  test('belongs to the period that holds the start, for the length of the whole lease', () => {
    const item = {
      price_book,
      allocations: [lease({ start: '2026-10-31T23:59:55Z', end: '2026-11-01T00:00:10Z' })],
      invoices: [
        { id: 'INV1', month: '2026-10' },
        { id: 'INV2', month: '2026-11' },
      ],
    };
    expect(linesOf(item)).toEqual({ 'usage:a1': '50/1' });
    expect(linesOf(item, 'INV2')).toEqual({ 'usage:a1': '10/1' });
  });

  test('undelivered seconds do not count towards it (S17)', () => {
    const lost = [{ from: at('10:00:05'), to: at('10:01:30'), reason: 'host_lost' }];
    expect(minimum({ undelivered: lost })).toEqual({ 'usage:a1': '60/1' });
  });

  test('nothing delivered, nothing charged', () => {
    expect(minimum({ undelivered: [{ from: at('09:00:00'), to: at('11:00:00'), reason: 'provisioning' }] })).toEqual({
      'usage:a1': '0/1',
    });
  });

  test('is due for each of a thousand leases of a second each: flapping costs sixty times what it used', () => {
    const second = (n: number) => `2026-10-12T${new Date(n * 2_000).toISOString().slice(11, 19)}Z`;
    const allocations = Array.from({ length: 1_000 }, (_, n) =>
      lease({ id: `a${n}`, start: second(n), end: second(n + 0.5) }),
    );
    const lines = linesOf({ price_book, allocations });
    expect(Object.keys(lines)).toHaveLength(1_000);
    expect(new Set(Object.values(lines))).toEqual(new Set(['60/1']));
  });

  test('does not touch utilization mode, a lease that still runs, or a long one', () => {
    expect(minimum({ mode: 'utilization', end: at('10:00:10') })).toEqual({ 'usage:a1': '0/1' });
    expect(minimum({ start: '2026-10-31T23:59:50Z', end: null })).toEqual({ 'usage:a1': '10/1' });
    expect(minimum({})).toEqual({ 'usage:a1': '100/1' });
  });
});

describe('reservations (S10) and commitment (S11)', () => {
  const reservation = (fields: Json = {}) => ({
    id: 'r1',
    sku: 'g',
    gpus: 3,
    from: at('10:00:00'),
    to: at('10:01:40'),
    micro_per_gpu_hour: '12000000',
    ...fields,
  });

  test('are taken by (start, id), partly where they run out; what runs undelivered takes none', () => {
    const allocations = [
      lease({ id: 'b', gpus: 2 }),
      lease({ id: 'a', gpus: 2, undelivered: [{ from: at('10:00:00'), to: at('10:00:10'), reason: 'maintenance' }] }),
      lease({ id: '0', gpus: 2, start: at('10:00:01') }),
    ];
    expect(linesOf({ allocations, reservations: [reservation()] })).toEqual({
      'usage:b': '90/1',
      'usage:a': '0/1',
      'usage:0': '189/1',
      'reservation:r1': '100/1',
    });
  });

  test('utilization on what is left over', () => {
    const allocations = [lease({ gpus: 4, mode: 'utilization' })];
    const samples = [{ alloc: 'a1', t: at('10:00:00'), n: 100, util_ppm: 500_000 }];
    expect(linesOf({ allocations, samples, reservations: [reservation()] })['usage:a1']).toBe('50/1');
  });

  test('the true-up is what all other lines lack', () => {
    const reservations = [reservation()];
    expect(linesOf({ reservations, account: { commitment_minor: 500 } }).commitment).toBe('400/1');
    expect(linesOf({ reservations, account: { commitment_minor: 99 } }).commitment).toBe('0/1');
  });
});

describe('credits (S12) and tax (S13)', () => {
  const promo = (fields: Json) => ({ kind: 'promo', amount_minor: 1000, priority: 1, ...fields });

  test('promo before paid, priority, expiry with none last, grant, id', () => {
    const credits = [
      { id: 'paid', kind: 'paid', amount_minor: 5, priority: 0 },
      promo({ id: 'never', amount_minor: 30 }),
      promo({ id: 'later', amount_minor: 30, expires: '2027-01-01T00:00:00Z' }),
      promo({ id: 'z', amount_minor: 30, expires: '2026-12-01T00:00:00Z', granted: '2026-09-02T00:00:00Z' }),
      promo({ id: 'soon', amount_minor: 9, expires: '2026-12-01T00:00:00Z', granted: '2026-09-03T00:00:00Z' }),
      promo({ id: 'first', amount_minor: 30, priority: 0 }),
    ];
    const { invoices, credits: left } = rate({ credits });
    expect(invoices.INV1.credits_applied).toEqual({ first: 30, z: 30, soon: 9, later: 30, never: 1 });
    expect(left.never).toEqual({ remaining_minor: 29, expired_minor: 0 });
    expect(left.paid).toEqual({ remaining_minor: 5, expired_minor: 0 });
  });

  test('a rounded line is split over the parts of the period by largest remainder, ties to the earlier part', () => {
    // 5 s at 0.1 cent make 0.5 cent, so 1; its parts of 2.5 s each cannot be, so 2 s and 3 s: the later part gets it.
    const cents = { price_book: [price({ micro_per_gpu_hour: '3600000' })] };
    const allocations = [lease({ end: at('10:00:05') })];
    const until = (clock: string) => [promo({ id: 'p', expires: at(clock) })];
    expect(rate({ ...cents, allocations, credits: until('10:00:02') }).invoices.INV1.total_minor).toBe(1);
    expect(rate({ ...cents, allocations, credits: until('10:00:03') }).invoices.INV1.total_minor).toBe(0);
    const even = [lease({ end: at('10:00:06') })];
    expect(rate({ ...cents, allocations: even, credits: until('10:00:03') }).invoices.INV1.total_minor).toBe(0);
  });

  test('paid credits pay the total after tax, promotional ones lower its base', () => {
    const credits = [promo({ id: 'p', amount_minor: 50 }), { id: 'c', kind: 'paid', amount_minor: 20, priority: 1 }];
    const { INV1 } = rate({ credits, account: { tax: { mode: 'exclusive', rate_ppm: 210_000 } } }).invoices;
    expect(INV1).toMatchObject({ subtotal_minor: 100, net_minor: 50, tax_minor: 11, total_minor: 61, due_minor: 41 });
  });

  test('inclusive tax is taken out of the gross', () => {
    const { INV1 } = rate({ account: { tax: { mode: 'inclusive', rate_ppm: 60_000 } } }).invoices;
    expect(INV1).toMatchObject({ subtotal_minor: 100, net_minor: 94, tax_minor: 6, total_minor: 100, due_minor: 100 });
  });

  test('credits go from invoice to invoice and expire once', () => {
    const item = {
      allocations: [lease({ start: '2026-10-31T23:59:00Z', end: '2026-11-01T00:00:40Z' })],
      credits: [promo({ id: 'p', amount_minor: 90, expires: '2026-11-01T00:00:10Z' })],
      invoices: [
        { id: 'INV1', month: '2026-10' },
        { id: 'INV2', month: '2026-11' },
      ],
    };
    const { invoices, credits } = rate(item);
    expect([invoices.INV1.credits_applied, invoices.INV2.credits_applied]).toEqual([{ p: 60 }, { p: 10 }]);
    expect(credits).toEqual({ p: { remaining_minor: 0, expired_minor: 20 } });
  });
});

describe('corrections (S14)', () => {
  const months = ['2026-10', '2026-11', '2026-12'].map((month, index) => ({ id: `INV${index + 1}`, month }));
  const late = (n: number, arrive: string, fields: Json = {}) => ({
    alloc: 'a1',
    t: at('10:00:00'),
    n,
    util_ppm: 1_000_000,
    arrive,
    ...fields,
  });

  test('up and down again: all documents together are one rounding of the truth', () => {
    const { invoices } = rate({
      config: { late_limit_seconds: 10_000_000 },
      price_book: [price({ micro_per_gpu_hour: '3600000' })],
      allocations: [lease({ mode: 'utilization' })],
      samples: [
        late(14, '2026-10-05T11:00:00Z'),
        late(15, '2026-11-05T00:00:00Z'),
        late(15, '2026-12-05T00:00:00Z', { rev: 1, util_ppm: 0 }),
      ],
      invoices: months,
    });
    expect(invoices.INV1.lines[0]).toMatchObject({ exact_minor: '7/5', amount_minor: 1 });
    expect(invoices.INV2.adjustments).toEqual([{ key: 'usage:a1', corrects_invoice: 'INV1', amount_minor: 1 }]);
    expect(invoices.INV2).toMatchObject({ subtotal_minor: 0, total_minor: 1, due_minor: 1 });
    expect(invoices.INV3.credit_notes).toEqual([{ key: 'usage:a1', corrects_invoice: 'INV1', amount_minor: -2 }]);
    expect(invoices.INV3.total_minor).toBe(0);
  });

  test('a sample that arrives in the second of finalization is in, one later is not', () => {
    const item = { allocations: [lease({ mode: 'utilization' })], invoices: months.slice(0, 1) };
    expect(linesOf({ ...item, samples: [late(10, '2026-11-02T00:00:00Z')] })).toEqual({ 'usage:a1': '10/1' });
    expect(linesOf({ ...item, samples: [late(10, '2026-11-02T00:00:01Z')] })).toEqual({ 'usage:a1': '0/1' });
  });
});

describe('spend cap (S15)', () => {
  const capped = (fields: Json, spend_cap_minor: number) =>
    rate({ ...fields, account: { spend_cap_minor } }).invoices.INV1;

  test('counts all leases of a second together and stops for good', () => {
    const cheap = price({ from: at('10:00:30'), micro_per_gpu_hour: '1' });
    const INV1 = capped({ price_book: [price(), cheap], allocations: [lease(), lease({ id: 'a2', gpus: 2 })] }, 50);
    expect(INV1).toMatchObject({ subtotal_minor: 48, cap_reached_at: at('10:00:16') });
  });

  test('is not reached by spending exactly as much', () => {
    expect(capped({}, 100)).not.toHaveProperty('cap_reached_at');
    expect(capped({}, 99)).toMatchObject({ subtotal_minor: 99, cap_reached_at: at('10:01:39') });
    expect(capped({}, 0)).toMatchObject({ subtotal_minor: 0, cap_reached_at: at('10:00:00') });
  });

  test('finds a peak that volume pricing later lowers', () => {
    const tiers = [
      { up_to_gpu_seconds: 50, micro_per_gpu_hour: '72000000' },
      { up_to_gpu_seconds: null, micro_per_gpu_hour: '3600000' },
    ];
    const price_book = [price({ model: 'volume', tiers, micro_per_gpu_hour: undefined })];
    expect(capped({ price_book }, 90)).toMatchObject({ subtotal_minor: 90, cap_reached_at: at('10:00:45') });
    expect(capped({ price_book }, 100)).toMatchObject({ subtotal_minor: 10 });
  });
});

describe('undelivered seconds (S17)', () => {
  test('weigh nothing under every gap policy', () => {
    const undelivered = [{ from: at('10:00:10'), to: at('10:01:30'), reason: 'host_lost' }];
    const samples = [{ alloc: 'a1', t: at('10:00:00'), n: 50, util_ppm: 1_000_000 }];
    const weigh = (config: Json) =>
      linesOf({ config, samples, allocations: [lease({ mode: 'utilization', undelivered })] })['usage:a1'];
    expect(weigh({})).toBe('10/1');
    expect(weigh({ gap_policy: 'floor', floor_ppm: 500_000 })).toBe('15/1');
    expect(weigh({ gap_policy: 'hold', hold_seconds: 45 })).toBe('15/1');
  });
});

describe('bad cases are refused with the place of the fault', () => {
  test.each([
    [{ account: { time_zone: 'Mars/Olympus' } }, 'account.time_zone'],
    [{ account: { exponent: 7 } }, 'account.exponent'],
    [{ allocations: [lease({ end: at('09:00:00') })] }, 'allocations[0].end'],
    [{ allocations: [lease({ gpus: 0 })] }, 'allocations[0].gpus'],
    [{ allocations: [lease({ gpus: { num: 1, den: 0 } })] }, 'allocations[0].gpus.den'],
    [{ allocations: [lease({ mode: 'free' })] }, 'allocations[0].mode'],
    [{ allocations: [lease(), lease()] }, 'allocations holds the id "a1" twice'],
    [{ allocations: {} }, 'allocations must be an array'],
    [{ allocations: [7] }, 'allocations[0] must be an object'],
    [{ price_book: [price({ micro_per_gpu_hour: '2.49' })] }, 'price_book[0].micro_per_gpu_hour'],
    [{ price_book: [price({ from: 'yesterday' })] }, 'price_book[0].from'],
    [{ price_book: [price({ model: 'volume', tiers: [] })] }, 'price_book[0].tiers'],
    [{ invoices: [{ id: 'I', month: '2026-13' }] }, 'invoices[0].month'],
    [{ samples: [{ alloc: 'a1', t: at('10:00:00'), step: 0, util_ppm: 1 }] }, 'samples[0].step'],
  ])('%o', (fields, place) => {
    expect(() => rate(fields)).toThrow(place);
  });
});
