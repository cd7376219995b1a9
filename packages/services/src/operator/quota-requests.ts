import type { operatorQuotaRequest } from '@suanxiang/contract/schemas/quotas';
import { queueMail } from '@suanxiang/db/queue-mail';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import { needsSecondOperator } from '@suanxiang/domain/quota-metrics';
import type { z } from 'zod';
import { mutate } from '../access/mutate';
import type { Operator } from '../access/principal';
import type { AppContext } from '../context';
import { receiversOf } from '../mail/receivers';
import { lockOrganization } from '../organization/lock-organization';
import { notFound, unusable } from '../problem';
import { readQuotas } from '../quota/read-quotas';
import { type RequestRow, readRequest, requestAnswer, requireOpen } from '../quota/requests';
import type { UseCase } from '../use-case';
import { requireSecondOperator } from './two-operators';

type Answer = z.input<typeof operatorQuotaRequest>;
type Row = RequestRow & { org_id: string; organization_name: string };

const MOST = 200;

function readAll(sql: Sql, where: { open: boolean; id: string | null }): Promise<Row[]> {
  return sql<Row>`
    SELECT q.id, q.org_id, o.name AS organization_name, q.metric, q.limit_before, q.wanted, q.granted, q.reason, q.status,
      q.requested_by, q.first_approved_by, q.decided_by, q.answer, q.created_at, q.decided_at
    FROM quota_request q JOIN organization o ON o.id = q.org_id
    WHERE CASE WHEN ${where.id}::text IS NULL THEN (q.decided_at IS NULL) = ${where.open} ELSE q.id = ${where.id} END
    ORDER BY CASE WHEN ${where.open} THEN q.created_at END, q.decided_at DESC, q.id LIMIT ${MOST}`;
}

/** With the use of the quota, read by a handle that may see the organisation. */
async function answerOf(sql: Sql, row: Row): Promise<Answer> {
  const { org_id, organization_name, first_approved_by, decided_by } = row;
  const quotas = await readQuotas(sql, org_id);
  const used = quotas.find((one) => one.projectId === null && one.metric === row.metric)?.used ?? 0;
  const { org_id: _, organization_name: __, ...request } = row;
  const needs_second = needsSecondOperator(row.metric, row.granted ?? row.wanted);
  return { ...requestAnswer(request), org_id, organization_name, used, needs_second, first_approved_by, decided_by };
}

/** Requests that wait for an answer, oldest first, or those that have it, newest first. */
export const operatorQuotaRequests: UseCase<'operatorQuotaRequests'> = async (ctx, _operator, _meta, { query }) => {
  const sql = singleSql(ctx.ops);
  const rows = await readAll(sql, { open: query.status === 'open', id: null });
  const items: Answer[] = [];
  for (const row of rows) items.push(await answerOf(sql, row));
  return { items };
};

/** Writes to whoever asked, or to the owners when they are gone. */
async function tellAnswer(ctx: AppContext, sql: Sql, orgId: string, row: RequestRow, nowMs: number): Promise<void> {
  const [org] = await sql<{ name: string; slug: string }>`SELECT name, slug FROM organization WHERE id = ${orgId}`;
  const data = {
    organization: org!.name,
    quota: row.metric,
    outcome: row.status === 'approved' ? ('approved' as const) : ('denied' as const),
    limit: String(row.granted ?? row.limit_before),
    answer: row.answer ?? '',
    link: `${ctx.webUrl}/${org!.slug}/quotas`,
  };
  for (const { to, locale } of await receiversOf(ctx, sql, orgId, row.requested_by)) {
    await queueMail(sql, { to, locale, template: 'quota_decided', data, nowMs });
  }
}

/**
 * Decides a request inside its organisation, where the audit row belongs, too: the customer reads who of the operator's
 * people did what. The operator finds it with the operator's rights.
 */
async function decide(
  ctx: AppContext,
  operator: Operator,
  meta: Parameters<UseCase<'operatorDenyQuota'>>[2],
  id: string,
  action: string,
  change: (sql: Sql, row: RequestRow, orgId: string) => Promise<object>,
): Promise<Answer> {
  const [found] = await readAll(singleSql(ctx.ops), { open: true, id });
  if (!found) throw notFound();
  const { org_id: orgId, organization_name } = found;
  const actor = { orgId, actor: operator.actor, authMethod: 'session' as const };
  return mutate<Answer>(ctx, actor, meta, action, async (sql) => {
    await lockOrganization(sql, orgId);
    const row = await readRequest(sql, orgId, id, true);
    requireOpen(row);
    const detail = await change(sql, row, orgId);
    const after = await readRequest(sql, orgId, id);
    if (after.decided_at) await tellAnswer(ctx, sql, orgId, after, meta.nowMs);
    return { answer: await answerOf(sql, { ...after, org_id: orgId, organization_name }), resource: id, detail };
  });
}

function grantedOf(row: RequestRow, wish: number | undefined): number {
  const granted = row.granted ?? wish ?? row.wanted;
  const pointer = '/body/granted';
  if (row.granted !== null && wish !== undefined && wish !== row.granted) {
    const detail = `The first operator agreed to ${row.granted}. Deny the request to start over.`;
    throw unusable([{ pointer, code: 'differs', detail }]);
  }
  if (granted <= row.limit_before) {
    throw unusable([{ pointer, code: 'not_higher', detail: `Must be higher than ${row.limit_before}.` }]);
  }
  return granted;
}

/** Raises the quota; above the limit for one operator, the first notes his agreement and another one raises it. */
export const operatorApproveQuota: UseCase<'operatorApproveQuota'> = (ctx, operator, meta, { params, body }) =>
  decide(ctx, operator, meta, params.quota_request_id, 'quota_request.approve', async (sql, row, orgId) => {
    const granted = grantedOf(row, body.granted);
    const answer = body.answer ?? row.answer;
    const detail = { metric: row.metric, before: { limit: row.limit_before }, after: { limit: granted } };
    if (needsSecondOperator(row.metric, granted) && row.status === 'pending') {
      await sql`
        UPDATE quota_request SET status = 'awaiting_second', granted = ${granted}, first_approved_by = ${operator.actor},
          first_approved_at = now(), answer = ${answer} WHERE org_id = ${orgId} AND id = ${row.id}`;
      return { ...detail, awaits: 'second_operator' };
    }
    requireSecondOperator(
      row.first_approved_by,
      operator.actor,
      'A raise of this size takes two operators, and you were the first.',
    );
    await sql`
      UPDATE quota_request SET status = 'approved', granted = ${granted}, decided_by = ${operator.actor}, decided_at = now(),
        answer = ${answer} WHERE org_id = ${orgId} AND id = ${row.id}`;
    // Never lowers what was raised meanwhile.
    await sql`
      INSERT INTO quota (org_id, metric, "limit") VALUES (${orgId}, ${row.metric}, ${granted})
      ON CONFLICT (org_id, metric) DO UPDATE SET "limit" = greatest(quota."limit", excluded."limit")`;
    return detail;
  });

/** Denies a request, with a reason that the customer reads. */
export const operatorDenyQuota: UseCase<'operatorDenyQuota'> = (ctx, operator, meta, { params, body }) =>
  decide(ctx, operator, meta, params.quota_request_id, 'quota_request.deny', async (sql, row, orgId) => {
    await sql`
      UPDATE quota_request SET status = 'denied', granted = NULL, decided_by = ${operator.actor}, decided_at = now(),
        answer = ${body.reason} WHERE org_id = ${orgId} AND id = ${row.id}`;
    return { metric: row.metric, wanted: row.wanted, reason: body.reason };
  });
