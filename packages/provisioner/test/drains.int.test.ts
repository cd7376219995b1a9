import { openDb } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { carryOutEvictions } from '../src/evictions/carry-out';
import { comeBack } from '../src/evictions/come-back';
import { advanceDrains } from '../src/evictions/drain-nodes';
import { releaseEnded } from '../src/release-ended';
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

/** A running workload on a node of `far`, and that node. */
async function running(options: LaunchOptions = {}): Promise<{ id: string; node: string }> {
  const { workloadId: id } = await world.tx((sql) =>
    requestLaunch(sql, world.tenant, { regionId: 'far', gpusPerNode: 4, ...options }),
  );
  await settle(world);
  const { state, allocations } = await factsOf(world, id);
  expect(state).toBe('running');
  return { id, node: allocations[0]!.node };
}

/** What the use case of a drain writes, in the operators' role. */
async function drain(node: string, over: { minutes?: number; atDeadline?: 'interrupt' | 'wait' } = {}): Promise<void> {
  const ops = openDb({ url: world.database.urlFor('app_ops'), applicationName: 'test-ops', poolSize: 1 });
  try {
    await withSql(ops, async (sql) => {
      await sql`UPDATE node SET cordoned_at = now(), cordoned_by = 'operator:test' WHERE id = ${node}`;
      await sql`
        INSERT INTO node_drain (id, node_id, at_deadline, deadline_at, reason, requested_by)
        VALUES (${`drain_${node}`}, ${node}, ${over.atDeadline ?? 'interrupt'},
          now() + make_interval(mins => ${over.minutes ?? 60}), 'fan', 'operator:test')`;
    });
  } finally {
    await ops.close();
  }
}

const stateOf = async (node: string) =>
  (await world.sql<{ state: string }>`SELECT state FROM node_drain WHERE node_id = ${node}`)[0]?.state;

/** Lets the time of everything that was told come. */
async function elapse(): Promise<void> {
  await world.sql`UPDATE eviction SET leave_at = now() - interval '1 second' WHERE state = 'told'`;
  await carryOutEvictions(world.ctx);
  await releaseEnded(world.ctx);
  await comeBack(world.ctx);
  await settle(world);
}

test('work that may move starts again on another node, and the node is drained', async () => {
  const { id, node } = await running({ movable: true });
  await drain(node);
  expect(await advanceDrains(world.ctx)).toBe(0);
  expect(await advanceDrains(world.ctx)).toBe(0);
  const told = await world.sql<{ in_s: number; state: string }>`
    SELECT extract(epoch FROM leave_at - now())::float8 AS in_s, state FROM eviction`;
  expect(told).toHaveLength(1);
  expect(told[0]!.in_s).toBeGreaterThan(20);
  expect(told[0]!.in_s).toBeLessThan(31);
  await elapse();
  const facts = await factsOf(world, id);
  expect(facts).toMatchObject({ state: 'running', reason: null });
  expect(facts.allocations.map((one) => [one.state, one.node === node])).toEqual([
    ['ended', true],
    ['running', false],
  ]);
  const after = await Promise.all([advanceDrains(world.ctx), advanceDrains(world.worker())]);
  expect(after.sort()).toEqual([0, 1]);
  expect(await stateOf(node)).toBe('drained');
});

test('work that may not move runs until the deadline, is told so, and stays interrupted', async () => {
  const { id, node } = await running();
  await drain(node, { minutes: 90 });
  await advanceDrains(world.ctx);
  const [told] = await world.sql<{ in_s: number; reason: { zh: string } }>`
    SELECT extract(epoch FROM leave_at - now())::float8 AS in_s, reason FROM eviction`;
  expect(Math.abs(told!.in_s - 90 * 60)).toBeLessThan(30);
  expect(told!.reason.zh).toContain('停止服务');
  expect(await carryOutEvictions(world.ctx)).toBe(0);
  await elapse();
  expect(await factsOf(world, id)).toMatchObject({ state: 'interrupted', reason: 'preempted.maintenance' });
  await advanceDrains(world.ctx);
  expect(await stateOf(node)).toBe('drained');
});

test('a drain that waits interrupts nobody, however late', async () => {
  const { id, node } = await running();
  await drain(node, { minutes: -5, atDeadline: 'wait' });
  await advanceDrains(world.ctx);
  await elapse();
  expect(await factsOf(world, id)).toMatchObject({ state: 'running' });
  expect(await stateOf(node)).toBe('draining');
  await world.tx((sql) => requestAction(sql, world.tenant, id, 'terminate'));
  await settle(world);
  expect(await advanceDrains(world.ctx)).toBe(1);
  expect(await stateOf(node)).toBe('drained');
});

test('a drain that is cancelled lets everybody stay, and a cordoned node gets nothing new', async () => {
  const { id, node } = await running({ movable: true });
  await drain(node);
  await advanceDrains(world.ctx);
  const { node: elsewhere } = await running();
  expect(elsewhere).not.toBe(node);
  await world.sql`UPDATE node_drain SET state = 'cancelled', finished_at = now()`;
  await advanceDrains(world.ctx);
  await elapse();
  expect(await world.sql`SELECT state FROM eviction`).toEqual([{ state: 'spared' }]);
  const facts = await factsOf(world, id);
  expect(facts).toMatchObject({ state: 'running' });
  expect(facts.allocations).toHaveLength(1);
});

test('a cluster leaves as a whole when one of its nodes is drained, and comes back when it fits', async () => {
  const { id, node } = await running({ nodeCount: 2, gpusPerNode: 8, movable: true, onCapacity: 'fail' });
  await drain(node);
  await advanceDrains(world.ctx);
  await elapse();
  // The only other node is not enough: it waits although its owner asked for a launch that does not.
  expect(await factsOf(world, id)).toMatchObject({
    state: 'starting',
    operation: { kind: 'start', status: 'pending' },
  });
  await advanceDrains(world.ctx);
  expect(await stateOf(node)).toBe('drained');
  await world.sql`UPDATE node SET cordoned_at = NULL, cordoned_by = NULL WHERE id = ${node}`;
  await world.sql`INSERT INTO outbox (topic, key) VALUES ('placement', 'far')`;
  await settle(world);
  expect(await factsOf(world, id)).toMatchObject({ state: 'running' });
});
