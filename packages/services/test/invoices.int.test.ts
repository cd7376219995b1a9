import { withSql } from '@suanxiang/db/tenant';
import { parseFraction, roundHalfAwayFromZero, sum } from '@suanxiang/domain/rational';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { monthPeriodAt } from '@suanxiang/metering/periods';
import { getInvoice } from '@suanxiang/services/invoice/get-invoice';
import { getInvoicePdf } from '@suanxiang/services/invoice/get-invoice-pdf';
import { listInvoiceEvidence } from '@suanxiang/services/invoice/list-evidence';
import { listInvoices } from '@suanxiang/services/invoice/list-invoices';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrg, lease, minutes, seconds, type TestOrg, ZONE } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
let org: TestOrg;
let other: TestOrg;
let billed: string;
let running: string;
/** Id of the issued invoice of September. */
let issued: string;
const SEP = seconds('2026-09-10T00:00:00Z');
const RUNNING_FROM_S = Math.floor(Date.now() / 1000) - 300;

beforeAll(async () => {
  plane = await openPlane();
  const { worker } = plane.db;
  org = await createOrg(worker, { createdAt: '2026-09-02T00:00:00Z' });
  other = await createOrg(worker);
  ({ allocationId: billed } = await lease(worker, org, { startS: SEP, endS: SEP + 1800, gpus: 2, name: '训练' }));
  ({ allocationId: running } = await lease(worker, org, { startS: RUNNING_FROM_S, endS: null }));
  const blocks = minutes(billed, SEP, SEP + 1800, () => 400_000);
  await withSql(worker, (sql) => ingestBlocks(sql, ZONE, blocks, (SEP + 1860) * 1000));
  await finalizeDuePeriods(worker, seconds('2026-10-03T00:00:00Z') * 1000, { orgId: org.orgId });
  const [row] = await plane.sql<{ id: string }>`SELECT id FROM invoice WHERE org_id = ${org.orgId}`;
  issued = row!.id;
});
afterAll(() => plane?.close());

const list = (query: object, tenant = org) => call(plane, 'listInvoices', listInvoices, principalOf(tenant), { query });
const get = (id: string, tenant = org) =>
  call(plane, 'getInvoice', getInvoice, principalOf(tenant), { params: { invoice_id: id } });
const evidence = (id: string, query: object, tenant = org) =>
  call(plane, 'listInvoiceEvidence', listInvoiceEvidence, principalOf(tenant), { params: { invoice_id: id }, query });

test('the list begins with the draft of the running period', async () => {
  const { items, next_cursor } = await list({});
  expect(items.map((item) => [item.id, item.status])).toEqual([
    ['draft', 'draft'],
    [issued, 'final'],
  ]);
  expect(next_cursor).toBeNull();
  expect(items[1]).toMatchObject({
    number: 'SXSG-2026-000001',
    period_from: expect.stringMatching(/^2026-09-01T00:00:00/),
    period_to: expect.stringMatching(/^2026-10-01T00:00:00/),
    total: { amount: '2.49', currency: 'USD' },
    due: { amount: '2.49' },
  });
});

test('pages of one show each once', async () => {
  const first = await list({ limit: 1 });
  expect(first.items.map((item) => item.id)).toEqual(['draft']);
  const second = await list({ limit: 1, cursor: first.next_cursor });
  expect(second.items.map((item) => item.id)).toEqual([issued]);
  expect(second.next_cursor).toBeNull();
  await expect(list({ cursor: first.next_cursor }, other)).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test('an invoice states what a customer needs to calculate it again', async () => {
  const invoice = await get(issued);
  expect(invoice).toMatchObject({
    status: 'final',
    subtotal: { amount: '2.49' },
    tax: { amount: '0.00' },
    paid: { amount: '0.00' },
    seller: { name: 'Suanxiang Cloud Pte. Ltd.' },
    buyer: { name: 'Test Pte. Ltd.' },
  });
  expect(invoice.digest).toMatch(/^[0-9a-f]{64}$/);
  const [line] = invoice.lines;
  expect(invoice.lines).toHaveLength(1);
  expect(line).toMatchObject({
    key: `usage:${billed}`,
    billed_seconds: 1800,
    measured_seconds: 1800,
    block_count: 30,
    segments: [{ from_s: SEP, to_s: SEP + 1800, price_per_gpu_hour: '2.49' }],
  });
  const exact = sum(line!.segments.map((segment) => parseFraction(segment.exact_minor)));
  expect(roundHalfAwayFromZero(exact)).toBe(249n);
});

test('the draft grows with what runs and is never stored', async () => {
  const draft = await get('draft');
  expect(draft).toMatchObject({ id: 'draft', status: 'draft', number: null, digest: null, issued_at: null });
  expect(draft.lines.map((line) => line.key)).toEqual([`usage:${running}`]);
  const secondsNow = Math.floor(Date.now() / 1000) - RUNNING_FROM_S;
  expect(Math.abs(draft.lines[0]!.billed_seconds - secondsNow)).toBeLessThanOrEqual(5);
  const [row] = await plane.sql<{
    count: number;
  }>`SELECT count(*)::int AS count FROM invoice WHERE org_id = ${org.orgId}`;
  expect(row!.count).toBe(1);
});

test('the evidence of a line is every block it was made of', async () => {
  const key = `usage:${billed}`;
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const answer: Awaited<ReturnType<typeof evidence>> = await evidence(issued, {
      key,
      limit: 12,
      ...(cursor ? { cursor } : {}),
    });
    seen.push(...answer.items.map((block) => block.win_start_s));
    cursor = answer.next_cursor;
  } while (cursor);
  expect(seen).toEqual(Array.from({ length: 30 }, (_, minute) => SEP + minute * 60));
  // The running lease has sent nothing yet, which is not the same as not being there.
  expect((await evidence('draft', { key: `usage:${running}` })).items).toEqual([]);
  await expect(evidence(issued, { key: `usage:${running}` })).rejects.toMatchObject({ code: 'not_found' });
});

test("another organisation's invoice is not there", async () => {
  await expect(get(issued, other)).rejects.toMatchObject({ code: 'not_found' });
  await expect(evidence(issued, { key: `usage:${billed}` }, other)).rejects.toMatchObject({ code: 'not_found' });
  await expect(evidence('draft', { key: `usage:${running}` }, other)).rejects.toMatchObject({ code: 'not_found' });
  expect((await get('draft', other)).lines).toEqual([]);
  expect((await list({}, other)).items.map((item) => item.id)).toEqual(['draft']);
});

test('the PDF is named after the invoice, in the language asked for or that of the organisation', async () => {
  const pdf = (id: string, query: object, tenant = org) =>
    call(plane, 'getInvoicePdf', getInvoicePdf, principalOf(tenant), { params: { invoice_id: id }, query });
  const english = await pdf(issued, {});
  expect(english.fileName).toBe('SXSG-2026-000001.pdf');
  expect(Buffer.from(english.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
  const chinese = await pdf(issued, { locale: 'zh-CN' });
  expect(chinese.bytes.length).not.toBe(english.bytes.length);
  expect((await pdf('draft', {})).fileName).toBe('draft.pdf');
  await expect(pdf(issued, {}, other)).rejects.toMatchObject({ code: 'not_found' });
});

test('a month that has ended stands as closing until its grace is over, and then becomes what it said', async () => {
  const nowS = Math.floor(Date.now() / 1000);
  const { toS } = monthPeriodAt(nowS, 'UTC');
  // A test clock moves by whole minutes.
  const offsetTo = (atS: number) => Math.ceil((atS - nowS) / 60) * 60;
  const offsetS = offsetTo(toS + 3600);
  const tenant = await createOrg(plane.db.worker, { mode: 'sandbox', offsetS, createdAt: new Date().toISOString() });
  const { allocationId } = await lease(plane.db.worker, tenant, { startS: toS - 1000, endS: toS + 60, gpus: 3 });
  const inTime = minutes(allocationId, toS - 1000, toS, () => 500_000);
  await withSql(plane.db.worker, (sql) => ingestBlocks(sql, ZONE, inTime, nowS * 1000));

  const { items } = await list({}, tenant);
  expect(items.map((item) => item.status)).toEqual(['draft', 'closing']);
  const [draft, closing] = items;
  expect(closing).toMatchObject({ number: null, issued_at: null, due: closing!.total });
  expect(Date.parse(closing!.final_at!) / 1000).toBe(toS + 86_400);
  expect(Date.parse(draft!.period_from)).toBe(Date.parse(closing!.period_to));
  const first = await list({ limit: 1 }, tenant);
  const second = await list({ limit: 1, cursor: first.next_cursor }, tenant);
  expect([...first.items, ...second.items].map((item) => item.id)).toEqual(items.map((item) => item.id));
  expect(second.next_cursor).toBeNull();

  const whole = await get(closing!.id, tenant);
  expect(whole).toMatchObject({ status: 'closing', digest: null, total: closing!.total });
  expect(whole.lines).toMatchObject([
    { key: `usage:${allocationId}`, billed_seconds: 1000, from_s: toS - 1000, to_s: toS },
  ]);
  expect((await get('draft', tenant)).lines).toMatchObject([{ billed_seconds: 60, from_s: toS }]);
  const blocks = await evidence(closing!.id, { key: `usage:${allocationId}` }, tenant);
  expect(blocks.items).toHaveLength(whole.lines[0]!.block_count);
  await expect(get(closing!.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(get(`closing-${toS}`, tenant)).rejects.toMatchObject({ code: 'not_found' });

  await plane.sql`UPDATE organization SET clock_offset_s = ${offsetTo(toS + 86_400)}::bigint,
    clock_applied_s = ${offsetTo(toS + 86_400)}::bigint WHERE id = ${tenant.orgId}`;
  await finalizeDuePeriods(plane.db.worker, nowS * 1000, { orgId: tenant.orgId });
  const [, invoice] = (await list({}, tenant)).items;
  expect(invoice).toMatchObject({ status: 'final', total: closing!.total, final_at: null });
  expect(invoice!.period_from).toBe(closing!.period_from);
  await expect(get(closing!.id, tenant)).rejects.toMatchObject({ code: 'not_found' });
});
