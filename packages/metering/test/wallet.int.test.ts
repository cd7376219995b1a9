import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { accrue } from '@suanxiang/metering/accrual/accrue';
import { grantCredit, grantsOf } from '@suanxiang/metering/credit/grants';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { listInvoices, readInvoice } from '@suanxiang/metering/invoices/read';
import { voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addUndelivered,
  type BillingDb,
  createOrg,
  lease,
  openBillingDb,
  seconds,
  type TestOrg,
} from './support/billing-db';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const DEC = seconds('2026-12-01T00:00:00Z');
const GRACE = 86_400;
const HOUR = 3600;

const close = async (org: TestOrg, atS: number) => {
  const { failed } = await finalizeDuePeriods(db.worker, atS * 1000, { orgId: org.orgId });
  expect(failed).toEqual([]);
};

const grant = (org: TestOrg, amountMinor: bigint, effectiveS: number, expiresS: number | null, priority = 0) => {
  const span = { effectiveS, expiresS, grantedS: effectiveS };
  const given = { orgId: org.orgId, currency: org.currency, amountMinor, priority, ...span };
  return withSql(db.worker, (sql) => grantCredit(sql, { ...given, reason: 'test', grantedBy: 'test' }, 1));
};

async function newestInvoice(org: TestOrg) {
  const sql = singleSql(db.worker);
  const [newest] = await listInvoices(sql, org.orgId, { limit: 1 });
  return (await readInvoice(sql, org.orgId, newest!.id))!;
}

async function booksOf(org: TestOrg) {
  const rows = await singleSql(db.worker)<{ account: string; micro: string }>`
    SELECT account, micro::text FROM ledger_balance WHERE org_id = ${org.orgId} AND micro <> 0 ORDER BY account`;
  return Object.fromEntries(rows.map((row) => [row.account, BigInt(row.micro)]));
}

describe('promotional credit', () => {
  test('covers the seconds it is good for, before tax, in its order; the rest is due; the books hold it', async () => {
    const org = await createOrg(db.worker);
    // Two hours at 2.49: credit for the first hour only, of which a part expires with it.
    await lease(db.worker, org, { startS: OCT, endS: OCT + 2 * HOUR });
    const late = await grant(org, 100n, OCT, OCT + HOUR, 5);
    const early = await grant(org, 100n, OCT, OCT + HOUR, 1);
    await close(org, NOV + GRACE);
    const invoice = await newestInvoice(org);
    expect(invoice).toMatchObject({ subtotalMinor: 498n, promoMinor: 200n, totalMinor: 298n, dueMinor: 298n });
    const left = await grantsOf(singleSql(db.worker), org.orgId, 'USD');
    expect(new Map(left.map((one) => [one.id, one.remainingMinor]))).toEqual(
      new Map([
        [late, 0n],
        [early, 0n],
      ]),
    );
    expect(await booksOf(org)).toEqual({ promotional: 2_000_000n, receivable: 2_980_000n, revenue: -4_980_000n });
  });

  test('that is voided away is there again, and burns again on the invoice that follows', async () => {
    const org = await createOrg(db.worker);
    await lease(db.worker, org, { startS: OCT, endS: OCT + HOUR });
    const id = await grant(org, 1000n, OCT, null);
    await close(org, NOV + GRACE);
    const first = await newestInvoice(org);
    expect(first).toMatchObject({ promoMinor: 249n, totalMinor: 0n });
    const why = { voidedBy: 'test', reason: 'wrong buyer', reissue: true, bookedS: NOV };
    await withSql(db.worker, (sql) => voidInvoice(sql, { orgId: org.orgId, invoiceId: first.id, ...why }, 1));
    expect((await grantsOf(singleSql(db.worker), org.orgId, 'USD'))[0]).toMatchObject({ id, remainingMinor: 1000n });
    expect(await booksOf(org)).toEqual({});
    await close(org, NOV + GRACE + 60);
    const numbers = (await listInvoices(singleSql(db.worker), org.orgId, { limit: 10 })).map((one) => one.number);
    expect(new Set(numbers).size).toBe(2);
    expect((await grantsOf(singleSql(db.worker), org.orgId, 'USD'))[0]!.remainingMinor).toBe(751n);
  });

  test('that paid for seconds which turn out undelivered comes back as credit, money first', async () => {
    const org = await createOrg(db.worker);
    const { allocationId } = await lease(db.worker, org, { startS: OCT, endS: OCT + 2 * HOUR });
    await grant(org, 400n, OCT, null);
    await close(org, NOV + GRACE);
    expect(await newestInvoice(org)).toMatchObject({ promoMinor: 400n, totalMinor: 98n });
    const gap = { fromS: OCT, toS: OCT + HOUR, reason: 'host_lost' };
    await withSql(db.worker, (sql) => addUndelivered(sql, org, allocationId, gap));
    await close(org, DEC + GRACE);
    await close(org, DEC + 31 * 86_400 + GRACE);
    const notes = await singleSql(db.worker)`
      SELECT net_minor::int AS net, promo_minor::int AS promo, settled_minor::int AS settled FROM credit_note
      WHERE org_id = ${org.orgId}`;
    expect(notes).toEqual([{ net: 98, promo: 151, settled: 98 }]);
    const grants = await grantsOf(singleSql(db.worker), org.orgId, 'USD');
    expect(grants.map((one) => one.remainingMinor)).toEqual([0n, 151n]);
    const books = await booksOf(org);
    expect(books.receivable).toBeUndefined();
    expect(books.revenue! + books.promotional!).toBe(0n);
  });

  test('cannot be burnt twice by invoices that close at the same time', async () => {
    const org = await createOrg(db.worker);
    await lease(db.worker, org, { startS: OCT, endS: OCT + HOUR });
    await grant(org, 100n, OCT, null);
    await Promise.all(Array.from({ length: 6 }, () => close(org, NOV + GRACE)));
    expect((await grantsOf(singleSql(db.worker), org.orgId, 'USD'))[0]!.remainingMinor).toBe(0n);
    expect((await listInvoices(singleSql(db.worker), org.orgId, { limit: 9 })).length).toBe(1);
  });
});

async function eventsOf(org: TestOrg) {
  return singleSql(db.worker)<{ kind: string; to: string | null; percent: number | null }>`
    SELECT kind, detail->>'to' AS to, (detail->>'percent')::int AS percent FROM billing_event WHERE org_id = ${org.orgId}
    ORDER BY at, id`;
}

/** Billing time now of the database, to place leases at: accrual looks at the present. */
async function present(): Promise<number> {
  const [row] = await singleSql(db.worker)<{ now: number }>`
    SELECT floor(extract(epoch FROM clock_timestamp()))::int AS now`;
  return row!.now;
}

describe('accrual', () => {
  const look = (org: TestOrg) => withSql(db.worker, (sql) => accrue(sql, org.orgId, Date.now()));
  const topUp = (org: TestOrg, minor: bigint) =>
    withSql(db.worker, async (sql) => {
      const payment = await createTopUp(sql, org, minor, Date.now());
      await confirmPayment(sql, payment.id, Date.now());
    });

  test('adds up what was used, what is left and for how long, and moves the stage as money comes and goes', async () => {
    const nowS = await present();
    const org = await createOrg(db.worker, { createdAt: new Date((nowS - 40 * 86_400) * 1000).toISOString() });
    await lease(db.worker, org, { startS: nowS - HOUR, endS: null });
    await topUp(org, 249n + 249n * 48n);
    const accrued = await look(org);
    // The lease runs on while the test does.
    expect(accrued).toMatchObject({ stage: 'low_3d' });
    const [row] = await singleSql(db.worker)<{ available: string; runway: number; burn: string; unbilled: string }>`
      SELECT available_micro::text AS available, runway_s::int AS runway, burn_per_hour_micro::text AS burn,
        unbilled_micro::text AS unbilled FROM accrual WHERE org_id = ${org.orgId}`;
    expect(row!.burn).toBe('2490000');
    expect(BigInt(row!.available) + BigInt(row!.unbilled)).toBeGreaterThanOrEqual(2_490_000n * 49n - 1n);
    expect(row!.runway).toBeLessThanOrEqual(48 * HOUR);
    expect(row!.runway).toBeGreaterThan(47 * HOUR);
    await topUp(org, 1_000_000n);
    expect(await look(org)).toMatchObject({ stage: 'ok' });
    expect((await eventsOf(org)).map((event) => event.to)).toEqual(['low_3d', 'ok']);
  });

  test('without money is in grace, with a credit limit it is not; what is due counts against it', async () => {
    const nowS = await present();
    const org = await createOrg(db.worker, { createdAt: new Date((nowS - 2 * 86_400) * 1000).toISOString() });
    await lease(db.worker, org, { startS: nowS - HOUR, endS: null });
    expect(await look(org)).toMatchObject({ stage: 'grace' });
    await singleSql(db.worker)`
      INSERT INTO billing_settings (org_id, mode, credit_limit_minor) VALUES (${org.orgId}, 'postpaid', 100000000)`;
    expect(await look(org)).toMatchObject({ stage: 'ok' });
    const { creditLimitMinor, availableMicro, runwayS } = await accountBalance(singleSql(db.worker), org.orgId);
    expect(creditLimitMinor).toBe(100_000_000n);
    expect(availableMicro).toBeLessThan(0n);
    expect(runwayS).toBeGreaterThan(365 * 86_400);
  });

  test('tops up automatically below the threshold of what is available, once', async () => {
    const nowS = await present();
    const org = await createOrg(db.worker, {
      mode: 'sandbox',
      createdAt: new Date((nowS - 2 * 86_400) * 1000).toISOString(),
    });
    await lease(db.worker, org, { startS: nowS - HOUR, endS: null });
    await topUp(org, 700n);
    await singleSql(db.worker)`
      INSERT INTO billing_settings (org_id, auto_enabled, auto_threshold_minor, auto_amount_minor, auto_cool_off_s)
      VALUES (${org.orgId}, true, 500, 5000, 3600)`;
    await Promise.all([look(org), look(org), look(org)]);
    await look(org);
    const payments = await singleSql(db.worker)`
      SELECT status, amount_minor::int AS amount FROM payment WHERE org_id = ${org.orgId} AND purpose = 'auto_top_up'`;
    expect(payments).toEqual([{ status: 'succeeded', amount: 5000 }]);
  });

  test('tells each threshold of a budget once, and the forecast once', async () => {
    const nowS = await present();
    const org = await createOrg(db.worker, { createdAt: new Date((nowS - 2 * 86_400) * 1000).toISOString() });
    await topUp(org, 100_000_000n);
    await lease(db.worker, org, { startS: nowS - HOUR, endS: null });
    const budget = mintId('budget', Date.now());
    await singleSql(db.worker)`
      INSERT INTO budget (id, org_id, project_id, name, amount_minor, thresholds, hard)
      VALUES (${budget}, ${org.orgId}, ${org.projectId}, 'b', 300, ${['80', '50', '100']}::int[], false)`;
    await look(org);
    await look(org);
    expect((await eventsOf(org)).map(({ kind, percent }) => [kind, percent])).toEqual(
      expect.arrayContaining([
        ['budget_reached', 50],
        ['budget_reached', 80],
        ['budget_forecast', null],
      ]),
    );
    expect(await eventsOf(org)).toHaveLength(3);
    await lease(db.worker, org, { startS: nowS - HOUR, endS: nowS - HOUR / 2, gpus: 8 });
    await look(org);
    expect(await eventsOf(org)).toHaveLength(4);
  });
});
