import { singleSql } from '@suanxiang/db/tenant';
import type { AppContext } from '../context';

/** How a person is shown to others of their organisation. */
export interface Shown {
  name: string;
  email: string;
  /** An authenticator app or a passkey. */
  second_factor: boolean;
}

/**
 * Names and addresses of people by id. Only the identity role may read them, and the ids must come from a statement inside the
 * organisation: row-level security has no say here.
 */
export async function peopleOf(ctx: AppContext, userIds: readonly string[]): Promise<Map<string, Shown>> {
  if (userIds.length === 0) return new Map();
  const rows = await singleSql(ctx.auth)<Shown & { id: string }>`
    SELECT id, name, email,
      EXISTS (SELECT 1 FROM auth_totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)
        OR EXISTS (SELECT 1 FROM auth_passkey p WHERE p.user_id = u.id) AS second_factor
    FROM auth_user u WHERE id = ANY (${userIds}::text[])`;
  return new Map(rows.map(({ id, ...shown }) => [id, shown]));
}

/** True when somebody with this address is a member of the organisation. */
export async function isMember(ctx: AppContext, orgId: string, email: string): Promise<boolean> {
  const rows = await singleSql(ctx.auth)`
    SELECT m.id FROM auth_user u JOIN membership m ON m.user_id = u.id
    WHERE m.org_id = ${orgId} AND lower(u.email) = ${email}`;
  return rows.length > 0;
}
