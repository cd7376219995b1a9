import { mintId } from '@suanxiang/domain/ids';
import { operatorCapacity } from '@suanxiang/services/operator/capacity';
import { operatorCordonNode, operatorUncordonNode } from '@suanxiang/services/operator/cordon-node';
import { operatorHealth, operatorReleaseDevice } from '@suanxiang/services/operator/device-health';
import {
  operatorCancelDrain,
  operatorDrain,
  operatorDrainNode,
  operatorDrains,
} from '@suanxiang/services/operator/drains';
import { operatorAskWhatIf, operatorWhatIf, operatorWhatIfs } from '@suanxiang/services/operator/what-ifs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode } from './support/fleet';
import { call, metaOf, openPlane, operator, type Plane } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
  await addNode(plane.sql, 'n1', { held: [0, 1], failed: [7] });
  await addNode(plane.sql, 'n2');
  await addNode(plane.sql, 'n3');
});
afterAll(() => plane?.close());

const reason = { reason: 'fan 3 is loud' };
const node = (node_id: string) => ({ params: { node_id } });

test('capacity is told by pool, with the holes that are left', async () => {
  await plane.sql`UPDATE device SET island = 1 WHERE node_id = 'n1' AND index >= 4`;
  const { items } = await call(plane, 'operatorCapacity', operatorCapacity, operator);
  expect(items).toEqual([
    {
      region_id: 'cn-north',
      zone_id: 'cn-north-a',
      accelerator_id: 'nvidia-h100-80g',
      nodes: 3,
      accelerators: 24,
      held: 2,
      free: 21,
      unhealthy: 1,
      out_of_service: 0,
      waiting: 0,
      whole_nodes_free: 2,
      largest_free: 8,
      fragmentation_ppm: 238_095,
      node_holes: [
        { free: 5, count: 1 },
        { free: 8, count: 2 },
      ],
      island_holes: [
        { free: 2, count: 1 },
        { free: 3, count: 1 },
        { free: 8, count: 2 },
      ],
      leaf_holes: [{ free: 2, count: 1 }],
    },
  ]);
});

test('a cordoned node is out of stock until it is uncordoned, which rings for what waits', async () => {
  const cordoned = await call(plane, 'operatorCordonNode', operatorCordonNode, operator, {
    ...node('n2'),
    body: reason,
  });
  expect(cordoned).toMatchObject({ id: 'n2', cordoned_by: operator.actor, cordon_reason: reason.reason });
  const [pool] = (await call(plane, 'operatorCapacity', operatorCapacity, operator)).items;
  expect(pool).toMatchObject({ free: 13, out_of_service: 8, whole_nodes_free: 1 });
  await plane.sql`DELETE FROM outbox`;
  const back = await call(plane, 'operatorUncordonNode', operatorUncordonNode, operator, node('n2'));
  expect(back).toMatchObject({ cordoned_at: null, cordoned_by: null, cordon_reason: null });
  expect(await plane.sql`SELECT topic, key FROM outbox`).toEqual([{ topic: 'placement', key: 'cn-north' }]);
  const unknown = { ...node('nowhere'), body: reason };
  await expect(call(plane, 'operatorCordonNode', operatorCordonNode, operator, unknown)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a drain cordons, is opened once, can be cancelled, and is in the operator’s audit log', async () => {
  const body = { ...reason, deadline_minutes: 60 };
  const meta = metaOf({ idempotencyKey: 'drain-1', requestHash: 'a' });
  const opened = await call(plane, 'operatorDrainNode', operatorDrainNode, operator, { ...node('n3'), body }, meta);
  expect(opened).toMatchObject({ node: 'n3', state: 'draining', at_deadline: 'wait', overdue: false, left: [] });
  const again = call(plane, 'operatorDrainNode', operatorDrainNode, operator, { ...node('n3'), body }, meta);
  await expect(again).rejects.toMatchObject({ message: 'answered before' });
  const second = call(plane, 'operatorDrainNode', operatorDrainNode, operator, { ...node('n3'), body });
  await expect(second).rejects.toMatchObject({ code: 'conflict' });
  const uncordon = call(plane, 'operatorUncordonNode', operatorUncordonNode, operator, node('n3'));
  await expect(uncordon).rejects.toMatchObject({ code: 'conflict', extra: { members: { drain_id: opened.id } } });
  const one = { params: { drain_id: opened.id } };
  expect(await call(plane, 'operatorDrain', operatorDrain, operator, one)).toEqual(opened);
  expect((await call(plane, 'operatorDrains', operatorDrains, operator)).items).toEqual([opened]);
  const cancelled = await call(plane, 'operatorCancelDrain', operatorCancelDrain, operator, one);
  expect(cancelled).toMatchObject({ state: 'cancelled' });
  expect(cancelled.finished_at).not.toBeNull();
  const twice = call(plane, 'operatorCancelDrain', operatorCancelDrain, operator, one);
  await expect(twice).rejects.toMatchObject({ code: 'conflict' });
  const nobodys = { params: { drain_id: mintId('nodeDrain', 0) } };
  await expect(call(plane, 'operatorDrain', operatorDrain, operator, nobodys)).rejects.toMatchObject({
    code: 'not_found',
  });
  const rows = await plane.sql<{ action: string; resource: string }>`
    SELECT action, resource FROM audit_event WHERE org_id = ${operator.actor} ORDER BY seq`;
  expect(rows.slice(-2)).toEqual([
    { action: 'node.drain', resource: 'n3' },
    { action: 'drain.cancel', resource: opened.id },
  ]);
});

test('a what-if is asked of a worker, about nodes and regions that are there', async () => {
  await plane.sql`DELETE FROM outbox`;
  const ask = (body: object) => call(plane, 'operatorAskWhatIf', operatorAskWhatIf, operator, { body });
  const asked = await ask({ region_id: 'cn-north', nodes_out: ['n1'], policy: { backfill_mode: 'none' } });
  expect(asked).toMatchObject({ state: 'pending', nodes_out: ['n1'], demand: 1, before: null, after: null });
  expect(await plane.sql`SELECT topic, key FROM outbox`).toEqual([{ topic: 'what_if', key: asked.id }]);
  const one = { params: { what_if_id: asked.id } };
  expect(await call(plane, 'operatorWhatIf', operatorWhatIf, operator, one)).toEqual(asked);
  expect((await call(plane, 'operatorWhatIfs', operatorWhatIfs, operator)).items).toEqual([asked]);
  await expect(ask({ region_id: 'mars' })).rejects.toMatchObject({
    extra: { errors: [{ pointer: '/body/region_id' }] },
  });
  const foreign = ask({ region_id: 'cn-north', nodes_out: ['n1', 'n9'] });
  await expect(foreign).rejects.toMatchObject({ extra: { errors: [{ pointer: '/body/nodes_out/1' }] } });
  const nobodys = { params: { what_if_id: mintId('whatIf', 0) } };
  await expect(call(plane, 'operatorWhatIf', operatorWhatIf, operator, nobodys)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('a device comes out of quarantine by an operator, waits for its wipe, and who did it stands on record', async () => {
  const id = 'n2-3';
  const release = (device_id: string) =>
    call(plane, 'operatorReleaseDevice', operatorReleaseDevice, operator, { params: { device_id }, body: reason });
  await expect(release(id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(release('nobody')).rejects.toMatchObject({ code: 'not_found' });
  await plane.sql`
    UPDATE device SET health = 'failed', vendor_code = 'count-low', quarantined_at = now() WHERE id = ${id}`;
  expect(await release(id)).toMatchObject({ id, node_id: 'n2', health: 'unknown', quarantined_at: null });
  const { items } = await call(plane, 'operatorHealth', operatorHealth, operator, {
    query: { zone_id: 'cn-north-a', node_id: 'n2', limit: 50 },
  });
  expect(items).toEqual([
    expect.objectContaining({ node_id: 'n2', device_id: id, kind: 'released', code: 'count-low' }),
  ]);
  expect(items[0]?.detail).toContain('fan 3 is loud');
  const other = { query: { zone_id: 'cn-north-a', node_id: 'n1', limit: 50 } };
  expect(await call(plane, 'operatorHealth', operatorHealth, operator, other)).toEqual({ items: [] });
});
