import { singleSql, withSql } from '@suanxiang/db/tenant';
import { type FlowBooks, giveBack, issue, openBooks, openPeriod } from '@suanxiang/metering/flow/flow-books';
import { readFlowCase } from '@suanxiang/metering/flow/read-flow';
import { payInvoiceFromWallet } from '@suanxiang/metering/invoices/pay-from-wallet';
import { voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import { chargeWallet } from '@suanxiang/metering/ledger/charge-wallet';
import { applyPaymentReport, noteEvent } from '@suanxiang/metering/payments/apply-state';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, openBillingDb } from './support/billing-db';
import { survives } from './support/kill-between';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const START_S = Date.UTC(2026, 0, 1) / 1000;
const NOW_MS = START_S * 1000 + 5000;

async function open(walletMinor: number): Promise<FlowBooks> {
  const start = { wallet_minor: walletMinor, auto_topup: { threshold_minor: 500, amount_minor: 2000 } };
  const item = readFlowCase({ id: 'K', start, ops: [] });
  return withSql(db.worker, (sql) => openBooks(sql, item, START_S));
}

async function invoiceOf(books: FlowBooks, netMinor: bigint) {
  const fromS = await withSql(db.worker, (sql) => openPeriod(sql, books, 0, START_S));
  const issued = await withSql(db.worker, (sql) => issue(sql, books, { fromS, netMinor }, NOW_MS));
  return { invoiceId: issued!.id, number: issued!.number, fromS };
}

/** Everything of an organisation that money can be read from. */
async function stateOf({ orgId }: FlowBooks) {
  const sql = singleSql(db.worker);
  return {
    balances:
      await sql`SELECT account, micro::text FROM ledger_balance WHERE org_id = ${orgId} AND micro <> 0 ORDER BY account`,
    journals:
      await sql`SELECT kind, count(*)::int AS n FROM journal WHERE org_id = ${orgId} GROUP BY kind ORDER BY kind`,
    payments:
      await sql`SELECT purpose, status, amount_minor::text FROM payment WHERE org_id = ${orgId} ORDER BY purpose`,
    invoices: await sql`SELECT status, paid_minor::text, due_minor::text FROM invoice WHERE org_id = ${orgId}`,
    notes: await sql`SELECT total_minor::text, settled_minor::text FROM credit_note WHERE org_id = ${orgId}`,
  };
}

test('a debit and the top-up that it asks for', async () => {
  await survives({
    db: db.worker,
    arrange: () => open(1000),
    act: (sql, books) =>
      chargeWallet(sql, books, { key: 'u1', micro: 6_100_000n, memo: 'u1' }, START_S, NOW_MS).then(() => {}),
    stateOf,
  });
});

test('a payment that a webhook reports, and the invoice that it pays', async () => {
  await survives({
    db: db.worker,
    arrange: async () => {
      const books = await open(0);
      await invoiceOf(books, 700n);
      const org = { orgId: books.orgId, mode: 'live' as const, currency: books.currency };
      const payment = await withSql(db.worker, (sql) => createTopUp(sql, org, 1500n, NOW_MS));
      return { ...books, paymentId: payment.id };
    },
    act: async (sql, { orgId, paymentId }) => {
      const event = { provider: 'flow', id: `${orgId}:e1`, type: 'succeeded', payload: {} };
      if (await noteEvent(sql, event)) await applyPaymentReport(sql, paymentId, { status: 'succeeded' }, NOW_MS);
    },
    stateOf,
  });
});

test('the payment of an invoice from the wallet', async () => {
  await survives({
    db: db.worker,
    arrange: async () => {
      const books = await open(1000);
      return { ...books, ...(await invoiceOf(books, 700n)) };
    },
    act: async (sql, { invoiceId, ...books }) => {
      await payInvoiceFromWallet(sql, books, { invoiceId, mostMinor: 700n }, START_S, NOW_MS);
    },
    stateOf,
  });
});

test('a void', async () => {
  await survives({
    db: db.worker,
    arrange: async () => {
      const books = await open(1000);
      const invoice = await invoiceOf(books, 700n);
      const request = { invoiceId: invoice.invoiceId, mostMinor: 400n };
      await withSql(db.worker, (sql) => payInvoiceFromWallet(sql, books, request, START_S, NOW_MS));
      return { ...books, ...invoice };
    },
    act: async (sql, { orgId, invoiceId }) => {
      const why = { voidedBy: 'test', reason: 'test', reissue: true, bookedS: START_S };
      await voidInvoice(sql, { orgId, invoiceId, ...why }, NOW_MS);
    },
    stateOf,
  });
});

test('a number is not lost when the closing of a period dies', async () => {
  const books = await open(0);
  const fromS = await withSql(db.worker, (sql) => openPeriod(sql, books, 0, START_S));
  await survives({
    db: db.worker,
    arrange: async () => books,
    act: async (sql) => {
      await issue(sql, books, { fromS, netMinor: 700n }, NOW_MS);
    },
    stateOf,
  });
  const [row] = await singleSql(db.worker)<{ next_number: number }>`
    SELECT next_number FROM legal_entity WHERE id = ${books.seller.legalEntityId}`;
  expect(row!.next_number).toBe(2);
});

test('a credit note that dies leaves nothing behind', async () => {
  const books = await open(0);
  const invoice = await invoiceOf(books, 700n);
  const [entity] = await singleSql(db.worker)<{ before: number }>`
    SELECT next_note_number AS before FROM legal_entity WHERE id = ${books.seller.legalEntityId}`;
  await survives({
    db: db.worker,
    arrange: async () => books,
    act: async (sql) => {
      await giveBack(sql, books, invoice, 100n, NOW_MS);
    },
    stateOf,
    repeats: false,
  });
  const rows = await singleSql(db.worker)`
    SELECT next_note_number - ${entity!.before}::int AS taken FROM legal_entity WHERE id = ${books.seller.legalEntityId}`;
  expect(rows).toEqual([{ taken: 1 }]);
});
