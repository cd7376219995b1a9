import { singleSql, withSql } from '@suanxiang/db/tenant';
import { type Cutoff, takeCutoff } from '@suanxiang/metering/ingest/cutoff';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { lineKeys, readEvidence, readProof } from '@suanxiang/metering/invoices/proof';
import { countBlocks } from '@suanxiang/metering/usage/block-counts';
import { dropHours, rollUpHours } from '@suanxiang/metering/usage/usage-hours';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, block, createOrg, lease, openBillingDb, seconds, ZONE } from './support/billing-db';

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

const facts = fc.array(
  fc.record({
    minute: fc.nat(200),
    rev: fc.nat(2),
    value: fc.nat(10),
    /** When it arrives, in hours after the lease began. */
    arrives: fc.integer({ min: 4, max: 8 }),
    rollUp: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

test('with hours, with stale ones and with none, every count at every cutoff is that of the blocks', async () => {
  await fc.assert(
    fc.asyncProperty(facts, fc.nat(5_000), fc.integer({ min: 1, max: 9_000 }), async (given, fromS, length) => {
      const org = await createOrg(db.worker);
      const { allocationId } = await lease(db.worker, org, { startS: HOUR, endS: null });
      const cutoffs: (Cutoff | null)[] = [null];
      for (const { minute, rev, value, arrives, rollUp } of given) {
        const record = block(allocationId, HOUR + minute * 60, value * 100_000, { rev });
        const atS = HOUR + arrives * 3600;
        await withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, [record], atS * 1000));
        if (!rollUp) continue;
        await rollUpHours(db.worker);
        cutoffs.push({ batchSeq: await takeCutoff(db.worker), arrivedS: HOUR + 6 * 3600 });
      }
      const stretch = {
        allocationId,
        fromS: HOUR + fromS,
        toS: HOUR + fromS + length,
        undelivered: [{ fromS: HOUR + fromS + 100, toS: HOUR + fromS + 900, reason: 'x' }],
      };
      const count = async (withDigest: boolean) => {
        const counts = [];
        for (const cutoff of cutoffs) {
          const found = await withSql(db.worker, (sql) =>
            countBlocks(sql, org.orgId, [stretch], { cutoff, withDigest }),
          );
          const { blocks, measured, sumPpm } = found.get(allocationId)!;
          counts.push({ blocks, measured, sumPpm });
        }
        return counts;
      };
      // With digests, blocks are read and no hour is.
      const truth = await count(true);
      expect(await count(false)).toEqual(truth);
      await rollUpHours(db.worker);
      expect(await count(false)).toEqual(truth);
      const kept = await hours(allocationId);
      await withSql(db.worker, dropHours);
      expect(await count(false)).toEqual(truth);
      // Made again from the blocks alone, they are the same.
      await rollUpHours(db.worker);
      expect(await hours(allocationId)).toEqual(kept);
    }),
    { numRuns: 20 },
  );
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
      const evidence = await readEvidence(sql, org.orgId, invoiceId, lineKeys(proof!.document));
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
