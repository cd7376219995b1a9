import { withSql } from '@suanxiang/db/tenant';
import { accrue } from '@suanxiang/metering/accrual/accrue';
import { getBillingSettings } from '@suanxiang/services/billing/settings';
import { advanceTestClock } from '@suanxiang/services/organization/advance-test-clock';
import { enforceStanding } from '@suanxiang/services/workload/enforce-standing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrg, lease } from '../../metering/test/support/billing-db';
import { call, openPlane, type Plane, principalOf } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

test('what is shown before happens to its end: at zero, stopped, and deleted after the days for which it was kept', async () => {
  const org = await createOrg(plane.db.worker, { mode: 'sandbox', createdAt: new Date().toISOString() });
  await lease(plane.db.worker, org, { startS: Math.floor(Date.now() / 1000) - 60, endS: null });
  const settings = () => call(plane, 'getBillingSettings', getBillingSettings, principalOf(org));
  const { when_it_runs_out: steps } = await settings();
  const shown = (stage: string) => steps.find((one) => one.stage === stage)!.after_seconds;
  let aheadS = 0;
  /** Moves the test clock on and looks at the money, as the worker does. */
  const pass = async (seconds: number) => {
    aheadS += seconds;
    const to = new Date(Date.now() + aheadS * 1000).toISOString();
    await call(plane, 'advanceTestClock', advanceTestClock, principalOf(org), {
      params: { organization_id: org.orgId },
      body: { to },
    });
    // What the worker notes when the fleet's usage of the skipped time is in.
    await plane.sql`UPDATE organization SET clock_applied_s = clock_offset_s WHERE id = ${org.orgId}`;
    return look();
  };
  const look = async () => {
    const nowMs = Date.now();
    const accrued = await withSql(plane.db.worker, (sql) => accrue(sql, org.orgId, nowMs));
    await enforceStanding(plane.db.worker, accrued!, nowMs);
    const [row] = await plane.sql<{ state: string; code: string | null }>`
      SELECT state, status_reason->>'code' AS code FROM workload WHERE org_id = ${org.orgId}`;
    return [accrued!.stage, row!.state, row!.code];
  };
  expect(await look()).toEqual(['grace', 'running', null]);
  expect(await pass(shown('frozen') - 300)).toEqual(['grace', 'running', null]);
  expect(await pass(600)).toEqual(['frozen', 'stopping', 'arrears_frozen']);
  expect(await settings()).toMatchObject({ stage: 'frozen' });
  // What the fleet answers in between.
  await plane.sql`UPDATE workload SET state = 'stopped' WHERE org_id = ${org.orgId}`;
  await plane.sql`UPDATE operation SET status = 'succeeded' WHERE org_id = ${org.orgId}`;
  expect(await pass(shown('released') - 900)).toEqual(['frozen', 'stopped', 'arrears_frozen']);
  expect(await pass(1_800)).toEqual(['released', 'terminating', 'arrears_released']);
  const ending = await plane.sql<{ kind: string; status: string }>`
    SELECT kind, status FROM operation WHERE org_id = ${org.orgId} AND status = 'pending'`;
  expect(ending).toEqual([{ kind: 'terminate', status: 'pending' }]);
  expect(await settings()).toMatchObject({ stage: 'released' });
  const told = await plane.sql<{ to: string }>`
    SELECT detail->>'to' AS to FROM billing_event WHERE org_id = ${org.orgId} AND kind = 'stage_changed' ORDER BY at, id`;
  expect(told.map((one) => one.to)).toEqual(['grace', 'frozen', 'released']);
});
