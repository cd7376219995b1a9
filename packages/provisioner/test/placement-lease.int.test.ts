import { placementKey } from '@suanxiang/db/outbox';
import { ManualClock } from '@suanxiang/testing/manual-clock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Provisioner } from '../src/context';
import { Fenced } from '../src/lease';
import { dropLease, spendLease, takeZones } from '../src/placement-lease';
import { placementRound } from '../src/placement-round';
import { checkInvariants } from './support/invariants';
import { type LaunchOptions, requestLaunch } from './support/tenants';
import { factsOf, openWorld, recordErrors, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

const launch = (options: LaunchOptions = {}) => world.tx((sql) => requestLaunch(sql, world.tenant, options));
const inZone = (zone: string) => placementKey('near', zone);

/** A worker that stops between its decision and its commit until it is let go; `reached` tells when it has. */
function frozenWorker(over: Partial<Provisioner> = {}) {
  let thaw: () => void = () => {};
  let arrived: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const held = new Promise<void>((resolve) => {
    thaw = resolve;
  });
  const ctx = world.worker({
    timing: { ...world.ctx.timing, placementLeaseMs: 60 },
    failpoint: (name) => {
      if (name !== 'launch:place:decided') return undefined;
      arrived();
      return held;
    },
    ...over,
  });
  return { ctx, reached, thaw };
}

async function placements(): Promise<{ workload_id: string; n: number }[]> {
  return world.sql`SELECT workload_id, count(*)::int AS n FROM allocation WHERE released_at IS NULL GROUP BY workload_id`;
}

test('a loop that freezes after its decision loses the zones, and its decision with them', async () => {
  const { workloadId } = await launch({ gpusPerNode: 8 });
  const { ctx, reached, thaw } = frozenWorker();
  const late = placementRound(ctx, 'near');
  await reached;
  // It sleeps on while its time runs out; another places the same request, and one that came meanwhile.
  const { workloadId: second } = await launch({ gpusPerNode: 8 });
  const other = world.worker();
  let placed = 0;
  while (placed < 2) placed += (await placementRound(other, 'near')).placed;
  thaw();
  expect(await late).toEqual({ placed: 0, waiting: 0, failed: 0, again: true });
  expect(await placements()).toHaveLength(2);
  await settle(world);
  for (const id of [workloadId, second]) expect(await factsOf(world, id)).toMatchObject({ state: 'running' });
});

test('a frozen loop that decided about the same devices is stopped by its lease, not by the devices', async () => {
  const far = { regionId: 'far', gpusPerNode: 8, nodeCount: 2, onCapacity: 'queue' } as const;
  const { workloadId } = await launch(far);
  const { logger, errors } = recordErrors(world.ctx.logger);
  const { ctx, reached, thaw } = frozenWorker({ logger });
  const late = placementRound(ctx, 'far');
  await reached;
  // All of the region goes to another, who outranks the first; that one waits on.
  const { workloadId: second } = await launch({ ...far, priorityClass: 'high' });
  const other = world.worker();
  let placed = 0;
  while (placed === 0) placed += (await placementRound(other, 'far')).placed;
  thaw();
  // Stopped by the constraint on devices it would have begun again, and told that holders were wrong.
  expect(await late).toEqual({ placed: 0, waiting: 0, failed: 0, again: true });
  expect(errors).toEqual([]);
  expect((await placements()).map((one) => one.workload_id)).toEqual([second]);
  expect(await factsOf(world, workloadId)).toMatchObject({ allocations: [] });
});

test('a loop that dies holding its zones delays what waits by its lease at most', async () => {
  const dead = world.worker({ timing: { ...world.ctx.timing, placementLeaseMs: 200 } });
  const held = await takeZones(dead, 'near');
  expect(held?.zones.map((zone) => zone.zoneId)).toEqual(['near-a', 'near-b']);
  const { workloadId } = await launch();
  let rounds = 0;
  for (let placed = 0; placed === 0; rounds += 1) placed = (await placementRound(world.ctx, 'near')).placed;
  expect(rounds).toBeLessThan(3);
  await settle(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'running' });
  await expect(world.tx((sql) => spendLease(sql, held!))).rejects.toThrow(Fenced);
});

test('zones of one region are decided about independently, and a gang stays in the one it asked for', async () => {
  const { workloadId: inA } = await launch({ zoneId: 'near-a' });
  const { ctx, reached, thaw } = frozenWorker({ timing: { ...world.ctx.timing, placementLeaseMs: 30_000 } });
  const slow = placementRound(ctx, inZone('near-a'));
  await reached;
  const { workloadId: gang } = await launch({ zoneId: 'near-b', nodeCount: 2, gpusPerNode: 8 });
  expect(await placementRound(world.ctx, inZone('near-b'))).toMatchObject({ placed: 1 });
  // One that may go anywhere does not fit where this loop may look: it is neither refused nor failed. The other one that
  // waits is decided about by the loop that has its zone.
  const { workloadId: anywhere } = await launch({ gpusPerNode: 8 });
  expect(await placementRound(world.ctx, 'near')).toEqual({ placed: 0, waiting: 2, failed: 0, again: true });
  expect(await factsOf(world, anywhere)).toMatchObject({ state: 'queued', reason: null });
  thaw();
  expect(await slow).toMatchObject({ placed: 1 });
  expect(await placementRound(world.ctx, 'near')).toMatchObject({ placed: 1, again: false });
  await settle(world);
  const zoneOf = async (id: string) =>
    (await world.sql<{ zone_id: string }>`SELECT DISTINCT zone_id FROM allocation WHERE workload_id = ${id}`).map(
      (row) => row.zone_id,
    );
  expect(await zoneOf(inA)).toEqual(['near-a']);
  expect(await zoneOf(gang)).toEqual(['near-b']);
  expect(await zoneOf(anywhere)).toEqual(['near-a']);
});

test('a gang that fits into another zone only is refused in the one it asked for', async () => {
  const { workloadId } = await launch({ zoneId: 'near-b', nodeCount: 3, gpusPerNode: 8 });
  await settle(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'failed', reason: 'no_capacity.zones' });
});

test('a clock that is an hour off moves no lease', async () => {
  const nowMs = world.ctx.clock.nowMs();
  const [fast, slow] = [3_600_000, -3_600_000].map((off) => world.worker({ clock: new ManualClock(nowMs + off) })) as [
    Provisioner,
    Provisioner,
  ];
  const held = await takeZones(fast, 'near');
  const [row] = await world.sql<{ left_ms: number }>`
    SELECT (extract(epoch FROM min(until) - clock_timestamp()) * 1000)::float8 AS left_ms FROM placement_lease
    WHERE holder IS NOT NULL`;
  expect(row!.left_ms).toBeGreaterThan(0);
  expect(row!.left_ms).toBeLessThanOrEqual(world.ctx.timing.placementLeaseMs);
  await launch();
  expect(await placementRound(slow, inZone('near-a'))).toMatchObject({ placed: 0, again: true });
  await dropLease(fast, held!);
  const asked = await Promise.all(Array.from({ length: 12 }, () => launch({ gpusPerNode: 2 })));
  const rounds = await Promise.all(
    [fast, slow, world.ctx, fast, slow].map((ctx, i) => placementRound(ctx, i % 2 ? inZone('near-a') : 'near')),
  );
  expect(rounds.reduce((sum, one) => sum + one.placed, 0)).toBe(13);
  expect((await placements()).every((one) => one.n === 1)).toBe(true);
  await settle(world, slow);
  for (const { workloadId } of asked) expect(await factsOf(world, workloadId)).toMatchObject({ state: 'running' });
});

test('a node that is taken out of service after the decision gets nothing', async () => {
  const { workloadId } = await launch({ zoneId: 'near-b', gpusPerNode: 8 });
  let cordoned = '';
  const ctx = world.worker({
    failpoint: async (name) => {
      if (name !== 'launch:place:decided' || cordoned) return;
      // Both nodes of the zone are alike and empty: the first by name is chosen.
      const [row] = await world.sql<{ id: string }>`
        UPDATE node SET schedulable = false
        WHERE id = (SELECT id FROM node WHERE zone_id = 'near-b' ORDER BY name LIMIT 1) RETURNING id`;
      cordoned = row!.id;
    },
  });
  expect(await placementRound(ctx, inZone('near-b'))).toMatchObject({ placed: 1 });
  const facts = await factsOf(world, workloadId);
  expect(facts.allocations.map((one) => one.node)).not.toContain(cordoned);
  expect(facts.allocations).toHaveLength(1);
  await settle(world);
});

test('a region nobody knows has nothing to place', async () => {
  expect(await placementRound(world.ctx, 'atlantis')).toEqual({ placed: 0, waiting: 0, failed: 0, again: false });
});
