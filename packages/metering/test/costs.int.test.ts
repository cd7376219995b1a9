import { singleSql } from '@suanxiang/db/tenant';
import { parseFraction, roundHalfAwayFromZero, sum } from '@suanxiang/domain/rational';
import { type CostDimension, costReport } from '@suanxiang/metering/usage/cost-report';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, createOrg, lease, openBillingDb, seconds, type TestOrg } from './support/billing-db';
import { billFromTables } from './support/independent-bill';

let db: BillingDb;
let org: TestOrg;
const OCT = seconds('2026-10-05T00:00:00Z');
beforeAll(async () => {
  db = await openBillingDb();
  // Midnight in Shanghai is 16:00 UTC: the leases cross two of them.
  org = await createOrg(db.worker, { timeZone: 'Asia/Shanghai', offsetS: 0 });
  const ends = [40_007, 90_001, 140_003];
  for (const [index, length] of ends.entries()) {
    const startS = OCT + index * 7_919;
    const { workloadId } = await lease(db.worker, org, { startS, endS: startS + length, gpus: index + 1 });
    const labels = index < 2 ? { team: `t${index}` } : {};
    await singleSql(db.worker)`UPDATE workload SET labels = ${labels}::jsonb WHERE id = ${workloadId}`;
  }
  // Billing time is the present; the reports look back.
  await singleSql(
    db.worker,
  )`UPDATE organization SET mode = 'sandbox', clock_offset_s = 31536000 WHERE id = ${org.orgId}`;
});
afterAll(() => db?.close());

const report = (by: CostDimension, fromS = OCT, toS = OCT + 200_000) =>
  costReport(singleSql(db.worker), org.orgId, { span: { fromS, toS }, by, projectIds: null });

test.each([
  ['project', 1],
  ['workload', 3],
  ['sku', 1],
  ['creator', 1],
  ['label:team', 3],
  ['day', 3],
] as const)('by %s: %i groups that add up to what second after second costs', async (by, count) => {
  const found = await report(by);
  const truth = await billFromTables(singleSql(db.worker), org.orgId, OCT, OCT + 200_000, Number.MAX_SAFE_INTEGER);
  const exact = sum([...truth.values()].map(([num, den]) => parseFraction(`${num}/${den}`)));
  expect(found.groups).toHaveLength(count);
  expect(sum(found.groups.map((group) => parseFraction(group.exactMinor)))).toEqual(exact);
  expect(found.totalMinor).toBe(roundHalfAwayFromZero(exact));
  expect(found.groups.reduce((total, group) => total + group.amountMinor, 0n)).toBe(found.totalMinor);
});

test('labels that are missing stand together, and days are the local ones of the account', async () => {
  expect((await report('label:team')).groups.map((group) => group.group)).toEqual(['', 't0', 't1']);
  expect((await report('day')).groups.map((group) => group.group)).toEqual(['2026-10-05', '2026-10-06', '2026-10-07']);
});

test('any span in any grouping has the same total', async () => {
  const dimensions = fc.constantFrom<CostDimension>('project', 'workload', 'sku', 'day', 'creator', 'label:team');
  await fc.assert(
    fc.asyncProperty(fc.nat(120_000), fc.integer({ min: 1, max: 120_000 }), dimensions, async (from, length, by) => {
      const [some, all] = await Promise.all([
        report(by, OCT + from, OCT + from + length),
        report('sku', OCT + from, OCT + from + length),
      ]);
      expect(some.totalMinor).toBe(all.totalMinor);
      expect(some.groups.reduce((total, group) => total + group.amountMinor, 0n)).toBe(some.totalMinor);
    }),
    { numRuns: 30 },
  );
});
