import { audit } from '@suanxiang/db/audit';
import type { Db } from '@suanxiang/db/client';
import { queueMail } from '@suanxiang/db/queue-mail';
import { withSql } from '@suanxiang/db/tenant';
import type { Locale } from '@suanxiang/domain/locale';
import type { Clock } from '@suanxiang/platform/clock';

/** A webhook that has taken nothing for so many days is turned off. */
const PATIENCE_DAYS = 5;

export interface Failure {
  org_id: string;
  webhook_id: string;
  url: string;
  /** The receiver said 410: it wants nothing more. */
  gone: boolean;
}

/**
 * Notes that a webhook took nothing, and turns it off when it said so itself (410) or has been silent for days: its owners are
 * mailed, and an event tells everybody else.
 */
export function noteFailure(
  { db, clock, webUrl }: { db: Db; clock: Clock; webUrl: string },
  failure: Failure,
): Promise<void> {
  return withSql(db, async (sql) => {
    const { org_id, webhook_id, gone } = failure;
    const [off] = await sql<{ off: boolean }>`
      UPDATE webhook SET failing_since = coalesce(failing_since, clock_timestamp()),
        status = CASE WHEN ${gone} OR failing_since < clock_timestamp() - make_interval(days => ${PATIENCE_DAYS})
          THEN 'failed' ELSE status END,
        off_reason = CASE WHEN ${gone} THEN 'gone' WHEN failing_since < clock_timestamp() - make_interval(days => ${PATIENCE_DAYS})
          THEN 'silent' END
      WHERE id = ${webhook_id} AND status = 'enabled' RETURNING status = 'failed' AS off`;
    if (!off?.off) return;
    const reason = gone ? 'It answered 410 Gone.' : `It took nothing for ${PATIENCE_DAYS} days.`;
    await sql`
      UPDATE webhook_delivery SET status = 'canceled', done_at = clock_timestamp()
      WHERE webhook_id = ${webhook_id} AND status = 'pending'`;
    const owners = await sql<{ email: string; locale: Locale; organization: string; slug: string }>`
      SELECT u.email, o.locale, o.name AS organization, o.slug FROM membership m
      JOIN auth_user u ON u.id = m.user_id JOIN organization o ON o.id = m.org_id
      WHERE m.org_id = ${org_id} AND m.role = 'owner'`;
    const nowMs = clock.nowMs();
    for (const { email, locale, organization, slug } of owners) {
      const data = { organization, url: failure.url, reason, link: `${webUrl}/${slug}/webhooks/${webhook_id}` };
      await queueMail(sql, { to: email, locale, template: 'webhook_disabled', data, nowMs });
    }
    await audit(sql, {
      orgId: org_id,
      actor: 'system:webhooks',
      authMethod: 'system',
      action: 'webhook.failed',
      resource: webhook_id,
      result: 'success',
      detail: { reason },
      nowMs,
    });
  });
}
