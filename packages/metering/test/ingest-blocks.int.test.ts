import { singleSql, withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';
import { takeCutoff } from '@suanxiang/metering/ingest/cutoff';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
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
let org: TestOrg;
beforeAll(async () => {
  db = await openBillingDb();
  org = await createOrg(db.worker);
});
afterAll(() => db?.close());

const START = seconds('2026-11-10T08:00:00Z');
const NOW_MS = (START + 7200) * 1000;

function ingest(records: readonly DeliveredBlock[], nowMs = NOW_MS, zone = ZONE) {
  return withSql(db.worker, (sql) => ingestBlocks(sql, zone, records, nowMs));
}

/** Everything of an allocation's evidence that billing reads. */
async function stored(allocationId: string) {
  return singleSql(db.worker)<Record<'win_start_s' | 'digest' | 'hex' | 'sum_ppm' | 'arrived_s', string>>`
    SELECT win_start_s::text, rev, digest, encode(bytes, 'hex') AS hex, measured, sum_ppm::text, arrived_s::text
    FROM usage_block WHERE allocation_id = ${allocationId} ORDER BY win_start_s, rev, digest`;
}

async function quarantined(zone: string) {
  const rows = await singleSql(db.worker)<{ reason: string }>`
    SELECT reason FROM usage_quarantine WHERE zone_id = ${zone} ORDER BY id`;
  return rows.map((row) => row.reason);
}

const running = () => lease(db.worker, org, { startS: START, endS: null });

test('stores blocks once, with what it measured and when it arrived', async () => {
  const { allocationId } = await running();
  const partial = [...new Array<null>(15).fill(null), ...new Array<number>(45).fill(250_000)];
  const records = [block(allocationId, START, partial), block(allocationId, START + 60, 1_000_000)];
  expect(await ingest(records)).toEqual({ stored: 2, duplicates: 0, conflicts: 0, quarantined: {} });
  expect(await ingest(records)).toEqual({ stored: 0, duplicates: 2, conflicts: 0, quarantined: {} });
  expect(await stored(allocationId)).toMatchObject([
    { win_start_s: String(START), measured: 45, sum_ppm: '11250000', arrived_s: String(START + 7200) },
    { win_start_s: String(START + 60), measured: 60, sum_ppm: '60000000' },
  ]);
});

test('any order, batches and repetition of a delivery leave the same evidence', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 })),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
      fc.infiniteStream(fc.nat(1_000_000)),
      fc.integer({ min: 1, max: 7 }),
      async (facts, random, size) => {
        const [one, other] = [await running(), await running()];
        const blocksOf = (id: string) =>
          facts.map(([minute, rev, value]) => block(id, START + minute * 60, value * 100_000, { rev }));
        await ingest(blocksOf(one.allocationId));
        // The same again, shuffled, twice over, in small deliveries.
        const shuffled = [...blocksOf(other.allocationId), ...blocksOf(other.allocationId)]
          .map((record) => ({ record, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ record }) => record);
        for (let i = 0; i < shuffled.length; i += size) await ingest(shuffled.slice(i, i + size));
        const facts_ = async (id: string) =>
          (await stored(id))
            .map((row) => ({ ...row, digest: undefined }))
            .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        expect(await facts_(other.allocationId)).toEqual(await facts_(one.allocationId));
      },
    ),
    { numRuns: 15 },
  );
});

test('another content under the same key is kept as a conflict, in one delivery or later', async () => {
  const { allocationId } = await running();
  expect(await ingest([block(allocationId, START, 500_000)])).toMatchObject({ stored: 1, conflicts: 0 });
  expect(await ingest([block(allocationId, START, 400_000)])).toMatchObject({ stored: 1, conflicts: 1 });
  const twice = [block(allocationId, START + 60, 100), block(allocationId, START + 60, 200)];
  expect(await ingest(twice)).toMatchObject({ stored: 2, conflicts: 1 });
  expect(await ingest([block(allocationId, START, 600_000, { rev: 1 })])).toMatchObject({ stored: 1, conflicts: 0 });
  expect(await stored(allocationId)).toHaveLength(5);
});

test('what cannot be used is quarantined with its reason, once, and the rest is stored', async () => {
  const zone = 'zone-quarantine';
  const { allocationId } = await running();
  await singleSql(db.worker)`UPDATE allocation SET zone_id = ${zone} WHERE id = ${allocationId}`;
  const good = block(allocationId, START, 10_000);
  const flipped = Uint8Array.from(good.bytes);
  flipped[1]! ^= 1;
  const tooHigh = Uint8Array.from(good.bytes);
  tooHigh.set([0x27, 0x11], 0);
  const records = [
    good,
    { ...good, winStartS: START + 60, bytes: flipped },
    { ...good, bytes: flipped },
    { ...good, bytes: tooHigh },
    { ...good, bytes: good.bytes.slice(0, 118) },
    { ...good, winStartS: START + 1 },
    { ...good, agentId: 'a\0b' },
    { ...good, allocationId: 'alloc_\ud800' },
    block(mintId('allocation', 1), START, 10_000),
    block(allocationId, START + 7200 + 300, 10_000),
    block(allocationId, START + 7200 - 36 * 86_400 - (START % 60), 10_000),
  ];
  const reasons = { malformed: 4, bad_value: 1, bad_digest: 2, unknown_lease: 1, future: 1, late: 1 };
  expect(await ingest(records, NOW_MS, zone)).toEqual({ stored: 1, duplicates: 0, conflicts: 0, quarantined: reasons });
  expect(await ingest(records, NOW_MS, zone)).toMatchObject({ stored: 0, duplicates: 1, quarantined: reasons });
  const kept = await quarantined(zone);
  expect(kept).toHaveLength(10);
  expect(kept.sort()).toEqual(
    Object.entries(reasons)
      .flatMap(([reason, count]) => new Array(count).fill(reason))
      .sort(),
  );
});

test('numbers that no double holds exactly are put aside, never rounded into a block', async () => {
  const zone = 'zone-numbers';
  const { allocationId } = await running();
  await singleSql(db.worker)`UPDATE allocation SET zone_id = ${zone} WHERE id = ${allocationId}`;
  const good = block(allocationId, START, 10_000);
  const beyond = 2 ** 53;
  const minute = Math.ceil(beyond / 60) * 60;
  const records = [
    { ...good, seq: beyond },
    { ...good, winStartS: minute },
    { ...good, winStartS: Number.MAX_SAFE_INTEGER - (Number.MAX_SAFE_INTEGER % 60) },
    { ...good, rev: beyond },
    { ...good, rev: 2 ** 31 },
    { ...good, winStartS: START + 0.5 },
    { ...good, winStartS: Number.NaN },
    { ...good, seq: Number.POSITIVE_INFINITY },
  ];
  expect(await ingest(records, NOW_MS, zone)).toMatchObject({ stored: 0, quarantined: { malformed: records.length } });
  expect(await stored(allocationId)).toEqual([]);
  // The greatest that are exact are kept digit by digit.
  const last = { ...block(allocationId, START, 10_000, { rev: 2 ** 31 - 1 }), seq: Number.MAX_SAFE_INTEGER };
  expect(await ingest([last], NOW_MS, zone)).toMatchObject({ stored: 1 });
  const [row] = await singleSql(db.worker)<{ seq: string; rev: string }>`
    SELECT engine_seq::text AS seq, rev::text FROM usage_block WHERE allocation_id = ${allocationId}`;
  expect(row).toEqual({ seq: '9007199254740991', rev: '2147483647' });
});

test('limits of time are exact to the second', async () => {
  const { allocationId } = await running();
  const nowS = START + 7200;
  const at = (winStartS: number, nowSecond: number) => ingest([block(allocationId, winStartS, 0)], nowSecond * 1000);
  // Its last second is 300 s ahead, then 301 s.
  expect(await at(nowS + 240, nowS - 1)).toMatchObject({ stored: 1 });
  expect(await at(nowS + 300, nowS + 58)).toMatchObject({ quarantined: { future: 1 } });
  // Its first second is 35 days old, then one second more.
  expect(await at(START, START + 35 * 86_400)).toMatchObject({ stored: 1 });
  expect(await at(START + 60, START + 60 + 35 * 86_400 + 1)).toMatchObject({ quarantined: { late: 1 } });
});

test('a zone speaks only for its own leases', async () => {
  const { allocationId } = await running();
  expect(await ingest([block(allocationId, START, 0)], NOW_MS, 'zone-elsewhere')).toMatchObject({
    stored: 0,
    quarantined: { unknown_lease: 1 },
  });
});

test('usage of a sandbox arrives at the end of its minute, and not before its clock allows', async () => {
  const offsetS = 20 * 86_400;
  const sandbox = await createOrg(db.worker, { mode: 'sandbox', offsetS });
  const nowS = START + 7200;
  const { allocationId } = await lease(db.worker, sandbox, { startS: nowS, endS: null });
  const records = minutes(allocationId, nowS, nowS + 3600, () => 500_000);
  expect(await ingest(records)).toMatchObject({ stored: 60 });
  const rows = await stored(allocationId);
  expect(rows.map((row) => Number(row.arrived_s))).toEqual(records.map((record) => record.winStartS + 60));
  const ahead = block(allocationId, nowS + offsetS + 600, 0);
  expect(await ingest([ahead])).toMatchObject({ quarantined: { future: 1 } });
});

test('a cutoff waits for running deliveries and is above every committed batch', async () => {
  const { allocationId } = await running();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let entered = () => {};
  const inside = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const slow = withSql(db.worker, async (sql) => {
    const result = await ingestBlocks(sql, ZONE, [block(allocationId, START, 0)], NOW_MS);
    entered();
    await held;
    return result;
  });
  await inside;
  let cutoffTaken = false;
  const taking = takeCutoff(db.worker).then((seq) => {
    cutoffTaken = true;
    return seq;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(cutoffTaken).toBe(false);
  release();
  await slow;
  const cutoff = await taking;
  await ingest([block(allocationId, START + 60, 0)]);
  const rows = await singleSql(db.worker)<{ before: boolean }>`
    SELECT batch_seq <= ${cutoff}::bigint AS before FROM usage_block WHERE allocation_id = ${allocationId}
    ORDER BY win_start_s`;
  expect(rows.map((row) => row.before)).toEqual([true, false]);
});

test('deliveries that overlap and run at the same time do not fail or store anything twice', async () => {
  const { allocationId } = await running();
  const records = minutes(allocationId, START, START + 3600, () => 300_000);
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, index) => ingest(index % 2 ? records : [...records].reverse())),
  );
  expect(results.reduce((sum, result) => sum + result.stored, 0)).toBe(60);
  expect(await stored(allocationId)).toHaveLength(60);
});
