import { withOrgSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';
import { type AuditRow, auditAnswer } from './audit-answer';

/** The audit log as lines of JSON, oldest first, from a number on: what an archive takes over piece by piece. */
export const exportAuditEvents: UseCase<'exportAuditEvents'> = async (ctx, { orgId }, _meta, { query }) => {
  const rows = await withOrgSql(
    ctx.api,
    orgId,
    (sql) => sql<AuditRow>`
      SELECT id, at, actor, impersonator, auth_method, action, resource, result, detail, request_id, ip, seq::text, prev_hash, hash
      FROM audit_event WHERE org_id = ${orgId} AND seq >= ${query.from_seq}
      ORDER BY audit_event.seq LIMIT ${query.count}`,
  );
  const lines = rows.map((row) => `${JSON.stringify(auditAnswer(row))}\n`);
  const last = rows.at(-1)?.seq ?? 'none';
  return { bytes: Buffer.from(lines.join('')), fileName: `audit-${query.from_seq}-${last}.ndjson` };
};
