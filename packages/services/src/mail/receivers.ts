import type { Sql } from '@suanxiang/db/sql';
import { singleSql } from '@suanxiang/db/tenant';
import type { Locale } from '@suanxiang/domain/locale';
import type { AppContext } from '../context';

/** Somebody who is written to. */
export interface Receiver {
  name: string;
  to: string;
  locale: Locale;
}

/**
 * Who is to hear of something that an actor did: the person, while a member, and with `owners` the owners as well; the owners
 * alone where the actor is a key or has left. `sql` is inside the organisation.
 */
export async function receiversOf(
  ctx: AppContext,
  sql: Sql,
  orgId: string,
  actor: string,
  owners = false,
): Promise<Receiver[]> {
  const members = await sql<{ user_id: string; role: string }>`
    SELECT user_id, role FROM membership WHERE org_id = ${orgId}`;
  const own = members.filter(({ user_id }) => `user:${user_id}` === actor);
  const rest = own.length > 0 && !owners ? [] : members.filter(({ role }) => role === 'owner');
  const ids = [...new Set([...own, ...rest].map(({ user_id }) => user_id))];
  return singleSql(ctx.auth)<Receiver & Record<string, string>>`
    SELECT name, email AS to, locale FROM auth_user WHERE id = ANY (${ids}::text[]) ORDER BY id`;
}
