import { mutate } from '../access/mutate';
import { lockOrganization } from '../organization/lock-organization';
import { notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { quotaAnswers } from './list-quotas';
import { readQuotas } from './read-quotas';

/**
 * Sets a project's own limit, or lifts it. What it holds beyond a lower limit stays; nothing more is let in until it fits.
 */
export const setProjectQuota: UseCase<'setProjectQuota'> = (ctx, principal, meta, { params, body }) => {
  const { orgId } = principal;
  const { project_id } = params;
  return mutate<AnswerOf<'setProjectQuota'>>(ctx, principal, meta, 'quota.modify', async (sql) => {
    await lockOrganization(sql, orgId);
    const [project] = await sql`SELECT id FROM project WHERE org_id = ${orgId} AND id = ${project_id}`;
    if (!project) throw notFound();
    const [before] = await sql<{ limit: number }>`
      DELETE FROM project_quota WHERE org_id = ${orgId} AND project_id = ${project_id} AND metric = ${body.metric}
      RETURNING "limit"`;
    if (body.limit !== null) {
      await sql`
        INSERT INTO project_quota (org_id, project_id, metric, "limit")
        VALUES (${orgId}, ${project_id}, ${body.metric}, ${body.limit})`;
    }
    const all = (await readQuotas(sql, orgId)).filter(({ projectId }) => projectId === project_id);
    const detail = {
      metric: body.metric,
      before: { limit: before?.limit ?? null },
      after: { limit: body.limit },
    };
    return { answer: quotaAnswers(all, principal), resource: project_id, detail };
  });
};
