import { singleSql, withSql } from '@suanxiang/db/tenant';
import { accrueHours } from '@suanxiang/metering/accrual/hourly';
import type { DeliveredBlock } from '@suanxiang/metering/ingest/check-block';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { confirmPayment } from '@suanxiang/metering/payments/confirm';
import { createTopUp } from '@suanxiang/metering/payments/top-up';
import { billedOrg } from '@suanxiang/metering/periods';
import { rollUpHours } from '@suanxiang/metering/usage/usage-hours';
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  addUndelivered,
  asApi,
  type BillingDb,
  block,
  createOrg,
  lease,
  seconds,
  type TestOrg,
  ZONE,
} from './billing-db';
import { billFromTables, halfUp } from './independent-bill';

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

const worldArb = fc.record({
  order: fc.infiniteStream(fc.nat(1_000_000)),
  topUpMinor: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 100_000n })),
  hourly: fc.boolean(),
  lateBackwards: fc.boolean(),
});

function deliver(db: BillingDb, records: DeliveredBlock[], atS: number) {
  return withSql(db.worker, (sql) => ingestBlocks(sql, ZONE, records, atS * 1000));
}

async function pay(db: BillingDb, org: TestOrg, amountMinor: bigint): Promise<void> {
  const payment = await asApi(db, org, (sql) => createTopUp(sql, org, amountMinor, OCT * 1000));
  await asApi(db, org, (sql) => confirmPayment(sql, payment.id, OCT * 1000));
}

/** What workers do again and again while a month runs. */
async function hourly(db: BillingDb, orgId: string, nowS: number): Promise<void> {
  await rollUpHours(db.worker);
  await withSql(db.worker, async (sql) => accrueHours(sql, { ...(await billedOrg(sql, orgId)), nowS }, nowS * 1000));
}

/** Changes the price of one SKU inside a minute, twice. */
export async function changePrices(db: BillingDb): Promise<void> {
  for (const [index, atS] of [SEP + 5_000 + 17, OCT - 30].entries()) {
    await singleSql(db.worker)`
      INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour, min_seconds)
      VALUES (${`change-${index}`}, 'gpu.nvidia-h100-80g.ap-southeast', 'USD', ${atS}::bigint, ${atS}::bigint,
        ${2_111_111 + index * 1_000_003}::bigint, 0)`;
  }
}

/**
 * A quarter of some organizations: two months close, with usage and undelivered seconds that arrive before or after; then a third one. All documents of an
 * allocation together must be one rounding per period of the whole truth, second by second from the tables (R49).
 */
export async function playQuarters(db: BillingDb, organizations: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(leaseArb, { minLength: 1, maxLength: 4 }), worldArb, async (specs, world) => {
      const org = await createOrg(db.worker);
      const random = world.order[Symbol.iterator]();
      const sent: { record: DeliveredBlock; atS: number }[] = [];
      if (world.topUpMinor > 0n) await pay(db, org, world.topUpMinor);
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
          const copies = given.twice ? [record, record] : [record];
          if (given.late) late.push(() => deliver(db, copies, NOV + GRACE - 3_600));
          else sent.push(...copies.map((one) => ({ record: one, atS: Math.min(one.winStartS + 90, OCT + GRACE) })));
        }
      }
      // In any order, with what the workers do by the hour at any time between.
      const shuffled = sent.map((one) => ({ ...one, place: random.next().value! })).sort((x, y) => x.place - y.place);
      for (const { record, atS, place } of shuffled) {
        await deliver(db, [record], atS);
        if (place % 7 === 0) await hourly(db, org.orgId, OCT - (place % (20 * 86_400)));
      }
      const close = async (atS: number) => {
        if (world.hourly) await hourly(db, org.orgId, atS - GRACE + 60);
        const { failed } = await finalizeDuePeriods(db.worker, atS * 1000, { orgId: org.orgId });
        expect(failed).toEqual([]);
      };
      await close(OCT + GRACE);
      for (const act of world.lateBackwards ? late.reverse() : late) await act();
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
      const [books] = await sql<{ off: string; owed: string; unbilled: string; total: string }>`
        SELECT (SELECT coalesce(sum(micro), 0) FROM ledger_balance WHERE org_id = ${org.orgId})::text AS off,
          (SELECT coalesce(sum(micro), 0) FROM ledger_balance WHERE org_id = ${org.orgId}
            AND account IN ('receivable', 'wallet'))::text AS owed,
          (SELECT coalesce(sum(abs(micro)), 0) FROM ledger_balance WHERE org_id = ${org.orgId}
            AND account IN ('unbilled', 'revenue_unbilled'))::text AS unbilled,
          ((SELECT coalesce(sum(total_minor), 0) FROM invoice WHERE org_id = ${org.orgId})
            - (SELECT coalesce(sum(total_minor), 0) FROM credit_note WHERE org_id = ${org.orgId}))::text AS total`;
      expect(books!.off).toBe('0');
      expect(BigInt(books!.owed)).toBe((BigInt(books!.total) - world.topUpMinor) * 10_000n);
      expect(BigInt(books!.unbilled)).toBe(0n);
      const lines = await sql<{ agree: boolean }>`
        SELECT i.subtotal_minor = (SELECT sum(amount_minor) FROM invoice_line l WHERE l.invoice_id = i.id) AS agree
        FROM invoice i WHERE org_id = ${org.orgId}`;
      expect(lines.every((line) => line.agree)).toBe(true);
    }),
    { numRuns: organizations },
  );
}
