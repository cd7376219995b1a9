import type { MFA_METHODS } from '@suanxiang/contract/schemas/account';
import type { Sql } from '@suanxiang/db/sql';
import type { Locale } from '@suanxiang/domain/locale';

export type MfaMethod = (typeof MFA_METHODS)[number];

export interface UserRow {
  id: string;
  email: string;
  name: string;
  locale: Locale;
  emailVerified: boolean;
}

/** A person by id; null when there is none. */
export async function readUser(sql: Sql, userId: string): Promise<UserRow | null> {
  const [row] = await sql<UserRow>`
    SELECT id, email, name, locale, "emailVerified" FROM auth_user WHERE id = ${userId}`;
  return row ?? null;
}

/** The second factors a person has; none: signing in takes a password alone. */
export async function methodsOf(sql: Sql, userId: string): Promise<MfaMethod[]> {
  const [row] = await sql<{ totp: boolean; passkey: boolean; recovery: boolean }>`
    SELECT EXISTS (SELECT 1 FROM auth_totp WHERE user_id = ${userId} AND confirmed_at IS NOT NULL) AS totp,
      EXISTS (SELECT 1 FROM auth_passkey WHERE user_id = ${userId}) AS passkey,
      EXISTS (SELECT 1 FROM auth_recovery_code WHERE user_id = ${userId}) AS recovery`;
  if (!row || !(row.totp || row.passkey)) return [];
  return [
    ...(row.totp ? (['totp'] as const) : []),
    ...(row.passkey ? (['passkey'] as const) : []),
    ...(row.recovery ? (['recovery_code'] as const) : []),
  ];
}
