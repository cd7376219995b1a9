import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { add, type Rational, ZERO } from '@suanxiang/domain/rational';
import { clip } from '../rating/spans';
import type { Lease } from './load-terms';
import { rateSpan } from './rate-span';

const DAY_S = 86_400;
/** An hour below this was idle. */
const IDLE_PPM = 50_000;

/** What one SKU brought in on one UTC day, in one currency. Empty where it brought nothing and was only leased or measured. */
export interface DayFigures {
  /** First second of the day. */
  dayS: number;
  sku: string;
  /** Exact minor units by currency, before promotional credit and tax. */
  revenue: Map<string, Rational>;
  allocatedSeconds: number;
  /** Accelerator-seconds that were measured, those of idle hours, and utilization summed over them. */
  measured: bigint;
  idle: bigint;
  sumPpm: bigint;
}

class Days {
  readonly #days = new Map<string, DayFigures>();

  at(second: number, sku: string): DayFigures {
    const dayS = second - (second % DAY_S);
    const key = `${dayS} ${sku}`;
    const known = this.#days.get(key);
    if (known) return known;
    const fresh = { dayS, sku, revenue: new Map(), allocatedSeconds: 0, measured: 0n, idle: 0n, sumPpm: 0n };
    this.#days.set(key, fresh);
    return fresh;
  }

  all(): DayFigures[] {
    return [...this.#days.values()].sort((a, b) => a.dayS - b.dayS || (a.sku < b.sku ? -1 : 1));
  }
}

/** Live organisations with a lease in a span. */
function usersOf(sql: Sql, { fromS, toS }: Span) {
  return sql<{ id: string; currency: string }>`
    SELECT o.id, o.currency FROM organization o WHERE o.mode = 'live' AND EXISTS (SELECT 1 FROM allocation a
      WHERE a.org_id = o.id AND a.start_s < ${toS}::bigint AND (a.end_s IS NULL OR a.end_s > ${fromS}::bigint)) ORDER BY o.id`;
}

/** Adds the seconds of a lease to the days on which they were. */
function addLease(days: Days, { term, gpus }: Lease, span: Span): void {
  const held = clip({ fromS: term.startS, toS: term.endS }, span);
  if (!held) return;
  for (let fromS = held.fromS; fromS < held.toS; ) {
    const toS = Math.min(fromS - (fromS % DAY_S) + DAY_S, held.toS);
    days.at(fromS, term.sku).allocatedSeconds += gpus * (toS - fromS);
    fromS = toS;
  }
}

/** What was measured, from the hourly roll-ups. */
async function addMeasured(sql: Sql, days: Days, span: Span): Promise<void> {
  const rows = await sql<Record<'day_s' | 'sku' | 'measured' | 'idle' | 'sum_ppm', string>>`
    SELECT (h.hour_s - h.hour_s % 86400)::text AS day_s, a.sku, sum(h.measured * a.gpus)::text AS measured,
      coalesce(sum(h.measured * a.gpus) FILTER (WHERE h.sum_ppm < h.measured * ${IDLE_PPM}::bigint), 0)::text AS idle,
      sum(h.sum_ppm * a.gpus)::text AS sum_ppm
    FROM usage_hour h JOIN allocation a ON a.org_id = h.org_id AND a.id = h.allocation_id
      JOIN organization o ON o.id = h.org_id AND o.mode = 'live'
    WHERE h.hour_s >= ${span.fromS}::bigint AND h.hour_s < ${span.toS}::bigint GROUP BY 1, 2`;
  for (const row of rows) {
    const day = days.at(Number(row.day_s), row.sku);
    day.measured += BigInt(row.measured);
    day.idle += BigInt(row.idle);
    day.sumPpm += BigInt(row.sum_ppm);
  }
}

/**
 * What every live organisation's usage of a span was worth by UTC day and SKU, at the prices that were in force, with how much
 * was leased and how it was used. `span` ends now at the latest. The caller's role sees all organisations.
 */
export async function revenueByDay(sql: Sql, span: Span): Promise<DayFigures[]> {
  const days = new Days();
  const cutsS: number[] = [];
  for (let atS = span.fromS - (span.fromS % DAY_S) + DAY_S; atS < span.toS; atS += DAY_S) cutsS.push(atS);
  for (const { id, currency } of await usersOf(sql, span)) {
    const { rated, leases } = await rateSpan(sql, { orgId: id, currency }, span, { cutsS });
    for (const line of rated.lines) {
      for (const segment of line.segments) {
        const { revenue } = days.at(segment.fromS, line.sku ?? '');
        revenue.set(currency, add(revenue.get(currency) ?? ZERO, segment.exact));
      }
    }
    for (const lease of leases) addLease(days, lease, span);
  }
  await addMeasured(sql, days, span);
  return days.all();
}
