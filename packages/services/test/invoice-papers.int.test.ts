import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { readInvoice } from '@suanxiang/metering/invoices/read';
import { updateOrganization } from '@suanxiang/services/organization/update-organization';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asApi, createOrg, lease, seconds, type TestOrg } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
let admin: pg.Client;
const CREDIT_CODE = '91350100M000100Y43';
const WEB = 'https://cloud.example.com';

beforeAll(async () => {
  plane = await openPlane();
  admin = new pg.Client({ connectionString: plane.db.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await plane?.close();
});

async function addMember(org: TestOrg, name: string, role: string, locale = 'en'): Promise<string> {
  const id = `user_${name}_${org.orgId}`;
  await admin.query(
    `INSERT INTO auth_user (id, name, email, "emailVerified", "updatedAt", locale) VALUES ($1, $2, $3, true, now(), $4)`,
    [id, name, `${id}@example.com`, locale],
  );
  await admin.query('INSERT INTO membership (id, org_id, user_id, role) VALUES ($1, $2, $1, $3)', [
    id,
    org.orgId,
    role,
  ]);
  return `${id}@example.com`;
}

/** An hour of one accelerator on the second day of a month of 2026. */
async function use(org: TestOrg, month: string): Promise<void> {
  const startS = seconds(`2026-${month}-02T00:00:00Z`);
  await lease(plane.db.worker, org, { startS, endS: startS + 3600 });
}
const close = (org: TestOrg, month: string) =>
  finalizeDuePeriods(plane.db.worker, seconds(`2026-${month}-02T00:00:00Z`) * 1000, { orgId: org.orgId, webUrl: WEB });
const settings = (org: TestOrg, body: object) =>
  call(plane, 'updateOrganization', updateOrganization, principalOf(org), {
    params: { organization_id: org.orgId },
    body,
  });

test('whoever closes a period, its owners and billing members get one mail each, and nobody else does', async () => {
  const org = await createOrg(plane.db.worker, { currency: 'CNY' });
  const owner = await addMember(org, 'owner', 'owner');
  const billing = await addMember(org, 'billing', 'billing', 'zh-CN');
  await addMember(org, 'member', 'member');
  await addMember(org, 'admin', 'admin');
  await use(org, '10');
  await Promise.all([close(org, '11'), close(org, '11')]);
  await close(org, '11');
  const [invoice] = await plane.sql<{ id: string; number: string; total: string }>`
    SELECT id, number, total_minor::text AS total FROM invoice WHERE org_id = ${org.orgId}`;
  const mails = await plane.sql<{ to_address: string; locale: string; data: Record<string, string> }>`
    SELECT to_address, locale, data FROM outgoing_mail WHERE template = 'invoice_issued' ORDER BY to_address`;
  expect(mails.map(({ to_address, locale }) => [to_address, locale])).toEqual([
    [billing, 'zh-CN'],
    [owner, 'en'],
  ]);
  const total = `${invoice!.total.slice(0, -2)}.${invoice!.total.slice(-2)} CNY`;
  const link = `${WEB}/${org.orgId}/invoices/${invoice!.id}`;
  const paper = { orgId: org.orgId, invoiceId: invoice!.id };
  const facts = { organization: 'Test', number: invoice!.number, total, due: total, link };
  expect(mails[0]!.data).toEqual({ ...facts, paper });
});

test('the buyer as it is set stands on the next invoice; an issued one keeps its own', async () => {
  const org = await createOrg(plane.db.worker);
  await admin.query(`UPDATE organization SET country = 'CN' WHERE id = $1`, [org.orgId]);
  await use(org, '09');
  await close(org, '10');
  await expect(settings(org, { tax_id: '91350100M000100Y44' })).rejects.toMatchObject({
    code: 'invalid_request',
    extra: { errors: [{ pointer: '/body/tax_id', code: 'credit_code' }] },
  });
  const buyer = { legal_name: '示例（福建）有限公司', address: '福州市鼓楼区 1 号', tax_id: CREDIT_CODE.toLowerCase() };
  expect(await settings(org, buyer)).toMatchObject({ ...buyer, tax_id: CREDIT_CODE });
  await use(org, '10');
  await close(org, '11');
  const ids = await plane.sql<{ id: string }>`SELECT id FROM invoice WHERE org_id = ${org.orgId} ORDER BY from_s`;
  const buyers = await Promise.all(
    ids.map(async ({ id }) => (await asApi(plane.db, org, (sql) => readInvoice(sql, org.orgId, id)))!.buyer),
  );
  expect(buyers).toEqual([
    { name: 'Test Pte. Ltd.', address: '', taxId: '' },
    { name: buyer.legal_name, address: buyer.address, taxId: CREDIT_CODE },
  ]);
});

test('in the European Union the form of the VAT number is checked, and a number of before may stay', async () => {
  const org = await createOrg(plane.db.worker);
  await admin.query(`UPDATE organization SET country = 'DE', tax_id = 'OLD-1' WHERE id = $1`, [org.orgId]);
  await expect(settings(org, { tax_id: 'FR12345678901' })).rejects.toMatchObject({
    extra: { errors: [{ code: 'vat_form' }] },
  });
  expect(await settings(org, { tax_id: 'OLD-1', address: 'Berlin' })).toMatchObject({ tax_id: 'OLD-1' });
  expect(await settings(org, { tax_id: 'de123456789' })).toMatchObject({ tax_id: 'DE123456789' });
  expect(await settings(org, { tax_id: '' })).toMatchObject({ tax_id: '' });
});
