import { add, type Rational, sum, ZERO } from '@suanxiang/domain/rational';
import { exactJson } from '@suanxiang/metering/rating/case-json';
import { type RatingCase, readRatingCase } from '@suanxiang/metering/rating/from-cases';
import { MergedSeconds } from '@suanxiang/metering/rating/merged-seconds';
import { ratePeriod } from '@suanxiang/metering/rating/rate';
import { rateCase } from '@suanxiang/metering/rating/rate-case';
import { addSamples } from '@suanxiang/metering/rating/samples';
import type { RatedPeriod } from '@suanxiang/metering/rating/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomCase } from './support/random-case';
import { secondRating } from './support/second-invoices';

// biome-ignore lint/suspicious/noExplicitAny: raw cases
const firstRating = (item: any) => JSON.parse(exactJson(rateCase(readRatingCase(item))));

function usageOf(item: RatingCase): Map<string, MergedSeconds> {
  const usage = new Map(item.allocations.map(({ id }) => [id, new MergedSeconds()]));
  for (const group of item.samples) {
    const store = usage.get(group.allocationId);
    if (store) addSamples(store, group, item.limits, Infinity);
  }
  return usage;
}

function rate(item: RatingCase, period: { fromS: number; toS: number }, cutsS: number[] = []): RatedPeriod {
  const { exponent, prices, allocations, reservations, spendCapMinor } = item;
  return ratePeriod({
    period,
    exponent,
    prices,
    allocations,
    reservations,
    spendCapMinor,
    usage: usageOf(item),
    cutsS,
  });
}

const exactTotal = (rated: RatedPeriod): Rational => sum(rated.lines.map((line) => line.exact));

describe('two independent raters agree', () => {
  test.each([
    ['flat prices, late samples (S1 to S7, S9, S14, S16, S17)', { late: true }, 300],
    ['tiers (S8)', { late: true, tiers: true }, 150],
    ['reservations (S10)', { late: true, tiers: true, reservations: true }, 150],
    ['credits and tax (S12, S13)', { money: true, tiers: true, reservations: true }, 150],
    [
      'commitments with all that they add up (S11)',
      { commitment: true, late: true, tiers: true, reservations: true },
      120,
    ],
    [
      'everything an invoice may hold at once',
      { commitment: true, money: true, tiers: true, reservations: true, cap: true },
      150,
    ],
    ['spend cap (S15)', { cap: true, tiers: true, reservations: true }, 100],
  ])(
    '%s',
    (_name, features, numRuns) => {
      fc.assert(
        fc.property(randomCase(features), (item) => {
          expect(firstRating(item)).toStrictEqual(secondRating(item));
        }),
        { numRuns },
      );
    },
    60_000,
  );
});

describe('evidence is a set', () => {
  test('order, repetition and batches of samples change nothing', () => {
    const shuffled = randomCase({ late: true, tiers: true }).chain((item) =>
      fc.record({
        item: fc.constant(item),
        samples: fc.shuffledSubarray(item.samples, { minLength: item.samples.length }),
        again: fc.subarray(item.samples),
        cut: fc.integer({ min: 1, max: 30 }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ item, samples, again, cut }) => {
        const before = firstRating(item);
        const repeated = firstRating({ ...item, samples: [...samples, ...again] });
        expect(repeated.invoices).toStrictEqual(before.invoices);
        const batches = samples.flatMap((group) => splitGroup(group as Group, cut));
        expect(firstRating({ ...item, samples: batches })).toStrictEqual(before);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

interface Group {
  t: string;
  n: number;
  step?: number;
}

/** The same samples in groups of at most `size`. */
function splitGroup(group: Group, size: number): Group[] {
  const parts: Group[] = [];
  for (let first = 0; first < group.n; first += size) {
    const t = new Date(Date.parse(group.t) + first * (group.step ?? 1) * 1000).toISOString();
    parts.push({ ...group, t, n: Math.min(size, group.n - first) });
  }
  return parts;
}

describe('lines and segments', () => {
  test('segments add up to their line, stay inside it, and do not overlap per allocation', () => {
    fc.assert(
      fc.property(randomCase({ tiers: true, reservations: true, cap: true }), fc.array(fc.nat(600)), (raw, cuts) => {
        const item = readRatingCase(raw);
        const { period } = item.invoices[0]!;
        const rated = rate(
          item,
          period,
          cuts.map((cut) => period.toS - cut),
        );
        for (const line of rated.lines) {
          expect(sum(line.segments.map((segment) => segment.exact))).toEqual(line.exact);
          expect(sum(line.segments.map((segment) => segment.qty))).toEqual(line.qty);
          const billed = line.segments.reduce((seconds, segment) => seconds + segment.billedSeconds, 0);
          expect(billed).toBe(line.billedSeconds);
          expect(line.billedSeconds).toBeLessThanOrEqual(line.leasedSeconds - line.undeliveredSeconds);
          expect(line.measuredSeconds).toBeLessThanOrEqual(line.leasedSeconds - line.undeliveredSeconds);
          let reachedS = -Infinity;
          for (const { kind, fromS, toS } of line.kind === 'usage' ? line.segments : []) {
            expect(fromS).toBeGreaterThanOrEqual(Math.max(line.fromS, kind === 'usage' ? reachedS : -Infinity));
            expect(toS).toBeLessThanOrEqual(line.toS);
            if (kind === 'usage') reachedS = toS;
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('extra cuts change no total', () => {
    fc.assert(
      fc.property(randomCase({ tiers: true, reservations: true }), fc.array(fc.nat(600)), (raw, cuts) => {
        const item = readRatingCase(raw);
        const { period } = item.invoices[0]!;
        const cutsS = cuts.map((cut) => period.toS - cut);
        const amounts = (rated: RatedPeriod) => rated.lines.map(({ key, qty, exact }) => ({ key, qty, exact }));
        expect(amounts(rate(item, period, cutsS))).toEqual(amounts(rate(item, period)));
      }),
      { numRuns: 100 },
    );
  });

  test('splitting a period leaves the sum of exact amounts unchanged', () => {
    const flat = randomCase({ reservations: true }).filter((item) => item.config.gap_policy !== 'hold');
    fc.assert(
      fc.property(flat, fc.array(fc.integer({ min: 1, max: 599 }), { maxLength: 5 }), (raw, cuts) => {
        const item = readRatingCase(raw);
        const { fromS, toS } = { fromS: item.invoices[0]!.period.toS - 300, toS: item.invoices[0]!.period.toS + 300 };
        const edges = [...new Set([fromS, ...cuts.map((cut) => fromS + cut), toS])].sort((a, b) => a - b);
        const whole = exactTotal(rate(item, { fromS, toS }));
        const parts = edges.slice(1).map((edge, i) => exactTotal(rate(item, { fromS: edges[i]!, toS: edge })));
        expect(parts.reduce(add, ZERO)).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  test('an account pays for each second once: more lines, the same total', () => {
    fc.assert(
      fc.property(randomCase(), (raw) => {
        const item = readRatingCase(raw);
        const { period } = item.invoices[1]!;
        const alone = item.allocations.map((term) => exactTotal(rate({ ...item, allocations: [term] }, period)));
        expect(alone.reduce(add, ZERO)).toEqual(exactTotal(rate(item, period)));
      }),
      { numRuns: 100 },
    );
  });
});
