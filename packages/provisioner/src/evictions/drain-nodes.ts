import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import type { Provisioner } from '../context';
import { type Notice, tellToGo } from './tell-to-go';

interface Drain {
  id: string;
  at_deadline: 'interrupt' | 'wait';
  deadline_s: number;
  now_s: number;
  /** Workloads with anything on the node; empty: it is drained. */
  work: { id: string; moves: boolean; told: boolean }[];
}

/** Work that may be moved is told this long before it goes, or until the deadline where that is sooner. */
const NOTICE_S = 30;

const MOVES: StatusReason = {
  code: 'preempted.maintenance',
  en: 'Its node is being emptied for maintenance. It is stopped and starts again on another node.',
  zh: '所在节点因维护正在腾空，将停止并在其他节点上重新启动。',
};
const ENDS: StatusReason = {
  code: 'preempted.maintenance',
  en: 'Its node goes out of service. It is interrupted at the stated time unless it is stopped before.',
  zh: '所在节点即将停止服务，到期将中断，除非提前停止。',
};

/**
 * Goes on with every drain: work that may be moved is told to go soon, the rest at the deadline or never, as the drain says;
 * a node without work is drained; what was told for a drain that was cancelled may stay. Takes no input and may be repeated.
 * Returns the number of drains that ended.
 */
export async function advanceDrains(ctx: Provisioner): Promise<number> {
  const drains = await singleSql(ctx.db)<Drain>`
    SELECT d.id, d.at_deadline, extract(epoch FROM d.deadline_at)::float8 AS deadline_s,
      extract(epoch FROM clock_timestamp())::float8 AS now_s,
      (SELECT coalesce(json_agg(json_build_object('id', w.id, 'moves', w.movable OR w.preemptible, 'told', EXISTS (
          SELECT 1 FROM eviction e WHERE e.workload_id = w.id AND e.state = 'told')) ORDER BY w.id), '[]')
        FROM workload w WHERE (w.org_id, w.id) IN (
          SELECT a.org_id, a.workload_id FROM allocation a WHERE a.node_id = d.node_id AND a.released_at IS NULL)) AS work
    FROM node_drain d WHERE d.state = 'draining' ORDER BY d.id`;
  let ended = 0;
  for (const drain of drains) {
    if (drain.work.length === 0) ended += await finish(ctx, drain.id);
    else await withSql(ctx.db, (sql) => tellToGo(sql, noticesOf(drain), ctx.clock.nowMs()));
  }
  await withSql(ctx.db, spareCancelled);
  return ended;
}

function noticesOf(drain: Drain): Notice[] {
  const due = drain.work.filter(({ moves, told }) => !told && (moves || drain.at_deadline === 'interrupt'));
  return due.map(({ id, moves }) => ({
    workloadId: id,
    cause: 'maintenance',
    forId: drain.id,
    leaveAtS: moves ? Math.min(drain.deadline_s, drain.now_s + NOTICE_S) : Math.max(drain.deadline_s, drain.now_s),
    reason: moves ? MOVES : ENDS,
  }));
}

async function finish(ctx: Provisioner, drainId: string): Promise<number> {
  const rows = await singleSql(ctx.db)`
    UPDATE node_drain d SET state = 'drained', finished_at = clock_timestamp()
    WHERE d.id = ${drainId} AND d.state = 'draining' AND NOT EXISTS (
      SELECT 1 FROM allocation a WHERE a.node_id = d.node_id AND a.released_at IS NULL) RETURNING 1 AS one`;
  return rows.length;
}

async function spareCancelled(sql: Sql): Promise<void> {
  await sql`
    UPDATE eviction e SET state = 'spared', settled_at = clock_timestamp() FROM node_drain d
    WHERE e.state = 'told' AND e.cause = 'maintenance' AND d.id = e.for_id AND d.state = 'cancelled'`;
}
