import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';
import { type Cutoff, takeCutoff } from '@suanxiang/metering/ingest/cutoff';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { readEvidence, readProof } from '@suanxiang/metering/invoices/proof';
import { blocksDigest, outputDigest } from '@suanxiang/metering/rating/canonical';
import { MergedSeconds } from '@suanxiang/metering/rating/merged-seconds';
import { evidenceKeys } from '@suanxiang/metering/rating/proof-types';
import { ratePeriod } from '@suanxiang/metering/rating/rate';
import { countBlocks } from '@suanxiang/metering/usage/block-counts';
import { checkHours } from '@suanxiang/metering/usage/check-hours';
import { rateSpan } from '@suanxiang/metering/usage/rate-span';
import { dropHours, rollUpHours } from '@suanxiang/metering/usage/usage-hours';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addUndelivered,
  type BillingDb,
  block,
  createOrg,
  lease,
  minutes,
  openBillingDb,
  seconds,
  ZONE,
} from './support/billing-db';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
});
afterAll(() => db?.close());

const HOUR = seconds('2026-10-10T08:00:00Z');

async function hours(allocationId: string) {
  return singleSql(db.worker)<{ hour: string }>`
    SELECT to_jsonb(h)::text AS hour FROM usage_hour h WHERE allocation_id = ${allocationId} ORDER BY hour_s`;
}

const factArb = fc.record({
  minute: fc.nat(200),
  rev: fc.nat(2),
  value: fc.nat(10),
  /** Seconds of the minute that were measured: the first so many. */
  seconds: fc.constantFrom<number>(60, 60, 17, 0),
  /** When it arrives, in hours after the lease began. */
  arrives: fc.integer({ min: 4, max: 8 }),
  rollUp: fc.boolean(),
});

const worldArb = fc.record({
  facts: fc.array(factArb, { minLength: 1, maxLength: 25 }),
  start: fc.constantFrom(0, 0, 61, 1800),
  end: fc.constantFrom(null, 9_000, 7_200, 11_111),
  mode: fc.constantFrom('utilization' as const, 'allocated' as const),
  floorPpm: fc.constantFrom(0, 300_000),
  gapPolicy: fc.constantFrom('zero' as const, 'floor' as const, 'hold' as const),
  fromS: fc.constantFrom(0, 0, 1234, 3600),
  length: fc.constantFrom(14_400, 7_200, 5_000),
  cuts: fc.array(fc.nat(14_400), { maxLength: 2 }),
  gap: fc.record({ from: fc.nat(9_000), length: fc.integer({ min: 1, max: 4_000 }) }),
  dense: fc.boolean(),
});

/** Merged seconds of records, written without the product's merge. */
function secondsOf(records: readonly { record: DeliveredBlock; values: (number | null)[] }[]) {
  const merged = new Map<number, { rev: number; ppm: number }>();
  for (const { record, values } of records) {
    values.forEach((ppm, index) => {
      if (ppm === null) return;
      const known = merged.get(record.winStartS + index);
      if (!known || record.rev > known.rev || (record.rev === known.rev && ppm < known.ppm)) {
        merged.set(record.winStartS + index, { rev: record.rev, ppm });
      }
    });
  }
  return merged;
}

test('with hours, stale ones, altered ones and none: counts, digests and ratings at every cutoff are those of the blocks', async () => {
  let altered = 0;
  await fc.assert(
    fc.asyncProperty(worldArb, async (world) => {
      const org = await createOrg(db.worker);
      const { mode, floorPpm, gapPolicy } = world;
      const [startS, endS] = [HOUR + world.start, world.end === null ? null : HOUR + world.end];
      const gap = { fromS: HOUR + world.gap.from, toS: HOUR + world.gap.from + world.gap.length, reason: 'x' };
      const options = { startS, endS, mode, floorPpm, gapPolicy };
      const { allocationId } = await lease(db.worker, org, options);
      const isInside = startS <= gap.fromS && gap.toS <= (endS ?? Infinity);
      if (isInside) await withSql(db.worker, (sql) => addUndelivered(sql, org, allocationId, gap));
      const sent: { record: DeliveredBlock; values: (number | null)[]; arrivedS: number; seq: bigint }[] = [];
      const cutoffs: Cutoff[] = [];
      const full = Array.from({ length: 120 }, (_, minute) => {
        return { minute, rev: 0, value: minute % 7, seconds: 60, arrives: 4, rollUp: false };
      });
      const send = async (facts: typeof world.facts, atS: number) => {
        const made = facts.map(({ minute, rev, value, seconds: seen }) => {
          const values = Array.from({ length: 60 }, (_, i) =>
            i < seen ? value * 100_000 - (value > 0 ? (i % 5) * 100 : 0) : null,
          );
          return { record: block(allocationId, HOUR + minute * 60, values, { rev }), values };
        });
        const records = made.map((one) => one.record);
        await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, atS * 1000));
        const seq = await takeCutoff(db.worker);
        for (const one of made) {
          if (
            !sent.some(
              ({ record }) =>
                record.winStartS === one.record.winStartS &&
                record.rev === one.record.rev &&
                record.digest === one.record.digest,
            )
          ) {
            sent.push({ ...one, arrivedS: atS, seq });
          }
        }
      };
      if (world.dense) await send(full, HOUR + 4 * 3600);
      for (const fact of world.facts) {
        await send([fact], HOUR + fact.arrives * 3600);
        if (!fact.rollUp) continue;
        await rollUpHours(db.worker);
        cutoffs.push({ batchSeq: await takeCutoff(db.worker), arrivedS: HOUR + 6 * 3600 });
      }
      cutoffs.push({ batchSeq: await takeCutoff(db.worker), arrivedS: HOUR + 9 * 3600 });
      const span = { fromS: HOUR + world.fromS, toS: HOUR + world.fromS + world.length };
      const cutsS = world.cuts.map((at) => HOUR + at);

      const truth = (cutoff: Cutoff) => {
        const seen = sent.filter(({ seq, arrivedS }) => seq <= cutoff.batchSeq && arrivedS <= cutoff.arrivedS);
        const [fromS, toS] = [Math.max(span.fromS, startS), Math.min(span.toS, endS ?? Infinity)];
        const refs = seen.map(({ record }) => record).filter((r) => r.winStartS + 60 > fromS && r.winStartS < toS);
        let [measured, sumPpm] = [0, 0];
        for (const [second, { ppm }] of secondsOf(seen)) {
          const counts = second >= fromS && second < toS && !(isInside && gap.fromS <= second && second < gap.toS);
          if (counts) [measured, sumPpm] = [measured + 1, sumPpm + ppm];
        }
        const merged = new MergedSeconds({ fromS, toS });
        for (const { record } of seen) merged.addBlock(record.winStartS, record.rev, record.bytes);
        return { fromS, toS, merged, counts: { blocks: refs.length, measured, sumPpm, digest: blocksDigest(refs) } };
      };
      const check = async () => {
        for (const cutoff of cutoffs) {
          const { fromS, toS, merged, counts } = truth(cutoff);
          await withSql(db.worker, async (sql) => {
            if (fromS < toS) {
              const stretch = { allocationId, fromS, toS, undelivered: isInside ? [gap] : [] };
              const found = await countBlocks(sql, org.orgId, [stretch], { cutoff, withDigest: true });
              expect(found.get(allocationId)).toEqual(counts);
              const bare = await countBlocks(sql, org.orgId, [stretch], { cutoff });
              expect(bare.get(allocationId)).toEqual({ ...counts, digest: null });
            }
            const { rated, leases, prices } = await rateSpan(sql, org, span, { cutoff, cutsS });
            const allocations = leases.map((one) => one.term);
            const usage = new Map(mode === 'utilization' ? [[allocationId, merged]] : []);
            const input = { period: span, exponent: 2, prices, allocations, usage, cutsS };
            expect(outputDigest(rated)).toBe(outputDigest(ratePeriod(input)));
          });
        }
      };
      await check();
      await rollUpHours(db.worker);
      await check();
      const kept = await hours(allocationId);
      // Somebody changes a sum, and somebody a digest: neither row is used.
      const [changed] = await singleSql(db.worker)<{ n: number }>`
        WITH changed AS (UPDATE usage_hour SET floored_ppm = floored_ppm + 100, sum_ppm = sum_ppm + (hour_s / 3600) % 2,
          digest = set_byte(digest, 0, 255 - get_byte(digest, 0)) WHERE allocation_id = ${allocationId} RETURNING 1)
        SELECT count(*)::int AS n FROM changed`;
      altered += changed!.n;
      await check();
      await withSql(db.worker, dropHours);
      await check();
      // Made again from the blocks alone, they are the same.
      await rollUpHours(db.worker);
      expect(await hours(allocationId)).toEqual(kept);
      await check();
    }),
    { numRuns: 25 },
  );
  expect(altered).toBeGreaterThan(20);
});

test('hours are what is read, and one that was changed together with its seal is found and made again', async () => {
  const org = await createOrg(db.worker);
  const { allocationId } = await lease(db.worker, org, { startS: HOUR, endS: HOUR + 4 * 3600, mode: 'utilization' });
  const records = minutes(allocationId, HOUR, HOUR + 4 * 3600, () => 500_000);
  await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, (HOUR + 5 * 3600) * 1000));
  await rollUpHours(db.worker);
  const sums = async () => {
    const stretch = { allocationId, fromS: HOUR, toS: HOUR + 4 * 3600, undelivered: [] };
    const found = await withSql(db.worker, (sql) => countBlocks(sql, org.orgId, [stretch], { withDigest: true }));
    return found.get(allocationId)!;
  };
  const right = await sums();
  expect(right).toMatchObject({
    blocks: 240,
    measured: 4 * 3600,
    sumPpm: 4 * 3600 * 500_000,
    digest: blocksDigest(records),
  });
  const kept = await hours(allocationId);
  await singleSql(db.worker)`
    UPDATE usage_hour h SET floored_ppm = n.ppm, sum_ppm = n.ppm, seal = suan_hour_seal(h.org_id, h.allocation_id, h.hour_s,
      h.clip_from, h.clip_to, h.blocks, h.measured, n.ppm, h.floor_ppm, n.ppm, h.weighed, h.digest, h.last_batch_seq,
      h.last_arrived_s)
    FROM (SELECT 7::bigint AS ppm) n WHERE allocation_id = ${allocationId} AND hour_s = ${HOUR + 3600}::bigint`;
  // The forged sum is what a reader gets: so hours are read, and so they are compared with their blocks.
  expect((await sums()).sumPpm).toBe(3 * 3600 * 500_000 + 7);
  await singleSql(db.worker)`DELETE FROM usage_hour WHERE allocation_id = ${allocationId} AND hour_s = ${HOUR}::bigint`;
  const checked = await checkHours(db.worker, { fromS: HOUR, toS: HOUR + 4 * 3600 });
  expect(checked!.repaired.filter((hour) => hour.allocationId === allocationId)).toEqual([
    { allocationId, hourS: HOUR },
    { allocationId, hourS: HOUR + 3600 },
  ]);
  expect(await sums()).toEqual(right);
  expect(await hours(allocationId)).toEqual(kept);
  expect((await checkHours(db.worker, { fromS: HOUR, toS: HOUR + 4 * 3600 }))!.repaired).toEqual([]);
});

test('a cutoff reads the same bytes before and after late blocks, and dropping all hours changes no invoice', async () => {
  const SEP = seconds('2026-09-01T00:00:00Z');
  const OCT = seconds('2026-10-01T00:00:00Z');
  const org = await createOrg(db.worker);
  const startS = SEP + 5 * 86_400;
  const options = { startS, endS: startS + 7200, mode: 'utilization' as const };
  const { allocationId } = await lease(db.worker, org, options);
  const send = (minute: number, rev: number, atS: number) =>
    withSql(db.worker, (sql) =>
      ingestBlocks(
        sql,
        ZONE,
        [block(allocationId, startS + minute * 60, 500_000 + rev * 100_000, { rev })],
        atS * 1000,
      ),
    );
  for (let minute = 0; minute < 100; minute += 1) await send(minute, 0, startS + 9_000);
  await rollUpHours(db.worker);
  const close = (atS: number) => finalizeDuePeriods(db.worker, atS * 1000, { orgId: org.orgId });
  const { finalized } = await close(OCT + 86_400);
  const invoiceId = finalized[0]!.invoice!.id;
  const proofOf = () =>
    withSql(db.worker, async (sql) => {
      const proof = await readProof(sql, org.orgId, invoiceId);
      const evidence = await readEvidence(sql, org.orgId, invoiceId, evidenceKeys(proof!));
      const text = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
      return JSON.stringify({ proof, evidence: [...evidence] }, text);
    });
  const sealed = await proofOf();
  expect(sealed.length).toBeGreaterThan(10_000);
  // Late, revised, and some with an arrival that lies before the cutoff's: its number alone keeps them out.
  for (let minute = 50; minute < 120; minute += 1) await send(minute, 1, minute % 2 ? OCT + 90_000 : OCT);
  expect(await proofOf()).toBe(sealed);
  await withSql(db.worker, dropHours);
  expect(await proofOf()).toBe(sealed);
  // What came late is an adjustment of the next closing, with hours or without.
  const { finalized: next, failed } = await close(seconds('2026-11-02T00:00:00Z'));
  expect(failed).toEqual([]);
  expect(next[0]!.invoice).not.toBeNull();
  expect(await proofOf()).toBe(sealed);
});
