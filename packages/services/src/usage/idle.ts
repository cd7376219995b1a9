import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { findIdle } from '@suanxiang/metering/idle/find-idle';
import { billedOrg } from '@suanxiang/metering/periods';
import { mutate } from '../access/mutate';
import { microMoney } from '../money';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';

const PPM_PER_PERCENT = 10_000;
const time = (unixS: number) => new Date(unixS * 1000).toISOString();

/** Running workloads that do nothing, with what they burn and when a policy stops them. */
export const listIdle: UseCase<'listIdle'> = (ctx, { orgId, projectIds }, _meta, { query }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const org = await billedOrg(sql, orgId);
    const thresholdPpm = query.threshold_percent * PPM_PER_PERCENT;
    const found = await findIdle(sql, org, { thresholdPpm, minutes: query.minutes, projectIds });
    const warnings = await sql<{ id: string; stops_s: string }>`
      SELECT workload_id AS id, stops_s::text FROM idle_warning WHERE org_id = ${orgId}`;
    const stops = new Map(warnings.map((one) => [one.id, Number(one.stops_s)]));
    const burn = found.reduce((total, one) => total + one.burnPerHourMicro, 0n);
    return {
      burn_per_hour: microMoney(burn, org.currency),
      items: found.map((one) => ({
        workload_id: one.workloadId,
        workload_name: one.name,
        kind: one.kind,
        project_id: one.projectId,
        gpus: one.gpus,
        average_utilization_ppm: one.averagePpm,
        measured_seconds: one.measuredSeconds,
        burn_per_hour: microMoney(one.burnPerHourMicro, org.currency),
        stops_at: stops.has(one.workloadId) ? time(stops.get(one.workloadId)!) : null,
      })),
    };
  });

type Policy = AnswerOf<'setIdlePolicy'>;

interface PolicyRow {
  project_id: string;
  threshold_ppm: number | null;
  idle_minutes: number | null;
  warn_minutes: number | null;
}

async function readPolicies(
  sql: Sql,
  orgId: string,
  projectIds: readonly string[] | null,
  projectId: string | null = null,
): Promise<Policy[]> {
  const rows = await sql<PolicyRow>`
    SELECT p.id AS project_id, i.threshold_ppm, i.idle_minutes, i.warn_minutes
    FROM project p LEFT JOIN idle_policy i ON i.org_id = p.org_id AND i.project_id = p.id
    WHERE p.org_id = ${orgId} AND (${projectIds}::text[] IS NULL OR p.id = ANY (${projectIds}::text[]))
      AND (${projectId}::text IS NULL OR p.id = ${projectId}::text) ORDER BY p.created_at, p.id`;
  return rows.map((row) => ({
    project_id: row.project_id,
    enabled: row.threshold_ppm !== null,
    threshold_percent: row.threshold_ppm === null ? null : row.threshold_ppm / PPM_PER_PERCENT,
    idle_minutes: row.idle_minutes,
    warn_minutes: row.warn_minutes,
  }));
}

/** What becomes of idle workloads, by project. */
export const listIdlePolicies: UseCase<'listIdlePolicies'> = async (ctx, { orgId, projectIds }) => ({
  items: await withOrgSql(ctx.api, orgId, (sql) => readPolicies(sql, orgId, projectIds)),
});

/** Says after what idle time a project's workloads are warned about and stopped, or that they never are. */
export const setIdlePolicy: UseCase<'setIdlePolicy'> = (ctx, principal, meta, { params, body }) =>
  mutate(ctx, principal, meta, 'idle_policy.set', async (sql) => {
    const { orgId, projectIds, actor } = principal;
    const { project_id: projectId } = params;
    const [known] = await readPolicies(sql, orgId, projectIds, projectId);
    if (!known) throw notFound();
    if (body.enabled) {
      const thresholdPpm = body.threshold_percent * PPM_PER_PERCENT;
      await sql`
        INSERT INTO idle_policy (org_id, project_id, threshold_ppm, idle_minutes, warn_minutes, updated_by)
        VALUES (${orgId}, ${projectId}, ${thresholdPpm}::int, ${body.idle_minutes}::int, ${body.warn_minutes}::int, ${actor})
        ON CONFLICT (project_id) DO UPDATE SET threshold_ppm = excluded.threshold_ppm, idle_minutes = excluded.idle_minutes,
          warn_minutes = excluded.warn_minutes, updated_by = excluded.updated_by, updated_at = now()`;
    } else await sql`DELETE FROM idle_policy WHERE org_id = ${orgId} AND project_id = ${projectId}`;
    const [answer] = await readPolicies(sql, orgId, projectIds, projectId);
    return { answer: answer!, resource: projectId, detail: { ...answer } };
  });
