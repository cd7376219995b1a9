import { ring } from '@suanxiang/db/outbox';
import type { WorkloadAction } from '@suanxiang/domain/workload-state';
import { DriverError, type DriverErrorCode } from '@suanxiang/hal/driver';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { usageReport } from '@suanxiang/metering/usage/usage-report';
import fc from 'fast-check';
import { expect } from 'vitest';
import { applyTestClock } from '../../src/apply-test-clock';
import { driveOperation } from '../../src/drive-operation';
import { placementRound } from '../../src/placement-round';
import { pullHealth } from '../../src/pull-health';
import { pullTelemetry } from '../../src/pull-telemetry';
import { reconcileZone } from '../../src/reconcile';
import { releaseEnded } from '../../src/release-ended';
import { scrubReturned } from '../../src/scrub-returned';
import { sweep } from '../../src/sweep';
import { MODEL } from './in-process-fleet';
import { checkInvariants } from './invariants';
import { requestAction, requestLaunch } from './tenants';
import { openWorld, recordErrors, settle, type World } from './world';

/** One thing that happens; everything but the pauses runs on while the next ones begin. */
export type Happening =
  | { do: 'launch'; gpus: 1 | 2 | 8; nodes: 1 | 2; queue: boolean }
  | { do: 'act'; at: number; action: WorkloadAction }
  /** A worker is woken for everything under way, as a duplicated or late job would. */
  | { do: 'wake'; worker: number }
  | { do: 'break' | 'repair'; target: 'node' | 'device'; at: number }
  | { do: 'exit'; at: number }
  | { do: 'trouble'; code: DriverErrorCode; calls: number }
  /** Leases run out under their holders. */
  | { do: 'expire' }
  | { do: 'clock'; minutes: number }
  | { do: 'rounds'; zone: number }
  | { do: 'pause'; ms: number };

export const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('launch' as const),
        gpus: fc.constantFrom(1 as const, 2 as const, 8 as const),
        nodes: fc.constantFrom(1 as const, 1 as const, 2 as const),
        queue: fc.boolean(),
      }),
    },
    {
      weight: 7,
      arbitrary: fc.record({
        do: fc.constant('act' as const),
        at: fc.nat(9),
        action: fc.constantFrom<WorkloadAction>('stop', 'start', 'terminate'),
      }),
    },
    { weight: 12, arbitrary: fc.record({ do: fc.constant('wake' as const), worker: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('break' as const, 'repair' as const),
        target: fc.constantFrom('node' as const, 'device' as const),
        at: fc.nat(50),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('exit' as const), at: fc.nat(9) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('trouble' as const),
        code: fc.constantFrom<DriverErrorCode>('transient', 'lost', 'capacity', 'conflict', 'invalid'),
        calls: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('clock' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('rounds' as const), zone: fc.nat(2) }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.nat(30) }) },
  ),
  { minLength: 10, maxLength: 40 },
);

class Play {
  readonly workloads: string[] = [];
  readonly running: Promise<unknown>[] = [];
  troubles: DriverErrorCode[] = [];

  constructor(
    readonly world: World,
    readonly workers: World['ctx'][],
  ) {
    world.fleet.trouble = {
      before: (verb) => (verb === 'observe' || this.troubles[0] === 'lost' ? null : this.#next()),
      after: (verb) => (verb !== 'observe' && this.troubles[0] === 'lost' ? this.#next() : null),
    };
  }

  #next(): DriverError | null {
    const code = this.troubles.shift();
    return code ? new DriverError(code, 'asked for') : null;
  }

  /** Starts something and lets it run; a failure other than of what was asked for fails the test at the end. */
  go(act: Promise<unknown>): void {
    act.catch(() => {});
    this.running.push(act);
  }

  async happen(one: Happening): Promise<void> {
    const { world } = this;
    switch (one.do) {
      case 'launch':
        return this.#launch(one);
      case 'act': {
        const id = this.workloads[one.at % Math.max(1, this.workloads.length)];
        if (id) this.go(world.tx((sql) => requestAction(sql, world.tenant, id, one.action)));
        return;
      }
      case 'wake':
        return this.#wake(this.workers[one.worker % this.workers.length]!);
      case 'break':
      case 'repair':
        return this.#damage(one);
      case 'exit': {
        const machines = [...world.fleet.engine.state.allocations.keys()];
        const id = machines[one.at % Math.max(1, machines.length)];
        if (id) world.fleet.operate({ do: 'break', target: 'allocation', id });
        return;
      }
      case 'trouble':
        this.troubles = Array.from({ length: one.calls }, () => one.code);
        return;
      case 'expire':
        await world.sql`UPDATE operation SET lease_until = now() - interval '1 second' WHERE status = 'running'`;
        await world.sql`UPDATE placement_lease SET until = now() - interval '1 second' WHERE holder IS NOT NULL`;
        return;
      case 'clock':
        return this.#advance(one.minutes * 60);
      case 'rounds':
        return this.#rounds(one.zone);
      case 'pause':
        await new Promise((resolve) => setTimeout(resolve, one.ms));
    }
  }

  async #launch(one: Happening & { do: 'launch' }): Promise<void> {
    const gpusPerNode = one.nodes > 1 ? 8 : one.gpus;
    const onCapacity = one.queue ? 'queue' : 'fail';
    const { world } = this;
    const options = { gpusPerNode, nodeCount: one.nodes, onCapacity } as const;
    const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant, options));
    this.workloads.push(workloadId);
  }

  async #wake(ctx: World['ctx']): Promise<void> {
    const active = await this.world.sql<{ id: string; step: string }>`
      SELECT id, step FROM operation WHERE status IN ('pending', 'running')`;
    if (active.some((one) => one.step === 'place')) this.go(placementRound(ctx, 'near'));
    for (const { id, step } of active) if (step !== 'place') this.go(driveOperation(ctx, id));
  }

  #damage(one: { do: 'break' | 'repair'; target: 'node' | 'device'; at: number }): void {
    const { nodes, devices } = this.world.fleet.topology;
    const ids = [...(one.target === 'node' ? nodes : devices).keys()];
    this.world.fleet.operate({ do: one.do, target: one.target, id: ids[one.at % ids.length]! });
  }

  /** As the use case of advancing the test clock does. */
  async #advance(seconds: number): Promise<void> {
    const { world } = this;
    const { orgId } = world.tenant;
    await world.tx(async (sql) => {
      await sql`
        SELECT 1 FROM workload w WHERE w.org_id = ${orgId} AND EXISTS (
          SELECT 1 FROM allocation a WHERE a.workload_id = w.id AND a.state = 'running') ORDER BY w.id FOR UPDATE`;
      const moved = await sql<{ offset_s: string }>`
        UPDATE organization SET clock_offset_s = clock_offset_s + ${seconds}::bigint
        WHERE id = ${orgId} AND clock_applied_s = clock_offset_s AND NOT EXISTS (
          SELECT 1 FROM operation o JOIN allocation a ON a.workload_id = o.workload_id AND a.state = 'running'
          WHERE o.org_id = ${orgId} AND o.kind IN ('stop', 'terminate') AND o.status IN ('pending', 'running'))
        RETURNING clock_offset_s::text AS offset_s`;
      if (!moved[0]) return;
      await sql`
        UPDATE allocation SET clock_offset_s = ${moved[0].offset_s}::bigint WHERE org_id = ${orgId} AND state = 'running'`;
      await ring(sql, 'billing', `clock:${orgId}`);
    });
    this.go(this.#applyClock());
  }

  async #applyClock(): Promise<void> {
    try {
      await applyTestClock(this.workers[0]!, this.world.tenant.orgId, ingestBlocks);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
    }
  }

  #rounds(at: number): void {
    const zoneId = ['near-a', 'near-b', 'far-a'][at]!;
    const ctx = this.workers[at % this.workers.length]!;
    this.go(pullHealth(ctx, zoneId, ingestBlocks));
    this.go(reconcileZone(ctx, zoneId, ingestBlocks));
    this.go(releaseEnded(ctx));
    this.go(sweep(ctx));
  }

  /** Peace: no more trouble, everything repaired, every round run until nothing changes. */
  async calm(): Promise<void> {
    this.troubles = [];
    const results = await Promise.allSettled(this.running);
    const { world } = this;
    for (const id of world.fleet.topology.nodes.keys()) world.fleet.operate({ do: 'repair', target: 'node', id });
    for (const id of world.fleet.topology.devices.keys()) world.fleet.operate({ do: 'repair', target: 'device', id });
    for (let round = 0; round < 3; round += 1) {
      await world.sql`UPDATE operation SET lease_until = NULL, lease_owner = NULL, next_attempt_at = now() WHERE status = 'running'`;
      await settle(world);
      await this.#applyClock();
      for (const { zoneId } of world.ctx.fleet.zones) {
        await pullHealth(world.ctx, zoneId, ingestBlocks);
        await pullTelemetry(world.ctx, zoneId, ingestBlocks);
        await reconcileZone(world.ctx, zoneId, ingestBlocks);
      }
      await releaseEnded(world.ctx);
      await scrubReturned(world.ctx);
    }
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

/** Every leased second is billed once, and nothing else is: by metering's own rater. */
async function checkBill(world: World): Promise<void> {
  const { orgId } = world.tenant;
  const leases = await world.sql<{ id: string; start_s: number; end_s: number; lost_s: number }>`
    SELECT a.id, a.start_s::float8 AS start_s,
      coalesce(a.end_s, suan_billing_now_s(a.clock_offset_s))::float8 AS end_s,
      coalesce((SELECT sum(to_s - from_s) FROM undelivered u WHERE u.allocation_id = a.id), 0)::float8 AS lost_s
    FROM allocation a WHERE a.org_id = ${orgId} AND a.start_s IS NOT NULL AND a.end_s IS NOT NULL`;
  const [org] = await world.sql<{ from_s: number }>`
    SELECT floor(extract(epoch FROM created_at))::float8 - 60 AS from_s FROM organization WHERE id = ${orgId}`;
  const report = await world.tx((sql) => usageReport(sql, { orgId, fromS: org!.from_s }));
  const billed = new Map(report.rows.map((row) => [row.lease.term.id, row]));
  for (const lease of leases) {
    const row = billed.get(lease.id);
    const leased = lease.end_s - lease.start_s;
    expect({ id: lease.id, seconds: row?.billedSeconds ?? 0 }).toEqual({
      id: lease.id,
      seconds: leased - lease.lost_s,
    });
    expect(row?.measuredSeconds ?? 0).toBeLessThanOrEqual(leased);
  }
  const known = new Set(
    (await world.sql<{ id: string }>`SELECT id FROM allocation WHERE start_s IS NOT NULL`).map((r) => r.id),
  );
  for (const id of billed.keys()) expect(known.has(id)).toBe(true);
}

/** Plays a sequence on a fresh world and checks everything that must hold, in the middle and at the end. */
export async function play(sequence: readonly Happening[]): Promise<void> {
  const world = await openWorld({ poolSize: 24 });
  try {
    await world.sql`UPDATE organization SET mode = 'sandbox' WHERE id = ${world.tenant.orgId}`;
    await world.sql`
      INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour)
      VALUES ('p', ${`gpu.${MODEL}.near`}, 'CNY', 0, 0, 3600000)`;
    const timing = { ...world.ctx.timing, watchMs: 60, leaseMs: 400 };
    // The leases of one often run out before its round commits.
    const hasty = { ...timing, placementLeaseMs: 10 };
    const { logger, errors } = recordErrors(world.ctx.logger);
    const workers = [timing, timing, hasty].map((one) => world.worker({ timing: one, logger }));
    const game = new Play(world, workers);
    for (const one of sequence) await game.happen(one);
    await game.calm();
    await checkInvariants(world);
    await checkBill(world);
    // Two loops never decided about one device: the lease kept them apart, and the last defence had nothing to do.
    expect(errors.filter((message) => message.startsWith('holders of devices'))).toEqual([]);
  } finally {
    await world.close();
  }
}
