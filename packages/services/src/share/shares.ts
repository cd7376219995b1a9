import { withOrgSql } from '@suanxiang/db/tenant';
import { changes } from '../access/changes';
import { mutate } from '../access/mutate';
import { invalid, notFound } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { readShareRows, shareAnswer } from './read-shares';
import { writeShare } from './write-share';

/** The organisation's share and those of its projects. */
export const getShares: UseCase<'getShares'> = (ctx, { orgId, projectIds }) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const [own, ...projects] = await readShareRows(sql, orgId);
    if (!own) throw notFound();
    const visible = projects.filter((one) => projectIds === null || projectIds.includes(one.node_id));
    return {
      organization: { ...shareAnswer(own), top_priority_class: own.top_priority_class },
      projects: visible.map(shareAnswer),
    };
  });

/** Changes a project's part of the organisation's share. Throws `not_found`, `unprocessable`. */
export const updateProjectShare: UseCase<'updateProjectShare'> = (ctx, principal, meta, { params, body }) => {
  if (Object.keys(body).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  const { orgId } = principal;
  return mutate<AnswerOf<'updateProjectShare'>>(ctx, principal, meta, 'share.modify', async (sql) => {
    const [project] = await sql`SELECT id FROM project WHERE org_id = ${orgId} AND id = ${params.project_id}`;
    if (!project) throw notFound();
    const shown = async () => (await readShareRows(sql, orgId)).find((one) => one.node_id === params.project_id);
    const before = await shown();
    await writeShare(sql, { orgId, projectId: params.project_id }, body, principal.actor);
    const row = await shown();
    if (!row) throw notFound();
    return {
      answer: shareAnswer(row),
      resource: params.project_id,
      detail: changes(before ? shareAnswer(before) : {}, body),
    };
  });
};
