import type { Sql } from '@suanxiang/db/sql';
import { mintId } from '@suanxiang/domain/ids';

/** What an account is told about its money. */
export type BillingEventKind =
  | 'stage_changed'
  | 'budget_reached'
  | 'budget_forecast'
  | 'auto_top_up_requested'
  | 'cap_reached'
  | 'idle_warned'
  | 'idle_stopped';

/** Tells one occasion once, whoever notices it and how often. Returns whether it was new. */
export async function tell(
  sql: Sql,
  event: { orgId: string; key: string; kind: BillingEventKind; detail: object },
  nowMs: number,
): Promise<boolean> {
  const rows = await sql`
    INSERT INTO billing_event (id, org_id, key, kind, at, detail)
    VALUES (${mintId('billingEvent', nowMs)}, ${event.orgId}, ${event.key}, ${event.kind},
      to_timestamp(${nowMs}::float8 / 1000), ${event.detail}::jsonb)
    ON CONFLICT (org_id, key) DO NOTHING RETURNING id`;
  return rows.length > 0;
}
