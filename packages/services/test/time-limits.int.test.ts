import { withSql } from '@suanxiang/db/tenant';
import { rateSpan } from '@suanxiang/metering/usage/rate-span';
import { createInstance } from '@suanxiang/services/workload/create-instance';
import { getWorkload } from '@suanxiang/services/workload/get-workload';
import { enforceTimeLimits } from '@suanxiang/services/workload/time-limits';
import { updateWorkload } from '@suanxiang/services/workload/update-workload';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, lease, type TestOrg } from '../../metering/test/support/billing-db';
import { addNode } from './support/fleet';
import { call, metaOf, openPlane, type Plane, principalOf } from './support/plane';

const HOUR = 3_600;
const POOL = { region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', gpus: 8 };

let plane: Plane;
let org: TestOrg;
beforeAll(async () => {
  plane = await openPlane();
  await addNode(plane.sql, 'only');
  org = await createOrg(plane.db.worker, { currency: 'CNY' });
  await plane.sql`
    INSERT INTO quota (org_id, metric, "limit") VALUES (${org.orgId}, 'accelerators', 640), (${org.orgId}, 'workloads', 64)`;
  await plane.sql`
    INSERT INTO ledger_balance (org_id, account, currency, micro) VALUES (${org.orgId}, 'wallet', 'CNY', -1000000000000)
    ON CONFLICT (org_id, account, currency) DO UPDATE SET micro = excluded.micro`;
});
afterAll(() => plane?.close());

let named = 0;
function launch(over: object = {}, query: object = {}) {
  named += 1;
  const body = { ...POOL, name: `t${named}`, on_capacity: 'queue', ...over };
  return call(plane, 'createInstance', createInstance, principalOf(org), { body, query });
}

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR * 1000).toISOString();
const shown = (id: string) => getWorkload(plane.ctx, principalOf(org), 'instance', id);

describe('times that a launch asks for', () => {
  test('are kept and shown, and decide how long it waits', async () => {
    const at = inHours(5);
    const made = await launch({ not_before: at, max_wait_s: 7_200, max_duration_s: HOUR });
    expect(made).toMatchObject({ not_before: at, max_wait_s: 7_200, max_duration_s: HOUR, ends_at: null });
    const [row] = await plane.sql<{ waits: number }>`
      SELECT extract(epoch FROM o.deadline_at - w.not_before)::float8 AS waits
      FROM operation o JOIN workload w ON w.id = o.workload_id WHERE w.id = ${made.id}`;
    expect(row!.waits).toBeCloseTo(7_200, 0);
    const plain = await launch();
    const [usual] = await plane.sql<{ days: number }>`
      SELECT extract(epoch FROM deadline_at - created_at)::float8 / 86400 AS days FROM operation WHERE workload_id = ${plain.id}`;
    expect(usual!.days).toBeCloseTo(30, 3);
    expect(plain).toMatchObject({ not_before: null, max_wait_s: null, max_duration_s: null });
    await plane.sql`UPDATE operation SET status = 'failed', finished_at = now() WHERE workload_id = ${plain.id}`;
  });

  test('take no capacity from others before they come', async () => {
    await launch({ not_before: inHours(5) });
    expect(await launch({ on_capacity: 'fail' }, { validate_only: 'true' })).toMatchObject({ verdict: { able: true } });
    const now = await launch({ on_capacity: 'fail' });
    await plane.sql`UPDATE workload SET not_before = now() - interval '1 second' WHERE org_id = ${org.orgId}`;
    await expect(launch({ on_capacity: 'fail' })).rejects.toMatchObject({ code: 'capacity_unavailable' });
    await plane.sql`UPDATE operation SET status = 'failed', finished_at = now() WHERE workload_id = ${now.id}`;
  });

  test.each([
    [{ on_capacity: 'fail', not_before: inHours(1) }, [{ pointer: '/body/not_before', code: 'needs_queue' }]],
    [{ on_capacity: 'fail', max_wait_s: 60 }, [{ pointer: '/body/max_wait_s', code: 'needs_queue' }]],
    [{ not_before: inHours(31 * 24) }, [{ pointer: '/body/not_before', code: 'too_far' }]],
  ])('are refused where they make no sense: %j', async (over, errors) => {
    await expect(launch(over)).rejects.toMatchObject({
      code: 'unprocessable',
      extra: { errors: errors.map((one) => expect.objectContaining(one)) },
    });
  });
});

describe('the longest run', () => {
  const limit = (workloadId: string, seconds: number | null) =>
    plane.sql`UPDATE workload SET max_duration_s = ${seconds} WHERE id = ${workloadId}`;
  const facts = (workloadId: string) => plane.sql`
    SELECT w.state, w.desired, w.status_reason->>'code' AS reason, (a.end_s - a.start_s)::int AS lasted, a.end_reason
    FROM workload w JOIN allocation a ON a.workload_id = w.id WHERE w.id = ${workloadId}`;
  const enforce = () => enforceTimeLimits(plane.db.worker, Date.now());

  test('ends with the very second, however late it is noticed, and is billed so long and no longer', async () => {
    const startS = Math.floor(Date.now() / 1000) - 5 * HOUR;
    const { workloadId } = await lease(plane.db.worker, org, { startS, endS: null, gpus: 2 });
    expect(await enforce()).toEqual([]);
    await limit(workloadId, 6 * HOUR);
    expect((await shown(workloadId)).ends_at).toBe(new Date((startS + 6 * HOUR) * 1000).toISOString());
    expect(await enforce()).toEqual([]);
    await limit(workloadId, 2 * HOUR);
    expect(await enforce()).toEqual([workloadId]);
    expect(await enforce()).toEqual([]);
    expect(await facts(workloadId)).toEqual([
      { state: 'stopping', desired: 'stopped', reason: 'time_limit', lasted: 2 * HOUR, end_reason: 'time_limit' },
    ]);
    const { rated } = await withSql(plane.db.worker, (sql) =>
      rateSpan(sql, org, { fromS: startS, toS: startS + 5 * HOUR }, { workloadId }),
    );
    expect(rated.lines.map((line) => line.billedSeconds)).toEqual([2 * HOUR]);
    expect((await shown(workloadId)).ends_at).toBeNull();
  });

  test('may be lengthened and lifted while it runs', async () => {
    const startS = Math.floor(Date.now() / 1000) - 5 * HOUR;
    const { workloadId } = await lease(plane.db.worker, org, { startS, endS: null });
    await limit(workloadId, HOUR);
    const change = (max_duration_s: number | null) =>
      updateWorkload(plane.ctx, principalOf(org), metaOf(), 'instance', workloadId, { max_duration_s });
    expect(await change(9 * HOUR)).toMatchObject({ max_duration_s: 9 * HOUR });
    expect(await enforce()).toEqual([]);
    expect(await change(null)).toMatchObject({ max_duration_s: null, ends_at: null });
    expect(await enforce()).toEqual([]);
    expect(await facts(workloadId)).toEqual([
      { state: 'running', desired: 'running', reason: null, lasted: null, end_reason: null },
    ]);
  });
});
