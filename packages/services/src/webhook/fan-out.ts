import type { Db } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { type EventRow, eventAnswer } from '../event/read-events';

/** Events handed to one webhook in one transaction. */
const BATCH = 200;

/** True when a subscription (`instance.*`, `invoice.final`; none: everything) covers a type. */
export function isSubscribed(subscriptions: readonly string[], type: string): boolean {
  if (subscriptions.length === 0) return true;
  return subscriptions.some((one) => (one.endsWith('.*') ? type.startsWith(one.slice(0, -1)) : one === type));
}

/** Writes the deliveries of events that a webhook has not seen. Returns how many events it looked at. */
async function fanOutOne(sql: Sql, webhookId: string, nowMs: number): Promise<number> {
  const [hook] = await sql<{ org_id: string; event_types: string[]; done_txid: string; done_seq: string }>`
    SELECT org_id, event_types, done_txid::text, done_seq::text FROM webhook
    WHERE id = ${webhookId} AND status = 'enabled' AND deleted_at IS NULL FOR UPDATE SKIP LOCKED`;
  if (!hook) return 0;
  const events = await sql<EventRow>`
    SELECT id, type, at, project_id, subject, data, txid::text, seq::text FROM event
    WHERE org_id = ${hook.org_id} AND (txid, seq) > (${hook.done_txid}::bigint, ${hook.done_seq}::bigint)
      AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY event.txid, event.seq LIMIT ${BATCH}`;
  const last = events.at(-1);
  if (!last) return 0;
  for (const event of events) {
    if (!isSubscribed(hook.event_types, event.type)) continue;
    const body = JSON.stringify({ type: event.type, timestamp: event.at.toISOString(), data: eventAnswer(event) });
    await sql`
      INSERT INTO webhook_delivery (id, org_id, webhook_id, event_id, origin, type, body)
      VALUES (${mintId('webhookDelivery', nowMs)}, ${hook.org_id}, ${webhookId}, ${event.id}, 'event', ${event.type}, ${body})
      ON CONFLICT (webhook_id, event_id) WHERE origin = 'event' DO NOTHING`;
  }
  await sql`
    UPDATE webhook SET done_txid = ${last.txid}::bigint, done_seq = ${last.seq}::bigint WHERE id = ${webhookId}`;
  return events.length;
}

/**
 * Turns new events into deliveries, in any number of workers: a webhook's position moves in the transaction that writes its
 * deliveries, so that each event becomes one delivery whatever dies in between. Returns how many events were looked at.
 */
export async function fanOutEvents(db: Db, nowMs: number): Promise<number> {
  const behind = await singleSql(db)<{ id: string }>`
    SELECT w.id FROM webhook w WHERE w.status = 'enabled' AND w.deleted_at IS NULL AND EXISTS (
      SELECT 1 FROM event e WHERE e.org_id = w.org_id AND (e.txid, e.seq) > (w.done_txid, w.done_seq))`;
  let seen = 0;
  for (const { id } of behind) seen += await withSql(db, (sql) => fanOutOne(sql, id, nowMs));
  return seen;
}
