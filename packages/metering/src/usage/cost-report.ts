import type { Sql } from '@suanxiang/db/sql';
import { dayAt, dayBounds, type Span } from '@suanxiang/domain/calendar';
import { splitByLargestRemainder } from '@suanxiang/domain/money';
import { add, formatFraction, type Rational, roundHalfAwayFromZero, sum, ZERO } from '@suanxiang/domain/rational';
import { billedOrg } from '../periods';
import type { Segment } from '../rating/types';
import type { Lease } from './load-terms';
import { rateSpan } from './rate-span';

/** What costs are grouped by; a label is named as `label:<name>`. */
export type CostDimension = 'project' | 'workload' | 'sku' | 'day' | 'creator' | `label:${string}`;

export interface CostGroup {
  /** The project, workload, SKU, local date, creator or label value; empty where there is none. */
  group: string;
  /** Minor units as a fraction, before any rounding. */
  exactMinor: string;
  /** Rounded so that all groups add up to the total. */
  amountMinor: bigint;
  gpuSeconds: string;
}

export interface CostReport extends Span {
  currency: string;
  totalMinor: bigint;
  groups: CostGroup[];
}

interface WorkloadFacts {
  labels: Record<string, string>;
  creator: string;
}

async function factsOf(sql: Sql, orgId: string, ids: readonly string[]): Promise<Map<string, WorkloadFacts>> {
  const rows = await sql<{ id: string; labels: Record<string, string>; creator: string }>`
    SELECT id, labels, created_by AS creator FROM workload WHERE org_id = ${orgId} AND id = ANY (${[...ids]}::text[])`;
  return new Map(rows.map(({ id, labels, creator }) => [id, { labels, creator }]));
}

/** Midnights of a zone inside a span, at which segments are cut. */
function midnights(span: Span, timeZone: string): number[] {
  const cuts: number[] = [];
  for (let { toS } = dayBounds(dayAt(span.fromS, timeZone), timeZone); toS < span.toS; ) {
    cuts.push(toS);
    toS = dayBounds(dayAt(toS, timeZone), timeZone).toS;
  }
  return cuts;
}

function groupOf(
  by: CostDimension,
  lease: Lease,
  segment: Segment,
  timeZone: string,
  facts: WorkloadFacts | undefined,
): string {
  if (by === 'project') return lease.projectId;
  if (by === 'workload') return lease.workloadId;
  if (by === 'sku') return lease.term.sku;
  if (by === 'day') return dayAt(segment.fromS, timeZone);
  if (by === 'creator') return facts?.creator ?? '';
  return facts?.labels[by.slice('label:'.length)] ?? '';
}

const PPM = 1_000_000n;

/**
 * What a span cost, grouped by one dimension. Every second of every lease is in exactly one group, and the rounded amounts
 * add up to the rounded total. `projectIds` limits it to some projects.
 */
export async function costReport(
  sql: Sql,
  orgId: string,
  query: { span: Span; by: CostDimension; projectIds: readonly string[] | null },
): Promise<CostReport> {
  const org = await billedOrg(sql, orgId);
  const { by, projectIds } = query;
  const span = { fromS: query.span.fromS, toS: Math.min(query.span.toS, Math.max(org.nowS, query.span.fromS + 1)) };
  const cutsS = by === 'day' ? midnights(span, org.timeZone) : [];
  const { rated, leaseById } = await rateSpan(sql, org, span, {
    cutsS,
    ...(projectIds === null ? {} : { projectIds }),
  });
  const workloads = [...new Set([...leaseById.values()].map((lease) => lease.workloadId))];
  const facts = await factsOf(sql, orgId, workloads);
  const groups = new Map<string, { exact: Rational; qty: Rational }>();
  for (const segment of rated.lines.flatMap((line) => line.segments)) {
    const lease = leaseById.get(segment.allocationId ?? '');
    if (!lease) continue;
    const group = groupOf(by, lease, segment, org.timeZone, facts.get(lease.workloadId));
    const before = groups.get(group) ?? { exact: ZERO, qty: ZERO };
    groups.set(group, { exact: add(before.exact, segment.exact), qty: add(before.qty, segment.qty) });
  }
  const named = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  const exacts = named.map(([, { exact }]) => exact);
  const totalMinor = roundHalfAwayFromZero(sum(exacts));
  const amounts = splitByLargestRemainder(totalMinor, exacts);
  return {
    ...span,
    currency: org.currency,
    totalMinor,
    groups: named.map(([group, { exact, qty }], index) => ({
      group,
      exactMinor: formatFraction(exact),
      amountMinor: amounts[index]!,
      gpuSeconds: (qty.num / (qty.den * PPM)).toString(),
    })),
  };
}
