import { singleSql, withSql } from '@suanxiang/db/tenant';
import { keepEvidenceDays } from '@suanxiang/metering/ingest/evidence-days';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { defaultPolicy } from '@suanxiang/metering/policy';
import { ManualClock } from '@suanxiang/testing/manual-clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, block, createOrg, lease, openBillingDb, ZONE } from './support/billing-db';

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
