import { type Db, openDb } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import type { Journal } from '@suanxiang/metering/ledger/post-journal';
import { postJournals } from '@suanxiang/metering/ledger/post-journals';
import { skuOf } from '@suanxiang/metering/prices/default-price-book';

export const MONTH_S = Date.UTC(2026, 8, 1) / 1000;
export const MONTH_END_S = Date.UTC(2026, 9, 1) / 1000;
const SKU = skuOf('nvidia-h100-80g', 'ap-southeast');
const TOP_UP_MICRO = 10_000_000n;

export interface Leases {
  orgIds: string[];
  allocationIds: string[];
}

/** Organisations with one open month each and leases of all of it, as many to each; `perOrg` leases of `gpus`. */
export async function seedLeases(
  db: Db,
  size: { organizations: number; perOrg: number; gpus: number; mode: 'allocated' | 'utilization'; slug: string },
): Promise<Leases> {
  const found: Leases = { orgIds: [], allocationIds: [] };
  for (let done = 0; done < size.organizations; done += 1_000) {
    const count = Math.min(1_000, size.organizations - done);
    const ids = (kind: Parameters<typeof mintId>[0], n = count) => Array.from({ length: n }, (_, i) => mintId(kind, i));
    const [orgs, projects, workloads, operations] = [
      ids('organization'),
      ids('project'),
      ids('workloadInstance'),
      ids('operation'),
    ];
    const allocations = ids('allocation', count * size.perOrg);
    await withSql(db, async (sql) => {
      await sql`
        INSERT INTO organization (id, slug, name, mode, currency, country, time_zone, legal_name, created_at)
        SELECT id, ${size.slug} || (${done}::int + n), 'Bench', 'live', 'USD', 'SG', 'UTC', 'Bench', to_timestamp(${MONTH_S}::bigint)
        FROM unnest(${orgs}::text[]) WITH ORDINALITY AS o(id, n)`;
      await sql`
        INSERT INTO billing_period (org_id, from_s, to_s, time_zone, tzdb)
        SELECT id, ${MONTH_S}::bigint, ${MONTH_END_S}::bigint, 'UTC', 'bench' FROM unnest(${orgs}::text[]) AS o(id)`;
      await sql`
        INSERT INTO project (id, org_id, slug, name)
        SELECT id, org, 'p', 'p' FROM unnest(${projects}::text[], ${orgs}::text[]) AS p(id, org)`;
      await sql`
        INSERT INTO workload (id, org_id, project_id, kind, name, region_id, model_id, sku, node_count, gpus_per_node, image,
          state, desired, price_micro_per_gpu_hour, price_currency, created_by)
        SELECT id, org, project, 'instance', 'bench', 'ap-southeast', 'nvidia-h100-80g', ${SKU}, 1, 8, 'x', 'terminated',
          'terminated', 0, 'USD', 'user:bench'
        FROM unnest(${workloads}::text[], ${orgs}::text[], ${projects}::text[]) AS w(id, org, project)`;
      await sql`
        INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
        SELECT id, org, workload, 'launch', 'succeeded', 'start_meter', now(), 'user:bench'
        FROM unnest(${operations}::text[], ${orgs}::text[], ${workloads}::text[]) AS o(id, org, workload)`;
      await sql`
        INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus,
          mode, state, start_s, end_s)
        SELECT id, (${orgs}::text[])[1 + (n - 1) / ${size.perOrg}::int], (${workloads}::text[])[1 + (n - 1) / ${size.perOrg}::int],
          (${projects}::text[])[1 + (n - 1) / ${size.perOrg}::int], (${operations}::text[])[1 + (n - 1) / ${size.perOrg}::int],
          (n - 1) % ${size.perOrg}::int, 'bench-a', 'n', ${SKU}, 'USD', ${size.gpus}::int, ${size.mode}, 'ended', ${MONTH_S}::bigint,
          ${MONTH_END_S}::bigint
        FROM unnest(${allocations}::text[]) WITH ORDINALITY AS a(id, n)`;
      const journals = orgs.map((orgId): Journal => {
        const [cash, wallet] = [TOP_UP_MICRO, -TOP_UP_MICRO].map((micro, at) => {
          return { account: at === 0 ? ('cash' as const) : ('wallet' as const), currency: 'USD', micro };
        });
        const entries = [cash!, wallet!];
        return { orgId, idemKey: `bench:${orgId}`, kind: 'top_up', memo: '', bookedS: MONTH_S, entries };
      });
      await postJournals(sql, journals, 0);
    });
    found.orgIds.push(...orgs);
    found.allocationIds.push(...allocations);
  }
  return found;
}

/**
 * Hours of a month for every lease of the bench, as the roll-up would have left them, in the order in which it writes them (hour by
 * hour, so that a lease's rows lie apart). The digests are of no blocks. Returns how many.
 */
export async function seedHours(databaseUrl: string, hours: number): Promise<number> {
  const owner = openDb({ url: databaseUrl, applicationName: 'bench-seed', poolSize: 1 });
  try {
    const { pool } = owner;
    await pool.query('ALTER TABLE usage_hour DROP CONSTRAINT usage_hour_pkey; DROP INDEX usage_hour_org_id_idx');
    const day = `
      INSERT INTO usage_hour SELECT h.*, suan_hour_seal(h.org_id, h.allocation_id, h.hour_s, h.clip_from, h.clip_to, h.blocks,
        h.measured, h.sum_ppm, h.floor_ppm, h.floored_ppm, h.weighed, h.digest, h.last_batch_seq, h.last_arrived_s)
      FROM (SELECT a.org_id, a.id AS allocation_id, x AS hour_s, 0::smallint AS clip_from, 3600::smallint AS clip_to, 60 AS blocks,
          3600 AS measured, 1800000000 AS sum_ppm, 0 AS floor_ppm, 1800000000 AS floored_ppm,
          3600 AS weighed, sha256(convert_to(a.id || x, 'UTF8')) AS digest, 0::bigint AS last_batch_seq, x + 3660 AS last_arrived_s
        FROM generate_series($1::bigint, $2::bigint - 1, 3600) AS x CROSS JOIN allocation a
        WHERE a.zone_id = 'bench-a' AND a.start_s = ${MONTH_S}) AS h ORDER BY h.hour_s`;
    const columns = `(org_id, allocation_id, hour_s, clip_from, clip_to, blocks, measured, sum_ppm, floor_ppm, floored_ppm, weighed,
      digest, last_batch_seq, last_arrived_s, seal)`;
    let rows = 0;
    for (let atS = MONTH_S; atS < MONTH_S + hours * 3600; atS += 86_400) {
      const text = day.replace('usage_hour SELECT', `usage_hour ${columns} SELECT`);
      rows += (await pool.query(text, [atS, Math.min(atS + 86_400, MONTH_S + hours * 3600)])).rowCount ?? 0;
    }
    await pool.query(`ALTER TABLE usage_hour ADD PRIMARY KEY (allocation_id, hour_s)`);
    await pool.query('CREATE INDEX usage_hour_org_id_idx ON usage_hour (org_id)');
    await pool.query(`
      INSERT INTO usage_hour_mark (one, batch_seq) SELECT true, last_value FROM usage_batch_seq
      ON CONFLICT (one) DO UPDATE SET batch_seq = excluded.batch_seq`);
    await pool.query('VACUUM (ANALYZE) usage_hour');
    await pool.query('ANALYZE');
    return rows;
  } finally {
    await owner.close();
  }
}
