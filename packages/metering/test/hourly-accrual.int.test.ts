import { singleSql, withSql } from '@suanxiang/db/tenant';
import { accrueHours } from '@suanxiang/metering/accrual/hourly';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { billedOrg } from '@suanxiang/metering/periods';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, block, createOrg, lease, openBillingDb, seconds, ZONE } from './support/billing-db';
import { billFromTables } from './support/independent-bill';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const SEP = seconds('2026-09-01T00:00:00Z');
const OCT = seconds('2026-10-01T00:00:00Z');

/** Books as a worker would whose organisation's billing time is nowS. */
function accrueAt(orgId: string, nowS: number) {
  return withSql(db.worker, async (sql) => accrueHours(sql, { ...(await billedOrg(sql, orgId)), nowS }, nowS * 1000));
}

const balances = async (orgId: string) => {
  const rows = await singleSql(db.worker)<{ account: string; micro: string }>`
    SELECT account, micro::text FROM ledger_balance WHERE org_id = ${orgId}`;
  return new Map(rows.map((row) => [row.account, BigInt(row.micro)]));
};

/** Revenue booked for each hour, by the hour's first second. */
const booked = async (orgId: string) => {
  const rows = await singleSql(db.worker)<{ hour: string; micro: string }>`
    SELECT split_part(idem_key, ':', 4) AS hour, sum(micro)::text AS micro
    FROM journal j JOIN ledger_entry e ON e.org_id = j.org_id AND e.journal_id = j.id AND account = 'unbilled'
    WHERE j.org_id = ${orgId} AND starts_with(idem_key, 'accrual:') GROUP BY 1`;
  return new Map(rows.map((row) => [Number(row.hour), BigInt(row.micro)]));
};

test('each hour has its revenue, late evidence its difference, and the invoice takes over exactly their sum', async () => {
  const org = await createOrg(db.worker);
  const startS = SEP + 3 * 86_400 + 1_234;
  const { allocationId } = await lease(db.worker, org, { startS, endS: startS + 20_011, gpus: 7 });
  const metered = await lease(db.worker, org, { startS, endS: startS + 7_200, gpus: 3, mode: 'utilization' });
  const send = (minute: number, ppm: number, rev = 0) => {
    const record = block(metered.allocationId, startS - (startS % 60) + minute * 60, ppm, { rev });
    return withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, [record], (startS + 30_000) * 1000));
  };
  for (let minute = 0; minute < 60; minute += 1) await send(minute, 333_300);

  // Nothing of the hour that has not ended; nothing twice, by however many workers.
  expect(await accrueAt(org.orgId, startS + 600)).toBe(0);
  expect(await accrueAt(org.orgId, startS + 7_000)).toBe(2);
  const again = await Promise.all([1, 2, 3].map(() => accrueAt(org.orgId, startS + 30_000)));
  expect(again.filter((posted) => posted > 0)).toHaveLength(1);

  // Second after second from the tables, for each hour, within the one unit that carrying a fraction over can move.
  const hours = await booked(org.orgId);
  for (const [hourS, micro] of hours) {
    const truth = await billFromTables(singleSql(db.worker), org.orgId, hourS, hourS + 3600, Number.MAX_SAFE_INTEGER);
    const exact = [...truth.values()].reduce((sum, [num, den]) => sum + (num * 10_000n) / den, 0n);
    const off = micro - exact;
    expect(off >= -2n && off <= 4n, `${hourS}: ${micro} is not ${exact}`).toBe(true);
  }

  // A revision arrives: the next round books the difference to its hour.
  for (let minute = 0; minute < 60; minute += 1) await send(minute, 900_000, 1);
  await accrueAt(org.orgId, startS + 40_000);
  const before = await balances(org.orgId);
  expect(before.get('unbilled')).toBe(-before.get('revenue_unbilled')!);
  const changed = [...hours].filter(([hourS]) => hourS < startS + 3_600);
  expect(changed.length).toBeGreaterThan(0);

  const untilEnd = await accrueAt(org.orgId, OCT + 3_600);
  expect(untilEnd).toBeGreaterThanOrEqual(0);
  const [accrued] = [(await balances(org.orgId)).get('unbilled')!];
  const { finalized, failed } = await finalizeDuePeriods(db.worker, (OCT + 86_400) * 1000, { orgId: org.orgId });
  expect(failed).toEqual([]);
  expect(finalized[0]!.invoice).not.toBeNull();
  const after = await balances(org.orgId);
  expect(after.get('unbilled')).toBe(0n);
  expect(after.get('revenue_unbilled')).toBe(0n);
  expect(-after.get('revenue')!).toBe(accrued);
  expect([...after.values()].reduce((sum, micro) => sum + micro, 0n)).toBe(0n);
  // A period that is closed accrues nothing any more.
  expect(await accrueAt(org.orgId, OCT + 90_000)).toBe(0);
  expect(allocationId).toBeTruthy();
});
