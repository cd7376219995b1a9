import type pg from 'pg';
import type { Api } from './api';
import { addTenant, type Tenant } from './tenant';
import { billLastMonth } from './two-tenants';

/** What a buyer in China writes into a request; the code is the example of the standard. */
export const FAPIAO = {
  kind: 'special' as const,
  buyer_title: '示例科技（福建）有限公司',
  tax_id: '91350100M000100Y43',
  email: 'tax@example.com',
};

/** A live company in China with one invoice in CNY, all of it paid. */
export async function addChineseInvoice(api: Api, admin: pg.Client): Promise<{ tenant: Tenant; invoiceId: string }> {
  const tenant = await addTenant(api, { mode: 'live', currency: 'CNY' });
  await admin.query(`UPDATE organization SET country = 'CN' WHERE id = $1`, [tenant.orgId]);
  await billLastMonth(api, admin, tenant);
  const { rows } = await admin.query(
    'UPDATE invoice SET paid_minor = total_minor, due_minor = 0 WHERE org_id = $1 RETURNING id',
    [tenant.orgId],
  );
  return { tenant, invoiceId: rows[0].id };
}
