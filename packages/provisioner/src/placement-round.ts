import type { Sql } from '@suanxiang/db/sql';
import { withSql } from '@suanxiang/db/tenant';
import type { WorkloadState } from '@suanxiang/domain/workload-state';
import { FleetState } from '@suanxiang/scheduler/fleet-state';
import { explainRound, placeRound } from '@suanxiang/scheduler/place';
import type { Decision, Refusal, Topology } from '@suanxiang/scheduler/types';
import type { Provisioner } from './context';
import { fleetSnapshot } from './fleet-snapshot';
import { commitDecisions, commitRefusals, mendHolders, StaleHolders, type Waiting } from './placement-commit';

export interface RoundResult {
  placed: number;
  waiting: number;
  failed: number;
}

interface WaitingRow {
  operation_id: string;
  org_id: string;
  project_id: string;
  workload_id: string;
  sku: string;
  currency: string;
  offset_s: number;
  kind: 'launch' | 'start';
  state: WorkloadState;
  overdue: boolean;
  on_capacity: 'fail' | 'queue';
  reason_en: string | null;
  model_id: string;
  node_count: number;
  gpus_per_node: number;
  topology: Topology;
  excluded: string[];
}

const MOST_PER_ROUND = 5_000;

/**
 * Places everything that waits in a region, oldest first, in one transaction: one round at a time per region (advisory
 * lock), free devices read once, decisions by the pure scheduler, gangs whole or not at all. Workloads that another
 * transaction holds are left for the next round. Rings for every operation that can go on.
 */
export async function placementRound(ctx: Provisioner, regionId: string): Promise<RoundResult> {
  ctx.failpoint('launch:place:before');
  const result = await withMendedHolders(ctx, () => withSql(ctx.db, (sql) => round(ctx, sql, regionId)));
  ctx.failpoint('launch:place:after');
  return result;
}

async function round(ctx: Provisioner, sql: Sql, regionId: string): Promise<RoundResult> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`placement:${regionId}`}, 0))`;
  const waiting = await readWaiting(sql, regionId);
  if (waiting.length === 0) return { placed: 0, waiting: 0, failed: 0 };
  const modelIds = [...new Set(waiting.map((one) => one.request.modelId))];
  const state = new FleetState(await fleetSnapshot(sql, { regionId, modelIds }));
  const answers = placeRound(
    state,
    waiting.map((one) => one.request),
  );
  const decided = answers.filter((one) => one.placed);
  const refused = answers.filter((one) => !one.placed);
  const byId = new Map(waiting.map((one) => [one.operationId, one]));
  await commitDecisions(ctx, sql, pair(byId, decided));
  const failed = refused.length > 0 ? await commitRefusals(ctx, sql, await explainAll(sql, pair(byId, refused))) : 0;
  ctx.failpoint('launch:place:acted');
  return { placed: decided.length, waiting: refused.length - failed, failed };
}

/** Repeats a round once when the cache of holders turned out to be wrong; the spans in the database decide. */
async function withMendedHolders<T>(ctx: Provisioner, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const exclusion = (error as { code?: string } | null)?.code === '23P01';
    if (!exclusion && !(error instanceof StaleHolders)) throw error;
    const mended = await withSql(ctx.db, mendHolders);
    ctx.logger.error({ mended }, 'holders of devices were wrong and have been mended');
    return await act();
  }
}

function pair<A extends Decision | Refusal>(
  waiting: Map<string, Waiting>,
  answers: A[],
): { one: Waiting; answer: A }[] {
  return answers.map((answer) => ({ one: waiting.get(answer.requestId)!, answer }));
}

async function readWaiting(sql: Sql, regionId: string): Promise<Waiting[]> {
  const rows = await sql<WaitingRow>`
    SELECT o.id AS operation_id, o.org_id, w.project_id, o.workload_id, w.sku, w.price_currency AS currency,
      (SELECT g.clock_offset_s FROM organization g WHERE g.id = o.org_id)::float8 AS offset_s, o.kind, w.state, o.deadline_at < clock_timestamp() AS overdue,
      w.on_capacity, w.status_reason->>'en' AS reason_en, w.model_id, w.node_count, w.gpus_per_node, w.topology,
      coalesce((SELECT s.detail->'excluded' FROM operation_step s WHERE s.operation_id = o.id AND s.name = 'place'), '[]')
        AS excluded
    FROM operation o JOIN workload w ON w.org_id = o.org_id AND w.id = o.workload_id
    WHERE o.status = 'pending' AND o.step = 'place' AND w.region_id = ${regionId}
    ORDER BY o.created_at, o.id LIMIT ${MOST_PER_ROUND}
    FOR UPDATE OF w, o SKIP LOCKED`;
  return rows.map((row) => ({
    operationId: row.operation_id,
    orgId: row.org_id,
    projectId: row.project_id,
    workloadId: row.workload_id,
    sku: row.sku,
    currency: row.currency,
    clockOffsetS: row.offset_s,
    kind: row.kind,
    state: row.state,
    overdue: row.overdue,
    onCapacity: row.on_capacity,
    statusReasonEn: row.reason_en,
    request: {
      requestId: row.operation_id,
      regionId,
      modelId: row.model_id,
      nodeCount: row.node_count,
      gpusPerNode: row.gpus_per_node,
      topology: row.topology,
      excludedNodeIds: row.excluded,
    },
  }));
}

/**
 * Refusals explained against the whole fleet, so that other regions and models can be named. Reads what this round has
 * already written.
 */
async function explainAll(
  sql: Sql,
  refused: { one: Waiting; answer: Refusal }[],
): Promise<{ one: Waiting; answer: Refusal }[]> {
  const everything = new FleetState(await fleetSnapshot(sql, null));
  const requests = refused.map(({ one }) => one.request);
  return explainRound(everything, requests).map((answer, i) => ({ one: refused[i]!.one, answer }));
}
