import { reasonOf } from '@suanxiang/domain/fault-reasons';
import { mintId } from '@suanxiang/domain/ids';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { systemClock } from '@suanxiang/platform/clock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discoverZone } from '../src/discover';
import { recordFault } from '../src/interrupt';
import { pullHealth } from '../src/pull-health';
import { pullTelemetry } from '../src/pull-telemetry';
import { reconcileZone, UNKNOWN_GRACE_MS } from '../src/reconcile';
import { releaseEnded } from '../src/release-ended';
import { scrubReturned } from '../src/scrub-returned';
import { checkInvariants } from './support/invariants';
import { type LaunchOptions, requestAction, requestLaunch } from './support/tenants';
import { factsOf, openWorld, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

async function running(options: LaunchOptions = {}) {
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant, options));
  await settle(world);
  const facts = await factsOf(world, workloadId);
  expect(facts.state).toBe('running');
  const [zone] = await world.sql<{ zone_id: string }>`SELECT zone_id FROM workload WHERE id = ${workloadId}`;
  return { workloadId, leases: facts.allocations.filter((one) => !one.released), zoneId: zone!.zone_id };
}

const healthOf = async (table: 'node' | 'device', id: string) => {
  const rows =
    table === 'node'
      ? await world.sql<{ health: string }>`SELECT health FROM node WHERE id = ${id}`
      : await world.sql<{ health: string }>`SELECT health FROM device WHERE id = ${id}`;
  return rows[0]?.health;
};

test('a host is lost: the whole cluster is interrupted, the leases end with the fault, the rest is freed', async () => {
  const { workloadId, leases, zoneId } = await running({ nodeCount: 3, gpusPerNode: 8 });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const nodeId = leases[1]!.node;
  world.fleet.operate({ do: 'break', target: 'node', id: nodeId });
  const faultS = Math.floor(world.fleet.allocation(leases[1]!.id)!.stoppedAtMs! / 1000);
  await pullHealth(world.ctx, zoneId, ingestBlocks);
  expect(await healthOf('node', nodeId)).toBe('lost');
  const facts = await factsOf(world, workloadId);
  expect(facts).toMatchObject({ state: 'interrupted', reason: 'provider.host_loss' });
  const ends = await world.sql<{ end_s: string; end_reason: string }>`SELECT end_s::text, end_reason FROM allocation`;
  expect(ends).toEqual(Array(3).fill({ end_s: String(faultS), end_reason: 'host_loss' }));
  expect(await releaseEnded(world.ctx)).toBe(3);
  expect(world.fleet.engine.state.holders.size).toBe(0);
  // It may start again elsewhere at once, and the lost node is not offered.
  await world.tx((sql) => requestAction(sql, world.tenant, workloadId, 'start'));
  await settle(world);
  const again = await factsOf(world, workloadId);
  expect(again.state).toBe('running');
  expect(again.allocations.filter((one) => !one.released).map((one) => one.node)).not.toContain(nodeId);
  // The same events read again change nothing.
  await world.sql`UPDATE telemetry_cursor SET seq = 0`;
  await pullHealth(world.ctx, zoneId, ingestBlocks);
  expect(await factsOf(world, workloadId)).toEqual(again);
  world.fleet.operate({ do: 'repair', target: 'node', id: nodeId });
  await pullHealth(world.ctx, zoneId, ingestBlocks);
  expect(await healthOf('node', nodeId)).toBe('ok');
});

test('a device fails: out of stock with its vendor code, and back only after it was wiped', async () => {
  const { workloadId, leases, zoneId } = await running();
  const machine = world.fleet.allocation(leases[0]!.id)!;
  const deviceId = machine.spec.deviceIds[0]!;
  world.fleet.operate({ do: 'break', target: 'device', id: deviceId });
  await pullHealth(world.ctx, zoneId, ingestBlocks);
  const [device] = await world.sql`SELECT health, vendor_code FROM device WHERE id = ${deviceId}`;
  expect(device).toEqual({ health: 'failed', vendor_code: expect.stringMatching(/XID/) });
  const facts = await factsOf(world, workloadId);
  expect(facts).toMatchObject({ state: 'interrupted', reason: 'provider.device_fault' });
  await releaseEnded(world.ctx);
  world.fleet.operate({ do: 'repair', target: 'device', id: deviceId });
  await pullHealth(world.ctx, zoneId, ingestBlocks);
  expect(await healthOf('device', deviceId)).toBe('unknown');
  // Discovery alone does not make it available either.
  await discoverZone(world.ctx, zoneId);
  expect(await healthOf('device', deviceId)).toBe('unknown');
  expect(await scrubReturned(world.ctx)).toBe(1);
  expect(await healthOf('device', deviceId)).toBe('ok');
});

test('a workload that ends by itself is interrupted', async () => {
  const { workloadId, leases, zoneId } = await running();
  world.fleet.operate({ do: 'break', target: 'allocation', id: leases[0]!.id });
  await pullHealth(world.ctx, zoneId, ingestBlocks);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'interrupted', reason: 'workload_exited' });
  await releaseEnded(world.ctx);
  await world.tx((sql) => requestAction(sql, world.tenant, workloadId, 'terminate'));
  await settle(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'terminated' });
});

test('a fault that becomes known after the lease ended is recorded as undelivered, once', async () => {
  const { workloadId, leases } = await running();
  const startedS = Math.floor(world.fleet.allocation(leases[0]!.id)!.startedAtMs! / 1000);
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  await world.tx((sql) => requestAction(sql, world.tenant, workloadId, 'stop'));
  await settle(world);
  const fault = { allocationId: leases[0]!.id, atMs: (startedS + 1) * 1000 + 300, reason: reasonOf('host_loss') };
  expect(await world.tx((sql) => recordFault(world.ctx, sql, fault))).toBe('recorded');
  expect(await world.tx((sql) => recordFault(world.ctx, sql, fault))).toBe('nothing');
  const rows = await world.sql`
    SELECT (u.from_s - ${startedS}::bigint)::int AS "from", (a.end_s - u.to_s)::int AS rest, u.reason
    FROM undelivered u JOIN allocation a ON a.id = u.allocation_id`;
  expect(rows).toEqual([{ from: 1, rest: 0, reason: 'host_loss' }]);
});

test('the reconciler ends a lease whose machine is gone, at the last second that usage proves', async () => {
  const { workloadId, leases, zoneId } = await running();
  const id = leases[0]!.id;
  const [lease] = await world.sql<{
    start_s: number;
  }>`SELECT start_s::float8 AS start_s FROM allocation WHERE id = ${id}`;
  // A sandbox hour gives blocks at once; then the engine forgets the machine without a word.
  await world.sql`UPDATE organization SET mode = 'sandbox', clock_offset_s = 3600, clock_applied_s = 3600`;
  await world.sql`UPDATE allocation SET clock_offset_s = 3600`;
  await world.fleet.advanceClock({ operationKey: 'k', epoch: 99 }, id, 3600);
  await pullTelemetry(world.ctx, zoneId, ingestBlocks);
  const [proof] = await world.sql<{ to_s: number }>`SELECT (max(win_start_s) + 60)::float8 AS to_s FROM usage_block`;
  world.fleet.engine.state.allocations.delete(id);
  world.fleet.engine.state.holders.clear();
  world.machine = async () => ({ state: 'terminated', startedAtMs: 0, stoppedAtMs: null });
  expect(await reconcileZone(world.ctx, zoneId, ingestBlocks)).toMatchObject({ interrupted: 1 });
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'interrupted', reason: 'provider.allocation_lost' });
  const [ended] = await world.sql<{ end_s: number }>`SELECT end_s::float8 AS end_s FROM allocation WHERE id = ${id}`;
  expect(ended?.end_s).toBe(proof?.to_s);
  expect(ended!.end_s - lease!.start_s).toBeGreaterThan(3_000);
  expect(await reconcileZone(world.ctx, zoneId, ingestBlocks)).toMatchObject({ interrupted: 0 });
  expect(await releaseEnded(world.ctx)).toBe(1);
});

test('the reconciler ends machines of ours without a row when they are old enough, and touches nothing else', async () => {
  const spec = (allocationId: string, device: number) => ({
    allocationId,
    nodeId: 'near-b-n0001',
    deviceIds: [`near-b-n0001-d${device}`],
    name: 'stray',
    image: 'x',
    sshPublicKeys: [],
    startupScript: null,
    environment: {},
    clockOffsetS: 0,
  });
  const nowMs = systemClock.nowMs();
  const old = mintId('allocation', nowMs - UNKNOWN_GRACE_MS - 1_000);
  const young = mintId('allocation', nowMs);
  await world.fleet.prepare({ operationKey: 'a', epoch: 4 }, spec(old, 0));
  await world.fleet.prepare({ operationKey: 'b', epoch: 1 }, spec(young, 1));
  await world.fleet.prepare({ operationKey: 'c', epoch: 1 }, spec('vm-of-somebody-else', 2));
  const { leases } = await running();
  const report = await reconcileZone(world.ctx, 'near-b', ingestBlocks);
  expect(report).toMatchObject({ ended: 1, young: 1, foreign: 1, interrupted: 0 });
  expect(world.fleet.allocation(old)?.state).toBe('terminated');
  expect(world.fleet.allocation(young)?.state).toBe('prepared');
  expect(world.fleet.allocation('vm-of-somebody-else')?.state).toBe('prepared');
  expect(world.fleet.allocation(leases[0]!.id)?.state).toBe('running');
});

test('a machine whose lease is over is ended at once, however young', async () => {
  const { leases, zoneId } = await running();
  const id = leases[0]!.id;
  await world.sql`UPDATE allocation SET state = 'ended', end_s = start_s, released_at = now() WHERE id = ${id}`;
  await world.sql`UPDATE allocation_device SET span = tstzrange(lower(span), now()) WHERE allocation_id = ${id}`;
  await world.sql`UPDATE device SET held_by = NULL`;
  expect(await reconcileZone(world.ctx, zoneId, ingestBlocks)).toMatchObject({ ended: 1 });
  expect(world.fleet.allocation(id)?.state).toBe('terminated');
  await world.sql`UPDATE workload SET state = 'interrupted'`;
  await world.sql`
    INSERT INTO state_change (id, org_id, workload_id, from_state, to_state, event, actor, at)
    SELECT ${mintId('stateChange', systemClock.nowMs())}, org_id, id, 'running', 'interrupted', 'interrupted', 'system:test', now()
    FROM workload`;
});

test('a wrong cache of holders is mended by the reconciler, and by the round that stumbles over it', async () => {
  const { leases, zoneId } = await running({ gpusPerNode: 8 });
  await world.sql`UPDATE device SET held_by = NULL WHERE held_by = ${leases[0]!.id}`;
  expect(await reconcileZone(world.ctx, zoneId, ingestBlocks)).toMatchObject({ mendedHolders: 8 });
  await world.sql`UPDATE device SET held_by = NULL WHERE held_by = ${leases[0]!.id}`;
  const second = await running({ gpusPerNode: 8 });
  expect(second.leases[0]?.node).not.toBe(leases[0]?.node);
});
