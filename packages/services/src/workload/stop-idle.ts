import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import { tell } from '@suanxiang/metering/accrual/billing-events';
import { findIdle, type IdleWorkload } from '@suanxiang/metering/idle/find-idle';
import { type BilledOrg, billedOrg } from '@suanxiang/metering/periods';
import { type EndTarget, endWorkload } from './end-workload';

const REASON: StatusReason = {
  code: 'idle',
  en: 'Stopped because its accelerators were idle for longer than the project allows. Start it again when there is work.',
  zh: '加速卡空闲时间超过项目规定，已停止。有任务时可重新启动。',
};

interface Policy {
  project_id: string;
  threshold_ppm: number;
  idle_minutes: number;
  warn_minutes: number;
}

const MINUTE_S = 60;

/** Warns about a workload, or stops it once its warning has run out. Returns whether it was stopped. */
async function dealWith(sql: Sql, org: BilledOrg, idle: IdleWorkload, policy: Policy, nowMs: number): Promise<boolean> {
  const { orgId, nowS, currency } = org;
  const { workloadId, name, burnPerHourMicro } = idle;
  const stopsS = nowS + policy.warn_minutes * MINUTE_S;
  const begun = await sql`
    INSERT INTO idle_warning (org_id, workload_id, warned_s, stops_s)
    VALUES (${orgId}, ${workloadId}, ${nowS}::bigint, ${stopsS}::bigint)
    ON CONFLICT (workload_id) DO NOTHING RETURNING workload_id`;
  const [warning] = await sql<{ warned_s: string; stops_s: string }>`
    SELECT warned_s::text, stops_s::text FROM idle_warning WHERE org_id = ${orgId} AND workload_id = ${workloadId}`;
  const detail = {
    workload_id: workloadId,
    name,
    currency,
    per_hour_micro: burnPerHourMicro.toString(),
    stops_s: Number(warning!.stops_s),
  };
  const key = `idle:${workloadId}:${warning!.warned_s}`;
  if (begun.length > 0) {
    await tell(sql, { orgId, key: `${key}:warned`, kind: 'idle_warned', detail }, nowMs);
    return false;
  }
  if (nowS < Number(warning!.stops_s)) return false;
  const [target] = await sql<EndTarget>`
    SELECT id, kind, region_id, zone_id, on_capacity FROM workload WHERE org_id = ${orgId} AND id = ${workloadId}`;
  const stopped = await endWorkload(sql, orgId, target!, { action: 'stop', reason: REASON, nowMs });
  if (!stopped) return false;
  await tell(sql, { orgId, key: `${key}:stopped`, kind: 'idle_stopped', detail }, nowMs);
  await sql`DELETE FROM idle_warning WHERE org_id = ${orgId} AND workload_id = ${workloadId}`;
  return true;
}

/**
 * Looks for idle workloads of one organisation under the policies of its projects (role app_worker): warns first, stops in the
 * normal way when the warning has run out, and forgets a warning when there is work again. Returns what was stopped.
 */
export function stopIdle(db: Db, orgId: string, nowMs: number): Promise<string[]> {
  return withSql(db, async (sql) => {
    const [lock] = await sql<{ mine: boolean }>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`idle:${orgId}`}, 0)) AS mine`;
    if (!lock!.mine) return [];
    const org = await billedOrg(sql, orgId);
    const policies = await sql<Policy>`
      SELECT project_id, threshold_ppm, idle_minutes, warn_minutes FROM idle_policy WHERE org_id = ${orgId}`;
    const found: { idle: IdleWorkload; policy: Policy }[] = [];
    for (const policy of policies) {
      const query = {
        thresholdPpm: policy.threshold_ppm,
        minutes: policy.idle_minutes,
        projectIds: [policy.project_id],
      };
      for (const idle of await findIdle(sql, org, query)) found.push({ idle, policy });
    }
    await sql`
      DELETE FROM idle_warning WHERE org_id = ${orgId}
        AND NOT workload_id = ANY (${found.map(({ idle }) => idle.workloadId)}::text[])`;
    const stopped: string[] = [];
    for (const { idle, policy } of found) {
      if (await dealWith(sql, org, idle, policy, nowMs)) stopped.push(idle.workloadId);
    }
    return stopped;
  });
}

/** Organisations in which idle workloads may have to be stopped, or have been warned about. */
export async function organizationsWithIdlePolicy(db: Db): Promise<string[]> {
  const rows = await singleSql(db)<{ id: string }>`
    SELECT org_id AS id FROM idle_policy UNION SELECT org_id FROM idle_warning`;
  return rows.map((row) => row.id);
}
