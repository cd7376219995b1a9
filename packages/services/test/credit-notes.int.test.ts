import { withSql } from '@suanxiang/db/tenant';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { getCreditNote } from '@suanxiang/services/credit-note/get-credit-note';
import { getCreditNotePdf } from '@suanxiang/services/credit-note/get-credit-note-pdf';
import { listCreditNotes } from '@suanxiang/services/credit-note/list-credit-notes';
import { getInvoice } from '@suanxiang/services/invoice/get-invoice';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addUndelivered, createOrg, lease, seconds, type TestOrg } from '../../metering/test/support/billing-db';
import { pdfPages } from '../../metering/test/support/pdf-text';
import { call, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
let org: TestOrg;
let other: TestOrg;
let invoiceId: string;
let key: string;
const SEP = seconds('2026-09-01T00:00:00Z');
const closes = ['2026-10-02', '2026-11-02', '2026-12-02'].map((day) => seconds(`${day}T00:00:00Z`));
const close = (atS: number) => finalizeDuePeriods(plane.db.worker, atS * 1000, { orgId: org.orgId });

/** An invoice of 8 × 10 h at 2.49, of which two later closings find one hour each that was not delivered. */
beforeAll(async () => {
  plane = await openPlane();
  const { worker } = plane.db;
  org = await createOrg(worker);
  other = await createOrg(worker);
  const startS = SEP + 600;
  const { allocationId } = await lease(worker, org, { startS, endS: startS + 36_000, gpus: 8, name: '训练' });
  key = `usage:${allocationId}`;
  await close(closes[0]!);
  for (const [hour, closeS] of closes.slice(1).entries()) {
    const gap = { fromS: startS + hour * 7200, toS: startS + hour * 7200 + 3600, reason: 'host_lost' };
    await withSql(worker, (sql) => addUndelivered(sql, org, allocationId, gap));
    await close(closeS);
  }
  const [row] = await plane.sql<{ id: string }>`SELECT id FROM invoice WHERE org_id = ${org.orgId}`;
  invoiceId = row!.id;
});
afterAll(() => plane?.close());

const list = (query: object, tenant = org) =>
  call(plane, 'listCreditNotes', listCreditNotes, principalOf(tenant), { query });
const get = (id: string, tenant = org) =>
  call(plane, 'getCreditNote', getCreditNote, principalOf(tenant), { params: { credit_note_id: id } });
const pdf = (id: string, query: object, tenant = org) =>
  call(plane, 'getCreditNotePdf', getCreditNotePdf, principalOf(tenant), { params: { credit_note_id: id }, query });

test('the list is newest first, page by page, for all and for one invoice', async () => {
  const all = await list({});
  expect(all.items.map((note) => note.number)).toEqual(['SXSG-CN-2026-000002', 'SXSG-CN-2026-000001']);
  const money = (amount: string) => ({ amount, currency: 'USD' });
  expect(all.items[1]).toMatchObject({
    invoice_id: invoiceId,
    total: money('19.92'),
    settled: money('19.92'),
    to_balance: money('0.00'),
  });
  const first = await list({ limit: 1 });
  const second = await list({ limit: 1, cursor: first.next_cursor });
  expect([...first.items, ...second.items]).toEqual(all.items);
  expect(second.next_cursor).toBeNull();
  expect((await list({ invoice_id: invoiceId })).items).toEqual(all.items);
  expect((await list({ invoice_id: `inv_${'0'.repeat(26)}` })).items).toEqual([]);
});

test('a note says which line was billed too much, and its amounts add up with the invoice', async () => {
  const [newest] = (await list({})).items;
  const note = await get(newest!.id);
  expect(note).toMatchObject({ ...newest, net: note.total, tax: { amount: '0.00' } });
  expect(note.lines).toMatchObject([{ key, amount: note.net, description: { zh: expect.stringContaining('训练') } }]);
  const invoice = await call(plane, 'getInvoice', getInvoice, principalOf(org), { params: { invoice_id: invoiceId } });
  expect(invoice.credited).toEqual({ amount: '39.84', currency: 'USD' });
  expect(Number(invoice.total.amount) - Number(invoice.credited.amount)).toBeCloseTo(Number(invoice.due.amount), 6);
});

test('its PDF says the same in both languages', async () => {
  const [newest] = (await list({})).items;
  const english = await pdf(newest!.id, { locale: 'en' });
  expect(english.fileName).toBe('SXSG-CN-2026-000002.pdf');
  const text = pdfPages(english.bytes).join('').replace(/\s+/g, '');
  for (const expected of ['Credit note', newest!.number, newest!.invoice_number, '$19.92', key]) {
    expect(text).toContain(expected.replace(/\s+/g, ''));
  }
  const chinese = await pdf(newest!.id, { locale: 'zh-CN' });
  expect(pdfPages(chinese.bytes).join('')).toContain('贷项通知单');
});

test("another organisation's notes are not there", async () => {
  const [newest] = (await list({})).items;
  expect((await list({}, other)).items).toEqual([]);
  await expect(get(newest!.id, other)).rejects.toMatchObject({ code: 'not_found' });
  await expect(pdf(newest!.id, {}, other)).rejects.toMatchObject({ code: 'not_found' });
});
