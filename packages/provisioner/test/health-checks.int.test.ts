import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discoverZone } from '../src/discover';
import { pullHealth } from '../src/pull-health';
import { scrubReturned } from '../src/scrub-returned';
import { checkInvariants } from './support/invariants';
import { type LaunchOptions, requestLaunch } from './support/tenants';
import { factsOf, openWorld, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

async function launched(options: LaunchOptions) {
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant, options));
  await settle(world);
  return { workloadId, facts: await factsOf(world, workloadId) };
}

const quarantined = () =>
  world.sql<{ id: string; node_id: string; health: string; vendor_code: string; held_by: string | null }>`
    SELECT id, node_id, health, vendor_code, held_by FROM device WHERE quarantined_at IS NOT NULL ORDER BY id`;

const kinds = async () =>
  (await world.sql<{ kind: string; code: string | null }>`SELECT kind, code FROM health_record ORDER BY at, seq`).map(
    ({ kind, code }) => `${kind} ${code ?? '-'}`,
  );

test('a machine in order is checked before it is handed over, and that stands on record', async () => {
  const { facts } = await launched({ nodeCount: 2, gpusPerNode: 8 });
  expect(facts.state).toBe('running');
  expect(await kinds()).toEqual(['check_passed -', 'check_passed -']);
  const probes = world.fleet.commands.flatMap((one) => (one.do === 'probe' ? [one.id] : []));
  expect(new Set(probes)).toEqual(new Set(facts.allocations.map(({ id }) => id)));
  const start = world.fleet.commands.findIndex((one) => one.do === 'start');
  expect(world.fleet.commands.findLastIndex((one) => one.do === 'probe')).toBeLessThan(start);
});

test('a device that computes wrongly is taken out, and the workload runs on another node; the first is not billed', async () => {
  const { facts } = await launched({ name: 'sim-probe-once', gpusPerNode: 2 });
  expect(facts.state).toBe('running');
  const [refused, taken] = facts.allocations;
  expect(refused).toMatchObject({ state: 'failed', released: true, seconds: null });
  expect(taken).toMatchObject({ state: 'running', released: false });
  expect(taken!.node).not.toBe(refused!.node);
  expect(await quarantined()).toEqual([
    { id: expect.any(String), node_id: refused!.node, health: 'failed', vendor_code: 'compute-wrong', held_by: null },
  ]);
  expect(await kinds()).toEqual(['check_failed compute-wrong', 'quarantined compute-wrong', 'check_passed -']);
  expect(world.fleet.commands.filter((one) => one.do === 'start')).toHaveLength(1);
});

test('where every node fails its check the launch fails with the reason in both languages, and nothing was billed', async () => {
  const { workloadId, facts } = await launched({ name: 'sim-probe-fail' });
  expect(facts.operation).toMatchObject({ status: 'failed', error: { code: 'placed_too_often' } });
  const [row] = await world.sql<{ en: string; zh: string }>`
    SELECT status_reason->>'en' AS en, status_reason->>'zh' AS zh FROM workload WHERE id = ${workloadId}`;
  expect(row?.en).toContain('did not pass its checks before hand-over. (A known computation gave a wrong result)');
  expect(row?.zh).toContain('机器未通过交付前检查。（已知计算得出错误结果）');
  for (const lease of facts.allocations) expect(lease).toMatchObject({ seconds: null, released: true });
  expect(new Set(facts.allocations.map(({ node }) => node)).size).toBe(facts.allocations.length);
  expect(world.fleet.engine.state.holders.size).toBe(0);
});

test('a quarantined device comes back only by an operator, and then only after it was wiped', async () => {
  await launched({ name: 'sim-probe-count' });
  const [device] = await quarantined();
  expect(device?.vendor_code).toBe('count-low');
  const health = async () =>
    (await world.sql<{ health: string }>`SELECT health FROM device WHERE id = ${device!.id}`)[0]?.health;
  await discoverZone(world.ctx, 'near-a');
  await discoverZone(world.ctx, 'near-b');
  expect(await scrubReturned(world.ctx)).toBe(0);
  expect(await health()).toBe('failed');
  await world.sql`UPDATE device SET quarantined_at = NULL, health = 'unknown', vendor_code = NULL WHERE id = ${device!.id}`;
  expect(await scrubReturned(world.ctx)).toBe(1);
  expect(await health()).toBe('ok');
  expect(world.fleet.engine.state.devices.get(device!.id)?.scrubbed?.key).toMatch(/^return:/);
});

test('a node whose clock is off gets no new work, and is not handed over', async () => {
  const { facts } = await launched({ name: 'sim-probe-clock' });
  expect(facts.operation?.status).toBe('failed');
  const nodes = await world.sql<{ id: string; cordoned_by: string }>`
    SELECT id, cordoned_by FROM node WHERE cordoned_at IS NOT NULL`;
  // Automation takes out two of a zone this small, however many look broken.
  expect(nodes.length).toBeGreaterThanOrEqual(2);
  expect(nodes.length).toBeLessThanOrEqual(4);
  for (const node of nodes) expect(node.cordoned_by).toBe('system:health');
});

test('fewer links are handed over and noted: the device is the last choice, also after the next discovery', async () => {
  const { facts } = await launched({ name: 'sim-probe-links' });
  expect(facts.state).toBe('running');
  const degraded = () => world.sql`SELECT health, vendor_code FROM device WHERE health <> 'ok'`;
  expect(await degraded()).toEqual([{ health: 'degraded', vendor_code: 'link-down' }]);
  await discoverZone(world.ctx, 'near-a');
  await discoverZone(world.ctx, 'near-b');
  expect(await degraded()).toEqual([{ health: 'degraded', vendor_code: 'link-down' }]);
});

test('a worker whose clock is an hour off quarantines nothing: the database has the last word', async () => {
  const late = { ...world.ctx.clock, nowMs: () => world.ctx.clock.nowMs() - 3_600_000 };
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant));
  await settle(world, world.worker({ clock: late }));
  expect((await factsOf(world, workloadId)).state).toBe('running');
  expect(await kinds()).toEqual(['check_passed -']);
});

test('warnings are heeded by the severity of the catalogue', async () => {
  const { workloadId, facts } = await launched({});
  const [lease] = facts.allocations;
  const machine = world.fleet.allocation(lease!.id)!;
  const [id] = machine.spec.deviceIds;
  const device = async () => (await world.sql`SELECT health, vendor_code FROM device WHERE id = ${id!}`)[0];
  const drains = () =>
    world.sql`SELECT state, at_deadline, requested_by FROM node_drain WHERE node_id = ${lease!.node}`;
  const warn = async (vendorCode: string) => {
    world.fleet.operate({ do: 'warn', id: id!, vendorCode, message: 'told by a test' });
    await pullHealth(world.ctx, machine.zone, ingestBlocks);
  };
  await warn('XID 13');
  expect(await device()).toEqual({ health: 'ok', vendor_code: null });
  await warn('XID 92');
  expect(await device()).toEqual({ health: 'degraded', vendor_code: 'XID 92' });
  expect(await drains()).toEqual([]);
  await warn('XID 48');
  await warn('XID 48');
  expect(await drains()).toEqual([{ state: 'draining', at_deadline: 'wait', requested_by: 'system:health' }]);
  expect((await factsOf(world, workloadId)).state).toBe('running');
  // What cannot go on is a fault: the lease ends, and the seconds after it are not paid.
  await warn('XID 79');
  expect(await factsOf(world, workloadId)).toMatchObject({ state: 'interrupted', reason: 'provider.device_fault' });
  expect(await quarantined()).toMatchObject([{ id, health: 'failed', vendor_code: 'XID 79' }]);
});
