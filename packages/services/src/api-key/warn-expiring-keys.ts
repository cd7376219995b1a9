import type { Db } from '@suanxiang/db/client';
import { queueMail } from '@suanxiang/db/queue-mail';
import { withSql } from '@suanxiang/db/tenant';
import type { Locale } from '@suanxiang/domain/locale';
import { displayKey } from './format';

/** Days before the end at which one is warned. */
const DAYS = [30, 7, 1];

interface Row {
  id: string;
  name: string;
  env: string;
  lookup: string;
  last4: string;
  expires_at: Date;
  organization: string;
  slug: string;
  days: number;
  person: string;
  to: string;
  locale: Locale;
}

/**
 * Writes to those who made a key, or to the owners where they have left, 30, 7 and 1 days before it ends (role app_worker).
 * Each warning is one mail, however often this runs. A key that was rolled, or whose whole life is shorter than a warning's
 * lead, is not warned about. Returns how many keys are within a warning now.
 */
export async function warnExpiringKeys(db: Db, webUrl: string, nowMs: number): Promise<number> {
  return withSql(db, async (sql) => {
    const rows = await sql<Row>`
      SELECT k.id, k.name, k.env, k.lookup, k.last4, k.expires_at, o.name AS organization, o.slug, w.days,
        u.name AS person, u.email AS to, u.locale
      FROM api_key k JOIN organization o ON o.id = k.org_id AND o.closed_at IS NULL
      JOIN LATERAL (SELECT min(d) AS days FROM unnest(${DAYS.map(String)}::int[]) d
        WHERE k.expires_at <= to_timestamp(${nowMs}::float8 / 1000) + make_interval(days => d)
          AND k.created_at < k.expires_at - make_interval(days => d)) w ON w.days IS NOT NULL
      JOIN membership m ON m.org_id = k.org_id AND CASE WHEN EXISTS (
          SELECT 1 FROM membership c WHERE c.org_id = k.org_id AND 'user:' || c.user_id = k.created_by)
        THEN 'user:' || m.user_id = k.created_by ELSE m.role = 'owner' END
      JOIN auth_user u ON u.id = m.user_id
      WHERE k.revoked_at IS NULL AND k.replaced_by IS NULL AND k.expires_at > to_timestamp(${nowMs}::float8 / 1000)
      ORDER BY k.id, u.id`;
    for (const row of rows) {
      const data = {
        name: row.person,
        organization: row.organization,
        key: `${row.name} (${displayKey(row.env, row.lookup, row.last4)})`,
        expires_at: row.expires_at.toISOString().slice(0, 10),
        link: `${webUrl}/${row.slug}/api-keys`,
      };
      const key = `api_key_expiring:${row.id}:${row.days}:${row.to}`;
      await queueMail(sql, { to: row.to, locale: row.locale, template: 'api_key_expiring', data, key, nowMs });
    }
    return new Set(rows.map(({ id }) => id)).size;
  });
}
