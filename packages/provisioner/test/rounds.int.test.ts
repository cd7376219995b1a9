import { ring } from '@suanxiang/db/outbox';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { readLive, watchLive } from '@suanxiang/platform/live-feed';
import { createQueueRedis } from '@suanxiang/platform/redis';
import { claimRedis } from '@suanxiang/testing/redis-db';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyTestClock } from '../src/apply-test-clock';
import { discoverZone } from '../src/discover';
import { driveOperation } from '../src/drive-operation';
import { readFigures } from '../src/figures';
import { pullLive } from '../src/live-tail';
import { pullTelemetry } from '../src/pull-telemetry';
import { type Doorbell, relayOnce, startRelay } from '../src/relay-outbox';
import { pruneOutbox, sweep } from '../src/sweep';
import { checkInvariants } from './support/invariants';
import { type LaunchOptions, requestAction, requestLaunch } from './support/tenants';
import { factsOf, openWorld, ringOnce, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

async function running(options: LaunchOptions = {}): Promise<{ workloadId: string; id: string }> {
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant, options));
  await settle(world);
  const { allocations } = await factsOf(world, workloadId);
  return { workloadId, id: allocations[0]!.id };
}

async function advance(seconds: number): Promise<void> {
  await world.sql`
    UPDATE organization SET mode = 'sandbox', clock_offset_s = clock_offset_s + ${seconds}::bigint WHERE id = ${world.tenant.orgId}`;
  await world.sql`UPDATE allocation SET clock_offset_s = ${seconds}::bigint WHERE state = 'running'`;
}

test('the relay carries every doorbell at least once, each to one relay at a time, and keeps what the queue refused', async () => {
  await world.sql`UPDATE outbox SET sent_at = now()`;
  for (const key of ['a', 'b', 'a', 'c']) await ring(world.sql, 'operation', key);
  const refused = relayOnce(world.ctx, () => Promise.reject(new Error('down')));
  await expect(refused).rejects.toThrow('down');
  const heard: Doorbell[] = [];
  const slow = async (bells: Doorbell[]) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    heard.push(...bells);
  };
  const counts = await Promise.all([relayOnce(world.ctx, slow), relayOnce(world.ctx, slow)]);
  expect(counts.sort()).toEqual([0, 4]);
  expect(heard.map((bell) => bell.key)).toEqual(['a', 'b', 'c']);
  expect(await relayOnce(world.ctx, slow)).toBe(0);
  await world.sql`UPDATE outbox SET sent_at = now() - interval '1 hour'`;
  expect(await pruneOutbox(world.ctx)).toBeGreaterThan(3);
});

test('a doorbell rings within moments of its commit, and one that did not answer is rung again', async () => {
  await world.sql`UPDATE outbox SET sent_at = now()`;
  const heard: string[] = [];
  let down = true;
  const relay = startRelay(world.ctx, {
    listenUrl: world.database.urlFor('app_worker'),
    ringer: async (bells) => {
      if (down) throw new Error('queue is away');
      heard.push(...bells.map((bell) => bell.key));
    },
  });
  try {
    await ring(world.sql, 'operation', 'first');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(heard).toEqual([]);
    down = false;
    await vi.waitFor(() => expect(heard).toEqual(['first']), 5_000);
    await ring(world.sql, 'operation', 'second');
    await vi.waitFor(() => expect(heard).toEqual(['first', 'second']), { interval: 2, timeout: 5_000 });
  } finally {
    await relay.close();
  }
});

test('the sweep rings for what is due and nobody holds: operations, placements, test clocks', async () => {
  await world.tx((sql) => requestLaunch(sql, world.tenant, { regionId: 'far', nodeCount: 2, gpusPerNode: 8 }));
  await settle(world);
  const { operationId: waiting } = await world.tx((sql) =>
    requestLaunch(sql, world.tenant, { regionId: 'far', onCapacity: 'queue' }),
  );
  await ringOnce(world);
  const { operationId } = await world.tx((sql) => requestLaunch(sql, world.tenant));
  await ringOnce(world);
  await advance(3600);
  await world.sql`UPDATE operation SET next_attempt_at = now() - interval '1 minute' WHERE status = 'pending'`;
  await world.sql`UPDATE outbox SET sent_at = now()`;
  expect(await sweep(world.ctx)).toBe(3);
  const rung = await world.sql`SELECT topic, key FROM outbox WHERE sent_at IS NULL ORDER BY topic`;
  expect(rung).toEqual([
    { topic: 'billing', key: `clock:${world.tenant.orgId}` },
    { topic: 'operation', key: operationId },
    { topic: 'placement', key: 'far' },
  ]);
  expect(waiting).not.toBe(operationId);
  await settle(world);
});

test('usage blocks arrive once, whoever reads and however often, and the engine may forget them', async () => {
  const { id } = await running();
  await advance(5_400);
  expect(await applyTestClock(world.ctx, world.tenant.orgId, ingestBlocks)).toBe(true);
  expect(await applyTestClock(world.ctx, world.tenant.orgId, ingestBlocks)).toBe(false);
  const [zone] = await world.sql<{ zone_id: string }>`SELECT zone_id FROM allocation`;
  const zoneId = zone!.zone_id;
  const count = async () => (await world.sql<{ n: number }>`SELECT count(*)::int AS n FROM usage_block`)[0]!.n;
  expect(await count()).toBe(90);
  await Promise.all([1, 2, 3].map(() => pullTelemetry(world.ctx, zoneId, ingestBlocks)));
  expect(await count()).toBe(90);
  const state = world.fleet.engine.state.zones.get(zoneId)!;
  expect(state.acknowledgedSeq).toBe(state.nextSeq - 1);
  const [org] =
    await world.sql`SELECT clock_applied_s::int AS applied FROM organization WHERE id = ${world.tenant.orgId}`;
  expect(org).toEqual({ applied: 5_400 });
  expect((await world.sql`SELECT DISTINCT allocation_id FROM usage_block`)[0]).toEqual({ allocation_id: id });
});

test('a test clock goes on although an engine has forgotten a machine', async () => {
  const { id } = await running();
  await running({ regionId: 'far' });
  await advance(600);
  world.fleet.engine.state.allocations.delete(id);
  world.machine = async () => ({ state: 'terminated', startedAtMs: 0, stoppedAtMs: null });
  expect(await applyTestClock(world.ctx, world.tenant.orgId, ingestBlocks)).toBe(true);
  const [row] = await world.sql<{ n: number }>`SELECT count(*)::int AS n FROM usage_block`;
  expect(row?.n).toBe(10);
});

test('an ingest that fails keeps its blocks at the engine', async () => {
  await running();
  await advance(600);
  const [zone] = await world.sql<{ zone_id: string }>`SELECT zone_id FROM allocation`;
  const failing = () => Promise.reject(new Error('disk full'));
  await expect(applyTestClock(world.ctx, world.tenant.orgId, failing)).rejects.toThrow('disk full');
  expect(world.fleet.engine.state.zones.get(zone!.zone_id)!.acknowledgedSeq).toBe(0);
  expect(await pullTelemetry(world.ctx, zone!.zone_id, ingestBlocks)).toBe(10);
});

test('a test clock that moved between placement and start is the one the lease starts in', async () => {
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant));
  await ringOnce(world);
  await advance(7_200);
  await settle(world);
  const { allocations } = await factsOf(world, workloadId);
  const [lease] = await world.sql<{ ahead: number; offset_s: number }>`
    SELECT (start_s - extract(epoch FROM created_at))::float8 AS ahead, clock_offset_s::int AS offset_s
    FROM allocation WHERE id = ${allocations[0]!.id}`;
  expect(lease?.offset_s).toBe(7_200);
  expect(Math.abs(lease!.ahead - 7_200)).toBeLessThan(5);
  await world.tx((sql) => requestAction(sql, world.tenant, workloadId, 'terminate'));
  await settle(world);
});

test('charts are fetched for those who look, and for nobody else', async () => {
  const redis = createQueueRedis((await claimRedis()).url, world.ctx.logger);
  try {
    const watched = await running();
    await running();
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await pullLive(world.ctx, redis)).toBe(0);
    await watchLive(redis, [watched.id]);
    expect(await pullLive(world.ctx, redis)).toBeGreaterThanOrEqual(1);
    const first = await readLive(redis, watched.id, 0);
    expect(first.length).toBeGreaterThanOrEqual(1);
    await pullLive(world.ctx, redis);
    const seconds = (await readLive(redis, watched.id, 0)).map((one) => one.atS);
    expect(new Set(seconds).size).toBe(seconds.length);
  } finally {
    redis.disconnect();
  }
});

test('discovery repeats itself, notices what is missing and what is back, and keeps holders', async () => {
  const { id } = await running({ gpusPerNode: 8 });
  const found = await discoverZone(world.ctx, 'near-a');
  expect(found).toEqual({ nodes: 6, devices: 48, lost: 0 });
  const nodes = world.fleet.topology.zones.get('near-a')!;
  const missing = nodes.splice(0, 1);
  expect(await discoverZone(world.ctx, 'near-a')).toEqual({ nodes: 5, devices: 40, lost: 1 });
  nodes.unshift(...missing);
  expect(await discoverZone(world.ctx, 'near-a')).toEqual({ nodes: 6, devices: 48, lost: 0 });
  const health = await world.sql`SELECT DISTINCT health FROM node`;
  expect(health).toEqual([{ health: 'ok' }]);
  expect(await world.sql`SELECT DISTINCT held_by FROM device WHERE held_by IS NOT NULL`).toEqual([{ held_by: id }]);
  const all = nodes.splice(0);
  await expect(discoverZone(world.ctx, 'near-a')).rejects.toThrow(/named no node/);
  nodes.push(...all);
  expect(await readFigures(world.ctx)).toMatchObject({ active: 0, openLeases: 1, devicesHeld: 8, devices: 80 });
});

test('driving what does not exist, is over or is not placed does nothing', async () => {
  const { operationId } = await world.tx((sql) => requestLaunch(sql, world.tenant));
  expect(await driveOperation(world.ctx, operationId)).toEqual({ kind: 'over' });
  expect(await driveOperation(world.ctx, 'op_unknown')).toEqual({ kind: 'over' });
  await settle(world);
  const before = world.fleet.commands.length;
  for (let i = 0; i < 10; i += 1) expect(await driveOperation(world.ctx, operationId)).toEqual({ kind: 'over' });
  expect(world.fleet.commands.length).toBe(before);
});
