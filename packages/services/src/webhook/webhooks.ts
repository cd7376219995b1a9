import { withOrgSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { requireSafeUrl } from '@suanxiang/platform/safe-fetch';
import { seal } from '@suanxiang/platform/seal';
import { changes } from '../access/changes';
import { requireMatch } from '../access/etag';
import { listPage } from '../access/list-page';
import { mutate } from '../access/mutate';
import type { AppContext } from '../context';
import { endOfEvents } from '../event/read-events';
import { invalid, ProblemError } from '../problem';
import type { AnswerOf, UseCase } from '../use-case';
import { badUrl, newWebhookSecret, readWebhook, SEALED_FOR, type WebhookRow, webhookAnswer } from './webhook-row';

/** Webhooks of one organisation. */
const MOST = 50;

/** The address as it will be called. Throws `invalid_request`. */
function checkedUrl(ctx: AppContext, url: string): string {
  try {
    return requireSafeUrl(url, ctx.outbound).href;
  } catch (error) {
    throw badUrl(error as Error);
  }
}

/** Webhooks, newest first. */
export const listWebhooks: UseCase<'listWebhooks'> = async (ctx, { orgId }, _meta, { query }) => {
  const { rows, end } = await listPage<WebhookRow>(ctx, {
    orgId,
    operationId: 'listWebhooks',
    query,
    parts: 1,
    positionOf: (row) => [row.id],
    fetch: (after, take) =>
      withOrgSql(
        ctx.api,
        orgId,
        (sql) => sql<WebhookRow>`
          SELECT id, url, description, event_types, status, off_reason, failing_since, created_at, secret,
            CASE WHEN old_secret_until > clock_timestamp() THEN old_secret_until END AS old_secret_until
          FROM webhook WHERE org_id = ${orgId} AND deleted_at IS NULL
            AND (${after?.[0] ?? null}::text IS NULL OR id < ${after?.[0] ?? null})
          ORDER BY webhook.id DESC LIMIT ${take}`,
      ),
    count: async () => 0,
  });
  return { items: rows.map(webhookAnswer), ...end };
};

export const getWebhook: UseCase<'getWebhook'> = async (ctx, { orgId }, _meta, { params }) =>
  webhookAnswer(await withOrgSql(ctx.api, orgId, (sql) => readWebhook(sql, orgId, params.webhook_id)));

/** Has events from now on sent to an address. */
export const createWebhook: UseCase<'createWebhook'> = (ctx, principal, meta, { body }) => {
  const { orgId } = principal;
  const url = checkedUrl(ctx, body.url);
  return mutate<AnswerOf<'createWebhook'>>(ctx, principal, meta, 'webhook.create', async (sql) => {
    await sql`SELECT id FROM organization WHERE id = ${orgId} FOR UPDATE`;
    const [count] = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM webhook WHERE org_id = ${orgId} AND deleted_at IS NULL`;
    if (count!.n >= MOST) {
      throw new ProblemError('quota_exceeded', `An organization has at most ${MOST} webhooks.`, {
        suggestion: 'Delete one that is no longer used, or give one webhook more event types.',
      });
    }
    const id = mintId('webhook', meta.nowMs);
    const secret = newWebhookSecret();
    const end = await endOfEvents(sql);
    await sql`
      INSERT INTO webhook (id, org_id, url, description, event_types, secret, done_txid, done_seq, created_by)
      VALUES (${id}, ${orgId}, ${url}, ${body.description}, ${body.event_types}::text[],
        ${seal(ctx.secrets.dataKey, SEALED_FOR, id, secret)}, ${end.txid}::bigint, ${end.seq}::bigint, ${principal.actor})`;
    const webhook = webhookAnswer(await readWebhook(sql, orgId, id));
    return {
      answer: { webhook, secret },
      replay: { webhook, secret: null },
      resource: id,
      detail: { url, event_types: body.event_types },
    };
  });
};

/** Changes a webhook. Turned on again it goes on with what happens from then on. */
export const updateWebhook: UseCase<'updateWebhook'> = (ctx, principal, meta, { params, body }) => {
  const { orgId } = principal;
  if (Object.keys(body).length === 0) throw invalid('/body', 'Send at least one field to change.', 'empty');
  return mutate(ctx, principal, meta, 'webhook.modify', async (sql) => {
    const id = params.webhook_id;
    const before = await readWebhook(sql, orgId, id, true);
    await requireMatch(meta, async () => webhookAnswer(before));
    const url = body.url === undefined ? before.url : checkedUrl(ctx, body.url);
    const status = body.status ?? before.status;
    const resumes = status === 'enabled' && before.status !== 'enabled';
    const end = await endOfEvents(sql);
    await sql`
      UPDATE webhook SET url = ${url}, description = ${body.description ?? before.description},
        event_types = ${body.event_types ?? before.event_types}::text[], status = ${status},
        off_reason = CASE WHEN ${status} = 'failed' THEN off_reason END,
        failing_since = CASE WHEN ${resumes} THEN NULL ELSE failing_since END,
        done_txid = CASE WHEN ${resumes} THEN ${end.txid}::bigint ELSE done_txid END,
        done_seq = CASE WHEN ${resumes} THEN ${end.seq}::bigint ELSE done_seq END
      WHERE org_id = ${orgId} AND id = ${id}`;
    const answer = webhookAnswer(await readWebhook(sql, orgId, id));
    return { answer, resource: id, detail: changes(before, body) };
  });
};

export const deleteWebhook: UseCase<'deleteWebhook'> = (ctx, principal, meta, { params }) =>
  mutate(ctx, principal, meta, 'webhook.delete', async (sql) => {
    const { orgId } = principal;
    const id = params.webhook_id;
    const before = await readWebhook(sql, orgId, id, true);
    await requireMatch(meta, async () => webhookAnswer(before));
    await sql`
      UPDATE webhook SET deleted_at = clock_timestamp(), status = 'disabled', off_reason = NULL, secret = '', old_secret = NULL, old_secret_until = NULL
      WHERE org_id = ${orgId} AND id = ${id}`;
    await sql`
      UPDATE webhook_delivery SET status = 'canceled', done_at = clock_timestamp()
      WHERE org_id = ${orgId} AND webhook_id = ${id} AND status = 'pending'`;
    return { answer: undefined, resource: id, detail: { url: before.url } };
  });

/** A new secret; the old one signs beside it for the overlap, so that receivers can change over without a gap. */
export const rotateWebhookSecret: UseCase<'rotateWebhookSecret'> = (ctx, principal, meta, { params, body }) =>
  mutate<AnswerOf<'rotateWebhookSecret'>>(ctx, principal, meta, 'webhook.roll', async (sql) => {
    const { orgId } = principal;
    const id = params.webhook_id;
    const before = await readWebhook(sql, orgId, id, true);
    await requireMatch(meta, async () => webhookAnswer(before));
    const secret = newWebhookSecret();
    const overlapS = body.overlap_seconds;
    await sql`
      UPDATE webhook SET secret = ${seal(ctx.secrets.dataKey, SEALED_FOR, id, secret)},
        old_secret = CASE WHEN ${overlapS}::int > 0 THEN secret END,
        old_secret_until = CASE WHEN ${overlapS}::int > 0 THEN clock_timestamp() + make_interval(secs => ${overlapS}::int) END
      WHERE org_id = ${orgId} AND id = ${id}`;
    const webhook = webhookAnswer(await readWebhook(sql, orgId, id));
    return {
      answer: { webhook, secret },
      replay: { webhook, secret: null },
      resource: id,
      detail: { old_secret_until: webhook.old_secret_until },
    };
  });
