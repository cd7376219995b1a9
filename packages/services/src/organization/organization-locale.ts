import type { Sql } from '@suanxiang/db/sql';
import type { Locale } from '@suanxiang/domain/locale';

/** The language an organisation's papers are in unless one asks for the other. */
export async function organizationLocale(sql: Sql, orgId: string): Promise<Locale> {
  const [org] = await sql<{ locale: Locale }>`SELECT locale FROM organization WHERE id = ${orgId}`;
  return org!.locale;
}
