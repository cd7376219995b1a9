import type { Sql } from '@suanxiang/db/sql';
import type { Span } from '@suanxiang/domain/calendar';
import { contractsOf } from '../prices/contracts';
import { priceRows } from '../prices/price-lookup';
import { type Contract, negotiatedRows } from '../rating/contract';
import { effectiveS } from '../rating/prices';
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
}

export interface LoadedTerms {
  /** In the order in which their lines stand: start, workload, node. */
  leases: Lease[];
  /** What the account pays: the list under its contracts. */
  prices: PriceRow[];
  listPrices: PriceRow[];
  /** Those that reach into the span. */
  contracts: Contract[];
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
  orgIds: readonly string[],
  allocationIds: readonly string[],
): Promise<Map<string, Undelivered[]>> {
  if (allocationIds.length === 0) return new Map();
  const rows = await sql<{ allocation_id: string; from_s: string; to_s: string; reason: string }>`
    SELECT allocation_id, from_s::text, to_s::text, reason FROM undelivered
    WHERE org_id = ANY (${orgIds}::text[]) AND allocation_id = ANY (${allocationIds}::text[])
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

/** Whose terms, over which span. */
export interface TermsRequest extends Span {
  orgId: string;
  currency: string;
  /** Ends written for a later second are not known yet: the lease is rated as running (a repeatable cutoff). */
  asOfS?: number | undefined;
}

/** Every price that the leases of each request can meet, by its place; one read a currency. */
async function pricesOf(
  sql: Sql,
  requests: readonly TermsRequest[],
  skusOf: readonly string[][],
): Promise<PriceRow[][]> {
  const found = requests.map((): PriceRow[] => []);
  for (const currency of new Set(requests.map((request) => request.currency))) {
    const places = [...requests.keys()].filter((place) => requests[place]!.currency === currency);
    const skus = [...new Set(places.flatMap((place) => skusOf[place]!))];
    const rows = await priceRows(sql, skus, currency, Math.max(...places.map((place) => requests[place]!.toS)));
    for (const place of places) {
      const own = new Set(skusOf[place]);
      found[place] = rows.filter((row) => own.has(row.sku) && effectiveS(row) < requests[place]!.toS);
    }
  }
  return found;
}

/**
 * Loads the leases of some organisations that each overlap a span, their undelivered seconds and every price they can meet, in the
 * order of the requests. No organisation twice.
 */
export async function loadTermsOf(
  sql: Sql,
  requests: readonly TermsRequest[],
  filter: LeaseFilter = {},
): Promise<LoadedTerms[]> {
  const orgIds = requests.map((request) => request.orgId);
  const rows = await sql<LeaseRow & { part: number }>`
    SELECT s.part::int, a.id, a.workload_id, w.name, w.kind, a.rank, w.node_count, a.project_id, w.model_id, a.sku, a.gpus, a.mode,
      a.floor_ppm, a.gap_policy, a.start_s::text, a.end_s::text
    FROM unnest(${orgIds}::text[], ${requests.map((r) => String(r.fromS))}::bigint[], ${requests.map((r) => String(r.toS))}::bigint[])
      WITH ORDINALITY AS s(org_id, from_s, to_s, part)
    JOIN allocation a ON a.org_id = s.org_id AND a.start_s < s.to_s AND (a.end_s IS NULL OR a.end_s > s.from_s)
    JOIN workload w ON w.org_id = a.org_id AND w.id = a.workload_id
    WHERE (${filter.projectIds ?? null}::text[] IS NULL OR a.project_id = ANY (${filter.projectIds ?? null}::text[]))
      AND (${filter.workloadId ?? null}::text IS NULL OR a.workload_id = ${filter.workloadId ?? null}::text)
      AND (${filter.creator ?? null}::text IS NULL OR w.created_by = ${filter.creator ?? null}::text)
    ORDER BY s.part, a.start_s, a.workload_id, a.rank, a.id`;
  const undelivered = await loadUndelivered(
    sql,
    orgIds,
    rows.map((row) => row.id),
  );
  const leases = requests.map((): Lease[] => []);
  for (const row of rows) {
    const { asOfS = Infinity } = requests[row.part - 1]!;
    leases[row.part - 1]!.push(toLease(row, asOfS, undelivered.get(row.id) ?? []));
  }
  const listPrices = await pricesOf(
    sql,
    requests,
    leases.map((own) => [...new Set(own.map((lease) => lease.term.sku))]),
  );
  const agreed = await contractsOf(sql, requests);
  return requests.map((_, place) => {
    const [list, contracts] = [listPrices[place]!, agreed[place]!];
    return { leases: leases[place]!, prices: negotiatedRows(list, contracts), listPrices: list, contracts };
  });
}

/** The same of one organisation. */
export async function loadTerms(
  sql: Sql,
  { orgId, currency }: { orgId: string; currency: string },
  { fromS, toS }: Span,
  filter: LeaseFilter & Pick<TermsRequest, 'asOfS'> = {},
): Promise<LoadedTerms> {
  const { asOfS, ...which } = filter;
  const [terms] = await loadTermsOf(sql, [{ orgId, currency, fromS, toS, asOfS }], which);
  return terms!;
}
