import { type Db, openDb } from '@suanxiang/db/client';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { encodeBlock } from '@suanxiang/domain/usage-block';
import { composeLines } from '@suanxiang/metering/invoices/compose';
import { outputDigest } from '@suanxiang/metering/rating/canonical';
import { rateSpan } from '@suanxiang/metering/usage/rate-span';
import { MONTH_END_S, MONTH_S, seedHours, seedLeases } from './seed-hours';

const RAW_GOAL_MS = 3_000;
const HOURS_GOAL_MS = 100;
const MONTH = { fromS: MONTH_S, toS: MONTH_END_S };

/** A block for every minute of the month and lease: half busy, as the seeded hours say. */
async function seedBlocks(databaseUrl: string, orgId: string): Promise<number> {
  const bytes = Buffer.from(encodeBlock(new Array<number>(60).fill(500_000))).toString('hex');
  const owner = openDb({ url: databaseUrl, applicationName: 'bench-seed', poolSize: 1 });
  try {
    await owner.pool.query('SELECT suan_ensure_usage_partitions(DATE $$2026-08-31$$, 33)');
    const { rowCount } = await owner.pool.query(
      `INSERT INTO usage_block (org_id, allocation_id, win_start_s, rev, bytes, digest, agent_id, zone_id, engine_seq, measured,
         sum_ppm, arrived_s, received_at, batch_seq)
       SELECT a.org_id, a.id, x, 0, decode($1, 'hex'), encode(sha256(convert_to(a.id || x, 'UTF8')), 'hex'), 'bench', 'bench-a', 1,
         60, 30000000, x + 60, to_timestamp(x + 60), 0
       FROM generate_series(${MONTH_S}, ${MONTH_END_S - 1}, 60) AS x CROSS JOIN allocation a WHERE a.org_id = $2`,
      [bytes, orgId],
    );
    await owner.pool.query('ANALYZE usage_block');
    return rowCount ?? 0;
  } finally {
    await owner.close();
  }
}

/** Milliseconds in which one process of the database alone looks at every row and its last byte once. */
function bareRead(db: Db, orgId: string): Promise<number> {
  return withSql(db, async (sql) => {
    await sql`SET LOCAL max_parallel_workers_per_gather = 0`;
    const from = performance.now();
    await sql`
      SELECT count(*)::text, sum(get_byte(bytes, 119))::text, sum(measured)::text FROM usage_block WHERE org_id = ${orgId}`;
    return performance.now() - from;
  });
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/**
 * One account with 100 accelerators for a month, billed by utilization, in leases of `gpus`: rated from raw blocks, and rated and sealed
 * from hours. `met` under 3 s and under 100 ms. A lease is metered as one, so that in nodes of eight there are 13 leases and 561,600
 * blocks, and leased singly 100 and 4,320,000: the bare read of the same rows in the same run says what of the time is reading them.
 */
export async function measureAccount(db: Db, databaseUrl: string, gpus: number): Promise<object> {
  const perOrg = Math.ceil(100 / gpus);
  const size = { organizations: 1, perOrg, gpus, mode: 'utilization' as const, slug: `account-${gpus}-` };
  const { orgIds } = await seedLeases(db, size);
  const orgId = orgIds[0]!;
  const blocks = await seedBlocks(databaseUrl, orgId);
  const cutoff = { batchSeq: 0n, arrivedS: MONTH_END_S + 86_400 };
  const rate = () =>
    withSql(db, async (sql) => {
      const from = performance.now();
      const rated = await rateSpan(sql, { orgId, currency: 'USD' }, MONTH, { cutoff });
      const ratedMs = performance.now() - from;
      return { rated, ratedMs };
    });
  await singleSql(db)`DELETE FROM usage_hour_mark`;
  const bareMs = await bareRead(db, orgId);
  const raw = await rate();
  const hours = await seedHours(databaseUrl, (MONTH_END_S - MONTH_S) / 3600);
  const fromHours: { rated: number; sealed: number }[] = [];
  let digest = '';
  for (let round = 0; round < 5; round += 1) {
    await withSql(db, async (sql) => {
      const from = performance.now();
      const rated = await rateSpan(sql, { orgId, currency: 'USD' }, MONTH, { cutoff });
      const between = performance.now();
      await composeLines(sql, orgId, rated, { cutoff });
      fromHours.push({ rated: between - from, sealed: performance.now() - between });
      digest = outputDigest(rated.rated);
    });
  }
  if (digest !== outputDigest(raw.rated.rated)) throw new Error('hours and blocks are rated differently');
  const ratedMs = median(fromHours.slice(1).map((one) => one.rated));
  return {
    accelerators: perOrg * gpus,
    leases: perOrg,
    blocks,
    hours,
    raw_ms: Math.round(raw.ratedMs),
    raw_ratio: Math.round((raw.ratedMs / RAW_GOAL_MS) * 100) / 100,
    raw_met: raw.ratedMs < RAW_GOAL_MS,
    bare_read_ms: Math.round(bareMs),
    raw_to_bare_read: Math.round((raw.ratedMs / bareMs) * 100) / 100,
    hours_ms: Math.round(ratedMs),
    hours_ratio: Math.round((ratedMs / HOURS_GOAL_MS) * 100) / 100,
    hours_met: ratedMs < HOURS_GOAL_MS,
    seal_from_hours_ms: Math.round(median(fromHours.slice(1).map((one) => one.sealed))),
    projected_s: {
      '100000_accelerators': { raw: Math.round(raw.ratedMs), hours: Math.round(ratedMs) },
      '1000000_accelerators': { raw: Math.round(raw.ratedMs * 10), hours: Math.round(ratedMs * 10) },
    },
  };
}
