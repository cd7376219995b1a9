import { withOrgSql } from '@suanxiang/db/tenant';
import type { StatusReason } from '@suanxiang/db/transition';
import type { WorkloadState } from '@suanxiang/domain/workload-state';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import type { WorkloadKind } from './spec';
import { requireVisible } from './visible-workload';

interface Row {
  at: Date;
  from_state: WorkloadState | null;
  to_state: WorkloadState;
  event: string;
  actor: string;
  reason: StatusReason | null;
  operation_id: string | null;
}

/** Every state change of a workload, oldest first, with who or what caused it. Throws `not_found`. */
export function listEvents(ctx: AppContext, principal: Principal, kind: WorkloadKind, id: string) {
  return withOrgSql(ctx.api, principal.orgId, async (sql) => {
    await requireVisible(sql, principal, kind, id);
    const rows = await sql<Row>`
      SELECT at, from_state, to_state, event, actor, reason, operation_id FROM state_change
      WHERE org_id = ${principal.orgId} AND workload_id = ${id} ORDER BY at, id`;
    return { items: rows.map((row) => ({ ...row, at: row.at.toISOString() })) };
  });
}
