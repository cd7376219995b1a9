import { mintId } from '@suanxiang/domain/ids';
import { createTopUp } from '@suanxiang/services/billing/create-top-up';
import { getBalance } from '@suanxiang/services/billing/get-balance';
import { operatorConfirmPayment } from '@suanxiang/services/operator/confirm-payment';
import { operatorFleet } from '@suanxiang/services/operator/fleet';
import { operatorNodes } from '@suanxiang/services/operator/nodes';
import { operatorOperations } from '@suanxiang/services/operator/operations';
import { operatorPayments } from '@suanxiang/services/operator/payments';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrg, lease, type TestOrg } from '../../metering/test/support/billing-db';
import { addNode } from './support/fleet';
import { call, metaOf, openPlane, operator, type Plane, principalOf } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
});
afterAll(() => plane?.close());

describe('the fleet', () => {
  beforeAll(async () => {
    await addNode(plane.sql, 'a1', { held: [0, 1], failed: [2] });
    await addNode(plane.sql, 'a2', { health: 'lost' });
    await addNode(plane.sql, 'a3', { modelId: 'ascend-910b3-64g', gpus: 4 });
    await addNode(plane.sql, 's1', { zoneId: 'ap-southeast-a', regionId: 'ap-southeast', gpus: 2 });
  });

  test('is counted by zone and model', async () => {
    const { zones } = await call(plane, 'operatorFleet', operatorFleet, operator);
    expect(zones).toEqual([
      {
        id: 'cn-north-a',
        region_id: 'cn-north',
        driver: 'simulated',
        nodes: 3,
        nodes_lost: 1,
        models: [
          { model_id: 'ascend-910b3-64g', devices: 4, held: 0, failed: 0 },
          { model_id: 'nvidia-h100-80g', devices: 16, held: 2, failed: 1 },
        ],
      },
      {
        id: 'ap-southeast-a',
        region_id: 'ap-southeast',
        driver: 'simulated',
        nodes: 1,
        nodes_lost: 0,
        models: [{ model_id: 'nvidia-h100-80g', devices: 2, held: 0, failed: 0 }],
      },
    ]);
  });

  test('nodes are listed with their devices, of one zone', async () => {
    const list = (zoneId: string) =>
      call(plane, 'operatorNodes', operatorNodes, operator, { query: { zone_id: zoneId } });
    const { items } = await list('cn-north-a');
    expect(items.map((node) => [node.id, node.health, node.devices.length])).toEqual([
      ['a1', 'ok', 8],
      ['a2', 'lost', 8],
      ['a3', 'ok', 4],
    ]);
    expect(items[0]!.devices[2]).toMatchObject({ index: 2, health: 'failed', vendor_code: 'XID 79', held_by: null });
    expect(items[0]!.devices[0]).toMatchObject({ index: 0, health: 'ok', held_by: 'alloc_test' });
    await expect(list('nowhere')).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('operations under way are shown oldest first, late ones marked', async () => {
  const org = await createOrg(plane.db.worker);
  const add = async (id: string, status: string, minutesLeft: number) => {
    const { workloadId } = await lease(plane.db.worker, org, { startS: 60, endS: 120 });
    await plane.sql`
      INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by, created_at)
      VALUES (${id}, ${org.orgId}, ${workloadId}, 'stop', ${status}, 'shut_down',
        now() + make_interval(mins => ${minutesLeft}), 'user:test', now() + make_interval(mins => ${minutesLeft}))`;
  };
  const [late, later, done] = [0, 1, 2].map(() => mintId('operation', Date.now())) as [string, string, string];
  await add(later, 'pending', 5);
  await add(late, 'running', -5);
  await add(done, 'succeeded', -9);
  const { items } = await call(plane, 'operatorOperations', operatorOperations, operator);
  expect(items.map(({ id, status, overdue }) => [id, status, overdue])).toEqual([
    [late, 'running', true],
    [later, 'pending', false],
  ]);
});

describe('bank transfers', () => {
  let org: TestOrg;
  let paymentId: string;
  const confirm = (id: string, key: string | null = null) => {
    const meta = metaOf({ idempotencyKey: key, requestHash: id });
    const input = { params: { payment_id: id } };
    return call(plane, 'operatorConfirmPayment', operatorConfirmPayment, operator, input, meta);
  };
  const balanceOf = async () => {
    const answer = await call(plane, 'getBalance', getBalance, principalOf(org));
    return answer.balance.amount;
  };
  beforeAll(async () => {
    org = await createOrg(plane.db.worker, { currency: 'CNY' });
    const body = { amount: '5000.50' };
    ({ id: paymentId } = await call(plane, 'createTopUp', createTopUp, principalOf(org), { body }));
  });

  test('wait for the operator and give nothing before', async () => {
    const { items } = await call(plane, 'operatorPayments', operatorPayments, operator);
    expect(items).toMatchObject([
      { id: paymentId, org_id: org.orgId, org_name: 'Test', amount: '5000.50', currency: 'CNY', status: 'pending' },
    ]);
    expect(await balanceOf()).toBe('0.00');
  });

  test('are credited once, however many confirm at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => confirm(paymentId)));
    for (const result of results) {
      expect(result).toMatchObject({ id: paymentId, status: 'succeeded', org_name: 'Test', amount: '5000.50' });
    }
    expect(await balanceOf()).toBe('5000.50');
    expect(await call(plane, 'operatorPayments', operatorPayments, operator)).toEqual({ items: [] });
  });

  test("stand in the customer's audit log under the operator's name, settled once", async () => {
    const rows = await plane.sql<{ actor: string; resource: string; detail: { settled: boolean } }>`
      SELECT actor, resource, detail FROM audit_event WHERE org_id = ${org.orgId} AND action = 'payment.confirm'`;
    expect(rows.filter((row) => row.detail.settled)).toMatchObject([
      { actor: operator.actor, resource: paymentId, detail: { amount: '5000.50', currency: 'CNY' } },
    ]);
  });

  test('a payment that does not exist, or has failed, cannot be confirmed', async () => {
    await expect(confirm(mintId('payment', 0))).rejects.toMatchObject({ code: 'not_found' });
    const failedId = mintId('payment', 1);
    await plane.sql`
      INSERT INTO payment (id, org_id, provider, status, currency, amount_minor, reference)
      VALUES (${failedId}, ${org.orgId}, 'manual', 'failed', 'CNY', 100, 'SX-FAILED')`;
    await expect(confirm(failedId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await balanceOf()).toBe('5000.50');
  });
});
