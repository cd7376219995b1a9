import { mintId } from '@suanxiang/domain/ids';
import { advanceTestClock } from '@suanxiang/services/organization/advance-test-clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrg, lease, type TestOrg } from '../../metering/test/support/billing-db';
import { call, metaOf, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

const HOUR = 3600;
const DAY = 86_400;
const nowS = () => Math.floor(Date.now() / 1000);
const iso = (atS: number) => new Date(atS * 1000).toISOString();
const sandbox = () => createOrg(plane.db.worker, { mode: 'sandbox' });
const advance = (org: TestOrg, toS: number, meta = metaOf()) =>
  call(
    plane,
    'advanceTestClock',
    advanceTestClock,
    principalOf(org),
    { params: { organization_id: org.orgId }, body: { to: iso(toS) } },
    meta,
  );
const clockOf = async (org: TestOrg) => {
  const [row] = await plane.sql<{ offset_s: number; applied_s: number }>`
    SELECT clock_offset_s::float8 AS offset_s, clock_applied_s::float8 AS applied_s FROM organization WHERE id = ${org.orgId}`;
  return row!;
};
const applied = (org: TestOrg) =>
  plane.sql`UPDATE organization SET clock_applied_s = clock_offset_s WHERE id = ${org.orgId}`;

test('billing time moves ahead in whole minutes, running leases with it, and the worker is told', async () => {
  const org = await sandbox();
  const { worker } = plane.db;
  const running = await lease(worker, org, { startS: nowS() - 100, endS: null });
  const ended = await lease(worker, org, { startS: nowS() - 100, endS: nowS() - 50 });
  const stranger = await sandbox();
  const theirs = await lease(worker, stranger, { startS: nowS() - 100, endS: null });
  const beforeS = nowS();
  const answer = await advance(org, beforeS + 10 * HOUR + 1);
  // Up to the next whole minute; the clock may have ticked between.
  expect(answer.clock_offset_s % 60).toBe(0);
  expect(answer.clock_offset_s).toBeGreaterThanOrEqual(10 * HOUR - 60);
  expect(answer.clock_offset_s).toBeLessThanOrEqual(10 * HOUR + 60);
  const aheadS = Date.parse(answer.billing_now) / 1000 - nowS();
  expect(Math.abs(aheadS - answer.clock_offset_s)).toBeLessThanOrEqual(2);
  expect(await clockOf(org)).toEqual({ offset_s: answer.clock_offset_s, applied_s: 0 });
  const offsets = await plane.sql<{ id: string; offset_s: number }>`
    SELECT id, clock_offset_s::float8 AS offset_s FROM allocation`;
  expect(Object.fromEntries(offsets.map((row) => [row.id, row.offset_s]))).toEqual({
    [running.allocationId]: answer.clock_offset_s,
    [ended.allocationId]: 0,
    [theirs.allocationId]: 0,
  });
  const bells = await plane.sql<{ topic: string; key: string }>`SELECT topic, key FROM outbox`;
  expect(bells).toEqual([{ topic: 'billing', key: `clock:${org.orgId}` }]);
  const audited = await plane.sql<{ action: string; resource: string; detail: object }>`
    SELECT action, resource, detail FROM audit_event WHERE org_id = ${org.orgId}`;
  expect(audited).toMatchObject([
    { action: 'test_clock.advance', resource: org.orgId, detail: { advanced_s: answer.clock_offset_s } },
  ]);
});

test('a live organisation has no test clock', async () => {
  const org = await createOrg(plane.db.worker);
  await expect(advance(org, nowS() + HOUR)).rejects.toMatchObject({ code: 'conflict' });
  expect(await clockOf(org)).toEqual({ offset_s: 0, applied_s: 0 });
});

test('it moves neither back nor further than 31 days at once', async () => {
  const org = await sandbox();
  for (const toS of [nowS() - 1, nowS() - DAY, nowS() + 31 * DAY + 90]) {
    await expect(advance(org, toS)).rejects.toMatchObject({
      code: 'invalid_request',
      extra: { errors: [{ pointer: '/body/to' }] },
    });
  }
  expect(await clockOf(org)).toEqual({ offset_s: 0, applied_s: 0 });
  const { clock_offset_s: offsetS } = await advance(org, nowS() + 31 * DAY);
  await applied(org);
  // Later than the wall clock, yet earlier than billing time.
  await expect(advance(org, nowS() + offsetS - DAY)).rejects.toMatchObject({ code: 'invalid_request' });
});

test('the next advance waits for the usage of the one before, and says whose', async () => {
  const org = await sandbox();
  const { workloadId } = await lease(plane.db.worker, org, { startS: nowS() - 100, endS: null, name: '推理' });
  await advance(org, nowS() + HOUR);
  const refused = advance(org, nowS() + 2 * HOUR);
  await expect(refused).rejects.toMatchObject({
    code: 'test_clock_busy',
    extra: { members: { pending: 'clock_advance', workload_ids: [workloadId] } },
  });
  await expect(refused).rejects.toThrow('推理');
  await applied(org);
  expect((await advance(org, nowS() + 2 * HOUR)).clock_offset_s).toBeGreaterThan(HOUR);
});

test('time does not skip between the request to stop a lease and its end', async () => {
  const org = await sandbox();
  const { workloadId } = await lease(plane.db.worker, org, { startS: nowS() - 100, endS: null });
  const operationId = mintId('operation', Date.now());
  await plane.sql`
    INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
    VALUES (${operationId}, ${org.orgId}, ${workloadId}, 'stop', 'pending', 'stop_meter', now() + interval '1 hour', 'user:test')`;
  await expect(advance(org, nowS() + HOUR)).rejects.toMatchObject({
    code: 'test_clock_busy',
    extra: { members: { pending: 'operation', operation_ids: [operationId], workload_ids: [workloadId] } },
  });
  await plane.sql`UPDATE allocation SET state = 'ended', end_s = ${nowS()}::bigint WHERE workload_id = ${workloadId}`;
  expect((await advance(org, nowS() + HOUR)).clock_offset_s).toBeGreaterThan(0);
});

test('of many who advance at the same time one does', async () => {
  const org = await sandbox();
  await lease(plane.db.worker, org, { startS: nowS() - 100, endS: null });
  const toS = nowS() + HOUR;
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => advance(org, toS)));
  const moved = results.filter((result) => result.status === 'fulfilled');
  expect(moved).toHaveLength(1);
  expect((await clockOf(org)).offset_s).toBe(moved[0]!.value.clock_offset_s);
  for (const result of results) {
    if (result.status === 'rejected') expect(['test_clock_busy', 'invalid_request']).toContain(result.reason.code);
  }
});
