import { singleSql, withSql } from '@suanxiang/db/tenant';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addUndelivered,
  type BillingDb,
  block,
  createOrg,
  lease,
  openBillingDb,
  seconds,
  ZONE,
} from './support/billing-db';
import { billFromTables, halfUp } from './support/independent-bill';

let db: BillingDb;
beforeAll(async () => {
  db = await openBillingDb();
  // The price of one SKU changes inside a minute, twice.
  for (const [index, atS] of [SEP + 5_000 + 17, OCT - 30].entries()) {
    await singleSql(db.worker)`
      INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour, min_seconds)
      VALUES (${`change-${index}`}, 'gpu.nvidia-h100-80g.ap-southeast', 'USD', ${atS}::bigint, ${atS}::bigint,
        ${2_111_111 + index * 1_000_003}::bigint, 0)`;
  }
});
afterAll(() => db?.close());

const SEP = seconds('2026-09-01T00:00:00Z');
const OCT = seconds('2026-10-01T00:00:00Z');
const NOV = seconds('2026-11-01T00:00:00Z');
const DEC = seconds('2026-12-01T00:00:00Z');
const GRACE = 86_400;

const leaseArb = fc.record({
  // Around the start of September, the end of September, and inside October.
  start: fc.oneof(fc.integer({ min: 60, max: 9_000 }), fc.integer({ min: OCT - SEP - 4_000, max: OCT - SEP + 4_000 })),
  length: fc.integer({ min: 60, max: 5_000 }),
  gpus: fc.integer({ min: 1, max: 16 }),
  mode: fc.constantFrom('allocated' as const, 'utilization' as const),
  gaps: fc.array(fc.record({ from: fc.nat(5_000), length: fc.integer({ min: 1, max: 900 }), late: fc.boolean() }), {
    maxLength: 2,
  }),
  blocks: fc.array(
    fc.record({ minute: fc.nat(90), rev: fc.nat(2), value: fc.nat(10), late: fc.boolean(), twice: fc.boolean() }),
    { maxLength: 25 },
  ),
});

/**
 * Two months close, with usage and undelivered seconds that arrive before or after; then a third one. All documents of an
 * allocation together must be one rounding per period of the whole truth, second by second from the tables (R49).
 */
test('all documents together are the whole truth, rounded once per lease and period', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(leaseArb, { minLength: 1, maxLength: 4 }), async (specs) => {
      const org = await createOrg(db.worker);
      const late: (() => Promise<unknown>)[] = [];
      for (const spec of specs) {
        const startS = SEP + spec.start;
        const { allocationId } = await lease(db.worker, org, { ...spec, startS, endS: startS + spec.length });
        for (const gap of spec.gaps) {
          const fromS = startS + gap.from;
          const add = () =>
            withSql(db.worker, (sql) =>
              addUndelivered(sql, org, allocationId, { fromS, toS: fromS + gap.length, reason: 'x' }),
            );
          if (gap.late) late.push(add);
          else await add();
        }
        for (const given of spec.blocks) {
          const record = block(allocationId, startS - (startS % 60) + given.minute * 60, given.value * 100_000, given);
          const send = (atS: number) =>
            withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, given.twice ? [record, record] : [record], atS * 1000));
          if (given.late) late.push(() => send(NOV + GRACE - 3_600));
          else await send(Math.min(record.winStartS + 90, OCT + GRACE));
        }
      }
      const close = async (atS: number) => {
        const { failed } = await finalizeDuePeriods(db.worker, atS * 1000, { orgId: org.orgId });
        expect(failed).toEqual([]);
      };
      await close(OCT + GRACE);
      for (const act of late) await act();
      await close(NOV + GRACE);
      await close(DEC + GRACE);

      const sql = singleSql(db.worker);
      const documents = await sql<{ id: string; amount: string }>`
        SELECT id, sum(amount)::text AS amount FROM (
          SELECT allocation_id AS id, amount_minor AS amount FROM invoice_line WHERE org_id = ${org.orgId}
          UNION ALL SELECT substr(n.key, 7), -n.amount_minor::bigint FROM credit_note,
            jsonb_to_recordset(lines) AS n(key text, amount_minor text) WHERE org_id = ${org.orgId}) AS d GROUP BY id`;
      const months = [
        await billFromTables(sql, org.orgId, SEP, OCT, DEC),
        await billFromTables(sql, org.orgId, OCT, NOV, DEC),
      ];
      for (const { id, amount } of documents) {
        const whole = months.map((month) => halfUp(month.get(id) ?? [0n, 1n])).reduce((a, b) => a + b);
        expect(BigInt(amount)).toBe(whole);
      }
      expect(documents).toHaveLength(specs.length);

      // The books say the same: what was invoiced less credit notes, and they balance.
      const [books] = await sql<{ off: string; owed: string; total: string }>`
        SELECT (SELECT coalesce(sum(micro), 0) FROM ledger_balance WHERE org_id = ${org.orgId})::text AS off,
          (SELECT coalesce(sum(micro), 0) FROM ledger_balance WHERE org_id = ${org.orgId}
            AND account IN ('receivable', 'wallet'))::text AS owed,
          ((SELECT coalesce(sum(total_minor), 0) FROM invoice WHERE org_id = ${org.orgId})
            - (SELECT coalesce(sum(total_minor), 0) FROM credit_note WHERE org_id = ${org.orgId}))::text AS total`;
      expect(books!.off).toBe('0');
      expect(BigInt(books!.owed)).toBe(BigInt(books!.total) * 10_000n);
      const lines = await sql<{ agree: boolean }>`
        SELECT i.subtotal_minor = (SELECT sum(amount_minor) FROM invoice_line l WHERE l.invoice_id = i.id) AS agree
        FROM invoice i WHERE org_id = ${org.orgId}`;
      expect(lines.every((line) => line.agree)).toBe(true);
    }),
    { numRuns: 20 },
  );
});
