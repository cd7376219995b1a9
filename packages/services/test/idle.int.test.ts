import { withSql } from '@suanxiang/db/tenant';
import { mintId } from '@suanxiang/domain/ids';
import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { billedOrg } from '@suanxiang/metering/periods';
import { listBillingEvents } from '@suanxiang/services/billing/list-billing-events';
import { listIdle, listIdlePolicies, setIdlePolicy } from '@suanxiang/services/usage/idle';
import { stopIdle } from '@suanxiang/services/workload/stop-idle';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { block, createOrg, lease, type TestOrg, ZONE } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

const MINUTE = 60;
const nowOf = (org: TestOrg) => withSql(plane.db.worker, async (sql) => (await billedOrg(sql, org.orgId)).nowS);

/** A running lease with evidence for its last minutes; a second of null was not measured. */
async function run(
  org: TestOrg,
  name: string,
  ppmOf: (minutesAgo: number) => number | null,
  gpus = 1,
): Promise<string> {
  const nowS = await nowOf(org);
  const startS = nowS - 90 * MINUTE;
  const made = await lease(plane.db.worker, org, { startS, endS: null, name, gpus });
  const lastS = nowS - (nowS % MINUTE) - MINUTE;
  const blocks = Array.from({ length: 80 }, (_, ago) => ({ ago, ppm: ppmOf(ago) }))
    .filter((one) => one.ppm !== null)
    .map(({ ago, ppm }) => block(made.allocationId, lastS - ago * MINUTE, ppm!));
  if (blocks.length > 0) await withSql(plane.db.worker, (sql) => ingestBlocks(sql, ZONE, blocks, nowS * 1000));
  return made.workloadId;
}

const idleOf = (org: TestOrg, query = {}) => call(plane, 'listIdle', listIdle, principalOf(org), { query });
const setPolicy = (org: TestOrg, body: object, projectId = org.projectId) =>
  call(plane, 'setIdlePolicy', setIdlePolicy, principalOf(org), { params: { project_id: projectId }, body });
const look = (org: TestOrg) => stopIdle(plane.db.worker, org.orgId, Date.now());
/** Lets a warning run out without waiting for it. */
const runOut = (org: TestOrg) =>
  plane.sql`UPDATE idle_warning SET warned_s = warned_s - 7200, stops_s = stops_s - 7200 WHERE org_id = ${org.orgId}`;

describe('idle workloads', () => {
  test('are those that were measured and did nothing; what was not measured is unknown', async () => {
    const org = await createOrg(plane.db.worker);
    const idle = await run(org, 'idle', () => 12_000, 4);
    await run(org, 'busy', () => 700_000);
    await run(org, 'one busy minute', (ago) => (ago === 7 ? 500_000 : 0));
    await run(org, 'never measured', () => null);
    await run(org, 'half measured', (ago) => (ago % 2 === 0 ? 0 : null));
    const found = await idleOf(org);
    expect(found.items).toEqual([
      expect.objectContaining({
        workload_id: idle,
        gpus: 4,
        average_utilization_ppm: 12_000,
        burn_per_hour: { amount: '9.96', currency: 'USD' },
        stops_at: null,
      }),
    ]);
    expect(found.burn_per_hour.amount).toBe('9.96');
    expect((await idleOf(org, { threshold_percent: '1' })).items).toEqual([]);
    const other = await createOrg(plane.db.worker);
    expect((await idleOf(other)).items).toEqual([]);
  });

  test('are warned about once, then stopped in the normal way, audited and told', async () => {
    const org = await createOrg(plane.db.worker);
    const id = await run(org, 'forgotten', () => 0);
    expect(await look(org)).toEqual([]);
    await setPolicy(org, { enabled: true, threshold_percent: 5, idle_minutes: 30, warn_minutes: 10 });
    expect(await look(org)).toEqual([]);
    expect(await look(org)).toEqual([]);
    const [warned] = (await idleOf(org)).items;
    expect(Date.parse(warned!.stops_at!) / 1000 - (await nowOf(org))).toBeGreaterThan(9 * MINUTE);
    await runOut(org);
    expect(await Promise.all([look(org), look(org)])).toContainEqual([id]);
    const rows = await plane.sql`
      SELECT state, status_reason->>'code' AS code, (SELECT count(*)::int FROM operation o WHERE o.workload_id = w.id
        AND o.kind = 'stop') AS stops FROM workload w WHERE id = ${id}`;
    expect(rows).toEqual([{ state: 'stopping', code: 'idle', stops: 1 }]);
    const audited = await plane.sql`
      SELECT action, actor FROM audit_event WHERE org_id = ${org.orgId} AND resource = ${id}`;
    expect(audited).toEqual([{ action: 'instance.stop', actor: 'system:billing' }]);
    const events = await call(plane, 'listBillingEvents', listBillingEvents, principalOf(org), { query: {} });
    expect(events.items.map((event) => event.kind).sort()).toEqual(['idle_stopped', 'idle_warned']);
    expect(await look(org)).toEqual([]);
  });

  test('that work again are left alone, and warned anew if they fall asleep again', async () => {
    const org = await createOrg(plane.db.worker);
    const id = await run(org, 'wakes up', () => 0);
    await setPolicy(org, { enabled: true, idle_minutes: 30, warn_minutes: 10 });
    await look(org);
    await runOut(org);
    const [allocation] = await plane.sql<{ id: string }>`SELECT id FROM allocation WHERE workload_id = ${id}`;
    const nowS = await nowOf(org);
    const busy = block(allocation!.id, nowS - (nowS % MINUTE) - 10 * MINUTE, 900_000, { rev: 1 });
    await withSql(plane.db.worker, (sql) => ingestBlocks(sql, ZONE, [busy], nowS * 1000));
    expect(await look(org)).toEqual([]);
    expect(await plane.sql`SELECT 1 AS one FROM idle_warning WHERE org_id = ${org.orgId}`).toEqual([]);
  });
});

test('a policy is for a project of one’s own, is changed and taken back', async () => {
  const org = await createOrg(plane.db.worker);
  const other = await createOrg(plane.db.worker);
  const list = (who: TestOrg) => call(plane, 'listIdlePolicies', listIdlePolicies, principalOf(who));
  const set = await setPolicy(org, { enabled: true, threshold_percent: 7, idle_minutes: 15, warn_minutes: 5 });
  expect(set).toEqual({
    project_id: org.projectId,
    enabled: true,
    threshold_percent: 7,
    idle_minutes: 15,
    warn_minutes: 5,
  });
  expect((await list(org)).items).toEqual([set]);
  expect((await list(other)).items.map((one) => one.enabled)).toEqual([false]);
  await expect(setPolicy(other, { enabled: false }, org.projectId)).rejects.toMatchObject({ code: 'not_found' });
  await expect(setPolicy(org, { enabled: true }, mintId('project', 1))).rejects.toMatchObject({ code: 'not_found' });
  expect(await setPolicy(org, { enabled: false })).toMatchObject({ enabled: false, idle_minutes: null });
});
