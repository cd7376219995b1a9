import { ACCELERATOR_MODELS } from '@suanxiang/domain/accelerators';
import { parseMicro } from '@suanxiang/domain/money';
import { noteAmounts } from '@suanxiang/metering/invoices/credit-notes';
import { missingPeriods, monthPeriodAt, periodAfter } from '@suanxiang/metering/periods';
import { DEFAULT_PRICES, REGIONS } from '@suanxiang/metering/prices/default-price-book';
import { LEGAL_ENTITIES, legalEntityIdOf } from '@suanxiang/metering/prices/legal-entities';
import { daysOf, gpuSecondsText } from '@suanxiang/metering/usage/usage-report';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const at = (iso: string) => Date.parse(iso) / 1000;
const hours = ({ fromS, toS }: { fromS: number; toS: number }) => (toS - fromS) / 3600;

describe('periods (S16)', () => {
  test.each([
    ['America/New_York', '2026-03-15T12:00:00Z', 743],
    ['America/New_York', '2026-11-15T12:00:00Z', 721],
    ['Australia/Lord_Howe', '2026-04-15T12:00:00Z', 720.5],
    ['Asia/Shanghai', '2028-02-10T00:00:00Z', 696],
    ['UTC', '2026-02-10T00:00:00Z', 672],
  ])('a month of %s at %s has %d hours', (zone, instant, expected) => {
    const period = monthPeriodAt(at(instant), zone);
    expect(hours(period)).toBe(expected);
    expect(period.fromS).toBeLessThanOrEqual(at(instant));
    expect(period.toS).toBeGreaterThan(at(instant));
  });

  test('periods follow one another without a gap in every zone', () => {
    const zones = [
      'UTC',
      'Asia/Shanghai',
      'Asia/Singapore',
      'America/Sao_Paulo',
      'Pacific/Apia',
      'Australia/Lord_Howe',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') }),
        (zone, s) => {
          const period = monthPeriodAt(s, zone);
          expect(periodAfter(period.toS, zone)).toEqual(monthPeriodAt(period.toS, zone));
          expect(monthPeriodAt(period.toS - 1, zone)).toEqual(period);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a period after a move to another zone has at least a day, and nothing is left out', () => {
    const endInShanghai = monthPeriodAt(at('2026-10-15T00:00:00Z'), 'Asia/Shanghai').toS;
    const joined = periodAfter(endInShanghai, 'America/New_York');
    expect(joined.fromS).toBe(endInShanghai);
    expect(hours(joined)).toBeGreaterThan(24);
    expect(joined.toS).toBe(monthPeriodAt(at('2026-11-15T00:00:00Z'), 'America/New_York').toS);
  });

  test('all periods up to now are missing at first, then only those after the last', () => {
    const now = at('2026-11-24T00:00:00Z');
    const all = missingPeriods(null, at('2026-09-20T00:00:00Z'), 'UTC', now);
    expect(all.map((period) => new Date(period.fromS * 1000).toISOString().slice(0, 7))).toEqual([
      '2026-09',
      '2026-10',
      '2026-11',
    ]);
    expect(missingPeriods(all[1]!.toS, 0, 'UTC', now)).toEqual(all.slice(2));
    expect(missingPeriods(all[2]!.toS, 0, 'UTC', now)).toEqual([]);
    // The second at which a month begins belongs to it.
    expect(missingPeriods(all[2]!.toS, 0, 'UTC', all[2]!.toS)).toHaveLength(1);
  });
});

describe('price book', () => {
  test('every model of the catalogue has a price in every region and currency', () => {
    const priced = Object.entries(DEFAULT_PRICES).flatMap(([model, byRegion]) =>
      REGIONS.map(({ id }) => [model, byRegion[id].map(parseMicro).every((micro) => micro > 0n)]),
    );
    expect(priced).toEqual(ACCELERATOR_MODELS.flatMap(({ id }) => REGIONS.map(() => [id, true])));
  });

  test('every account has a seller, and a sandbox never takes a number of the real series', () => {
    for (const currency of ['CNY', 'USD', 'EUR', 'JPY', 'KWD']) {
      for (const mode of ['live', 'sandbox'] as const) {
        const entity = LEGAL_ENTITIES.find(({ id }) => id === legalEntityIdOf(mode, currency));
        expect(entity?.series.startsWith('TEST-')).toBe(mode === 'sandbox');
      }
    }
    expect(new Set(LEGAL_ENTITIES.map(({ series }) => series)).size).toBe(LEGAL_ENTITIES.length);
  });
});

describe('credit note amounts', () => {
  const tax = { mode: 'exclusive', ratePpm: 60_000n } as const;

  test('the note that exhausts the net takes the tax that is left', () => {
    expect(noteAmounts(333n, tax, { netMinor: 1000n, taxMinor: 60n })).toEqual({ netMinor: 333n, taxMinor: 20n });
    expect(noteAmounts(333n, tax, { netMinor: 667n, taxMinor: 40n })).toEqual({ netMinor: 333n, taxMinor: 20n });
    expect(noteAmounts(334n, tax, { netMinor: 334n, taxMinor: 20n })).toEqual({ netMinor: 334n, taxMinor: 20n });
  });

  test('any split of an invoice into notes gives back exactly its net and tax', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 10_000n }), { minLength: 1, maxLength: 8 }),
        fc.bigInt({ min: 0n, max: 250_000n }),
        (parts, ratePpm) => {
          const rule = { mode: 'exclusive', ratePpm } as const;
          const net = parts.reduce((a, b) => a + b, 0n);
          let remaining = { netMinor: net, taxMinor: (2n * net * ratePpm + 1_000_000n) / 2_000_000n };
          for (const part of parts) {
            const note = noteAmounts(part, rule, remaining);
            remaining = { netMinor: remaining.netMinor - note.netMinor, taxMinor: remaining.taxMinor - note.taxMinor };
            expect(remaining.taxMinor).toBeGreaterThanOrEqual(0n);
          }
          expect(remaining).toEqual({ netMinor: 0n, taxMinor: 0n });
        },
      ),
    );
  });

  test('more than is left is refused', () => {
    expect(() => noteAmounts(11n, tax, { netMinor: 10n, taxMinor: 1n })).toThrow(RangeError);
  });
});

test('days of a span are local days, and cover it exactly', () => {
  const span = { fromS: at('2026-10-31T15:00:00Z'), toS: at('2026-11-02T17:00:00Z') };
  const days = daysOf(span, 'Asia/Shanghai');
  expect(days.map(({ day }) => day)).toEqual(['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03']);
  expect(days[0]!.span.fromS).toBe(span.fromS);
  expect(days.at(-1)!.span.toS).toBe(span.toS);
  for (let i = 1; i < days.length; i += 1) expect(days[i]!.span.fromS).toBe(days[i - 1]!.span.toS);
});

test.each([
  [0n, 1n, '0'],
  [1_000_000n, 1n, '1'],
  [2_500_000n, 1n, '2.5'],
  [1n, 1n, '0.000001'],
  [9_007_199_254_740_993_000_000n, 1n, '9007199254740993'],
])('%d/%d GPU-ppm-seconds are %s GPU-seconds', (num, den, text) => {
  expect(gpuSecondsText({ num, den })).toBe(text);
});
