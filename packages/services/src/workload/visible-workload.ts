import type { Sql } from '@suanxiang/db/sql';
import type { Principal } from '../access/principal';
import { notFound } from '../problem';
import type { WorkloadKind } from './spec';

/** Throws `not_found` unless the principal may see this workload at all. */
export async function requireVisible(sql: Sql, principal: Principal, kind: WorkloadKind, id: string): Promise<void> {
  const [row] = await sql`
    SELECT id FROM workload WHERE org_id = ${principal.orgId} AND id = ${id} AND kind = ${kind}
      AND (${principal.projectIds}::text[] IS NULL OR project_id = ANY (${principal.projectIds}::text[]))`;
  if (!row) throw notFound();
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockVisible(sql: Sql, principal: Principal, kind: WorkloadKind, id: string): Promise<void> {
  const [row] = await sql`
    SELECT id FROM workload WHERE org_id = ${principal.orgId} AND id = ${id} AND kind = ${kind}
      AND (${principal.projectIds}::text[] IS NULL OR project_id = ANY (${principal.projectIds}::text[])) FOR UPDATE`;
  if (!row) throw notFound();
}
