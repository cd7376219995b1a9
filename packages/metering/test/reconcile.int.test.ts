import { type Db, openDb } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { voidInvoice } from '@suanxiang/metering/invoices/void-invoice';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { DIFFERENCE_CODES, type Difference } from '@suanxiang/metering/reconcile/difference';
import { reconcile } from '@suanxiang/metering/reconcile/reconcile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addUndelivered,
  asApi,
  type BillingDb,
  block,
  createOrg,
  lease,
  minutes,
  openBillingDb,
  seconds,
  type TestOrg,
  ZONE,
} from './support/billing-db';

let db: BillingDb;
let owner: Db;
beforeAll(async () => {
  db = await openBillingDb();
  owner = openDb({ url: db.database.adminUrl, applicationName: 'plant', poolSize: 2 });
});
afterAll(async () => {
  await owner?.close();
  await db?.close();
});

const SEP = seconds('2026-09-01T00:00:00Z');
const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const DEC = seconds('2026-12-01T00:00:00Z');
const GRACE = 86_400;

/** Changes what no role of the product may change: triggers do not run. */
const plant = (fn: (sql: Sql) => Promise<unknown>) =>
  withSql(owner, async (sql) => {
    await sql`SET LOCAL session_replication_role = replica`;
    await fn(sql);
  });

const deliver = (records: Parameters<typeof ingestBlocks>[2], atS: number) =>
  withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, atS * 1000));

const close = async (org: TestOrg, atS: number) => {
  const { failed } = await finalizeDuePeriods(db.worker, atS * 1000, { orgId: org.orgId });
  expect(failed).toEqual([]);
};

async function pay(org: TestOrg, minor: bigint, atS: number): Promise<string> {
  const payment = await asApi(db, org, (sql) => createTopUp(sql, org, minor, atS * 1000));
  await asApi(db, org, (sql) => confirmPayment(sql, payment.id, atS * 1000));
  return payment.id;
}

interface World {
  org: TestOrg;
  september: string;
  october: string;
  plain: string;
  paymentId: string;
  invoices: string[];
}

/** A quarter as it should be: leases in each month with evidence, an undelivered stretch, a late one, payments. */
async function quarter(): Promise<World> {
  const org = await createOrg(db.worker);
  const paymentId = await pay(org, 5_000n, SEP + 100_000);
  const startS = SEP + 200_000;
  const gap = { fromS: startS + 600, toS: startS + 700, reason: 'device_fault' };
  const one = { startS, endS: startS + 7_230, gpus: 8, undelivered: [gap] };
  const { allocationId: september } = await lease(db.worker, org, one);
  await deliver(
    minutes(september, startS, startS + 7_230, () => 500_000),
    startS + 7_300,
  );
  // Over the end of September, in use only part of the time.
  const two = { startS: OCT - 1_800, endS: OCT + 3_600, gpus: 2, mode: 'utilization' as const };
  const { allocationId: october } = await lease(db.worker, org, two);
  await deliver(
    minutes(october, OCT - 1_800, OCT + 3_000, () => 300_000),
    OCT + 3_700,
  );
  const { allocationId: plain } = await lease(db.worker, org, { startS: OCT + 7_200, endS: OCT + 10_800 });
  await deliver(
    minutes(plain, OCT + 7_200, OCT + 10_800, () => 100),
    OCT + 10_900,
  );
  await close(org, OCT + GRACE);
  // Told late, so that October's closing gives a credit note on September.
  const late = { fromS: startS + 5_000, toS: startS + 6_000, reason: 'host_lost' };
  await withSql(db.worker, (sql) => addUndelivered(sql, org, september, late));
  await close(org, NOV + GRACE);
  await pay(org, 20_000n, NOV + 100_000);
  await close(org, DEC + GRACE);
  const rows = await singleSql(db.worker)<{ id: string }>`
    SELECT id FROM invoice WHERE org_id = ${org.orgId} ORDER BY invoice.from_s`;
  const invoices = rows.map(({ id }) => id);
  expect(invoices).toHaveLength(2);
  return { org, september, october, plain, paymentId, invoices };
}

const differences = async (org: TestOrg, month: string | null = null) =>
  (await reconcile(singleSql(db.worker), { orgId: org.orgId, month })).differences;
const named = (found: Difference[]) => found.map(({ code, subject, related }) => [code, subject, related]);
const seen = new Set<string>();

/** Plants in a fresh quarter and expects to see exactly what is named. */
async function expectNamed(
  act: (sql: Sql, world: World) => Promise<unknown>,
  expected: (world: World) => unknown[][],
): Promise<Difference[]> {
  const world = await quarter();
  await plant((sql) => act(sql, world));
  const found = await differences(world.org);
  expect(named(found)).toEqual(expected(world));
  for (const { code, orgId } of found) {
    seen.add(code);
    expect(orgId).toBe(world.org.orgId);
  }
  return found;
}

test('a clean quarter with late corrections, part payments and a voided invoice has no difference', async () => {
  const { org, invoices } = await quarter();
  const [{ notes } = { notes: 0 }] = await singleSql(db.worker)<{ notes: number }>`
    SELECT count(*)::int AS notes FROM credit_note WHERE org_id = ${org.orgId}`;
  expect(notes).toBe(1);
  const clean = await reconcile(singleSql(db.worker), { orgId: org.orgId, month: null });
  expect(clean).toEqual({ periods: 3, invoices: 2, payments: 2, differences: [] });
  const request = { orgId: org.orgId, invoiceId: invoices[1]!, voidedBy: 'test', reason: 'x', reissue: false };
  const done = await withSql(db.worker, (sql) => voidInvoice(sql, { ...request, bookedS: DEC }, DEC * 1000));
  expect(done.voided).toBe(true);
  expect(await differences(org)).toEqual([]);
});

test('a lease of which nothing was measured', async () => {
  const org = await createOrg(db.worker);
  const { allocationId } = await lease(db.worker, org, { startS: SEP + 90_000, endS: SEP + 90_600 });
  await lease(db.worker, org, { startS: SEP + 90_000, endS: SEP + 90_119 });
  const gap = { fromS: SEP + 90_000, toS: SEP + 93_600, reason: 'host_lost' };
  await lease(db.worker, org, { startS: SEP + 90_000, endS: SEP + 93_600, undelivered: [gap, gap] });
  await close(org, OCT + GRACE);
  const found = await differences(org);
  expect(found).toEqual([
    {
      code: 'lease_without_evidence',
      orgId: org.orgId,
      fromS: SEP,
      subject: allocationId,
      related: null,
      expected: '600',
      found: '0',
    },
  ]);
  expect(await differences(org, '2026-09')).toEqual(found);
  expect(await differences(org, '2026-10')).toEqual([]);
  seen.add('lease_without_evidence');
});

test('evidence that lies outside of its lease, or names none', async () => {
  const world = await quarter();
  const beyond = block(world.september, SEP + 600_000, 1_000);
  await deliver([beyond], SEP + 600_060);
  // Within the edges of a lease nothing is amiss: agents stop after it.
  await deliver(
    minutes(world.september, SEP + 207_240, SEP + 207_480, () => 100),
    SEP + 207_500,
  );
  expect(named(await differences(world.org))).toEqual([['evidence_without_lease', world.september, null]]);
  const nobody = 'alloc_01arz3ndektsv4rrffq69g5fav';
  await deliver([block(nobody, SEP + 600_000, 1_000)], SEP + 600_060);
  const all = (await reconcile(singleSql(db.worker), { orgId: null, month: null })).differences;
  const strangers = all.filter(({ orgId }) => orgId === null);
  expect(named(strangers)).toEqual([['evidence_without_lease', nobody, 'quarantine']]);
  expect(all.some(({ subject }) => subject === world.september)).toBe(true);
  seen.add('evidence_without_lease');
});

test('a lease that no line bills', () =>
  expectNamed(
    async (sql, { org, september }) => {
      await sql`
        UPDATE invoice SET subtotal_minor = subtotal_minor - (SELECT amount_minor FROM invoice_line
          WHERE invoice_id = invoice.id AND allocation_id = ${september}) WHERE org_id = ${org.orgId} AND to_s = ${OCT}::bigint`;
      await sql`DELETE FROM invoice_line WHERE org_id = ${org.orgId} AND allocation_id = ${september}`;
    },
    ({ september }) => [['lease_not_billed', september, expect.stringMatching(/\d/)]],
  ));

test('rated seconds that are not those of the lease, more or fewer', async () => {
  const change =
    (by: number) =>
    async (sql: Sql, { plain }: World) =>
      sql`UPDATE allocation SET end_s = end_s + ${by}::bigint WHERE id = ${plain}`;
  for (const by of [1, -1]) {
    const found = await expectNamed(change(by), ({ plain, invoices }) => [['seconds_differ', plain, invoices[1]!]]);
    expect(found[0]).toMatchObject({ expected: String(3_600 + by), found: '3600', fromS: OCT });
  }
});

test('an invoice whose lines do not add up, and one that is not booked as it stands', async () => {
  await expectNamed(
    (sql, { october }) => sql`UPDATE invoice_line SET amount_minor = amount_minor + 1
      WHERE allocation_id = ${october} AND from_s >= ${OCT}::bigint`,
    ({ invoices }) => [['invoice_lines_differ', invoices[1], expect.any(String)]],
  );
  await expectNamed(
    async (sql, { invoices }) => {
      await sql`UPDATE invoice SET total_minor = total_minor + 1, due_minor = due_minor + 1 WHERE id = ${invoices[0]!}`;
    },
    ({ invoices }) => [['invoice_differs_from_ledger', invoices[0], 'receivable']],
  );
});

/** Takes a journal out of the books, balances included. */
async function unbook(sql: Sql, idemKey: string): Promise<void> {
  await sql`
    UPDATE ledger_balance b SET micro = b.micro - e.micro FROM ledger_entry e JOIN journal j ON j.id = e.journal_id
    WHERE j.idem_key = ${idemKey} AND b.org_id = e.org_id AND b.account = e.account AND b.currency = e.currency`;
  await sql`DELETE FROM ledger_entry WHERE journal_id = (SELECT id FROM journal WHERE idem_key = ${idemKey})`;
  await sql`DELETE FROM journal WHERE idem_key = ${idemKey}`;
}

test('an invoice, a void and a payment that are missing from the ledger', async () => {
  await expectNamed(
    (sql, { invoices }) => unbook(sql, `invoice:${invoices[1]}`),
    ({ invoices }) => [['invoice_not_in_ledger', invoices[1], 'receivable']],
  );
  await expectNamed(
    async (sql, { invoices }) =>
      sql`UPDATE invoice SET status = 'void', paid_minor = 0, due_minor = 0 WHERE id = ${invoices[1]!}`,
    ({ invoices }) => ['wallet', 'revenue', 'rounding'].map((account) => ['void_not_reversed', invoices[1], account]),
  );
  await expectNamed(
    (sql, { paymentId }) => unbook(sql, `payment:${paymentId}`),
    ({ paymentId }) => [['payment_not_in_ledger', paymentId, expect.any(String)]],
  );
});

test('what is marked as paid, a credit note, a payment and a refund that differ from the ledger', async () => {
  await expectNamed(
    (sql, { invoices }) =>
      sql`UPDATE invoice SET paid_minor = paid_minor - 1, due_minor = due_minor + 1 WHERE id = ${invoices[0]!}`,
    ({ invoices }) => [['invoice_paid_differs', invoices[0], 'paid']],
  );
  await expectNamed(
    (sql, { org }) => sql`UPDATE credit_note SET total_minor = total_minor + 1, net_minor = net_minor + 1
      WHERE org_id = ${org.orgId}`,
    () => [['credit_note_differs_from_ledger', expect.stringMatching(/^cn_/), expect.any(String)]],
  );
  await expectNamed(
    (sql, { paymentId }) => sql`UPDATE payment SET status = 'failed', settled_at = NULL WHERE id = ${paymentId}`,
    ({ paymentId }) => [['payment_differs_from_ledger', paymentId, expect.any(String)]],
  );
  await expectNamed(
    (sql, { paymentId }) => sql`UPDATE payment SET refunded_minor = 7 WHERE id = ${paymentId}`,
    ({ paymentId }) => [['refund_differs_from_ledger', paymentId, expect.any(String)]],
  );
});

test('a journal of a document that does not exist, and a balance that is not its sum', async () => {
  await expectNamed(
    (sql, { org }) => sql`
      INSERT INTO journal (id, org_id, idem_key, kind, booked_s)
      VALUES (${`jrn_${org.orgId}`}, ${org.orgId}, ${`payment:pay_none_${org.orgId}`}, 'top_up', 1)`,
    ({ org }) => [['journal_without_document', `jrn_${org.orgId}`, `payment:pay_none_${org.orgId}`]],
  );
  await expectNamed(
    (sql, { org }) => sql`UPDATE ledger_balance SET micro = micro + 1 WHERE org_id = ${org.orgId} AND account = 'cash'`,
    ({ org }) => [['balance_differs', org.orgId, 'cash USD']],
  );
});

test('what the provider tells of payments and is not so here', async () => {
  const event = (sql: Sql, id: string, ref: string, metadata: object) => {
    const payload = { data: { object: { id: ref, metadata } } };
    return sql`
      INSERT INTO provider_event (provider, id, type, payload, done_at)
      VALUES ('stripe', ${id}, 'payment_intent.succeeded', ${payload}::jsonb, now())`;
  };
  await expectNamed(
    async (sql, { org, paymentId }) => {
      await event(sql, `evt_1_${org.orgId}`, `pi_x_${org.orgId}`, { account_id: org.orgId, payment_id: 'pay_gone' });
      await event(sql, `evt_2_${org.orgId}`, `pi_y_${org.orgId}`, { account_id: org.orgId, payment_id: paymentId });
    },
    ({ org }) => [['provider_payment_unknown', `pi_x_${org.orgId}`, `evt_1_${org.orgId}`]],
  );
  await expectNamed(
    async (sql, { org }) => {
      await sql`
        INSERT INTO payment (id, org_id, provider, status, currency, amount_minor, reference)
        VALUES (${`pay_${org.orgId}`}, ${org.orgId}, 'stripe', 'processing', 'USD', 100, ${`r_${org.orgId}`})`;
      await event(sql, `evt_3_${org.orgId}`, `pi_z_${org.orgId}`, { payment_id: `pay_${org.orgId}` });
    },
    ({ org }) => [['provider_payment_unsettled', `pay_${org.orgId}`, `evt_3_${org.orgId}`]],
  );
});

test('every kind of difference was planted and seen', () => {
  expect([...seen].sort()).toEqual([...DIFFERENCE_CODES].sort());
});
