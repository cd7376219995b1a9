import type { Sql } from '@suanxiang/db/sql';
import { type DeliveredBlock, type RefusalReason, refusedRecord } from './check-block';

/**
 * Puts refused records aside with their reasons; a repeated delivery of one is kept once. What came from one
 * agent about one lease, refused for one reason, is a group of its own, about which operators decide.
 */
export async function quarantine(
  sql: Sql,
  zoneId: string,
  refused: readonly { block: DeliveredBlock; reason: RefusalReason }[],
): Promise<void> {
  const records = refused.map(({ block, reason }) => ({ ...refusedRecord(block), reason }));
  await sql`
    INSERT INTO usage_quarantine (zone_id, reason, raw, fingerprint, group_id)
    SELECT ${zoneId}, reason, raw::jsonb, fingerprint,
      'quar_' || substr(md5(concat_ws(' ', ${zoneId}::text, reason, raw::jsonb->>'agent_id', raw::jsonb->>'allocation_id')), 1, 26)
    FROM unnest(${records.map((r) => r.reason)}::text[],
      ${records.map((r) => JSON.stringify(r.raw))}::text[], ${records.map((r) => r.fingerprint)}::text[])
      AS refused(reason, raw, fingerprint) ON CONFLICT DO NOTHING`;
}
