import { singleSql, withSql } from '@suanxiang/db/tenant';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addUndelivered,
  asApi,
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

const SEP = seconds('2026-09-01T00:00:00Z');
const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const GRACE = 86_400;
const ROUNDS = 25;
const TOP_UPS = 6;

async function pendingTopUp(org: TestOrg): Promise<string> {
  return (await asApi(db, org, (sql) => createTopUp(sql, org, 100n, OCT * 1000))).id;
}

/** One organisation that owes September, of which a credit note will give back a part, and whose October is due. */
async function indebted(): Promise<TestOrg> {
  const org = await createOrg(db.worker);
  const { allocationId } = await lease(db.worker, org, { startS: SEP + 60, endS: SEP + 7260, gpus: 8 });
  await lease(db.worker, org, { startS: OCT + 60, endS: OCT + 3660, gpus: 8 });
  await finalizeDuePeriods(db.worker, (OCT + GRACE) * 1000, { orgId: org.orgId });
  const gap = { fromS: SEP + 60, toS: SEP + 1860, reason: 'host_lost' };
  await withSql(db.worker, (sql) => addUndelivered(sql, org, allocationId, gap));
  // The wallet's row exists from now on, so that there is something to wait for.
  const first = await pendingTopUp(org);
  await asApi(db, org, (sql) => confirmPayment(sql, first, OCT * 1000));
  return org;
}

test('top-ups that pay an old invoice and the closing of a month never wait for each other in a circle', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const org = await indebted();
    const payments = await Promise.all(Array.from({ length: TOP_UPS }, () => pendingTopUp(org)));
    const closing = () => finalizeDuePeriods(db.worker, (NOV + GRACE) * 1000, { orgId: org.orgId });
    const confirming = payments.map((id) => () => asApi(db, org, (sql) => confirmPayment(sql, id, NOV * 1000)));
    const [first, ...rest] = await Promise.all([closing, ...confirming, closing].map((start) => start()));
    expect([first, rest.at(-1)].flatMap((result) => (result && 'failed' in result ? result.failed : []))).toEqual([]);
    // Whatever the order, the money is where it belongs: all that came in has paid invoices, the oldest first.
    const [books] = await singleSql(db.worker)<{ paid: string; wallet: string }>`
      SELECT (SELECT sum(paid_minor) FROM invoice WHERE org_id = ${org.orgId})::text AS paid,
        coalesce((SELECT -micro FROM ledger_balance WHERE org_id = ${org.orgId} AND account = 'wallet'), 0)::text AS wallet`;
    expect(books).toEqual({ paid: String((TOP_UPS + 1) * 100), wallet: '0' });
  }
});
