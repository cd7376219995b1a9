import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { InputOf, UseCase } from '../use-case';
import { type AuditRow, auditAnswer } from './audit-answer';

type Query = InputOf<'listAuditEvents'>['query'];

/** Newest first, after a number; filtered. */
function readEvents(sql: Sql, orgId: string, query: Query, afterSeq: string | null, take: number): Promise<AuditRow[]> {
  const { action = null, actor = null, resource = null, result = null } = query;
  return sql<AuditRow>`
    SELECT id, at, actor, impersonator, auth_method, action, resource, result, detail, request_id, ip, seq::text, prev_hash, hash
    FROM audit_event
    WHERE org_id = ${orgId} AND (${afterSeq}::bigint IS NULL OR seq < ${afterSeq}::bigint)
      AND (${action}::text IS NULL OR starts_with(action, ${action}::text))
      AND (${actor}::text IS NULL OR actor = ${actor} OR impersonator = ${actor})
      AND (${resource}::text IS NULL OR resource = ${resource}) AND (${result}::text IS NULL OR result = ${result})
    ORDER BY audit_event.seq DESC LIMIT ${take}`;
}

/** The organisation's audit chain, newest first; `seq` has no gaps and `hash` covers the entry before. */
export const listAuditEvents: UseCase<'listAuditEvents'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<AuditRow>(ctx, {
    orgId,
    operationId: 'listAuditEvents',
    query,
    parts: 1,
    positionOf: (row) => [row.seq],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, (sql) => readEvents(sql, orgId, query, after?.[0] ?? null, take)),
    count: (most) =>
      countRows(ctx.api, orgId, async (sql) => [{ n: (await readEvents(sql, orgId, query, null, most)).length }]),
  });
  return { items: rows.map(auditAnswer), ...end };
};
