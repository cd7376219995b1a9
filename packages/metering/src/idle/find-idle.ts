import type { Sql } from '@suanxiang/db/sql';
import type { BilledOrg } from '../periods';
import { currentPrices } from '../prices/price-lookup';

/** A workload whose accelerators all did nothing for a while, and what that costs. */
export interface IdleWorkload {
  workloadId: string;
  name: string;
  kind: 'instance' | 'cluster';
  projectId: string;
  gpus: number;
  /** Over the measured seconds of the span. */
  averagePpm: number;
  measuredSeconds: number;
  burnPerHourMicro: bigint;
}

export interface IdleQuery {
  /** Idle is below this in every minute. */
  thresholdPpm: number;
  minutes: number;
  /** null: all. */
  projectIds: readonly string[] | null;
}

const MINUTE_S = 60;
/** Evidence of the last minutes may still be on its way. */
const LAG_S = 120;
/** Share of the seconds that must have been measured: what nobody saw is unknown, not idle. */
const MEASURED_PERCENT = 90;

interface Row {
  workload_id: string;
  name: string;
  kind: 'instance' | 'cluster';
  project_id: string;
  sku: string;
  gpus: number;
  measured: number;
  sum_ppm: string;
}

/**
 * Running workloads that were idle for the last whole minutes for which evidence can be there: each of their allocations was
 * measured in nearly every second and stayed below the threshold in every minute. A second that was not measured is never taken
 * as 0. Most costly first.
 */
export async function findIdle(sql: Sql, org: BilledOrg, query: IdleQuery): Promise<IdleWorkload[]> {
  const toS = org.nowS - LAG_S - ((org.nowS - LAG_S) % MINUTE_S);
  const fromS = toS - query.minutes * MINUTE_S;
  const rows = await sql<Row>`
    WITH running AS (
      SELECT a.id, a.workload_id, a.gpus, a.sku, a.start_s FROM allocation a JOIN workload w
        ON w.org_id = a.org_id AND w.id = a.workload_id
      WHERE a.org_id = ${org.orgId} AND a.state = 'running' AND w.state = 'running'
        AND (${query.projectIds}::text[] IS NULL OR a.project_id = ANY (${query.projectIds}::text[]))
    ), minute AS (
      SELECT DISTINCT ON (b.allocation_id, b.win_start_s) b.allocation_id, b.measured, b.sum_ppm
      FROM usage_block b JOIN running r ON r.id = b.allocation_id
      WHERE b.org_id = ${org.orgId} AND b.win_start_s >= ${fromS}::bigint AND b.win_start_s < ${toS}::bigint
      ORDER BY b.allocation_id, b.win_start_s, b.rev DESC, b.sum_ppm
    ), seen AS (
      SELECT r.*, coalesce(sum(m.measured), 0) AS measured, coalesce(sum(m.sum_ppm), 0) AS sum_ppm,
        r.start_s <= ${fromS}::bigint
          AND coalesce(sum(m.measured), 0) * 100 >= ${query.minutes * MINUTE_S * MEASURED_PERCENT}::bigint
          AND coalesce(bool_and(m.sum_ppm < m.measured * ${query.thresholdPpm}::bigint) FILTER (WHERE m.measured > 0), false)
          AS is_idle
      FROM running r LEFT JOIN minute m ON m.allocation_id = r.id
      GROUP BY r.id, r.workload_id, r.gpus, r.sku, r.start_s
    )
    SELECT w.id AS workload_id, w.name, w.kind, w.project_id, min(s.sku) AS sku, sum(s.gpus)::int AS gpus,
      sum(s.measured)::int AS measured, sum(s.sum_ppm)::text AS sum_ppm
    FROM seen s JOIN workload w ON w.org_id = ${org.orgId} AND w.id = s.workload_id
    GROUP BY w.id, w.name, w.kind, w.project_id HAVING bool_and(s.is_idle) ORDER BY w.id`;
  if (rows.length === 0) return [];
  const prices = await currentPrices(sql, org.currency, org.nowS);
  const found = rows.map((row) => ({
    workloadId: row.workload_id,
    name: row.name,
    kind: row.kind,
    projectId: row.project_id,
    gpus: row.gpus,
    averagePpm: Number(BigInt(row.sum_ppm) / BigInt(row.measured)),
    measuredSeconds: row.measured,
    burnPerHourMicro: BigInt(row.gpus) * (prices.get(row.sku)?.microPerGpuHour ?? 0n),
  }));
  return found.sort((a, b) => (a.burnPerHourMicro < b.burnPerHourMicro ? 1 : -1));
}
