import { queueMail } from '@suanxiang/db/queue-mail';
import type { Sql } from '@suanxiang/db/sql';
import type { SecurityChange } from '@suanxiang/domain/mail-templates';
import { prefixOf } from '../access/networks';
import type { CallMeta } from '../access/principal';
import type { AppContext } from '../context';
import type { UserRow } from './factors';

/** Tells a person that a way into their account changed, in the transaction of the change. */
export function tellChange(
  ctx: AppContext,
  sql: Sql,
  user: Pick<UserRow, 'email' | 'name' | 'locale'>,
  what: SecurityChange,
  meta: Pick<CallMeta, 'ip' | 'nowMs'>,
): Promise<void> {
  return queueMail(sql, {
    to: user.email,
    locale: user.locale,
    template: 'security_changed',
    data: {
      name: user.name,
      what,
      at: `${new Date(meta.nowMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      ip_prefix: prefixOf(meta.ip),
      link: `${ctx.webUrl}/account/security`,
    },
    nowMs: meta.nowMs,
  });
}
