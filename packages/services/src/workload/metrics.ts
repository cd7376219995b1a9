import type { metrics } from '@suanxiang/contract/schemas/workload';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { MergedSeconds } from '@suanxiang/metering/rating/merged-seconds';
import { type LiveSample, readLive, watchLive } from '@suanxiang/platform/live-feed';
import type { z } from 'zod';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import type { WorkloadKind } from './spec';
import { requireVisible } from './visible-workload';

type Metrics = z.input<typeof metrics>;
type Series = Metrics['series'][number];

const DEFAULT_SPAN_S = 300;
const LONGEST_SPAN_S = 6 * 3600;
/** Points of all nodes together: eight nodes for the longest span, 128 nodes for 22 minutes. */
const MOST_POINTS = 8 * LONGEST_SPAN_S;
const MINUTE_S = 60;

interface Span {
  fromS: number;
  toS: number;
}

interface LeaseRow {
  id: string;
  rank: number;
  start_s: string;
  end_s: string | null;
}

interface Lease extends Span {
  id: string;
  rank: number;
  open: boolean;
}

function spanOf(query: { from_s?: number | undefined; to_s?: number | undefined }, nowS: number): Span {
  const toS = query.to_s ?? (query.from_s === undefined ? nowS : Math.min(nowS, query.from_s + LONGEST_SPAN_S));
  const fromS = query.from_s ?? toS - DEFAULT_SPAN_S;
  if (toS <= fromS) throw invalid('/query/to_s', 'Must be later than from_s.', 'range');
  if (toS - fromS > LONGEST_SPAN_S) throw invalid('/query/from_s', 'At most 6 hours before to_s.', 'range');
  return { fromS, toS };
}

/** The runs of a workload that touch a span, by start and node. */
async function readLeases(sql: Sql, orgId: string, workloadId: string, span: Span, nowS: number): Promise<Lease[]> {
  const rows = await sql<LeaseRow>`
    SELECT id, rank, start_s::text, end_s::text FROM allocation
    WHERE org_id = ${orgId} AND workload_id = ${workloadId} AND start_s < ${span.toS}::bigint
      AND (end_s IS NULL OR end_s > ${span.fromS}::bigint) ORDER BY allocation.start_s, rank`;
  return rows.map((row) => ({
    id: row.id,
    rank: row.rank,
    open: row.end_s === null,
    fromS: Math.max(Number(row.start_s), span.fromS),
    toS: Math.min(row.end_s === null ? nowS + 1 : Number(row.end_s), span.toS),
  }));
}

/** The blocks that have landed, merged per second as billing merges them (S3). */
async function readBlocks(sql: Sql, orgId: string, leases: readonly Lease[], span: Span) {
  const rows = await sql<{ allocation_id: string; win_start_s: string; rev: number; bytes: Uint8Array }>`
    SELECT allocation_id, win_start_s::text, rev, bytes FROM usage_block
    WHERE org_id = ${orgId} AND allocation_id = ANY (${leases.map((lease) => lease.id)}::text[])
      AND win_start_s > ${span.fromS - MINUTE_S}::bigint AND win_start_s < ${span.toS}::bigint`;
  const merged = new Map<string, MergedSeconds>();
  for (const row of rows) {
    const seconds = merged.get(row.allocation_id) ?? new MergedSeconds(span);
    merged.set(row.allocation_id, seconds);
    seconds.addBlock(Number(row.win_start_s), row.rev, row.bytes);
  }
  return merged;
}

/** The live tail; without Redis there is none, and what has landed is shown all the same. */
async function readTails(ctx: AppContext, leases: readonly Lease[], span: Span): Promise<Map<string, LiveSample[]>> {
  const open = leases.filter((lease) => lease.open);
  try {
    await watchLive(
      ctx.redis,
      open.map((lease) => lease.id),
    );
    const tails = await Promise.all(leases.map(({ id }) => readLive(ctx.redis, id, span.fromS - 1)));
    return new Map(leases.map((lease, index) => [lease.id, tails[index]!]));
  } catch {
    return new Map();
  }
}

function seriesOf(lease: Lease, blocks: MergedSeconds | undefined, tail: readonly LiveSample[]): Series {
  const live = new Map(tail.map((sample) => [sample.atS, sample]));
  const series: Series = {
    allocation_id: lease.id,
    rank: lease.rank,
    at_s: [],
    utilization_ppm: [],
    memory_used_bytes: [],
    power_milliwatt: [],
    temperature_milli_celsius: [],
    source: [],
  };
  for (let atS = lease.fromS; atS < lease.toS; atS += 1) {
    const evidence = blocks?.at(atS) ?? null;
    const sample = live.get(atS);
    if (evidence === null && !sample) continue;
    series.at_s.push(atS);
    series.utilization_ppm.push(evidence ?? sample?.utilizationPpm ?? null);
    series.memory_used_bytes.push(sample?.memoryUsedBytes ?? null);
    series.power_milliwatt.push(sample?.powerMilliwatt ?? null);
    series.temperature_milli_celsius.push(sample?.temperatureMilliCelsius ?? null);
    series.source.push(evidence === null ? 'live' : 'block');
  }
  return series;
}

/**
 * Per-second utilization of every node: from the usage blocks that have landed, and from the live tail for the seconds
 * that have not. Memory, power and temperature exist only in the tail. Throws `not_found`, `invalid_request`.
 */
export async function getMetrics(
  ctx: AppContext,
  principal: Principal,
  kind: WorkloadKind,
  id: string,
  query: { from_s?: number | undefined; to_s?: number | undefined },
): Promise<Metrics> {
  const { span, leases, blocks } = await withOrgSql(ctx.api, principal.orgId, async (sql) => {
    await requireVisible(sql, principal, kind, id);
    const [clock] = await sql<{ now_s: string }>`
      SELECT suan_billing_now_s(clock_offset_s)::text AS now_s FROM organization WHERE id = ${principal.orgId}`;
    const nowS = Number(clock!.now_s);
    const span = spanOf(query, nowS);
    const leases = await readLeases(sql, principal.orgId, id, span, nowS);
    if (leases.reduce((points, lease) => points + Math.max(0, lease.toS - lease.fromS), 0) > MOST_POINTS) {
      throw invalid('/query/from_s', 'Too many seconds for so many nodes at once; ask for a shorter span.', 'range');
    }
    return { span, leases, blocks: await readBlocks(sql, principal.orgId, leases, span) };
  });
  const tails = await readTails(ctx, leases, span);
  return {
    from_s: span.fromS,
    to_s: span.toS,
    series: leases.map((lease) => seriesOf(lease, blocks.get(lease.id), tails.get(lease.id) ?? [])),
  };
}
