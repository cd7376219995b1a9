import { singleSql, withSql } from '@suanxiang/db/tenant';
import { takeCutoff } from '@suanxiang/metering/ingest/cutoff';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BillingDb, block, createOrg, lease, openBillingDb, seconds, type TestOrg } from './support/billing-db';

let db: BillingDb;
let org: TestOrg;
beforeAll(async () => {
  db = await openBillingDb();
  org = await createOrg(db.worker);
});
afterAll(() => db?.close());

const START = seconds('2026-11-10T08:00:00Z');
const ZONES = ['seal-a', 'seal-b', 'seal-c', 'seal-d'];

const leaseIn = async (zone: string) => {
  const { allocationId } = await lease(db.worker, org, { startS: START, endS: null });
  await singleSql(db.worker)`UPDATE allocation SET zone_id = ${zone} WHERE id = ${allocationId}`;
  return allocationId;
};

/** A delivery that has stored its block and waits to be let go. `stored` settles then, or when it is held up by a seal no more. */
function open(zone: string, allocationId: string, minute: number, commits: boolean) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let entered = () => {};
  const stored = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const ended = withSql(db.worker, async (sql) => {
    await ingestBlocks(sql, zone, [block(allocationId, START + minute * 60, 0)], (START + 36_000) * 1000);
    entered();
    await released;
    if (!commits) throw new Error('rolled back');
  }).catch((error: Error) => {
    if (error.message !== 'rolled back') throw error;
  });
  return { stored, release, ended };
}

/** Waits until a seal of this database waits for a lock. */
async function untilSealWaits(): Promise<void> {
  for (;;) {
    const [row] = await singleSql(db.worker)<{ n: number }>`
      SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%suan_seal_shard%'`;
    if (row!.n > 0) return;
  }
}

const worldArb = fc.record({
  /** Deliveries that are under way when the seal begins. */
  before: fc.array(fc.record({ zone: fc.nat(3), commits: fc.boolean() }), { minLength: 1, maxLength: 4 }),
  /** Deliveries that come while it waits. */
  during: fc.array(fc.record({ zone: fc.nat(3), commits: fc.boolean() }), { maxLength: 3 }),
  order: fc.infiniteStream(fc.nat(1_000_000)),
});

test('what lies below a seal is the same for ever, however deliveries and seals run into each other', async () => {
  const leases = await Promise.all(ZONES.map(leaseIn));
  const setAt = async (cutoff: bigint) => {
    const rows = await singleSql(db.worker)<{ key: string }>`
      SELECT allocation_id || ' ' || win_start_s || ' ' || batch_seq AS key FROM usage_block
      WHERE org_id = ${org.orgId} AND batch_seq <= ${cutoff}::bigint ORDER BY 1`;
    return rows.map((row) => row.key);
  };
  let minute = 0;
  const seals: { cutoff: bigint; set: string[] }[] = [];
  await fc.assert(
    fc.asyncProperty(worldArb, async ({ before, during, order }) => {
      const start = ({ zone, commits }: { zone: number; commits: boolean }) => {
        minute += 1;
        return open(ZONES[zone]!, leases[zone]!, minute, commits);
      };
      const first = before.map(start);
      await Promise.all(first.map((one) => one.stored));
      const sealing = takeCutoff(db.worker);
      await untilSealWaits();
      const later = during.map(start);
      const all = [...first, ...later]
        .map((one) => ({ one, at: order.next().value as number }))
        .sort((a, b) => a.at - b.at);
      for (const { one } of all) one.release();
      const cutoff = await sealing;
      // Read at once, while deliveries of after the seal may still be under way.
      seals.push({ cutoff, set: await setAt(cutoff) });
      await Promise.all(all.map(({ one }) => one.ended));
      for (const seal of seals) expect(await setAt(seal.cutoff)).toEqual(seal.set);
    }),
    { numRuns: 12 },
  );
  expect(seals.at(-1)!.set.length).toBeGreaterThan(5);
});

test('a delivery that hangs holds up its own shard and no delivery of another', async () => {
  const rows = await singleSql(db.worker)<{ zone: string; shard: number }>`
    SELECT z AS zone, hashtext(z) & 7 AS shard FROM (SELECT 'zone-' || n AS z FROM generate_series(1, 40) n) AS zones`;
  const hung = rows[0]!.zone;
  const other = rows.find((row) => row.shard > rows[0]!.shard)!.zone;
  const [slow, free] = [await leaseIn(hung), await leaseIn(other)];
  const hanging = open(hung, slow, 1, true);
  await hanging.stored;
  const sealing = takeCutoff(db.worker);
  await untilSealWaits();
  // The seal waits for the hung shard and has the other not in its hand.
  const passing = open(other, free, 1, true);
  await passing.stored;
  passing.release();
  await passing.ended;
  hanging.release();
  await Promise.all([hanging.ended, sealing]);
});
