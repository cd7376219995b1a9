import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { decayedUsage } from '@suanxiang/scheduler/fair-share/usage';
import { FleetState } from '@suanxiang/scheduler/fleet-state';
import { queueRound } from '@suanxiang/scheduler/queue/round';
import type { ShareStanding } from '@suanxiang/scheduler/queue/types';
import type { Provisioner } from '../context';
import { fleetSnapshot } from '../fleet-snapshot';
import { readPolicy, readShares, readValues } from './read-rules';
import { readRunning } from './read-running';

interface Standing extends ShareStanding {
  orgId: string;
  before: { valueS: number; atS: number };
  after: { valueS: number; atS: number };
}

/** Accounts for every region, see accountShares. */
export async function accountAllShares(ctx: Provisioner): Promise<void> {
  const regions = await singleSql(ctx.db)<{ id: string }>`SELECT DISTINCT region_id AS id FROM zone ORDER BY 1`;
  for (const { id } of regions) await accountShares(ctx, id);
}

/**
 * Adds what everybody holds in a region to what is remembered of their use, up to this second. Each stretch counts once:
 * the time up to which use is known moves in the same statement. Returns the number of nodes of the share tree.
 */
export async function accountShares(ctx: Provisioner, regionId: string): Promise<number> {
  const standings = await withSql(ctx.db, async (sql) => {
    await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;
    return standingsOf(sql, regionId);
  });
  await write(singleSql(ctx.db), regionId, standings);
  return standings.length;
}

async function standingsOf(sql: Sql, regionId: string): Promise<Standing[]> {
  const [clock] = await sql<{ now_s: number }>`SELECT floor(extract(epoch FROM clock_timestamp()))::float8 AS now_s`;
  const nowS = clock!.now_s;
  const policy = await readPolicy(sql);
  const running = await readRunning(sql, regionId, nowS);
  const shares = await readShares(
    sql,
    regionId,
    running.map((work) => work.path),
  );
  const output = queueRound(new FleetState(await fleetSnapshot(sql, null)), {
    ...{ nowS, seed: 0, pending: [], running, shares, policy, values: await readValues(sql, regionId) },
    ...{ reservations: [], maintenance: [], plans: [], carriedOver: [], calibration: null, answer: 'decide' },
  });
  const known = new Map(shares.map((share) => [share.nodeId, share]));
  return output.standings.flatMap((standing) => {
    const share = known.get(standing.nodeId);
    if (!share) return [];
    // Nobody remembers anything of a node that was never accounted for: its use begins now.
    const before = share.usage.atS === 0 ? { valueS: 0, atS: nowS } : share.usage;
    return [
      {
        ...standing,
        orgId: share.orgId,
        before,
        after: decayedUsage(before, standing.now, nowS, policy.usageHalfLifeS),
      },
    ];
  });
}

async function write(sql: Sql, regionId: string, standings: readonly Standing[]): Promise<void> {
  const rows = standings.map((one) => ({
    node_id: one.nodeId,
    org_id: one.orgId,
    before_s: one.before.atS,
    usage_value: one.after.valueS,
    usage_at_s: one.after.atS,
    share_now: one.now,
    share_remembered: one.remembered,
    queue_order: one.order,
  }));
  await sql`
    INSERT INTO share_standing (node_id, org_id, region_id, usage_value, usage_at_s, share_now, share_remembered, queue_order)
    SELECT node_id, org_id, ${regionId}, usage_value, usage_at_s, share_now, share_remembered, queue_order
    FROM jsonb_to_recordset((${{ rows }}::jsonb)->'rows') AS r(node_id text, org_id text, usage_value float8,
      usage_at_s bigint, share_now float8, share_remembered float8, queue_order float8)
    ON CONFLICT (node_id, region_id) DO UPDATE SET usage_value = excluded.usage_value, usage_at_s = excluded.usage_at_s,
      share_now = excluded.share_now, share_remembered = excluded.share_remembered, queue_order = excluded.queue_order,
      updated_at = clock_timestamp()
    WHERE share_standing.usage_at_s = (SELECT (r->>'before_s')::bigint FROM jsonb_array_elements((${{ rows }}::jsonb)->'rows') r
      WHERE r->>'node_id' = share_standing.node_id)`;
}
