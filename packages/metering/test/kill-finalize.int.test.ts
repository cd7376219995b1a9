import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { grantCredit } from '@suanxiang/metering/credit/grants';
import { takeCutoff } from '@suanxiang/metering/ingest/cutoff';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizePeriod, finalizePeriods } from '@suanxiang/metering/invoices/closing';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { replayInvoice } from '@suanxiang/metering/invoices/proof';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { applyRemote } from '@suanxiang/metering/payments/online/apply-remote';
import type { RemotePayment } from '@suanxiang/metering/payments/online/provider';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addUndelivered,
  asApi,
  type BillingDb,
  createOrg,
  lease,
  minutes,
  openBillingDb,
  seconds,
  type TestOrg,
  ZONE,
} from './support/billing-db';
import { survives } from './support/kill-between';

const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const DEC = seconds('2026-12-01T00:00:00Z');
const GRACE = 86_400;

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

async function topUp(org: TestOrg, amountMinor: bigint): Promise<void> {
  const payment = await asApi(db, org, (sql) => createTopUp(sql, org, amountMinor, OCT * 1000));
  await asApi(db, org, (sql) => confirmPayment(sql, payment.id, OCT * 1000));
}

/**
 * An organisation whose November has all that a closing can do: usage of both modes, credit, money for a part of it, and late
 * evidence that makes an adjustment and a credit note of October.
 */
async function founded(): Promise<TestOrg> {
  const org = await createOrg(db.worker);
  const { allocationId: timed } = await lease(db.worker, org, { startS: OCT + 3600, endS: OCT + 7200, gpus: 4 });
  const { allocationId: weighed } = await lease(db.worker, org, {
    startS: NOV - 1800,
    endS: NOV + 1800,
    mode: 'utilization',
  });
  const send = (fromS: number, toS: number, atS: number) =>
    withSql(db.worker, (sql) =>
      ingestBlocks(
        sql,
        ZONE,
        minutes(weighed, fromS, toS, () => 600_000),
        atS * 1000,
      ),
    );
  await send(NOV - 1800, NOV - 600, NOV);
  await topUp(org, 1200n);
  expect((await finalizeDuePeriods(db.worker, (NOV + GRACE) * 1000, { orgId: org.orgId })).failed).toEqual([]);
  await lease(db.worker, org, { startS: NOV + 9000, endS: NOV + 12_600, gpus: 2 });
  await send(NOV - 600, NOV + 1800, NOV + GRACE + 60);
  const gap = { fromS: OCT + 4000, toS: OCT + 4600, reason: 'host_lost' };
  await withSql(db.worker, (sql) => addUndelivered(sql, org, timed, gap));
  const span = { effectiveS: NOV, expiresS: NOV + 10_000, grantedS: NOV };
  const grant = { orgId: org.orgId, currency: 'USD', amountMinor: 90n, priority: 0, ...span };
  await withSql(db.worker, (sql) => grantCredit(sql, { ...grant, reason: 'test', grantedBy: 'test' }, 1));
  await topUp(org, 150n);
  return org;
}

/** All that a closing writes, without ids and numbers, so that two organisations can be compared. */
async function stateOf({ orgId }: TestOrg) {
  const sql = singleSql(db.worker);
  return {
    periods: await sql`SELECT from_s::text, status FROM billing_period WHERE org_id = ${orgId} ORDER BY from_s`,
    invoices: await sql`SELECT status, from_s::text, subtotal_minor::text, promo_minor::text, total_minor::text,
      paid_minor::text, due_minor::text FROM invoice WHERE org_id = ${orgId} ORDER BY invoice.from_s, created_at`,
    lines:
      await sql`SELECT kind, qty, exact_minor, amount_minor::text, billed_seconds::text, block_count FROM invoice_line
      WHERE org_id = ${orgId} ORDER BY kind, qty, exact_minor, amount_minor`,
    notes:
      await sql`SELECT net_minor::text, settled_minor::text, promo_minor::text FROM credit_note WHERE org_id = ${orgId}`,
    runs: await sql`SELECT from_s::text, count(*)::int AS n FROM rating_run WHERE org_id = ${orgId} GROUP BY 1 ORDER BY 1`,
    journals:
      await sql`SELECT kind, count(*)::int AS n FROM journal WHERE org_id = ${orgId} GROUP BY kind ORDER BY kind`,
    balances:
      await sql`SELECT account, micro::text FROM ledger_balance WHERE org_id = ${orgId} AND micro <> 0 ORDER BY account`,
    grants:
      await sql`SELECT amount_minor::text, count(*)::int AS n FROM credit_grant WHERE org_id = ${orgId} GROUP BY 1 ORDER BY 1`,
    payments:
      await sql`SELECT purpose, status, refunded_minor::text FROM payment WHERE org_id = ${orgId} ORDER BY 1, 2, 3`,
    audit:
      await sql`SELECT action, count(*)::int AS n FROM audit_event WHERE org_id = ${orgId} GROUP BY action ORDER BY action`,
  };
}

/** The next numbers of the seller: what a death may not take. */
async function numbers(): Promise<{ invoices: number; notes: number }> {
  const [row] = await singleSql(db.worker)<{ invoices: number; notes: number }>`
    SELECT sum(next_number)::int AS invoices, sum(next_note_number)::int AS notes FROM legal_entity`;
  return row!;
}

const close = (org: TestOrg, batchSeq: bigint) => async (sql: Sql) => {
  const options = { nowMs: (DEC + GRACE) * 1000, batchSeq, webUrl: 'https://cloud.example.com' };
  await finalizePeriod(sql, { orgId: org.orgId, fromS: NOV }, options);
};

// A lost connection takes long to replace, so that every fourth statement has to do there.
test.each([
  ['process', 1],
  ['backend', 4],
] as const)(
  'a closing whose %s dies before any of its statements ends as one that nobody disturbed',
  async (death, stride) => {
    const twin = await founded();
    const before = await numbers();
    await withSql(db.worker, close(twin, await takeCutoff(db.worker)));
    const undisturbed = await stateOf(twin);
    expect(undisturbed.lines.map(({ kind }) => kind)).toContain('adjustment');
    expect(undisturbed.notes).toHaveLength(1);
    const between = await numbers();
    const org = await founded();
    const start = await numbers();
    const batchSeq = await takeCutoff(db.worker);
    const deaths = await survives({
      db: db.worker,
      arrange: async () => org,
      act: (sql) => close(org, batchSeq)(sql),
      stateOf,
      death,
      stride,
    });
    expect(deaths).toBeGreaterThan(40);
    expect(await stateOf(org)).toEqual(undisturbed);
    const after = await numbers();
    const taken = { invoices: between.invoices - before.invoices, notes: between.notes - before.notes };
    expect({ invoices: after.invoices - start.invoices, notes: after.notes - start.notes }).toEqual(taken);
    const ids = await singleSql(db.worker)<{ id: string }>`SELECT id FROM invoice WHERE org_id = ${org.orgId}`;
    for (const { id } of ids) {
      expect((await replayInvoice(singleSql(db.worker), org.orgId, id))!.findings).toEqual([]);
    }
  },
);

test('a closing of several organisations that dies before any of its statements closes none of them, and then all', async () => {
  const orgs = [await founded(), await createOrg(db.worker), await founded()];
  const keys = orgs.map(({ orgId }) => ({ orgId, fromS: NOV }));
  await finalizeDuePeriods(db.worker, (NOV + GRACE) * 1000);
  const undisturbed = await founded();
  await withSql(db.worker, close(undisturbed, await takeCutoff(db.worker)));
  const batchSeq = await takeCutoff(db.worker);
  const before = await numbers();
  const options = { nowMs: (DEC + GRACE) * 1000, batchSeq, webUrl: 'https://cloud.example.com' };
  await survives({
    db: db.worker,
    arrange: async () => orgs,
    act: async (sql) => void (await finalizePeriods(sql, keys, options)),
    stateOf: () => Promise.all(orgs.map(stateOf)),
  });
  const after = await numbers();
  // The organisation without usage takes no number.
  expect(after).toEqual({ invoices: before.invoices + 2, notes: before.notes + 2 });
  expect(await stateOf(orgs[0]!)).toEqual(await stateOf(undisturbed));
  expect(await stateOf(orgs[2]!)).toEqual(await stateOf(undisturbed));
  expect((await stateOf(orgs[1]!)).invoices).toEqual([]);
});

test('many workers that close the same month leave one invoice, and each says whether it was the one', async () => {
  const org = await founded();
  const batchSeq = await takeCutoff(db.worker);
  const options = { nowMs: (DEC + GRACE) * 1000, batchSeq };
  const closings = await Promise.all(
    Array.from({ length: 6 }, () =>
      withSql(db.worker, (sql) => finalizePeriod(sql, { orgId: org.orgId, fromS: NOV }, options)),
    ),
  );
  expect(closings.filter(Boolean)).toHaveLength(1);
  expect((await stateOf(org)).invoices).toHaveLength(2);
});

/** A payment of the online provider that waits for its end. */
async function asked(org: TestOrg): Promise<string> {
  const id = mintId('payment', OCT * 1000);
  await singleSql(db.worker)`
    INSERT INTO payment (id, org_id, provider, status, currency, amount_minor, reference, provider_ref, created_at)
    VALUES (${id}, ${org.orgId}, 'stripe', 'processing', 'USD', 2000, ${id}, ${`pi_${id}`}, to_timestamp(${OCT}::bigint))`;
  return id;
}

const said = (id: string, fields: Partial<RemotePayment> = {}): RemotePayment => ({
  ref: `pi_${id}`,
  paymentId: id,
  status: 'succeeded',
  amountMinor: 2000n,
  currency: 'USD',
  method: 'card',
  failure: null,
  redirectUrl: null,
  refundedMinor: 0n,
  ...fields,
});

test.each(['process', 'backend'] as const)(
  'a top-up that pays an open invoice, and its refund, survive the death of the %s before every statement',
  async (death) => {
    const org = await founded();
    const id = await asked(org);
    const nowMs = (NOV + 2 * GRACE) * 1000;
    const arrange = async () => org;
    const common = { db: db.worker, arrange, stateOf, death };
    await survives({ ...common, act: (sql) => applyRemote(sql, id, said(id), nowMs) });
    await survives({ ...common, act: (sql) => applyRemote(sql, id, said(id, { refundedMinor: 700n }), nowMs) });
    // What an old report says afterwards changes nothing.
    const after = await stateOf(org);
    for (const late of [said(id), said(id, { status: 'failed' }), said(id, { refundedMinor: 300n })]) {
      await withSql(db.worker, (sql) => applyRemote(sql, id, late, nowMs));
    }
    expect(await stateOf(org)).toEqual(after);
  },
);
