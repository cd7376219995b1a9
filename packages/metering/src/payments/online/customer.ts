import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import type { OnlineProvider } from './provider';

/** The provider's customer of an account, made once: the key names the account, and the first id that is kept stays. */
export async function customerOf(
  db: Db,
  provider: OnlineProvider,
  account: { orgId: string; name: string },
): Promise<string> {
  const sql = singleSql(db);
  const known = () => sql<{ id: string | null }>`
    SELECT stripe_customer AS id FROM billing_settings WHERE org_id = ${account.orgId}`;
  const [row] = await known();
  if (row?.id) return row.id;
  const made = await provider.ensureCustomer(account);
  await sql`
    INSERT INTO billing_settings (org_id, stripe_customer) VALUES (${account.orgId}, ${made})
    ON CONFLICT (org_id) DO UPDATE SET stripe_customer = coalesce(billing_settings.stripe_customer, excluded.stripe_customer)`;
  return (await known())[0]!.id!;
}
