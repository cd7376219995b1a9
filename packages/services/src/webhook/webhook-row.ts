import { randomBytes } from 'node:crypto';
import type { Sql } from '@suanxiang/db/sql';
import { invalid, notFound } from '../problem';

export interface WebhookRow {
  id: string;
  url: string;
  description: string;
  event_types: string[];
  status: 'enabled' | 'disabled' | 'failed';
  off_reason: 'gone' | 'silent' | null;
  failing_since: Date | null;
  old_secret_until: Date | null;
  created_at: Date;
  secret: string;
}

/** What sealed secrets of webhooks are for (see `seal`). */
export const SEALED_FOR = 'webhook';

/** A new signing secret as the Standard Webhooks specification writes it: 32 random bytes. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export function webhookAnswer(row: WebhookRow) {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    event_types: row.event_types,
    status: row.status,
    off_reason: row.off_reason,
    failing_since: row.failing_since?.toISOString() ?? null,
    old_secret_until: row.old_secret_until?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

/** Reads a webhook, locked when it is to be changed. Throws `not_found`. */
export async function readWebhook(sql: Sql, orgId: string, id: string, lock = false): Promise<WebhookRow> {
  if (lock) await sql`SELECT id FROM webhook WHERE org_id = ${orgId} AND id = ${id} AND deleted_at IS NULL FOR UPDATE`;
  const [row] = await sql<WebhookRow>`
    SELECT id, url, description, event_types, status, off_reason, failing_since, created_at, secret,
      CASE WHEN old_secret_until > clock_timestamp() THEN old_secret_until END AS old_secret_until
    FROM webhook WHERE org_id = ${orgId} AND id = ${id} AND deleted_at IS NULL`;
  if (!row) throw notFound();
  return row;
}

/** A refusal of the address, at the field that gave it. */
export const badUrl = (error: Error) => invalid('/body/url', error.message, 'unsafe_url');
