import type { Sql } from '@suanxiang/db/sql';
import { notFound } from '../problem';

/**
 * Serialises what counts against an organisation's quotas and balance until the transaction ends. Taken before any
 * stock lock, always in this order. Throws `not_found` for one that was closed while the caller waited.
 */
export async function lockOrganization(sql: Sql, orgId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`org:${orgId}`}, 0))`;
  // A statement of its own: it must see what was committed before the lock was taken.
  const closed = await sql`SELECT id FROM organization WHERE id = ${orgId} AND closed_at IS NOT NULL`;
  if (closed.length > 0) throw notFound();
}
