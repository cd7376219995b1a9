import type { Sql } from '@suanxiang/db/sql';

/**
 * Serialises what counts against an organisation's quotas and balance until the transaction ends. Taken before any
 * stock lock, always in this order.
 */
export async function lockOrganization(sql: Sql, orgId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`org:${orgId}`}, 0))`;
}
