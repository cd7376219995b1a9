import { type Db, openDb } from '@suanxiang/db/client';
import type { Sql } from '@suanxiang/db/sql';
import { singleSql, withSql } from '@suanxiang/db/tenant';
import { systemClock } from '@suanxiang/platform/clock';
import { createLogger } from '@suanxiang/platform/logger';
import { cloneDatabase, type TestDatabase } from '@suanxiang/testing/database';
import { defaultLimits, defaultTiming, type Provisioner } from '../../src/context';
import { discoverZone } from '../../src/discover';
import { driveOperation } from '../../src/drive-operation';
import { placementRound } from '../../src/placement-round';
import { InProcessFleet } from './in-process-fleet';
import type { Observed } from './invariants';
import { makeTenant, type Tenant } from './tenants';

/** A database, a fleet and a provisioner over them; nothing runs by itself. */
export interface World extends Observed {
  database: TestDatabase;
  db: Db;
  fleet: InProcessFleet;
  ctx: Provisioner;
  tenant: Tenant;
  /** Another worker over the same world. */
  worker(over?: Partial<Provisioner>): Provisioner;
  tx<T>(act: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openWorld(options: { fleet?: InProcessFleet; poolSize?: number } = {}): Promise<World> {
  const database = await cloneDatabase();
  const db = openDb({
    url: database.urlFor('app_worker'),
    applicationName: 'test-worker',
    poolSize: options.poolSize ?? 20,
  });
  const fleet = options.fleet ?? new InProcessFleet();
  const zones = [...fleet.topology.zones.keys()].map((zoneId) => ({ zoneId, driverName: 'in-process' }));
  let workers = 0;
  const worker = (over: Partial<Provisioner> = {}): Provisioner => {
    workers += 1;
    return {
      db,
      fleet: { zones, driverOf: () => fleet },
      clock: systemClock,
      logger: createLogger({ name: 'test', level: 'silent' }),
      workerId: `worker-${workers}`,
      timing: { ...defaultTiming, watchMs: 500, lookAgainMs: 100 },
      limits: defaultLimits,
      failpoint: () => {},
      ...over,
    };
  };
  const ctx = worker();
  for (const { zoneId } of zones) await discoverZone(ctx, zoneId);
  const sql = singleSql(db);
  return {
    database,
    db,
    sql,
    machine: async (id) => fleet.allocation(id) ?? null,
    fleet,
    ctx,
    tenant: await makeTenant(sql),
    worker,
    tx: (act) => withSql(db, act),
    async close() {
      await db.close();
      await database.drop();
    },
  };
}

/** A logger that keeps the messages of errors. */
export function recordErrors(base: Provisioner['logger']): { logger: Provisioner['logger']; errors: string[] } {
  const errors: string[] = [];
  const error = (_facts: unknown, message?: string) => void errors.push(String(message));
  return { logger: Object.assign(Object.create(base), { error }), errors };
}

/** Rings everything in the outbox once, as the relay and the queue would. Returns how many bells there were. */
export async function ringOnce(world: World, ctx = world.ctx): Promise<number> {
  const bells = await world.sql<{ topic: string; key: string }>`
    WITH taken AS (UPDATE outbox SET sent_at = now() WHERE sent_at IS NULL RETURNING id, topic, key)
    SELECT DISTINCT topic, key FROM taken`;
  await Promise.all(
    bells.map(({ topic, key }) => {
      if (topic === 'placement') return placementRound(ctx, key);
      return topic === 'operation' ? driveOperation(ctx, key) : Promise.resolve();
    }),
  );
  return bells.length;
}

/**
 * Rings, and drives everything under way again (as the sweep would, without its pauses), until no operation is active
 * but those that wait for capacity. Throws after `limitMs`.
 */
export async function settle(world: World, ctx = world.ctx, limitMs = 50_000): Promise<void> {
  const untilMs = systemClock.nowMs() + limitMs;
  for (;;) {
    while ((await ringOnce(world, ctx)) > 0);
    const active = await world.sql<{ id: string }>`
      SELECT id FROM operation WHERE status IN ('pending', 'running') AND step <> 'place'`;
    if (active.length === 0) return;
    if (systemClock.nowMs() > untilMs) throw new Error(`not settled: ${JSON.stringify(active)}`);
    await Promise.all(active.map(({ id }) => driveOperation(ctx, id)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface WorkloadFacts {
  state: string;
  reason: string | null;
  /** Newest operation. */
  operation: { kind: string; status: string; error: { code: string } | null };
  allocations: { state: string; released: boolean; seconds: number | null; rank: number; node: string; id: string }[];
}

/** What the database says about a workload. */
export async function factsOf(world: Pick<World, 'sql'>, workloadId: string): Promise<WorkloadFacts> {
  const [row] = await world.sql<WorkloadFacts>`
    SELECT w.state, w.status_reason->>'code' AS reason,
      (SELECT jsonb_build_object('kind', kind, 'status', status, 'error', error) FROM operation o
        WHERE o.workload_id = w.id ORDER BY o.created_at DESC, o.id DESC LIMIT 1) AS operation,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state, 'released', released_at IS NOT NULL,
        'seconds', end_s - start_s, 'rank', rank, 'node', node_id) ORDER BY created_at, rank), '[]') FROM allocation a
        WHERE a.workload_id = w.id) AS allocations
    FROM workload w WHERE w.id = ${workloadId}`;
  if (!row) throw new Error(`no workload ${workloadId}`);
  return row;
}
