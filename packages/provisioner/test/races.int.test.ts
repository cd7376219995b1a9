import { withSql } from '@suanxiang/db/tenant';
import { DriverError } from '@suanxiang/hal/driver';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { driveOperation } from '../src/drive-operation';
import { claim, Fenced, guard, handBack, renew } from '../src/lease';
import { placementRound } from '../src/placement-round';
import { advance } from '../src/steps';
import { sweep } from '../src/sweep';
import { checkInvariants } from './support/invariants';
import { requestAction, requestLaunch } from './support/tenants';
import { factsOf, openWorld, ringOnce, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

async function launch(options = {}): Promise<{ workloadId: string; operationId: string }> {
  return world.tx((sql) => requestLaunch(sql, world.tenant, options));
}

test('a hundred requests for three cards: three run, ninety-seven are told why, nothing is left', async () => {
  // far has two nodes of eight: thirteen are taken first.
  for (const gpusPerNode of [8, 4, 1]) await launch({ regionId: 'far', gpusPerNode });
  await settle(world);
  const asked = await Promise.all(Array.from({ length: 100 }, () => launch({ regionId: 'far' })));
  // Several workers at once, each woken several times.
  const workers = [world.worker(), world.worker(), world.worker()];
  await Promise.all(workers.flatMap((ctx) => [placementRound(ctx, 'far'), placementRound(ctx, 'far')]));
  await Promise.all(workers.map((ctx) => settle(world, ctx)));
  const facts = await Promise.all(asked.map(({ workloadId }) => factsOf(world, workloadId)));
  expect(facts.filter((one) => one.state === 'running')).toHaveLength(3);
  const refused = facts.filter((one) => one.state === 'failed');
  expect(refused).toHaveLength(97);
  for (const one of refused) {
    expect(one).toMatchObject({ reason: 'no_capacity.capacity', operation: { status: 'failed' }, allocations: [] });
  }
});

test('a request that may wait keeps its place, says why, and starts when devices come back', async () => {
  const { workloadId: first } = await launch({ regionId: 'far', nodeCount: 2, gpusPerNode: 8 });
  await settle(world);
  const { workloadId: second } = await launch({ regionId: 'far', gpusPerNode: 4, onCapacity: 'queue' });
  await settle(world);
  const waiting = await factsOf(world, second);
  expect(waiting).toMatchObject({ state: 'queued', reason: 'waiting.capacity', operation: { status: 'pending' } });
  const [row] = await world.sql<{ r: { en: string; zh: string } }>`
    SELECT status_reason AS r FROM workload WHERE id = ${second}`;
  expect(row?.r.en).toContain('region near');
  expect(row?.r.zh).toContain('地域 near');
  await world.tx((sql) => requestAction(sql, world.tenant, first, 'terminate'));
  await settle(world);
  expect(await factsOf(world, second)).toMatchObject({ state: 'running', reason: null });
});

test('a worker that was paused cannot write or act after another took over', async () => {
  const { operationId, workloadId } = await launch();
  await ringOnce(world);
  await world.sql`UPDATE outbox SET sent_at = now()`;
  const paused = world.worker();
  const old = await claim(paused, operationId);
  if (old.kind !== 'claimed') throw new Error(old.kind);
  expect(await driveOperation(world.ctx, operationId)).toEqual({ kind: 'over' });
  // Its lease runs out: the sweep finds the operation and another worker finishes it.
  await world.sql`
    UPDATE operation SET lease_until = now() - interval '1 minute', next_attempt_at = now() - interval '1 minute'`;
  expect(await sweep(world.ctx)).toBe(1);
  await settle(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'running' });
  // The paused worker wakes up: every kind of write is refused by the database ...
  const { operation } = old;
  await expect(renew(paused, operation)).rejects.toThrow(Fenced);
  await expect(handBack(paused, operation, { afterMs: 0, attempt: 0, phase: null })).rejects.toThrow(Fenced);
  await expect(advance(world.sql, operation, { name: 'boot', leaseMs: 1_000, lazily: true })).rejects.toThrow(Fenced);
  await expect(withSql(world.db, (sql) => guard(sql, operation))).rejects.toThrow(Fenced);
  // ... and every action by the engine.
  const [lease] = await world.sql<{ id: string }>`SELECT id FROM allocation`;
  const late = { operationKey: `${operationId}:late`, epoch: operation.epoch };
  for (const verb of ['start', 'stop', 'terminate'] as const) {
    await expect(world.fleet[verb](late, lease!.id)).rejects.toMatchObject({ code: 'fenced' });
  }
});

test('a lease taken over in the middle of a step: the first worker ends without a trace', async () => {
  const { operationId, workloadId } = await launch({ nodeCount: 2, gpusPerNode: 8 });
  await ringOnce(world);
  await world.sql`UPDATE outbox SET sent_at = now()`;
  let release: () => void = () => {};
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isStuck: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    isStuck = resolve;
  });
  let first = true;
  world.fleet.trouble.before = async (verb) => {
    if (verb === 'start' && first) {
      first = false;
      isStuck();
      await stuck;
    }
    return null;
  };
  const slow = world.worker();
  const driving = driveOperation(slow, operationId);
  await reached;
  // As if its lease had run out while it was paused.
  await world.sql`UPDATE operation SET lease_until = now() - interval '1 second'`;
  await driveOperation(world.ctx, operationId);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'running' });
  const before = world.fleet.commands.length;
  release();
  expect(await driving).toEqual({ kind: 'over' });
  const late = world.fleet.commands.slice(before).filter((one) => one.do !== 'start');
  expect(late).toEqual([]);
  const events = await world.sql`SELECT event FROM state_change WHERE event = 'ready'`;
  expect(events).toHaveLength(1);
});

test('a terminate that overtakes a launch leaves nothing behind, wherever the launch is', async () => {
  for (const point of ['place', 'prepare', 'check', 'boot', 'verify', 'start_meter']) {
    const { workloadId } = await launch({ gpusPerNode: 4 });
    let terminating: Promise<unknown> | null = null;
    const ctx = world.worker({
      failpoint: (name) => {
        if (name !== `launch:${point}:before` || terminating) return;
        terminating = world.tx((sql) => requestAction(sql, world.tenant, workloadId, 'terminate'));
      },
    });
    await settle(world, ctx);
    await terminating;
    await settle(world);
    const facts = await factsOf(world, workloadId);
    expect(facts).toMatchObject({ state: 'terminated', operation: { kind: 'terminate', status: 'succeeded' } });
    expect(world.fleet.engine.state.holders.size).toBe(0);
  }
});

test('replies that are lost are resolved by looking, and every call has effect once', async () => {
  const lost = new Set<string>();
  world.fleet.trouble.after = (verb, id) => {
    if (verb === 'observe' || lost.has(verb + id)) return null;
    lost.add(verb + id);
    return new DriverError('lost', 'the connection broke after the request was sent');
  };
  const { workloadId } = await launch({ nodeCount: 2, gpusPerNode: 8 });
  await settle(world);
  await world.tx((sql) => requestAction(sql, world.tenant, workloadId, 'stop'));
  await settle(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'stopped' });
  const prepares = world.fleet.commands.filter((one) => one.do === 'prepare');
  expect(prepares).toHaveLength(2);
});

test('an engine that is away for a while delays and breaks nothing', async () => {
  let away = 6;
  world.fleet.trouble.before = () => {
    away -= 1;
    return away > 0 ? new DriverError('transient', 'connection refused') : null;
  };
  const { workloadId } = await launch({ gpusPerNode: 8 });
  await settle(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'running' });
});

test('an organisation has its share of operations under way, and the rest wait their turn', async () => {
  const ctx = world.worker({ limits: { ...world.ctx.limits, activePerOrg: 2 } });
  const asked = [await launch(), await launch(), await launch()];
  await placementRound(ctx, 'near');
  const [first, second, third] = asked.map((one) => one.operationId) as [string, string, string];
  const one = await claim(ctx, first);
  expect([one.kind, (await claim(ctx, second)).kind]).toEqual(['claimed', 'claimed']);
  expect(await claim(ctx, third)).toEqual({ kind: 'wait', afterMs: 250 });
  expect(await claim(ctx, first)).toEqual({ kind: 'none' });
  if (one.kind === 'claimed') await handBack(ctx, one.operation, { afterMs: 0, attempt: 0, phase: null });
  expect((await claim(ctx, third)).kind).toBe('claimed');
  await world.sql`UPDATE operation SET lease_until = now() - interval '1 second'`;
  await settle(world, ctx);
  for (const { workloadId } of asked) expect(await factsOf(world, workloadId)).toMatchObject({ state: 'running' });
});

test('an operation past its deadline fails and unwinds', async () => {
  world.fleet.engine.state.settings.slowBootMs = 3_600_000;
  const { workloadId, operationId } = await launch({ name: 'sim-slow-boot-1' });
  await ringOnce(world);
  await ringOnce(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'provisioning' });
  const [step] = await world.sql<{ detail: { phase: string } }>`
    SELECT detail FROM operation_step WHERE operation_id = ${operationId} AND name = 'boot'`;
  expect(step?.detail.phase).toBe('pulling_image');
  await world.sql`UPDATE operation SET deadline_at = now() - interval '1 second'`;
  await settle(world);
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'failed', reason: 'operation_deadline' });
  expect(world.fleet.engine.state.holders.size).toBe(0);
});

test('five nodes that refuse one after another are enough', async () => {
  world.fleet.trouble.before = (verb) => (verb === 'prepare' ? new DriverError('conflict', 'taken') : null);
  const { workloadId } = await launch({ gpusPerNode: 8 });
  await settle(world);
  const facts = await factsOf(world, workloadId);
  expect(facts).toMatchObject({ state: 'failed', reason: 'placed_too_often' });
  expect(new Set(facts.allocations.map((one) => one.node)).size).toBe(5);
});
