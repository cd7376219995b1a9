import type { revenue } from '@suanxiang/contract/schemas/operator-billing';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import { splitByLargestRemainder } from '@suanxiang/domain/money';
import { add, type Rational, roundHalfAwayFromZero, sum, ZERO } from '@suanxiang/domain/rational';
import { type DayFigures, revenueByDay } from '@suanxiang/metering/usage/revenue';
import type { z } from 'zod';
import { minorMoney } from '../money';
import { invalid } from '../problem';
import type { UseCase } from '../use-case';
import { type Sold, soldSkus } from './sold-skus';

type Answer = z.input<typeof revenue>;
type Figures = Answer['groups'][number];

const DAY_S = 86_400;
const HOUR_S = 3600;
const PPM = 1_000_000;
const LONGEST_DAYS = { day: 62, month: 366 } as const;

/** Devices of each SKU that are there now. */
async function devicesOf(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql<{ sku: string; devices: number }>`
    SELECT s.id AS sku, count(*)::int AS devices FROM device d JOIN zone z ON z.id = d.zone_id
      JOIN sku s ON s.model_id = d.model_id AND s.region_id = z.region_id GROUP BY s.id`;
  return new Map(rows.map((row) => [row.sku, row.devices]));
}

/** Days of one group added up. */
interface Pile {
  revenue: Map<string, Rational>;
  allocatedSeconds: number;
  capacitySeconds: number;
  measured: bigint;
  idle: bigint;
  sumPpm: bigint;
}

const share = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * PPM));
const shareOf = (part: bigint, whole: bigint) => (whole === 0n ? null : Number((part * BigInt(PPM)) / whole));

/** Money of several piles, each currency rounded so that they add up to its total. */
function amounts(piles: readonly Pile[]): Answer['totals'][number][][] {
  const shown: Answer['totals'][number][][] = piles.map(() => []);
  for (const currency of [...new Set(piles.flatMap((pile) => [...pile.revenue.keys()]))].sort()) {
    const exacts = piles.map((pile) => pile.revenue.get(currency) ?? ZERO);
    const split = splitByLargestRemainder(roundHalfAwayFromZero(sum(exacts)), exacts);
    for (const [index, pile] of piles.entries()) {
      if (pile.revenue.has(currency)) shown[index]!.push(minorMoney(split[index]!, currency));
    }
  }
  return shown;
}

function figuresOf(group: string, pile: Pile, money: Figures['revenue']): Figures {
  return {
    group,
    revenue: money,
    allocated_hours: pile.allocatedSeconds / HOUR_S,
    capacity_hours: pile.capacitySeconds / HOUR_S,
    allocated_ppm: share(pile.allocatedSeconds, pile.capacitySeconds),
    utilization_ppm: shareOf(pile.sumPpm, pile.measured * BigInt(PPM)),
    idle_ppm: shareOf(pile.idle, pile.measured),
  };
}

function groupName(by: Answer['by'], sku: string, sold: ReadonlyMap<string, Sold>): string {
  const { modelId = sku, regionId = '' } = sold.get(sku) ?? {};
  if (by === 'sku') return sku;
  return by === 'region' ? regionId : (findAccelerator(modelId)?.vendorClass ?? modelId);
}

/** Every SKU on every day, so that what nobody leased counts as capacity, too. */
function* daysOf(days: readonly DayFigures[], span: { fromS: number; toS: number }, skus: Iterable<string>) {
  const known = new Map(days.map((day) => [`${day.dayS} ${day.sku}`, day]));
  const all = new Set([...skus, ...days.map((day) => day.sku)]);
  for (let dayS = span.fromS; dayS < span.toS; dayS += DAY_S) {
    for (const sku of all) {
      const found = known.get(`${dayS} ${sku}`) ?? null;
      yield { dayS, sku, found, lengthS: Math.min(DAY_S, span.toS - dayS) };
    }
  }
}

const emptyPile = (): Pile => ({
  revenue: new Map(),
  allocatedSeconds: 0,
  capacitySeconds: 0,
  measured: 0n,
  idle: 0n,
  sumPpm: 0n,
});

function pileOn(piles: Map<string, Pile>, key: string, day: DayFigures | null, capacitySeconds: number): void {
  const pile = piles.get(key) ?? emptyPile();
  piles.set(key, pile);
  pile.capacitySeconds += capacitySeconds;
  if (!day) return;
  for (const [currency, exact] of day.revenue) {
    pile.revenue.set(currency, add(pile.revenue.get(currency) ?? ZERO, exact));
  }
  pile.allocatedSeconds += day.allocatedSeconds;
  pile.measured += day.measured;
  pile.idle += day.idle;
  pile.sumPpm += day.sumPpm;
}

const secondsOfDay = (day: string, pointer: string) => {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(day)) throw invalid(pointer, 'There is no such day.');
  return ms / 1000;
};

/** Revenue, leased hours and utilization by SKU, region or vendor, by day or month (UTC). */
export const operatorRevenue: UseCase<'operatorRevenue'> = async (ctx, _operator, meta, { query }) => {
  const { step, by } = query;
  const fromS = secondsOfDay(query.from, '/query/from');
  const endS = secondsOfDay(query.to, '/query/to') + DAY_S;
  if (endS <= fromS) throw invalid('/query/to', 'Must not be before from.', 'range');
  if (endS - fromS > LONGEST_DAYS[step] * DAY_S) {
    throw invalid('/query/to', `Must be at most ${LONGEST_DAYS[step]} days after from.`, 'range');
  }
  const span = { fromS, toS: Math.max(fromS, Math.min(endS, Math.floor(meta.nowMs / 1000))) };
  const sql = singleSql(ctx.ops);
  const [sold, devices] = [await soldSkus(sql), await devicesOf(sql)];
  const days = span.toS > span.fromS ? await revenueByDay(sql, span) : [];
  const byGroup = new Map<string, Pile>();
  const byBucket = new Map<string, Pile>();
  for (const { dayS, sku, found, lengthS } of daysOf(days, span, devices.keys())) {
    const group = groupName(by, sku, sold);
    const bucket = new Date(dayS * 1000).toISOString().slice(0, step === 'day' ? 10 : 7);
    const capacity = (devices.get(sku) ?? 0) * lengthS;
    pileOn(byGroup, group, found, capacity);
    pileOn(byBucket, `${bucket} ${group}`, found, capacity);
  }
  const groups = [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1));
  const buckets = [...byBucket].sort(([a], [b]) => (a < b ? -1 : 1));
  const groupMoney = amounts(groups.map(([, pile]) => pile));
  const bucketMoney = amounts(buckets.map(([, pile]) => pile));
  const whole = emptyPile();
  for (const day of days) pileOn(new Map([['', whole]]), '', day, 0);
  return {
    from: query.from,
    to: query.to,
    step,
    by,
    totals: amounts([whole])[0]!,
    groups: groups.map(([group, pile], index) => figuresOf(group, pile, groupMoney[index]!)),
    buckets: buckets.map(([key, pile], index) => {
      const [bucket, group] = key.split(' ') as [string, string];
      return { bucket, ...figuresOf(group, pile, bucketMoney[index]!) };
    }),
  };
};
