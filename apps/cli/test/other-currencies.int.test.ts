import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { getInvoicePdf } from '@suanxiang/services/invoice/get-invoice-pdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { H100, lease, minutes, seconds, ZONE } from '../../../packages/metering/test/support/billing-db';
import { pdfPages } from '../../../packages/metering/test/support/pdf-text';
import { call, principalOf } from '../../../packages/services/test/support/plane';
import { type Api, openApi } from '../../api/test/support/api';
import { addKey, addTenant } from '../../api/test/support/tenant';
import { suanAgainst } from './against-api';

const OCT = seconds('2026-10-01T00:00:00Z');
const CLOSE = seconds('2026-11-02T00:00:00Z') * 1000;

let api: Api;
let admin: Awaited<ReturnType<Api['plane']['db']['database']['connectAdmin']>>;
const folder = mkdtempSync(path.join(tmpdir(), 'suan-currencies-'));
beforeAll(async () => {
  api = await openApi();
  admin = await api.plane.db.database.connectAdmin();
  // The organisations are founded by hand in the past, in currencies that nobody can choose at the door yet.
  await admin.query(`SET session_replication_role = 'replica'`);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await admin?.end();
  await api?.close();
});

// 1,234 seconds of an accelerator, half used: 389 yen an hour are 66.67, and 5 % of 67 are 3.35; 0.765 dinar are 131.11 fils,
// and 5 % of 131 are 6.55.
test.each([
  { currency: 'JPY', micro: '389000000', net: '67', tax: '3', total: '70', price: '389', printed: '¥70' },
  {
    currency: 'KWD',
    micro: '765000',
    net: '0.131',
    tax: '0.007',
    total: '0.138',
    price: '0.765',
    printed: 'KWD 0.138',
  },
])('real usage in $currency: the API, the CSV, the PDF and the verification show its own digits', async (expected) => {
  const { currency, micro, net, tax, total, price, printed } = expected;
  const { db } = api.plane;
  const tenant = await addTenant(api);
  const key = await addKey(api, tenant, ['billing:read']);
  await admin.query(
    `UPDATE organization SET currency = $2, mode = 'live', time_zone = 'UTC', clock_offset_s = 0, clock_applied_s = 0,
      created_at = '2026-09-02T00:00:00Z' WHERE id = $1`,
    [tenant.orgId, currency],
  );
  await admin.query(`DELETE FROM billing_period WHERE org_id = $1`, [tenant.orgId]);
  await admin.query(`UPDATE legal_entity SET tax_mode = 'exclusive', tax_rate_ppm = 50000 WHERE id = 'le_sg'`);
  await admin.query(
    `INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour, min_seconds) VALUES ($1, $2, $3, 0, 0, $4, 0)`,
    [`price-${currency}`, H100, currency, micro],
  );
  const org = { orgId: tenant.orgId, projectId: tenant.projectId, currency, mode: 'live' as const };
  const startS = OCT + 600;
  const options = { startS, endS: startS + 1234, mode: 'utilization' as const };
  const { allocationId } = await lease(db.worker, org, options);
  const blocks = minutes(allocationId, startS, startS + 1234, () => 500_000);
  await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, blocks, (startS + 1300) * 1000));
  const { failed } = await finalizeDuePeriods(db.worker, CLOSE, { orgId: tenant.orgId });
  expect(failed).toEqual([]);
  const [row] = await singleSql(db.worker)<{ id: string; number: string }>`
    SELECT id, number FROM invoice WHERE org_id = ${tenant.orgId}`;
  const { id, number } = row!;

  const answer = (await api.call('getInvoice', { params: { invoice_id: id } }, tenant.owner)).json;
  expect(answer).toMatchObject({ tax: { amount: tax, currency }, total: { amount: total, currency } });
  expect(answer.lines[0]).toMatchObject({
    amount: { amount: net, currency },
    segments: [{ price_per_gpu_hour: price }],
  });

  const { text: csv } = await api.send('GET', `/v1/invoices/${id}/csv`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(csv).toContain(`,${net},${currency},`);

  const request = { params: { invoice_id: id }, query: { locale: 'en' } };
  const pdf = (await call(api.plane, 'getInvoicePdf', getInvoicePdf, principalOf(org), request)) as {
    bytes: Uint8Array;
  };
  const pages = pdfPages(pdf.bytes).join(' ');
  expect(pages).toContain(number);
  expect(pages.replaceAll('\u00a0', ' ')).toContain(printed);

  const { code, out, err } = await suanAgainst(api, key, folder, ['invoices', 'verify', id]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(`Total ${total} ${currency}.`);
});
