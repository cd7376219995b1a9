import type { Sql } from '@suanxiang/db/sql';
import { dayAt, dayBounds, type Span } from '@suanxiang/domain/calendar';
import { splitByLargestRemainder } from '@suanxiang/domain/money';
import { add, type Rational, roundHalfAwayFromZero, sum, ZERO } from '@suanxiang/domain/rational';
import { type BilledOrg, billedOrg, openPeriods } from '../periods';
import type { RatedLine } from '../rating/types';
import { countBlocks } from './block-counts';
import type { Lease } from './load-terms';
import { rateSpan } from './rate-span';

export interface UsageQuery {
  orgId: string;
  /** Unix seconds in billing time; default: start of the running period. */
  fromS?: number;
  /** Default and latest: billing now. */
  toS?: number;
  projectIds?: readonly string[];
}

export interface UsageRow {
  lease: Lease;
  /** The lease inside the report's span; ends now while it runs. */
  fromS: number;
  toS: number;
  running: boolean;
  billedSeconds: number;
  measuredSeconds: number;
  undeliveredSeconds: number;
  /** Over the measured seconds; null when nothing was measured. */
  averageUtilizationPpm: number | null;
  amountMinor: bigint;
}

export interface UsageReport {
  fromS: number;
  toS: number;
  currency: string;
  totalMinor: bigint;
  gpuSeconds: string;
  rows: UsageRow[];
  /** Local days of the account; their amounts add up to the total. */
  days: { day: string; amountMinor: bigint; gpuSeconds: string }[];
}

/** A quantity (GPU x ppm x seconds) as decimal GPU-seconds with at most six places. */
export function gpuSecondsText(qty: Rational): string {
  const millionths = roundHalfAwayFromZero(qty).toString().padStart(7, '0');
  const decimals = millionths.slice(-6).replace(/0+$/, '');
  return decimals === '' ? millionths.slice(0, -6) : `${millionths.slice(0, -6)}.${decimals}`;
}

/** The local days that a span touches, cut to it. */
export function daysOf(span: Span, timeZone: string): { day: string; span: Span }[] {
  const days: { day: string; span: Span }[] = [];
  for (let atS = span.fromS; atS < span.toS; ) {
    const day = dayAt(atS, timeZone);
    const { toS } = dayBounds(day, timeZone);
    days.push({ day, span: { fromS: atS, toS: Math.min(toS, span.toS) } });
    atS = toS;
  }
  return days;
}

function daySums(lines: readonly RatedLine[], totalMinor: bigint, days: ReturnType<typeof daysOf>) {
  const segments = lines.flatMap((line) => line.segments);
  const parts = days.map(({ day, span }) => {
    const own = segments.filter((segment) => segment.fromS >= span.fromS && segment.fromS < span.toS);
    return { day, qty: sum(own.map((s) => s.qty)), exact: sum(own.map((s) => s.exact)) };
  });
  const amounts = splitByLargestRemainder(
    totalMinor,
    parts.map((part) => part.exact),
  );
  return parts.map(({ day, qty }, index) => ({ day, amountMinor: amounts[index]!, gpuSeconds: gpuSecondsText(qty) }));
}

async function spanOf(sql: Sql, org: BilledOrg, query: UsageQuery): Promise<Span> {
  const fromS = query.fromS ?? (await openPeriods(sql, org)).at(-1)!.fromS;
  return { fromS, toS: Math.min(query.toS ?? org.nowS, org.nowS) };
}

/**
 * Usage of a span to the second, with its cost, by lease and by local day. Amounts are rounded once per lease over the whole
 * span, so a report over a period shows what its invoice would. An empty or future span gives an empty report.
 */
export async function usageReport(sql: Sql, query: UsageQuery): Promise<UsageReport> {
  const org = await billedOrg(sql, query.orgId);
  const span = await spanOf(sql, org, query);
  const head = { fromS: span.fromS, toS: Math.max(span.fromS, span.toS), currency: org.currency };
  if (span.toS <= span.fromS) return { ...head, totalMinor: 0n, gpuSeconds: '0', rows: [], days: [] };
  const days = daysOf(span, org.timeZone);
  const { rated, leaseById } = await rateSpan(sql, org, span, {
    cutsS: days.map((day) => day.span.fromS),
    ...(query.projectIds === undefined ? {} : { projectIds: query.projectIds }),
  });
  const lines = rated.lines.filter((line) => line.allocationId !== null);
  const counts = await countBlocks(
    sql,
    org.orgId,
    lines.map((line) => ({ ...line, allocationId: line.allocationId! })),
  );
  const rows = lines.map((line): UsageRow => {
    const lease = leaseById.get(line.allocationId!)!;
    const { measured, sumPpm } = counts.get(line.allocationId!)!;
    return {
      lease,
      fromS: line.fromS,
      toS: line.toS,
      running: lease.running && line.toS === span.toS,
      billedSeconds: line.billedSeconds,
      measuredSeconds: measured,
      undeliveredSeconds: line.undeliveredSeconds,
      averageUtilizationPpm: measured === 0 ? null : Math.floor(sumPpm / measured),
      amountMinor: line.amountMinor,
    };
  });
  const totalMinor = rated.subtotalMinor;
  const qty = lines.reduce((total, line) => add(total, line.qty), ZERO);
  return { ...head, totalMinor, gpuSeconds: gpuSecondsText(qty), rows, days: daySums(lines, totalMinor, days) };
}
