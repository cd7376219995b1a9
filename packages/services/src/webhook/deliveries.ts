import type { Sql } from '@suanxiang/db/sql';
import { withOrgSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { listPage } from '../access/list-page';
import { mutate } from '../access/mutate';
import { notFound } from '../problem';
import type { UseCase } from '../use-case';
import { readWebhook } from './webhook-row';

interface Attempt {
  at: string;
  duration_ms: number;
  status: number | null;
  error: string | null;
  answer: string | null;
}

interface DeliveryRow {
  id: string;
  event_id: string;
  type: string;
  body: string;
  status: 'pending' | 'delivered' | 'failed' | 'canceled';
  created_at: Date;
  next_attempt_at: Date;
  tried: Attempt[];
}

function deliveryAnswer(row: DeliveryRow) {
  return {
    id: row.id,
    event_id: row.event_id,
    type: row.type,
    status: row.status,
    created_at: row.created_at.toISOString(),
    next_attempt_at: row.status === 'pending' ? row.next_attempt_at.toISOString() : null,
    body: row.body,
    attempts: row.tried.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
  };
}

/** Deliveries of a webhook with their attempts, newest first; `id` narrows to one. */
function readDeliveries(
  sql: Sql,
  orgId: string,
  webhookId: string,
  {
    status = null,
    before = null,
    id = null,
    take,
  }: Partial<Record<'status' | 'before' | 'id', string | null>> & { take: number },
) {
  return sql<DeliveryRow>`
    SELECT d.id, d.event_id, d.type, d.body, d.status, d.created_at, d.next_attempt_at,
      coalesce((SELECT jsonb_agg(jsonb_build_object('at', a.at, 'duration_ms', a.duration_ms, 'status', a.status,
          'error', a.error, 'answer', a.answer) ORDER BY a.at)
        FROM webhook_attempt a WHERE a.org_id = d.org_id AND a.delivery_id = d.id), '[]') AS tried
    FROM webhook_delivery d
    WHERE d.org_id = ${orgId} AND d.webhook_id = ${webhookId} AND (${status}::text IS NULL OR d.status = ${status})
      AND (${before}::text IS NULL OR d.id < ${before}) AND (${id}::text IS NULL OR d.id = ${id})
    ORDER BY d.id DESC LIMIT ${take}`;
}

/** What was sent to an address, newest first. */
export const listWebhookDeliveries: UseCase<'listWebhookDeliveries'> = async (ctx, { orgId }, _meta, input) => {
  const { webhook_id } = input.params;
  await withOrgSql(ctx.api, orgId, (sql) => readWebhook(sql, orgId, webhook_id));
  const { status = null, ...pageOnly } = input.query;
  const { rows, end } = await listPage<DeliveryRow>(ctx, {
    orgId,
    operationId: `listWebhookDeliveries:${webhook_id}`,
    query: { ...pageOnly, status: status ?? undefined },
    parts: 1,
    positionOf: (row) => [row.id],
    fetch: (after, take) =>
      withOrgSql(ctx.api, orgId, (sql) =>
        readDeliveries(sql, orgId, webhook_id, { status, before: after?.[0] ?? null, take }),
      ),
    count: async () => 0,
  });
  return { items: rows.map(deliveryAnswer), ...end };
};

async function newDelivery(
  sql: Sql,
  orgId: string,
  webhookId: string,
  origin: 'replay' | 'probe',
  delivery: Pick<DeliveryRow, 'event_id' | 'type' | 'body'>,
  nowMs: number,
) {
  const id = mintId('webhookDelivery', nowMs);
  await sql`
    INSERT INTO webhook_delivery (id, org_id, webhook_id, event_id, origin, type, body)
    VALUES (${id}, ${orgId}, ${webhookId}, ${delivery.event_id}, ${origin}, ${delivery.type}, ${delivery.body})`;
  const [row] = await readDeliveries(sql, orgId, webhookId, { id, take: 1 });
  return { answer: deliveryAnswer(row!), resource: webhookId, detail: { delivery_id: id, type: delivery.type } };
}

/** Sends a test event, of a type that no subscription needs to name. */
export const probeWebhook: UseCase<'probeWebhook'> = (ctx, principal, meta, { params }) =>
  mutate(ctx, principal, meta, 'webhook.probe', async (sql) => {
    await readWebhook(sql, principal.orgId, params.webhook_id, true);
    const at = new Date(meta.nowMs).toISOString();
    const id = mintId('event', meta.nowMs);
    const data = { id, type: 'webhook.test', at, project_id: null, resource: params.webhook_id, data: {} };
    const body = JSON.stringify({ type: data.type, timestamp: at, data });
    const probe = { event_id: id, type: data.type, body };
    return newDelivery(sql, principal.orgId, params.webhook_id, 'probe', probe, meta.nowMs);
  });

/** Sends the same bytes under the same webhook-id once more. */
export const replayWebhookDelivery: UseCase<'replayWebhookDelivery'> = (ctx, principal, meta, { params }) =>
  mutate(ctx, principal, meta, 'webhook.replay', async (sql) => {
    const { orgId } = principal;
    await readWebhook(sql, orgId, params.webhook_id, true);
    const [row] = await readDeliveries(sql, orgId, params.webhook_id, { id: params.delivery_id, take: 1 });
    if (!row) throw notFound();
    return newDelivery(sql, orgId, params.webhook_id, 'replay', row, meta.nowMs);
  });
