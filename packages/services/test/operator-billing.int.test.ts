import type { OperationId } from '@suanxiang/contract/routes';
import { withSql } from '@suanxiang/db/tenant';
import { addMonths, monthAt, monthBounds } from '@suanxiang/domain/calendar';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { reconcile } from '@suanxiang/metering/reconcile/reconcile';
import { createTopUp } from '@suanxiang/services/billing/create-top-up';
import { getForecast } from '@suanxiang/services/billing/get-forecast';
import { getCreditNote } from '@suanxiang/services/credit-note/get-credit-note';
import { listCreditNotes } from '@suanxiang/services/credit-note/list-credit-notes';
import { operatorAccountBilling } from '@suanxiang/services/operator/account-billing';
import { operatorVoidInvoice } from '@suanxiang/services/operator/account-money';
import { operatorBillingRuns, operatorRetryBillingRun } from '@suanxiang/services/operator/billing-runs';
import { operatorConfirmPayment } from '@suanxiang/services/operator/confirm-payment';
import { operatorCreditInvoice, operatorRefundPayment } from '@suanxiang/services/operator/give-back';
import { operatorRevenue } from '@suanxiang/services/operator/revenue';
import type { UseCase } from '@suanxiang/services/use-case';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUndelivered, createOrg, H100, lease, type TestOrg } from '../../metering/test/support/billing-db';
import { addNode } from './support/fleet';
import { call, metaOf, openPlane, operator, type Plane, principalOf } from './support/plane';

let plane: Plane;
const DAY = 86_400;
const nowS = Math.floor(Date.now() / 1000);
const month = addMonths(monthAt(nowS, 'UTC'), -1);
const { fromS, toS } = monthBounds(month, 'UTC');
const createdAt = new Date((fromS + 60) * 1000).toISOString();
const closed = toS + DAY;
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

const as = <Id extends OperationId>(id: Id, useCase: UseCase<Id>, input: object, atS = nowS) =>
  call(plane, id, useCase, operator as never, input, metaOf({ nowMs: atS * 1000, requestId: `req_${Math.random()}` }));
const newOrg = (over: object = {}) => createOrg(plane.db.worker, { createdAt, ...over });
const close = (org: TestOrg, atS = closed) => finalizeDuePeriods(plane.db.worker, atS * 1000, { orgId: org.orgId });
const account = (org: TestOrg) =>
  as('operatorAccountBilling', operatorAccountBilling, { params: { organization_id: org.orgId } });
/** An account with an invoice of 10 hours at 2.49. */
async function invoiced(over: object = {}) {
  const org = await newOrg(over);
  const { allocationId } = await lease(plane.db.worker, org, { startS: fromS + 600, endS: fromS + 600 + 36_000 });
  await close(org);
  const [invoice] = (await account(org)).invoices;
  return { org, allocationId, invoice: invoice! };
}
/** What differs in the books; that these leases have no evidence is known. */
const differences = async (org: TestOrg) =>
  (await reconcile(plane.sql, { orgId: org.orgId, month: null })).differences.filter(
    ({ code }) => code !== 'lease_without_evidence',
  );

describe('billing runs', () => {
  const runs = (query: object, atS = closed) => as('operatorBillingRuns', operatorBillingRuns, { query }, atS);
  const stateOf = async (org: TestOrg, atS: number) =>
    (await runs({ month }, atS)).items.find((one) => one.org_id === org.orgId);

  test('go from draft to sealed to finalised, with how long the closing took', async () => {
    const org = await newOrg();
    await lease(plane.db.worker, org, { startS: fromS + 600, endS: fromS + 4200 });
    await finalizeDuePeriods(plane.db.worker, (toS - 60) * 1000, { orgId: org.orgId });
    expect(await stateOf(org, toS + 60)).toMatchObject({ state: 'draft', attempts: 0, invoice_number: null });
    expect(await stateOf(org, closed)).toMatchObject({ state: 'sealed' });
    await close(org);
    const run = await stateOf(org, closed);
    expect(run).toMatchObject({ state: 'finalised', attempts: 1, failure: null, total: { amount: '2.49' } });
    expect(run!.last_attempt_ms).toBeGreaterThanOrEqual(0);
    expect(run!.invoice_number).toMatch(/^SXSG-/);
  });

  test('that fail say why, stand first, are counted, and are closed by the next try', async () => {
    const org = await newOrg();
    await lease(plane.db.worker, org, { startS: fromS + 600, endS: fromS + 4200 });
    const { default: pg } = await import('pg');
    const admin = new pg.Client({ connectionString: plane.db.database.adminUrl });
    await admin.connect();
    await admin.query('ALTER TABLE legal_entity RENAME COLUMN series TO series_gone');
    expect((await close(org)).failed).toHaveLength(1);
    expect((await close(org)).failed).toHaveLength(1);
    await admin.query('ALTER TABLE legal_entity RENAME COLUMN series_gone TO series');
    await admin.end();
    const failed = await runs({ month, state: 'failed' });
    expect(failed.items).toMatchObject([{ org_id: org.orgId, attempts: 1, invoice_id: null }]);
    expect(failed.items[0]!.failure).toMatch(/series/);
    expect(failed.counts).toMatchObject({ failed: 1, finalised: 1 });
    const retry = (orgId: string) =>
      as('operatorRetryBillingRun', operatorRetryBillingRun, { body: { organization_id: orgId } }, closed);
    await retry(org.orgId);
    const rung = await plane.sql`SELECT id FROM outbox WHERE topic = 'billing' AND key = ${org.orgId}`;
    expect(rung).toHaveLength(1);
    await close(org);
    expect(await stateOf(org, closed)).toMatchObject({ state: 'finalised', attempts: 2, failure: null });
    await expect(retry(org.orgId)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a credit note by hand', () => {
  const credit = (id: string, amount: string, reason = 'Slow support') =>
    as('operatorCreditInvoice', operatorCreditInvoice, { params: { invoice_id: id }, body: { amount, reason } });

  test('lowers what is due, then fills the balance; never more than is left; the books agree', async () => {
    const { org, invoice } = await invoiced();
    expect(invoice).toMatchObject({ total: { amount: '24.90' }, creditable: { amount: '24.90' }, void_refusal: null });
    const note = await credit(invoice.id, '4.90');
    expect(note).toMatchObject({
      total: { amount: '4.90' },
      settled: { amount: '4.90' },
      to_balance: { amount: '0.00' },
    });
    await credit(invoice.id, '5.00');
    await expect(credit(invoice.id, '15.01')).rejects.toMatchObject({
      code: 'unprocessable',
      detail: 'At most 15.00 USD is left to give back.',
    });
    const [after] = (await account(org)).invoices;
    expect(after).toMatchObject({
      due: { amount: '15.00' },
      creditable: { amount: '15.00' },
      credited: { amount: '9.90' },
      void_refusal: 'has_credit_notes',
    });
    const shown = await call(plane, 'getCreditNote', getCreditNote, principalOf(org), {
      params: { credit_note_id: note.id },
    });
    expect(shown.lines).toMatchObject([{ description: { en: 'Slow support' }, amount: { amount: '4.90' } }]);
    expect(await differences(org)).toEqual([]);
  });

  test('is not asked for again by the next closing, and what is found later is not given back twice', async () => {
    const { org, invoice, allocationId } = await invoiced();
    await credit(invoice.id, '23.90');
    const gap = { fromS: fromS + 600, toS: fromS + 600 + 3600, reason: 'host_lost' };
    await withSql(plane.db.worker, (sql) => addUndelivered(sql, org, allocationId, gap));
    const next = monthBounds(addMonths(month, 1), 'UTC').toS + DAY;
    const { finalized, failed } = await close(org, next);
    expect(failed).toEqual([]);
    expect(finalized.flatMap((one) => one.creditNotes)).toHaveLength(1);
    const { items } = await call(plane, 'listCreditNotes', listCreditNotes, principalOf(org), { query: {} });
    expect(items.map((one) => one.total.amount).sort()).toEqual(['1.00', '23.90']);
    const again = monthBounds(addMonths(month, 2), 'UTC').toS + DAY;
    expect((await close(org, again)).failed).toEqual([]);
    expect((await account(org)).invoices.at(-1)).toMatchObject({
      due: { amount: '0.00' },
      creditable: { amount: '0.00' },
    });
    expect(await differences(org)).toEqual([]);
  });

  test('is refused for a void invoice', async () => {
    const { invoice } = await invoiced();
    const input = { params: { invoice_id: invoice.id }, body: { reason: 'wrong' } };
    await as('operatorVoidInvoice', operatorVoidInvoice, input);
    await expect(credit(invoice.id, '1')).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a refund by bank', () => {
  const topUp = async (org: TestOrg, amount: string) => {
    const { id } = await call(plane, 'createTopUp', createTopUp, principalOf(org), { body: { amount } });
    await as('operatorConfirmPayment', operatorConfirmPayment, { params: { payment_id: id } });
    return id;
  };
  const refund = (id: string, amount: string) => {
    const input = { params: { payment_id: id }, body: { amount, reason: 'asked for' } };
    return as('operatorRefundPayment', operatorRefundPayment, input);
  };

  test('takes the money out of the balance, never more than was paid or is there, and the books agree', async () => {
    const { org } = await invoiced();
    const id = await topUp(org, '100');
    const [payment] = (await account(org)).payments;
    expect(payment).toMatchObject({ amount: { amount: '100.00' }, refundable: { amount: '75.10' } });
    await expect(refund(id, '75.11')).rejects.toMatchObject({ code: 'unprocessable' });
    expect(await refund(id, '50')).toMatchObject({ refunded: { amount: '50.00' } });
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => refund(id, '25.10')));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await account(org)).toMatchObject({ balance: { amount: '0.00' } });
    expect(await differences(org)).toEqual([]);
  });
});

test('the forecast goes on to the end of the period as it runs now, and says when the money is gone', async () => {
  const org = await newOrg();
  await lease(plane.db.worker, org, { startS: nowS - 3600, endS: null });
  const found = await call(plane, 'getForecast', getForecast, principalOf(org));
  expect(found.burn_per_hour).toEqual({ amount: '2.49', currency: 'USD' });
  const leftS = (Date.parse(found.period_to) - Date.now()) / 1000;
  const expected = Number(found.spent.amount) + (2.49 * leftS) / 3600;
  expect(Math.abs(Number(found.forecast.amount) - expected)).toBeLessThan(0.05);
  expect(found.runway_seconds).toBe(0);
  expect(Date.parse(found.runs_out_at!)).toBeLessThanOrEqual(Date.now() + 60_000);
  const idle = await call(plane, 'getForecast', getForecast, principalOf(await newOrg()));
  expect(idle).toMatchObject({ forecast: { amount: '0.00' }, runway_seconds: null, runs_out_at: null });
});

describe('revenue', () => {
  test('adds up by day and by month, in each currency, beside what was leased and what there is', async () => {
    const own = await openPlane();
    const { worker } = own.db;
    for (const id of ['r1', 'r2']) await addNode(own.sql, id, { zoneId: 'ap-southeast-a', regionId: 'ap-southeast' });
    const usd = await createOrg(worker, { createdAt });
    const cny = await createOrg(worker, { createdAt, currency: 'CNY' });
    const play = await createOrg(worker, { createdAt, mode: 'sandbox' });
    const midnight = fromS + 5 * DAY;
    for (const org of [usd, cny, play]) {
      await lease(worker, org, { startS: midnight - 3600, endS: midnight + 7200, gpus: 2 });
    }
    const ask = (query: object) =>
      call(own, 'operatorRevenue', operatorRevenue, operator, {
        query: { from: `${month}-05`, to: `${month}-06`, ...query },
      });
    const byDay = await ask({});
    const h100 = byDay.buckets.filter((one) => one.group === H100);
    const amounts = (one: { revenue: { amount: string; currency: string }[] }) =>
      one.revenue.map(({ amount, currency }) => `${amount} ${currency}`);
    expect(h100.map((one) => [one.bucket, one.allocated_hours, ...amounts(one)])).toEqual([
      [`${month}-05`, 4, '35.28 CNY', '4.98 USD'],
      [`${month}-06`, 8, '70.56 CNY', '9.96 USD'],
    ]);
    expect(h100[0]).toMatchObject({ capacity_hours: 16 * 24, allocated_ppm: 10_417, utilization_ppm: null });
    expect(byDay.totals.map(({ amount, currency }) => `${amount} ${currency}`)).toEqual(['105.84 CNY', '14.94 USD']);
    const byMonth = await ask({ step: 'month', by: 'vendor' });
    expect(byMonth.buckets.map((one) => [one.bucket, one.group, ...amounts(one)])).toEqual([
      [month, 'nvidia', '105.84 CNY', '14.94 USD'],
    ]);
    expect((await ask({ by: 'region' })).groups.map((one) => one.group)).toEqual(['ap-southeast']);
    await expect(ask({ to: `${month}-04` })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(ask({ from: `${month}-31`, to: '2026-02-31' })).rejects.toMatchObject({ code: 'invalid_request' });
    await own.close();
  });
});
