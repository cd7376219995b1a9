import { withOrgSql } from '@suanxiang/db/tenant';
import { countRows } from '../access/count-rows';
import { listPage } from '../access/list-page';
import type { UseCase } from '../use-case';
import { type AuditRow, auditAnswer } from './audit-answer';

/** The organisation's audit chain, newest first; `seq` has no gaps and `hash` covers the entry before. */
export const listAuditEvents: UseCase<'listAuditEvents'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<AuditRow>(ctx, {
    orgId,
    operationId: 'listAuditEvents',
    query,
    parts: 1,
    positionOf: (row) => [row.seq],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<AuditRow>`
          SELECT id, at, actor, impersonator, auth_method, action, resource, result, detail, request_id, ip, seq::text, prev_hash, hash
          FROM audit_event
          WHERE org_id = ${orgId} AND (${after?.[0] ?? null}::bigint IS NULL OR seq < ${after?.[0] ?? null}::bigint)
          ORDER BY audit_event.seq DESC LIMIT ${take}`,
      ),
    count: (most) =>
      countRows(
        ctx.api,
        orgId,
        (sql) => sql<{ n: number }>`
          SELECT count(*)::int AS n FROM (
            SELECT 1 FROM audit_event WHERE org_id = ${orgId} LIMIT ${most}) counted`,
      ),
  });
  return { items: rows.map(auditAnswer), ...end };
};
