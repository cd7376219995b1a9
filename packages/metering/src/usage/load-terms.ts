import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { priceRows } from '../prices/price-lookup';
import type { AllocationTerm, GapPolicy, PriceRow, RatingMode, Undelivered } from '../rating/types';

/** A lease with what an invoice says about it. */
export interface Lease {
  term: AllocationTerm;
  workloadId: string;
  workloadName: string;
  kind: 'instance' | 'cluster';
  /** Node number inside the cluster, 0-based. */
  rank: number;
  nodeCount: number;
  projectId: string;
  modelId: string;
  gpus: number;
  running: boolean;
}

export interface LeaseFilter {
  projectIds?: readonly string[];
  workloadId?: string;
  /** Only workloads that this actor has created, such as `key:<id>`. */
  creator?: string;
  /** Ends written for a later second are not known yet: the lease is rated as running (a repeatable cutoff). */
  asOfS?: number;
}

export interface LoadedTerms {
  /** In the order in which their lines stand: start, workload, node. */
  leases: Lease[];
  prices: PriceRow[];
}

/** Longest gap that policy `hold` fills. */
const HOLD_SECONDS = 5;

interface LeaseRow {
  id: string;
  workload_id: string;
  name: string;
  kind: string;
  rank: number;
  node_count: number;
  project_id: string;
  model_id: string;
  sku: string;
  gpus: number;
  mode: string;
  floor_ppm: number;
  gap_policy: string;
  start_s: string;
  end_s: string | null;
}

async function loadUndelivered(
  sql: Sql,
  orgId: string,
  allocationIds: readonly string[],
): Promise<Map<string, Undelivered[]>> {
  const rows = await sql<{ allocation_id: string; from_s: string; to_s: string; reason: string }>`
    SELECT allocation_id, from_s::text, to_s::text, reason FROM undelivered
    WHERE org_id = ${orgId} AND allocation_id = ANY (${allocationIds}::text[])
    ORDER BY allocation_id, undelivered.from_s, undelivered.to_s, reason`;
  const found = new Map<string, Undelivered[]>();
  for (const { allocation_id: id, from_s: fromS, to_s: toS, reason } of rows) {
    const stretches = found.get(id) ?? [];
    stretches.push({ fromS: Number(fromS), toS: Number(toS), reason });
    found.set(id, stretches);
  }
  return found;
}

function toLease(row: LeaseRow, asOfS: number, undelivered: Undelivered[]): Lease {
  const endS = row.end_s === null || Number(row.end_s) > asOfS ? null : Number(row.end_s);
  return {
    term: {
      id: row.id,
      sku: row.sku,
      gpusNum: BigInt(row.gpus),
      gpusDen: 1n,
      startS: Number(row.start_s),
      endS,
      mode: row.mode as RatingMode,
      floorPpm: row.floor_ppm,
      gapPolicy: row.gap_policy as GapPolicy,
      holdSeconds: row.gap_policy === 'hold' ? HOLD_SECONDS : 0,
      undelivered,
    },
    workloadId: row.workload_id,
    workloadName: row.name,
    kind: row.kind as Lease['kind'],
    rank: row.rank,
    nodeCount: row.node_count,
    projectId: row.project_id,
    modelId: row.model_id,
    gpus: row.gpus,
    running: endS === null,
  };
}

/** Loads the leases of an organisation that overlap a span, their undelivered seconds and every price they can meet. */
export async function loadTerms(
  sql: Sql,
  org: { orgId: string; currency: string },
  span: Span,
  filter: LeaseFilter = {},
): Promise<LoadedTerms> {
  const rows = await sql<LeaseRow>`
    SELECT a.id, a.workload_id, w.name, w.kind, a.rank, w.node_count, a.project_id, w.model_id, a.sku, a.gpus, a.mode,
      a.floor_ppm, a.gap_policy, a.start_s::text, a.end_s::text
    FROM allocation a JOIN workload w ON w.org_id = a.org_id AND w.id = a.workload_id
    WHERE a.org_id = ${org.orgId} AND a.start_s < ${span.toS}::bigint
      AND (a.end_s IS NULL OR a.end_s > ${span.fromS}::bigint)
      AND (${filter.projectIds ?? null}::text[] IS NULL OR a.project_id = ANY (${filter.projectIds ?? null}::text[]))
      AND (${filter.workloadId ?? null}::text IS NULL OR a.workload_id = ${filter.workloadId ?? null}::text)
      AND (${filter.creator ?? null}::text IS NULL OR w.created_by = ${filter.creator ?? null}::text)
    ORDER BY a.start_s, a.workload_id, a.rank, a.id`;
  const undelivered = await loadUndelivered(
    sql,
    org.orgId,
    rows.map((row) => row.id),
  );
  const leases = rows.map((row) => toLease(row, filter.asOfS ?? Infinity, undelivered.get(row.id) ?? []));
  const skus = [...new Set(rows.map((row) => row.sku))];
  return { leases, prices: await priceRows(sql, skus, org.currency, span.toS) };
}
