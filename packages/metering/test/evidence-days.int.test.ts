import { singleSql, withSql } from '@suanxiang/db/tenant';
import { keepEvidenceDays } from '@suanxiang/metering/ingest/evidence-days';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { composeLines } from '@suanxiang/metering/invoices/compose';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { readProof, replayInvoice } from '@suanxiang/metering/invoices/proof';
import { readInvoice } from '@suanxiang/metering/invoices/read';
import { defaultPolicy } from '@suanxiang/metering/policy';
import { blocksDigest, outputDigest } from '@suanxiang/metering/rating/canonical';
import { checkHours } from '@suanxiang/metering/usage/check-hours';
import { rateSpan } from '@suanxiang/metering/usage/rate-span';
import { dropHours, rollUpHours } from '@suanxiang/metering/usage/usage-hours';
import { ManualClock } from '@suanxiang/testing/manual-clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, block, createOrg, lease, minutes, openBillingDb, ZONE } from './support/billing-db';

const DAY_MS = 86_400_000;
const policy = { ...defaultPolicy, daysAhead: 5, evidenceDays: 10 };

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');

async function days(): Promise<string[]> {
  const rows = await singleSql(db.worker)<{ day: string }>`
    SELECT right(c.relname, 8) AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'usage_block'::regclass AND c.relname ~ '^usage_block_[0-9]{8}$' ORDER BY 1`;
  return rows.map((row) => row.day);
}

test('over forty days there is always a day for what arrives, and none older than the retention', async () => {
  // Beyond the days that the migration has made, so that every one of them is this test's own.
  const clock = new ManualClock(Date.UTC(2028, 1, 20, 23, 30));
  const first = dayOf(clock.nowMs());
  await keepEvidenceDays(db.worker, clock.nowMs(), policy);
  for (let day = 0; day < 40; day += 1) {
    await keepEvidenceDays(db.worker, clock.nowMs(), policy);
    const found = await days();
    for (let ahead = 0; ahead < policy.daysAhead; ahead += 1) {
      expect(found).toContain(dayOf(clock.nowMs() + ahead * DAY_MS));
    }
    expect(found.filter((name) => name < dayOf(clock.nowMs() - 10 * DAY_MS))).toEqual([]);
    clock.advance(DAY_MS);
  }
  expect(await days()).not.toContain(first);
  // The leap day had its place, and calling it again changes nothing.
  expect(await keepEvidenceDays(db.worker, clock.nowMs() - DAY_MS, policy)).toEqual({ made: 0, dropped: [] });
});

test('no day is dropped that an open period or a correction may still read', async () => {
  const clock = new ManualClock(Date.UTC(2030, 5, 15));
  const nowS = clock.nowMs() / 1000;
  const org = await createOrg(db.worker);
  const { allocationId } = await lease(db.worker, org, { startS: nowS, endS: null });
  await keepEvidenceDays(db.worker, clock.nowMs(), policy);
  await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, [block(allocationId, nowS, 1_000_000)], clock.nowMs()));
  const [partition] = await singleSql(db.worker)<{ name: string }>`
    SELECT tableoid::regclass::text AS name FROM usage_block WHERE allocation_id = ${allocationId}`;
  expect(partition!.name).toBe('usage_block_20300615');
  await singleSql(db.worker)`
    INSERT INTO billing_period (org_id, from_s, to_s, time_zone, tzdb, status)
    VALUES (${org.orgId}, ${nowS - 86_400}::bigint, ${nowS + 86_400}::bigint, 'UTC', 'x', 'open')`;
  clock.advance(50 * DAY_MS);
  expect((await keepEvidenceDays(db.worker, clock.nowMs(), policy)).dropped).not.toContain(partition!.name);
  expect(await days()).toContain('20300615');
  await singleSql(db.worker)`UPDATE billing_period SET status = 'final' WHERE org_id = ${org.orgId}`;
  expect((await keepEvidenceDays(db.worker, clock.nowMs(), policy)).dropped).toContain(partition!.name);
  const left = await singleSql(db.worker)`SELECT 1 AS one FROM usage_block WHERE allocation_id = ${allocationId}`;
  expect(left).toEqual([]);
});

test('four hundred days later the blocks are gone, and the hours still derive what the invoice sealed', async () => {
  const [start, close] = [Date.UTC(2031, 5, 10) / 1000, Date.UTC(2031, 6, 2) / 1000];
  const clock = new ManualClock(start * 1000);
  await keepEvidenceDays(db.worker, clock.nowMs());
  const org = await createOrg(db.worker, { createdAt: '2031-06-02T00:00:00Z' });
  const options = { startS: start + 630, endS: start + 9_000, mode: 'utilization' as const };
  const { allocationId } = await lease(db.worker, org, options);
  const { allocationId: timedId } = await lease(db.worker, org, { startS: start + 700, endS: start + 1_300 });
  const records = minutes(allocationId, start + 630, start + 9_000, (atS) => (atS % 7) * 100_000);
  const timed = minutes(timedId, start + 700, start + 1_300, () => 500_000);
  await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, [...records, ...timed], (start + 9_100) * 1000));
  const { finalized, failed } = await finalizeDuePeriods(db.worker, close * 1000, { orgId: org.orgId });
  expect(failed).toEqual([]);
  const invoiceId = finalized.find(({ invoice }) => invoice)!.invoice!.id;
  const derive = () =>
    withSql(db.worker, async (sql) => {
      const proof = (await readProof(sql, org.orgId, invoiceId))!;
      const cutoff = proof.cutoff;
      const span = { fromS: Date.UTC(2031, 5, 1) / 1000, toS: Date.UTC(2031, 6, 1) / 1000 };
      const rated = await rateSpan(sql, org, span, { cutoff, asOfS: cutoff.arrivedS });
      const [line] = await composeLines(sql, org.orgId, rated, { cutoff });
      return { line, output: outputDigest(rated.rated) };
    });
  const replay = () => withSql(db.worker, (sql) => replayInvoice(sql, org.orgId, invoiceId));
  expect(await replay()).toMatchObject({ findings: [], expired: [], derived: 2 });
  const before = await derive();
  expect(before.line!.blocksDigest).toBe(blocksDigest(records));
  const sealed = await withSql(db.worker, (sql) => readInvoice(sql, org.orgId, invoiceId));
  expect(sealed!.lines[0]).toMatchObject({
    blocksDigest: before.line!.blocksDigest,
    amountMinor: before.line!.amountMinor,
  });
  await singleSql(db.worker)`UPDATE billing_period SET status = 'final' WHERE status = 'open'`;
  clock.advance(399 * DAY_MS);
  expect((await keepEvidenceDays(db.worker, clock.nowMs())).dropped).not.toContain('usage_block_20310610');
  clock.advance(2 * DAY_MS);
  expect((await keepEvidenceDays(db.worker, clock.nowMs())).dropped).toContain('usage_block_20310610');
  expect(await singleSql(db.worker)`SELECT 1 AS one FROM usage_block WHERE allocation_id = ${allocationId}`).toEqual(
    [],
  );
  expect(await derive()).toEqual(before);
  // Expired evidence is named as what it is; the line billed by time is derived all the same.
  const gone = (id: string, of: number) => ({ line: `usage:${id}`, blocks: of, kept: 0, derived: id === timedId });
  expect(await replay()).toMatchObject({
    findings: [],
    expired: [gone(allocationId, records.length), gone(timedId, timed.length)],
    derived: 1,
    checked: 0,
  });
  // Neither forgetting the hours that can be made again nor comparing them touches those that cannot.
  await withSql(db.worker, dropHours);
  await rollUpHours(db.worker, clock.nowMs());
  expect(await checkHours(db.worker, { fromS: start, toS: start + DAY_MS / 1000 })).toEqual({
    checked: 0,
    repaired: [],
  });
  expect(await derive()).toEqual(before);
});
