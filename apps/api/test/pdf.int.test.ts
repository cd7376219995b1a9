import { withSql } from '@suanxiang/db/tenant';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLease, seconds } from '../../../packages/metering/test/support/billing-db';
import { type Api, openApi, type Sender } from './support/api';
import { addTenant } from './support/tenant';

let api: Api;
let sender: Sender;
let invoiceId: string;
const LINES = 250;
const OCT = seconds('2026-10-01T00:00:00Z');

beforeAll(async () => {
  api = await openApi();
  const tenant = await addTenant(api, { name: 'Printing' });
  sender = tenant.owner;
  const org = { orgId: tenant.orgId, projectId: tenant.projectId, currency: 'USD', mode: 'sandbox' as const };
  const { worker } = api.plane.db;
  await withSql(worker, async (sql) => {
    await sql`UPDATE organization SET created_at = to_timestamp(${OCT}::bigint) WHERE id = ${org.orgId}`;
    for (let i = 0; i < LINES; i += 1) {
      await createLease(sql, org, { startS: OCT + 86_400 + i * 600, endS: OCT + 86_400 + i * 600 + 300 });
    }
  });
  await finalizeDuePeriods(worker, seconds('2026-11-02T00:00:00Z') * 1000, { orgId: org.orgId });
  const [row] = await api.plane.sql<{ id: string }>`SELECT id FROM invoice WHERE org_id = ${org.orgId}`;
  invoiceId = row!.id;
});
afterAll(() => api?.close());

test('other requests are answered while a long invoice is being printed', async () => {
  let printed = false;
  const printing = api.call('getInvoicePdf', { params: { invoice_id: invoiceId }, query: {} }, sender).then((reply) => {
    printed = true;
    return reply;
  });
  // One after the other, so that each needs the event loop again: printed in it, the paper would be done before the third.
  let answered = 0;
  while (!printed && answered < 20) {
    expect((await api.call('getOrganization', { params: { organization_id: sender.orgId! } }, sender)).status).toBe(
      200,
    );
    answered += 1;
  }
  expect(printed).toBe(false);
  expect(answered).toBe(20);
  const reply = await printing;
  expect(reply.status).toBe(200);
  expect(reply.text.startsWith('%PDF-')).toBe(true);
});

test('a crowd that wants papers gets them or is told when to ask again', async () => {
  const locales = ['en', 'zh-CN'] as const;
  const drafts = Array.from({ length: 30 }, (_, index) =>
    api.call('getInvoicePdf', { params: { invoice_id: 'draft' }, query: { locale: locales[index % 2]! } }, sender),
  );
  const replies = await Promise.all(drafts);
  const served = replies.filter((reply) => reply.status === 200);
  const refused = replies.filter((reply) => reply.status === 503);
  expect(served.length + refused.length).toBe(30);
  expect(served.length).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(0);
  for (const reply of refused) {
    expect(reply.headers['retry-after']).toBe('2');
    expect(reply.json).toMatchObject({ code: 'unavailable', retryable: true });
  }
});
