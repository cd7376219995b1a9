import { createCluster } from '@suanxiang/services/workload/create-cluster';
import { createInstance } from '@suanxiang/services/workload/create-instance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrg, type TestOrg } from '../../metering/test/support/billing-db';
import { addNode } from './support/fleet';
import { call, openPlane, type Plane, principalOf } from './support/plane';

// In cn-north: three nodes of eight below leaf l1, two below l2 of the same spine, one below another spine. Nothing is free.
const HELD = [0, 1, 2, 3, 4, 5, 6, 7];

let plane: Plane;
let org: TestOrg;
beforeAll(async () => {
  plane = await openPlane();
  const { sql } = plane;
  const places = [
    ['s1', 'l1'],
    ['s1', 'l1'],
    ['s1', 'l1'],
    ['s1', 'l2'],
    ['s1', 'l2'],
    ['s2', 'l3'],
  ] as const;
  for (const [index, [spine, leaf]] of places.entries()) {
    const broken = index === 0 ? { health: 'lost' } : {};
    await addNode(sql, `n${index}`, { held: HELD, ...broken });
    await sql`UPDATE node SET spine = ${spine}, leaf = ${leaf} WHERE id = ${`n${index}`}`;
  }
  await addNode(sql, 'small', { zoneId: 'ap-southeast-a', regionId: 'ap-southeast', gpus: 4, held: [0, 1, 2, 3] });
  org = await createOrg(plane.db.worker, { currency: 'CNY' });
  await sql`
    INSERT INTO quota (org_id, metric, "limit") VALUES (${org.orgId}, 'accelerators', 6400), (${org.orgId}, 'workloads', 64)`;
  await sql`
    INSERT INTO ledger_balance (org_id, account, currency, micro) VALUES (${org.orgId}, 'wallet', 'CNY', -1000000000000)
    ON CONFLICT (org_id, account, currency) DO UPDATE SET micro = excluded.micro`;
});
afterAll(() => plane?.close());

let named = 0;
function bodyOf(over: object) {
  named += 1;
  return { region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', name: `p${named}`, on_capacity: 'queue', ...over };
}
const cluster = (over: object, query: object = {}) =>
  call(plane, 'createCluster', createCluster, principalOf(org), { body: bodyOf(over), query });
const instance = (over: object, query: object = {}) =>
  call(plane, 'createInstance', createInstance, principalOf(org), { body: bodyOf(over), query });

test('what fits an empty fleet waits, broken nodes included', async () => {
  for (const over of [
    { node_count: 6 },
    { node_count: 5, topology: 'same_spine' },
    { node_count: 3, topology: 'same_leaf' },
    { node_count: 6, topology: 'same_leaf', topology_mode: 'preferred' },
  ]) {
    expect(await cluster(over)).toMatchObject({ state: 'queued' });
  }
  expect(await instance({ gpus: 8 })).toMatchObject({ state: 'queued' });
  expect(await instance({ gpus: 4, region_id: 'ap-southeast' })).toMatchObject({ state: 'queued' });
});

test.each([
  ['more nodes than there are', { node_count: 7 }, 'node_count', /Only 6 node/, /at most 6 nodes/],
  ['more than one spine has', { node_count: 6, topology: 'same_spine' }, 'topology', /Only 5 .*one spine/, /"any"/],
  ['more than one leaf has', { node_count: 4, topology: 'same_leaf' }, 'topology', /Only 3 .*one leaf/, /"same_spine"/],
  [
    'nodes that are too small',
    { node_count: 2, region_id: 'ap-southeast' },
    'gpus_per_node',
    /more than 4/,
    /at most 4/,
  ],
  [
    'a model that is not there',
    { node_count: 2, accelerator_id: 'nvidia-h20-96g' },
    'accelerator_id',
    /There is no/,
    /offers/,
  ],
] as const)('%s is refused at once, with what would be possible', async (_, over, field, detail, suggestion) => {
  const before = await plane.sql`SELECT count(*)::int AS n FROM workload`;
  const refused = {
    code: 'unprocessable',
    message: expect.stringMatching(detail),
    extra: {
      suggestion: expect.stringMatching(suggestion),
      errors: [expect.objectContaining({ pointer: `/body/${field}`, code: 'never_fits' })],
      members: { possible: expect.anything() },
    },
  };
  await expect(cluster(over)).rejects.toMatchObject(refused);
  await expect(cluster(over, { validate_only: 'true' })).rejects.toMatchObject({ code: 'unprocessable' });
  expect(await plane.sql`SELECT count(*)::int AS n FROM workload`).toEqual(before);
});

test('an instance larger than any node is refused at once', async () => {
  await expect(instance({ gpus: 8, region_id: 'ap-southeast' })).rejects.toMatchObject({
    code: 'unprocessable',
    extra: {
      errors: [expect.objectContaining({ pointer: '/body/gpus' })],
      members: { possible: { gpus_per_node: 4 } },
    },
  });
});
