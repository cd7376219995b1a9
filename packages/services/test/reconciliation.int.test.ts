import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { operatorReconciliation } from '@suanxiang/services/operator/reconciliation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrg, lease, seconds } from '../../metering/test/support/billing-db';
import { call, openPlane, operator, type Plane } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

const OCT = seconds('2026-10-01T00:00:00Z');
const GRACE = 86_400;

test('the operator sees what differs in a month, of one organization or all', async () => {
  // Shanghai's September ends eight hours before that of UTC and is the same month all the same.
  const [one, other] = [
    await createOrg(plane.db.worker),
    await createOrg(plane.db.worker, { timeZone: 'Asia/Shanghai' }),
  ];
  const leases = new Map<string, string>();
  for (const org of [one, other]) {
    const { allocationId } = await lease(plane.db.worker, org, { startS: OCT - 90_000, endS: OCT - 89_400 });
    leases.set(org.orgId, allocationId);
  }
  const { failed } = await finalizeDuePeriods(plane.db.worker, (OCT + GRACE) * 1000);
  expect(failed).toEqual([]);

  const ask = (query: { month: string; organization_id?: string }) =>
    call(plane, 'operatorReconciliation', operatorReconciliation, operator, { query });
  const all = await ask({ month: '2026-09' });
  expect(all).toMatchObject({ periods: 2, invoices: 2, payments: 0, differences: 2 });
  expect(all.items.map(({ code, org_id, subject_id }) => [code, org_id, subject_id]).sort()).toEqual(
    [...leases].map(([orgId, id]) => ['lease_without_evidence', orgId, id]).sort(),
  );
  const shanghai = await ask({ month: '2026-09', organization_id: other.orgId });
  expect(shanghai).toEqual({
    periods: 1,
    invoices: 1,
    payments: 0,
    differences: 1,
    items: [
      {
        code: 'lease_without_evidence',
        org_id: other.orgId,
        period_from: '2026-08-31T16:00:00Z',
        subject_id: leases.get(other.orgId),
        related: null,
        expected: '600',
        found: '0',
      },
    ],
  });
  expect(await ask({ month: '2026-10' })).toMatchObject({ periods: 0, differences: 0, items: [] });
});
