import { withOrgSql } from '@suanxiang/db/tenant';
import type { UseCase } from '../use-case';

interface Row {
  entries: number;
  last_seq: string | null;
  head_hash: string | null;
  broken_at: string | null;
}

/**
 * Computes every hash of the organisation's audit chain again. Intact means: no number is missing, each entry names the
 * hash of the one before, and each hash is that of its entry. Whoever kept an earlier head can see that the chain still
 * leads through it.
 */
export const verifyAuditChain: UseCase<'verifyAuditChain'> = (ctx, { orgId }, meta) =>
  withOrgSql(ctx.api, orgId, async (sql) => {
    const [row] = await sql<Row>`
      SELECT count(*)::int AS entries, max(seq)::text AS last_seq,
        (SELECT hash FROM audit_event WHERE org_id = ${orgId} ORDER BY audit_event.seq DESC LIMIT 1) AS head_hash,
        min(seq) FILTER (WHERE hash <> recomputed OR prev_hash <> before_hash OR seq <> before_seq + 1)::text AS broken_at
      FROM (
        SELECT e.seq, e.hash, e.prev_hash, suan_audit_hash(e) AS recomputed,
          coalesce(lag(e.hash) OVER chain, '') AS before_hash, coalesce(lag(e.seq) OVER chain, 0) AS before_seq
        FROM audit_event e WHERE e.org_id = ${orgId} WINDOW chain AS (ORDER BY e.seq)) checked`;
    const { entries, last_seq, head_hash, broken_at } = row!;
    return {
      intact: broken_at === null,
      entries,
      last_seq: Number(last_seq ?? 0),
      head_hash,
      broken_at_seq: broken_at === null ? null : Number(broken_at),
      checked_at: new Date(meta.nowMs).toISOString(),
    };
  });
