import type { Sql } from '@suanxiang/db/sql';
import { type DeliveredBlock, type RefusalReason, refusedRecord } from './check-block';

/** Puts refused records aside with their reasons; a repeated delivery of one is kept once. */
export async function quarantine(
  sql: Sql,
  zoneId: string,
  refused: readonly { block: DeliveredBlock; reason: RefusalReason }[],
): Promise<void> {
  const records = refused.map(({ block, reason }) => ({ ...refusedRecord(block), reason }));
  await sql`
    INSERT INTO usage_quarantine (zone_id, reason, raw, fingerprint)
    SELECT ${zoneId}, reason, raw::jsonb, fingerprint FROM unnest(${records.map((r) => r.reason)}::text[],
      ${records.map((r) => JSON.stringify(r.raw))}::text[], ${records.map((r) => r.fingerprint)}::text[])
      AS refused(reason, raw, fingerprint) ON CONFLICT DO NOTHING`;
}
