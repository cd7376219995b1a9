import { afterEach, beforeEach, expect, test } from 'vitest';
import { carryOutEvictions } from '../src/evictions/carry-out';
import { comeBack } from '../src/evictions/come-back';
import { placementRound } from '../src/placement-round';
import { accountShares } from '../src/queue/account-shares';
import { releaseEnded } from '../src/release-ended';
import { sweep } from '../src/sweep';
import { checkInvariants } from './support/invariants';
import { type LaunchOptions, makeTenant, requestAction, requestLaunch, type Tenant } from './support/tenants';
import { factsOf, openWorld, settle, type World } from './support/world';

// All in `far`: two nodes of eight.
let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

async function launch(options: LaunchOptions = {}, tenant: Tenant = world.tenant): Promise<string> {
  const all = { regionId: 'far', gpusPerNode: 8, onCapacity: 'queue', ...options } as const;
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, tenant, all));
  return workloadId;
}

async function running(options: LaunchOptions = {}, tenant: Tenant = world.tenant): Promise<string> {
  const id = await launch(options, tenant);
  await settle(world);
  expect(await factsOf(world, id)).toMatchObject({ state: 'running' });
  // Work that has just started is left alone.
  await world.sql`UPDATE workload SET running_since = now() - interval '1 hour' WHERE id = ${id}`;
  return id;
}

async function terminate(id: string, tenant: Tenant = world.tenant): Promise<void> {
  await world.tx((sql) => requestAction(sql, tenant, id, 'terminate'));
  await settle(world);
}

interface Entry {
  workload_id: string;
  place: number;
  binding: string;
  reason: { en: string; zh: string };
  likely_in_s: number | null;
  from_in_s: number | null;
  to_in_s: number | null;
  would_start: { change: string }[];
}

async function entries(): Promise<Entry[]> {
  return world.sql<Entry>`
    SELECT workload_id, place, binding, reason, would_start,
      extract(epoch FROM estimate_likely_at - now())::float8 AS likely_in_s,
      extract(epoch FROM estimate_from_at - now())::float8 AS from_in_s,
      extract(epoch FROM estimate_to_at - now())::float8 AS to_in_s
    FROM queue_entry ORDER BY place, operation_id`;
}

const evictions = () => world.sql`SELECT workload_id, state, cause FROM eviction ORDER BY told_at, id`;

test('estimates learn from starts: the first one given is held against the real start, and later intervals follow', async () => {
  const learned = () =>
    world.sql<{
      counts: number[][] | null;
    }>`SELECT calibration->'counts' AS counts FROM queue_state WHERE region_id = 'far'`;
  const first = await running({ nodeCount: 2, expectedDurationS: 9_000 });
  await launch({ nodeCount: 2 });
  await settle(world);
  const before = await entries();
  await terminate(first);
  const [row] = await learned();
  const counts = row!.counts!;
  // One start, estimated one and a half hours ahead, that came at once: one error in one class, below the middle.
  expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(1);
  const [bins] = counts.filter((one) => one.some((count) => count > 0));
  expect(bins!.indexOf(1)).toBeLessThan(24);
  // Thirty such starts, and the interval of the same estimate ends sooner than before anything was known.
  const often = counts.map((one) => one.map((count) => count * 30));
  await world.sql`UPDATE queue_state SET calibration = ${{ counts: often }}::jsonb WHERE region_id = 'far'`;
  await world.sql`UPDATE workload SET expected_duration_s = 9000, running_since = now() - interval '1 hour'
    WHERE state = 'running' AND region_id = 'far'`;
  await launch({ nodeCount: 2 });
  await settle(world);
  const after = await entries();
  expect(after[0]!.from_in_s!).toBeLessThan(before[0]!.from_in_s!);
  expect(after[0]!.to_in_s!).toBeLessThan(before[0]!.to_in_s!);
});

test('what waits is told why, when and what else would start, and is forgotten when it starts', async () => {
  const first = await running({ nodeCount: 2, expectedDurationS: 7_200 });
  const waiting = await launch({ nodeCount: 2 });
  await settle(world);
  const [entry] = await entries();
  expect(entry).toMatchObject({ workload_id: waiting, place: 1, binding: 'capacity' });
  expect(entry!.reason.en).toContain('place 1');
  expect(entry!.reason.zh).toContain('第 1 位');
  // The running one began an hour ago and is expected to take two.
  expect(Math.abs(entry!.likely_in_s! - 3_600)).toBeLessThan(120);
  expect(entry!.from_in_s!).toBeLessThanOrEqual(entry!.likely_in_s!);
  expect(entry!.to_in_s!).toBeGreaterThanOrEqual(entry!.likely_in_s!);
  expect(entry!.would_start).toContainEqual({ change: 'region', regionId: 'near' });
  await terminate(first);
  expect(await factsOf(world, waiting)).toMatchObject({ state: 'running', reason: null });
  expect(await entries()).toEqual([]);
});

test('what asked to start later waits without keeping others from what is free, and starts when its time has come', async () => {
  const later = await launch({ nodeCount: 2, notBeforeInS: 3_600 });
  await settle(world);
  const [entry] = await entries();
  expect(entry).toMatchObject({ workload_id: later, binding: 'not_before' });
  expect(entry!.reason.en).toContain('not to start yet');
  expect(Math.abs(entry!.likely_in_s! - 3_600)).toBeLessThan(120);
  const [stock] = await world.sql`SELECT not_before > now() AS later FROM capacity_claim`;
  expect(stock).toEqual({ later: true });
  // Whoever comes meanwhile is placed at once, although somebody waits.
  const now = await launch({ nodeCount: 2, onCapacity: 'fail' });
  await settle(world);
  expect(await factsOf(world, now)).toMatchObject({ state: 'running' });
  await terminate(now);
  expect(await factsOf(world, later)).toMatchObject({ state: 'queued' });
  await world.sql`UPDATE workload SET not_before = now() - interval '1 second' WHERE id = ${later}`;
  await sweep(world.ctx);
  await settle(world);
  expect(await factsOf(world, later)).toMatchObject({ state: 'running', reason: null });
});

test('what has waited as long as it was to wait is given up, even where it would fit by now', async () => {
  const first = await running({ nodeCount: 2 });
  const impatient = await launch({ nodeCount: 2, maxWaitS: 600 });
  const patient = await launch({ nodeCount: 2 });
  await settle(world);
  expect(await factsOf(world, impatient)).toMatchObject({ state: 'queued' });
  await world.sql`UPDATE operation SET deadline_at = now() - interval '1 minute' WHERE workload_id = ${impatient}`;
  await terminate(first);
  expect(await factsOf(world, impatient)).toMatchObject({ state: 'failed', reason: 'max_wait_passed' });
  expect(await factsOf(world, patient)).toMatchObject({ state: 'running' });
  // Nobody waits any more: the short way must not start it late either.
  await terminate(patient);
  const late = await launch({ nodeCount: 2, maxWaitS: 600 });
  await world.sql`UPDATE operation SET deadline_at = now() - interval '1 minute' WHERE workload_id = ${late}`;
  await settle(world);
  expect(await factsOf(world, late)).toMatchObject({ state: 'failed', reason: 'max_wait_passed' });
});

test('what is certain to end is counted with: a start is seen for others then, and it may go beside a promise', async () => {
  const limited = await running({ maxDurationS: 7_200 });
  const open = await running({ expectedDurationS: 36_000 });
  await world.sql`UPDATE workload SET max_duration_s = 7200 WHERE id = ${open}`;
  const gang = await launch({ nodeCount: 2 });
  await settle(world);
  const [entry] = await entries();
  // Both began an hour ago and are stopped after two, whatever one of them expected.
  expect(entry!.workload_id).toBe(gang);
  expect(Math.abs(entry!.likely_in_s! - 3_600)).toBeLessThan(120);
  await terminate(limited);
  const endless = await launch();
  const short = await launch({ maxDurationS: 600 });
  await settle(world);
  expect(await factsOf(world, short)).toMatchObject({ state: 'running' });
  expect(await factsOf(world, endless)).toMatchObject({ state: 'queued' });
});

test('a request that is stopped while it waits leaves the queue', async () => {
  await running({ nodeCount: 2 });
  const waiting = await launch();
  await settle(world);
  expect(await entries()).toHaveLength(1);
  await terminate(waiting);
  expect(await entries()).toEqual([]);
});

test('a higher class goes first, whoever asked before', async () => {
  const first = await running({ nodeCount: 2 });
  const ids = [];
  for (const priorityClass of ['low', 'normal', 'high'] as const)
    ids.push(await launch({ priorityClass, nodeCount: 2 }));
  await settle(world);
  expect((await entries()).map((one) => one.workload_id)).toEqual([...ids].reverse());
  await terminate(first);
  expect(await factsOf(world, ids[2]!)).toMatchObject({ state: 'running' });
  expect(await factsOf(world, ids[1]!)).toMatchObject({ state: 'queued' });
});

test('of two organisations, the one that holds less goes first', async () => {
  const other = await makeTenant(world.sql);
  const mine = await running();
  const filler = await running({}, await makeTenant(world.sql));
  const more = await launch();
  const theirs = await launch({}, other);
  await settle(world);
  expect((await entries()).map((one) => one.workload_id)).toEqual([theirs, more]);
  const [org] = await world.sql<{ org_id: string }>`SELECT org_id FROM workload WHERE id = ${filler}`;
  await terminate(filler, { ...world.tenant, orgId: org!.org_id });
  expect(await factsOf(world, theirs)).toMatchObject({ state: 'running' });
  expect(await factsOf(world, more)).toMatchObject({ state: 'queued' });
  expect(await factsOf(world, mine)).toMatchObject({ state: 'running' });
});

test('short work runs beside a promise, long work waits behind it, and nothing is refused what is promised', async () => {
  const first = await running({ expectedDurationS: 7_200 });
  const head = await launch({ nodeCount: 2 });
  await settle(world);
  const long = await launch({ gpusPerNode: 4, expectedDurationS: 50_000 });
  const short = await launch({ gpusPerNode: 4, expectedDurationS: 1_800 });
  const impatient = await launch({ gpusPerNode: 4, expectedDurationS: 50_000, onCapacity: 'fail' });
  await settle(world);
  expect(await factsOf(world, short)).toMatchObject({ state: 'running' });
  expect(await factsOf(world, long)).toMatchObject({ state: 'queued', reason: 'waiting.promised_to_others' });
  expect(await factsOf(world, impatient)).toMatchObject({ state: 'failed', reason: 'waiting.promised_to_others' });
  await terminate(first);
  await terminate(short);
  expect(await factsOf(world, head)).toMatchObject({ state: 'running' });
});

test('a borrowing limit holds', async () => {
  const { orgId } = world.tenant;
  await world.tx(async (sql) => {
    await sql`INSERT INTO share_setting (node_id, org_id, updated_by) VALUES (${orgId}, ${orgId}, 'test')`;
    await sql`
      INSERT INTO share_amount (node_id, org_id, kind, region_id, model_id, devices)
      SELECT ${orgId}, ${orgId}, kind, 'far', 'nvidia-h100-80g', devices
      FROM (VALUES ('guaranteed', 4), ('borrowing_limit', 4)) AS v(kind, devices)`;
  });
  await running();
  const second = await launch({ gpusPerNode: 1 });
  await settle(world);
  expect(await factsOf(world, second)).toMatchObject({ state: 'queued', reason: 'waiting.quota' });
  const theirs = await launch({ gpusPerNode: 1 }, await makeTenant(world.sql));
  await settle(world);
  expect(await factsOf(world, theirs)).toMatchObject({ state: 'running' });
});

test('preemptible work makes room with notice, for one request, and comes back by itself', async () => {
  const victims = [];
  for (let i = 0; i < 2; i += 1) victims.push(await running({ priorityClass: 'low', preemptible: true }));
  const urgent = await launch({ priorityClass: 'high' });
  await settle(world);
  const told = await evictions();
  expect(told).toEqual([{ workload_id: expect.any(String), state: 'told', cause: 'priority' }]);
  const victim = (told as unknown as { workload_id: string }[])[0]!.workload_id;
  expect(victims).toContain(victim);
  // It runs on during its notice, whatever else is asked for.
  expect(await carryOutEvictions(world.ctx)).toBe(0);
  const meek = await launch({ priorityClass: 'low' });
  await settle(world);
  expect(await factsOf(world, victim)).toMatchObject({ state: 'running' });
  expect(await evictions()).toHaveLength(1);
  expect((await entries()).find((one) => one.workload_id === urgent)).toMatchObject({ binding: 'claim_pending' });
  await world.sql`UPDATE eviction SET leave_at = now() - interval '1 second'`;
  const gone = await Promise.all([carryOutEvictions(world.ctx), carryOutEvictions(world.worker())]);
  expect(gone.sort()).toEqual([0, 1]);
  expect(await factsOf(world, victim)).toMatchObject({
    state: 'interrupted',
    reason: 'preempted.priority',
    allocations: [{ state: 'ended', released: false }],
  });
  expect(await comeBack(world.ctx)).toBe(0);
  await releaseEnded(world.ctx);
  const back = await Promise.all([comeBack(world.ctx), comeBack(world.worker())]);
  expect(back.sort()).toEqual([0, 1]);
  await settle(world);
  expect(await factsOf(world, urgent)).toMatchObject({ state: 'running' });
  expect(await factsOf(world, victim)).toMatchObject({ state: 'starting', operation: { kind: 'start' } });
  expect((await entries()).map((one) => one.workload_id)).toContain(victim);
  await terminate(meek);
  await terminate(urgent);
  expect(await factsOf(world, victim)).toMatchObject({ state: 'running', reason: null });
  const ends =
    await world.sql`SELECT end_reason FROM allocation WHERE end_reason IS NOT NULL AND workload_id = ${victim}`;
  expect(ends).toEqual([{ end_reason: 'preempted' }]);
});

test('who was told to go may stay when the request is withdrawn, and goes unpunished when it ends before', async () => {
  const victims = [];
  for (let i = 0; i < 2; i += 1) victims.push(await running({ priorityClass: 'low', preemptible: true }));
  const urgent = await launch({ priorityClass: 'high' });
  await settle(world);
  await terminate(urgent);
  await placementRound(world.ctx, 'far');
  expect(await evictions()).toMatchObject([{ state: 'spared' }]);
  await world.sql`UPDATE eviction SET leave_at = now() - interval '1 second'`;
  expect(await carryOutEvictions(world.ctx)).toBe(0);
  for (const id of victims) expect(await factsOf(world, id)).toMatchObject({ state: 'running' });
  const again = await launch({ priorityClass: 'high' });
  await settle(world);
  const [told] = await world.sql<{ workload_id: string }>`SELECT workload_id FROM eviction WHERE state = 'told'`;
  await terminate(told!.workload_id);
  await carryOutEvictions(world.ctx);
  expect(await factsOf(world, again)).toMatchObject({ state: 'running' });
  expect(await world.sql`SELECT state FROM eviction ORDER BY told_at`).toEqual([
    { state: 'spared' },
    { state: 'ended' },
  ]);
});

test('use is remembered once, however many workers account for it', async () => {
  const id = await running();
  await accountShares(world.ctx, 'far');
  await world.sql`UPDATE share_standing SET usage_at_s = usage_at_s - 3600`;
  await Promise.all([accountShares(world.ctx, 'far'), accountShares(world.worker(), 'far')]);
  const rows = await world.sql<{ node_id: string; usage_value: number; share_now: number }>`
    SELECT node_id, usage_value, share_now FROM share_standing WHERE org_id = ${world.tenant.orgId} ORDER BY node_id`;
  expect(rows.map((row) => row.node_id)).toEqual(
    [world.tenant.orgId, world.tenant.projectId, `${world.tenant.projectId}/user:test`].sort(),
  );
  for (const row of rows) {
    // Eight of all eighty devices for an hour, in share-seconds; an hour of a day's half-life forgets little.
    expect(row.share_now).toBeCloseTo(0.1, 6);
    expect(row.usage_value).toBeGreaterThan(350);
    expect(row.usage_value).toBeLessThan(365);
  }
  await terminate(id);
});
