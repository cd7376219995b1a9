import { gangEnvironment } from '@suanxiang/domain/rendezvous';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requestAction, requestLaunch } from './support/tenants';
import { openWorld, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

interface Node {
  id: string;
  rank: number;
  host: string;
  indexes: number[];
}

/** The nodes that a workload holds, by rank. */
const nodesOf = (workloadId: string) => world.sql<Node>`
  SELECT a.id, a.rank, n.name AS host, (SELECT json_agg(v.index ORDER BY d.position) FROM allocation_device d
    JOIN device v ON v.id = d.device_id WHERE d.allocation_id = a.id) AS indexes
  FROM allocation a JOIN node n ON n.id = a.node_id
  WHERE a.workload_id = ${workloadId} AND a.released_at IS NULL ORDER BY a.rank`;

const given = (allocationId: string) => world.fleet.allocation(allocationId)!.spec.environment;

test('every node of a cluster is given the same meeting point and its own rank, again after a start elsewhere', async () => {
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant, { nodeCount: 3, gpusPerNode: 8 }));
  for (const action of [null, 'stop', 'start'] as const) {
    if (action) await world.tx((sql) => requestAction(sql, world.tenant, workloadId, action));
    await settle(world);
    if (action === 'stop') continue;
    const nodes = await nodesOf(workloadId);
    expect(nodes.map(({ rank }) => rank)).toEqual([0, 1, 2]);
    const [row] = await world.sql<{ model_id: string }>`SELECT model_id FROM workload WHERE id = ${workloadId}`;
    const gang = {
      modelId: row!.model_id,
      nodes: nodes.map(({ rank, host, indexes }) => ({ rank, host, deviceIndexes: indexes })),
    };
    for (const { id, rank } of nodes) {
      expect(given(id)).toEqual(gangEnvironment(gang, rank));
      expect(given(id)).toMatchObject({ MASTER_ADDR: nodes[0]!.host, NODE_RANK: String(rank), WORLD_SIZE: '24' });
    }
  }
});

test("an instance is nobody's rank", async () => {
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant, { gpusPerNode: 2 }));
  await settle(world);
  const [node] = await nodesOf(workloadId);
  expect(given(node!.id)).toEqual({});
});
