import type { quotaRequest } from '@suanxiang/contract/schemas/quotas';
import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ProblemError } from '@suanxiang/domain/errors';
import { mintId } from '@suanxiang/domain/ids';
import type { z } from 'zod';
import { countRows } from '../access/count-rows';
import { requireMatch } from '../access/etag';
import { listPage } from '../access/list-page';
import { mutate } from '../access/mutate';
import { lockOrganization } from '../organization/lock-organization';
import { notFound, unusable } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { readQuotas } from './read-quotas';

export interface RequestRow {
  id: string;
  metric: string;
  limit_before: number;
  wanted: number;
  granted: number | null;
  reason: string;
  status: z.input<typeof quotaRequest>['status'];
  requested_by: string;
  first_approved_by: string | null;
  decided_by: string | null;
  answer: string | null;
  created_at: Date;
  decided_at: Date | null;
}

/** A request as its organisation sees it: not who decided, but what. */
export function requestAnswer(row: RequestRow): z.input<typeof quotaRequest> {
  const { first_approved_by: _, decided_by: __, created_at, decided_at, ...rest } = row;
  return { ...rest, created_at: created_at.toISOString(), decided_at: decided_at?.toISOString() ?? null };
}

function readRows(
  sql: Sql,
  orgId: string,
  where: { id?: string; after?: readonly string[] | null; take: number },
): Promise<RequestRow[]> {
  const [at, afterId] = where.after ?? [];
  return sql<RequestRow>`
    SELECT id, metric, limit_before, wanted, granted, reason, status, requested_by, first_approved_by, decided_by, answer,
      created_at, decided_at FROM quota_request
    WHERE org_id = ${orgId} AND (${where.id ?? null}::text IS NULL OR id = ${where.id ?? null})
      AND (${at ?? null}::timestamptz IS NULL OR (created_at, id) < (${at ?? null}::timestamptz, ${afterId ?? null}))
    ORDER BY created_at DESC, id DESC LIMIT ${where.take}`;
}

/** One request; with `lock`, nobody else decides it until the transaction ends. Throws `not_found`. */
export async function readRequest(sql: Sql, orgId: string, id: string, lock = false): Promise<RequestRow> {
  if (lock) await sql`SELECT id FROM quota_request WHERE org_id = ${orgId} AND id = ${id} FOR UPDATE`;
  const [row] = await readRows(sql, orgId, { id, take: 1 });
  if (!row) throw notFound();
  return row;
}

/** Requests, newest first. */
export const listQuotaRequests: UseCase<'listQuotaRequests'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<RequestRow>(ctx, {
    orgId,
    operationId: 'listQuotaRequests',
    query,
    parts: 2,
    positionOf: (row) => [row.created_at.toISOString(), row.id],
    fetch: (after, take) => withOrgSql(ctx.api, orgId, (sql) => readRows(sql, orgId, { after, take })),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (SELECT 1 FROM quota_request WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(requestAnswer), ...end };
};

/** One request. */
export const getQuotaRequest: UseCase<'getQuotaRequest'> = async (ctx, { orgId }, _meta, { params }) =>
  requestAnswer(await withOrgSql(ctx.api, orgId, (sql) => readRequest(sql, orgId, params.quota_request_id)));

/** Asks the operator for a higher quota. Throws `unprocessable` for what is not limited or not higher, `conflict` while one is open. */
export const createQuotaRequest: UseCase<'createQuotaRequest'> = (ctx, principal, meta, { body }) => {
  const { orgId } = principal;
  return mutate<AnswerOf<'createQuotaRequest'>>(ctx, principal, meta, 'quota_request.create', async (sql) => {
    await lockOrganization(sql, orgId);
    const quota = (await readQuotas(sql, orgId)).find((one) => one.projectId === null && one.metric === body.metric);
    if (!quota) {
      throw unusable([{ pointer: '/body/metric', code: 'not_limited', detail: 'There is no such limit here.' }]);
    }
    if (body.wanted <= quota.limit) {
      const detail = `Must be higher than the present limit of ${quota.limit}.`;
      throw unusable([{ pointer: '/body/wanted', code: 'not_higher', detail }]);
    }
    const id = mintId('quotaRequest', meta.nowMs);
    const made = await sql`
      INSERT INTO quota_request (id, org_id, metric, limit_before, wanted, reason, requested_by)
      VALUES (${id}, ${orgId}, ${body.metric}, ${quota.limit}, ${body.wanted}, ${body.reason}, ${principal.actor})
      ON CONFLICT (org_id, metric) WHERE status IN ('pending', 'awaiting_second') DO NOTHING RETURNING id`;
    if (made.length === 0) {
      throw new ProblemError('conflict', `A request for "${body.metric}" is waiting for its answer already.`, {
        suggestion: 'Wait for it, or withdraw it and ask anew.',
      });
    }
    const answer = requestAnswer(await readRequest(sql, orgId, id));
    return { answer, resource: id, detail: { metric: body.metric, limit: quota.limit, wanted: body.wanted } };
  });
};

/** Throws `conflict` for a request that has its answer. */
export function requireOpen(row: RequestRow): void {
  if (row.status === 'pending' || row.status === 'awaiting_second') return;
  throw new ProblemError('conflict', 'This request has been decided.', { members: { state: row.status } });
}

/** Takes an open request back. */
export const withdrawQuotaRequest: UseCase<'withdrawQuotaRequest'> = (ctx, principal, meta, { params }) => {
  const { orgId } = principal;
  return mutate<undefined>(ctx, principal, meta, 'quota_request.withdraw', async (sql) => {
    const row = await readRequest(sql, orgId, params.quota_request_id, true);
    await requireMatch(meta, async () => requestAnswer(row));
    requireOpen(row);
    await sql`
      UPDATE quota_request SET status = 'withdrawn', decided_by = ${principal.actor}, decided_at = now()
      WHERE org_id = ${orgId} AND id = ${row.id}`;
    return { answer: undefined, resource: row.id, detail: { metric: row.metric, wanted: row.wanted } };
  });
};
