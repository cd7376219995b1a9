import { singleSql, withSql } from '@suanxiang/db/tenant';
import { formatFraction } from '@suanxiang/domain/rational';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { accountBalance } from '@suanxiang/metering/ledger/balance';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { DEFAULT_PRICES, REGIONS, skuOf } from '@suanxiang/metering/prices/default-price-book';
import { currentPrice, currentPrices } from '@suanxiang/metering/prices/price-lookup';
import { seedCatalogue } from '@suanxiang/metering/prices/seed-catalogue';
import { countBlocks } from '@suanxiang/metering/usage/block-counts';
import { usageReport } from '@suanxiang/metering/usage/usage-report';
import { workloadCost } from '@suanxiang/metering/usage/workload-cost';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  asApi,
  type BillingDb,
  block,
  createOrg,
  H100,
  lease,
  minutes,
  openBillingDb,
  seconds,
  type TestOrg,
  ZONE,
} from './support/billing-db';
import { billFromTables, halfUp } from './support/independent-bill';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const DAY = seconds('2026-10-10T00:00:00Z');
const ingest = (records: Parameters<typeof ingestBlocks>[2], atS: number) =>
  withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, atS * 1000));

describe('report', () => {
  let org: TestOrg;
  let ids: string[];
  beforeAll(async () => {
    org = await createOrg(db.worker, { timeZone: 'Asia/Shanghai' });
    // Local midnight is 16:00 UTC: the first lease has two local days, the second has a part that was not delivered.
    const first = await lease(db.worker, org, { startS: DAY + 15 * 3600, endS: DAY + 17 * 3600 + 5, gpus: 8 });
    const gap = { fromS: DAY + 15 * 3600 + 90, toS: DAY + 15 * 3600 + 200, reason: 'host_lost' };
    const second = await lease(db.worker, org, {
      startS: DAY + 15 * 3600,
      endS: DAY + 16 * 3600,
      gpus: 2,
      sku: skuOf('ascend-910b3-64g', 'cn-north'),
      undelivered: [gap],
    });
    ids = [first.allocationId, second.allocationId];
    await ingest(
      minutes(ids[0]!, DAY + 15 * 3600, DAY + 16 * 3600, () => 750_000),
      DAY + 86_000,
    );
    await ingest(
      minutes(ids[1]!, DAY + 15 * 3600, DAY + 16 * 3600, () => 200_000),
      DAY + 86_000,
    );
  });

  const report = async (query: { fromS?: number; toS?: number; projectIds?: readonly string[] } = {}) => {
    const given = { orgId: org.orgId, fromS: DAY, toS: DAY + 2 * 86_400, ...query };
    const result = await asApi(db, org, (sql) => usageReport(sql, given));
    return { ...result, rows: result.rows.sort((a, b) => ids.indexOf(a.lease.term.id) - ids.indexOf(b.lease.term.id)) };
  };

  test('rows are exact to the second, and what is not measured or not delivered is told apart', async () => {
    const { rows, totalMinor } = await report();
    const truth = await billFromTables(singleSql(db.worker), org.orgId, DAY, DAY + 2 * 86_400, DAY + 10 * 86_400);
    expect(rows.map((row) => row.amountMinor)).toEqual(ids.map((id) => halfUp(truth.get(id)!)));
    expect(totalMinor).toBe(rows.reduce((sum, row) => sum + row.amountMinor, 0n));
    expect(rows[0]).toMatchObject({
      billedSeconds: 7_205,
      measuredSeconds: 3_600,
      averageUtilizationPpm: 750_000,
      running: false,
    });
    expect(rows[1]).toMatchObject({ billedSeconds: 3_490, undeliveredSeconds: 110, measuredSeconds: 3_490 });
  });

  test('days are local and add up to the total', async () => {
    const { days, totalMinor, gpuSeconds } = await report();
    const used = days.filter((day) => day.amountMinor > 0n);
    expect(used.map((day) => day.day)).toEqual(['2026-10-10', '2026-10-11']);
    expect(days.reduce((sum, day) => sum + day.amountMinor, 0n)).toBe(totalMinor);
    expect(used.map((day) => day.gpuSeconds)).toEqual([String(8 * 3600 + 2 * 3490), String(8 * 3605)]);
    expect(gpuSeconds).toBe(String(8 * 7205 + 2 * 3490));
  });

  test('a part of a span is a part of the cost, and an empty one costs nothing', async () => {
    const half = await report({ fromS: DAY + 15 * 3600 + 1800, toS: DAY + 16 * 3600 });
    expect(half.rows[0]).toMatchObject({ billedSeconds: 1800, measuredSeconds: 1800, fromS: DAY + 15 * 3600 + 1800 });
    expect(await report({ toS: DAY - 1 })).toMatchObject({ totalMinor: 0n, rows: [], days: [] });
    expect((await report({ projectIds: ['proj_none'] })).rows).toEqual([]);
    expect((await report({ projectIds: [org.projectId] })).rows).toHaveLength(2);
  });
});

test('counting inside the database agrees with merging every block', async () => {
  const org = await createOrg(db.worker);
  const startS = DAY + 30;
  const { allocationId } = await lease(db.worker, org, { startS, endS: startS + 1_200 });
  const some = (values: number) => Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? null : values));
  await ingest(
    [
      ...minutes(allocationId, DAY, startS + 1_200, () => 400_000),
      // A revision that fills only some seconds, a conflict, and a block beside the lease.
      block(allocationId, DAY + 120, some(900_000), { rev: 1 }),
      block(allocationId, DAY + 180, 100_000),
      block(allocationId, DAY - 600, 1_000_000),
    ],
    DAY + 7200,
  );
  const undelivered = [
    { fromS: DAY + 300, toS: DAY + 425 },
    { fromS: DAY + 600, toS: DAY + 660 },
  ];
  const stretch = { allocationId, fromS: startS, toS: startS + 1_200, undelivered };
  const counts = await asApi(db, org, (sql) => countBlocks(sql, org.orgId, [stretch], { withDigest: true }));
  const { measured, sumPpm, blocks } = counts.get(allocationId)!;
  const delivered = 1_200 - 125 - 60;
  expect(measured).toBe(delivered);
  expect(sumPpm).toBe(delivered * 400_000 + 40 * 500_000 - 60 * 300_000);
  expect(blocks).toBe(21 + 2);
  const other = await createOrg(db.worker);
  expect((await asApi(db, other, (sql) => countBlocks(sql, org.orgId, [stretch]))).get(allocationId)).toMatchObject({
    blocks: 0,
  });
});

test('cost so far, burn and runway of what runs now', async () => {
  const org = await createOrg(db.worker);
  const [clock] = await singleSql(db.worker)<{ s: string }>`SELECT suan_billing_now_s(0)::text AS s`;
  const startS = Number(clock!.s) - 3_600;
  const { workloadId } = await lease(db.worker, org, { startS, endS: null, gpus: 8 });
  const payment = await asApi(db, org, (sql) => createTopUp(sql, org, 100_000n, Date.now()));
  await asApi(db, org, (sql) => confirmPayment(sql, payment.id, Date.now()));
  const cost = await asApi(db, org, (sql) => workloadCost(sql, org.orgId, workloadId));
  expect(cost.microPerHour).toBe(8n * 2_490_000n);
  expect(formatFraction(cost.microPerSecond)).toBe('16600/3');
  expect(cost.billedSeconds).toBeGreaterThanOrEqual(3_600);
  expect(cost.amountMinor).toBeGreaterThanOrEqual(1_992n);
  expect(cost.amountMinor).toBeLessThan(2_000n);
  const balance = await asApi(db, org, (sql) => accountBalance(sql, org.orgId));
  expect(balance.balanceMicro).toBe(1_000_000_000n);
  expect(balance.burnPerHourMicro).toBe(19_920_000n);
  expect(balance.availableMicro).toBeLessThanOrEqual(1_000_000_000n - 19_920_000n);
  // 980.08 left at 19.92 an hour.
  expect(balance.runwayS).toBeGreaterThan(177_000);
  expect(balance.runwayS).toBeLessThanOrEqual(177_122);
  const none = await asApi(db, org, (sql) => workloadCost(sql, org.orgId, 'inst_none'));
  expect(none).toMatchObject({ amountMinor: 0n, microPerHour: 0n, billedSeconds: 0 });
});

test('what has just begun has its price per hour before its first second is over', async () => {
  const org = await createOrg(db.worker);
  const [clock] = await singleSql(db.worker)<{ s: string }>`SELECT suan_billing_now_s(0)::text AS s`;
  const { workloadId } = await lease(db.worker, org, { startS: Number(clock!.s) + 1, endS: null, gpus: 8 });
  const cost = await asApi(db, org, (sql) => workloadCost(sql, org.orgId, workloadId));
  expect(cost.microPerHour).toBe(8n * 2_490_000n);
});

test('a lease shorter than the least billed time pays for that once it has ended (S9)', async () => {
  const org = await createOrg(db.worker);
  const startS = seconds('2026-10-20T00:00:00Z');
  await lease(db.worker, org, { startS, endS: startS + 20, gpus: 8 });
  const { rows } = await asApi(db, org, (sql) =>
    usageReport(sql, { orgId: org.orgId, fromS: startS, toS: startS + 86_400 }),
  );
  // 60 s x 8 x 2.49 / 3600 = 0.332
  expect(rows[0]).toMatchObject({ billedSeconds: 20, amountMinor: 33n });
});

describe('prices', () => {
  test('the one in force is the latest that is published and has begun (S6)', async () => {
    const sku = skuOf('nvidia-h20-96g', 'cn-north');
    const add = (id: string, fromS: number, publishedS: number, micro: number) => singleSql(db.worker)`
      INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour)
      VALUES (${id}, ${sku}, 'CNY', ${fromS}::bigint, ${publishedS}::bigint, ${micro}::bigint)`;
    await add('announced', DAY + 1000, DAY, 9_000_000);
    await add('published-late', DAY - 5000, DAY + 2000, 7_000_000);
    const at = async (atS: number) =>
      (await withSql(db.worker, (sql) => currentPrice(sql, sku, 'CNY', atS)))?.microPerGpuHour ?? null;
    expect(await at(DAY)).toBe(8_640_000n);
    expect(await at(DAY + 999)).toBe(8_640_000n);
    expect(await at(DAY + 1000)).toBe(9_000_000n);
    expect(await at(DAY + 1999)).toBe(9_000_000n);
    expect(await at(DAY + 2000)).toBe(7_000_000n);
    expect(await at(0)).toBeNull();
    const all = await withSql(db.worker, (sql) => currentPrices(sql, 'CNY', DAY + 1500));
    expect(all.get(sku)?.microPerGpuHour).toBe(9_000_000n);
    expect(all.size).toBe(REGIONS.length * Object.keys(DEFAULT_PRICES).length);
  });

  test('the catalogue is seeded once, and what an operator changed stays', async () => {
    const counts = () => singleSql(db.worker)`
      SELECT (SELECT count(*)::int FROM price_row) AS prices, (SELECT count(*)::int FROM sku) AS skus,
        (SELECT count(*)::int FROM region) AS regions, (SELECT count(*)::int FROM legal_entity) AS sellers`;
    await singleSql(db.worker)`UPDATE region SET name_en = 'Beijing' WHERE id = 'cn-north'`;
    const before = await counts();
    await withSql(db.worker, seedCatalogue);
    expect(await counts()).toEqual(before);
    const [region] = await singleSql(db.worker)`SELECT name_en FROM region WHERE id = 'cn-north'`;
    expect(region).toEqual({ name_en: 'Beijing' });
    const [row] = await singleSql(db.worker)`SELECT min_seconds FROM price_row WHERE sku = ${H100} LIMIT 1`;
    expect(row).toEqual({ min_seconds: 60 });
  });

  test('a price row is never changed', async () => {
    await expect(singleSql(db.worker)`UPDATE price_row SET micro_per_gpu_hour = 1`).rejects.toThrow();
    await expect(singleSql(db.worker)`DELETE FROM price_row`).rejects.toThrow();
  });
});
