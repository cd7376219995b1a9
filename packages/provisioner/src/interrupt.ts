import type { Sql } from '@suanxiang/db/sql';
import { type StatusReason, transition } from '@suanxiang/db/transition';
import { causeOfCode } from '@suanxiang/domain/fault-reasons';
import { mintId } from '@suanxiang/domain/ids';
import { decodeBlock } from '@suanxiang/domain/usage-block';
import { closeMeters } from './allocations';
import type { Provisioner } from './context';

/** Something that ended the delivery of an allocation without anybody asking for it. */
export interface Fault {
  allocationId: string;
  /** Wall-clock Unix ms; null when nobody knows: then the last second that usage proves counts. */
  atMs: number | null;
  reason: StatusReason;
}

interface FaultyRow {
  org_id: string;
  workload_id: string;
  state: 'prepared' | 'running' | 'ended' | 'failed';
  workload_state: string;
  busy: boolean;
  offset_s: number;
  start_s: number | null;
  end_s: number | null;
}

/**
 * Records a fault in the caller's transaction. A running lease ends with the last whole second before the fault, for
 * every node of the workload, and the workload becomes interrupted (unless somebody is already stopping it; the devices
 * are given back afterwards, see release-ended.ts). A lease that had ended later than the fault keeps its edges and gets
 * the seconds in between recorded as undelivered. Returns what was done; repeating does nothing more.
 */
export async function recordFault(
  ctx: Provisioner,
  sql: Sql,
  fault: Fault,
): Promise<'interrupted' | 'recorded' | 'nothing'> {
  const row = await lockFaulty(sql, fault.allocationId);
  if (!row) return 'nothing';
  const billingS = await faultSecond(sql, fault, row);
  if (row.state === 'ended') return recordUndelivered(ctx, sql, fault, row, billingS);
  if (row.state !== 'running') return 'nothing';
  const { org_id: orgId, workload_id: workloadId } = row;
  await closeMeters(sql, { orgId, workloadId }, { billingS, reason: causeOfCode(fault.reason.code) });
  if (row.busy || row.workload_state !== 'running') return 'recorded';
  await transition(sql, {
    orgId,
    workloadId,
    event: 'interrupted',
    actor: 'system:fleet',
    reason: fault.reason,
    nowMs: ctx.clock.nowMs(),
  });
  return 'interrupted';
}

async function lockFaulty(sql: Sql, allocationId: string): Promise<FaultyRow | null> {
  await sql`
    SELECT 1 FROM workload w JOIN allocation a ON a.org_id = w.org_id AND a.workload_id = w.id
    WHERE a.id = ${allocationId} FOR UPDATE OF w`;
  const [row] = await sql<FaultyRow>`
    SELECT a.org_id, a.workload_id, a.state, w.state AS workload_state,
      a.clock_offset_s::float8 AS offset_s,
      a.start_s::float8 AS start_s, a.end_s::float8 AS end_s,
      EXISTS (SELECT 1 FROM operation o WHERE o.workload_id = w.id AND o.status IN ('pending', 'running')) AS busy
    FROM allocation a JOIN workload w ON w.org_id = a.org_id AND w.id = a.workload_id WHERE a.id = ${allocationId}`;
  return row ?? null;
}

/**
 * The billing second of a fault. Where a sandbox's clock has moved, nobody can say what the clock showed at that moment of
 * the wall clock, so that there usage alone proves what was delivered.
 */
async function faultSecond(sql: Sql, fault: Fault, row: FaultyRow): Promise<number> {
  const atS = fault.atMs === null ? null : Math.floor(fault.atMs / 1000) + row.offset_s;
  if (atS !== null && row.offset_s === 0) return atS;
  const provenS = await lastProvableS(sql, fault.allocationId, row.start_s ?? 0);
  return atS === null ? provenS : Math.min(atS, provenS);
}

async function recordUndelivered(
  ctx: Provisioner,
  sql: Sql,
  fault: Fault,
  row: FaultyRow,
  billingS: number,
): Promise<'recorded' | 'nothing'> {
  const fromS = Math.max(billingS, row.start_s ?? billingS);
  const toS = row.end_s ?? fromS;
  if (toS <= fromS) return 'nothing';
  const added = await sql`
    INSERT INTO undelivered (id, org_id, allocation_id, from_s, to_s, reason)
    SELECT ${mintId('undelivered', ctx.clock.nowMs())}, ${row.org_id}, ${fault.allocationId}, ${fromS}::bigint,
      ${toS}::bigint, ${causeOfCode(fault.reason.code)}
    WHERE NOT EXISTS (SELECT 1 FROM undelivered WHERE org_id = ${row.org_id} AND allocation_id = ${fault.allocationId}
      AND from_s <= ${fromS}::bigint AND to_s >= ${toS}::bigint)
    RETURNING 1 AS one`;
  return added.length > 0 ? 'recorded' : 'nothing';
}

/** End (billing time) of the last measured second of an allocation, or `elseS` when nothing was measured yet. */
async function lastProvableS(sql: Sql, allocationId: string, elseS: number): Promise<number> {
  const rows = await sql<{ win_start_s: number; bytes: Uint8Array }>`
    SELECT win_start_s::float8 AS win_start_s, bytes FROM usage_block WHERE allocation_id = ${allocationId} AND measured > 0
    ORDER BY win_start_s DESC, rev DESC LIMIT 1`;
  const newest = rows[0];
  if (!newest) return elseS;
  const last = decodeBlock(newest.bytes).findLastIndex((ppm) => ppm !== null);
  return Math.max(elseS, newest.win_start_s + last + 1);
}
