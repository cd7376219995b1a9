import { afterAll, beforeAll, expect, test } from 'vitest';
import { addNode } from '../../../packages/services/test/support/fleet';
import { type Api, openApi } from './support/api';
import { addTenant, type Tenant } from './support/tenant';

let api: Api;
let tenant: Tenant;
beforeAll(async () => {
  api = await openApi();
  for (const id of ['n1', 'n2']) await addNode(api.plane.sql, id);
  tenant = await addTenant(api);
}, 120_000);
afterAll(() => api?.close());

const rendezvousOf = (id: string) => api.call('getClusterRendezvous', { params: { cluster_id: id } }, tenant.owner);

test('a cluster tells how its processes meet as soon as it has its nodes, and not before', async () => {
  const body = { name: 'gang', region_id: 'cn-north', accelerator_id: 'nvidia-h100-80g', node_count: 2 };
  const made = await api.call('createCluster', { body }, tenant.owner);
  expect(made.status, made.text).toBe(201);
  const { id, operation } = made.json;
  const early = await rendezvousOf(id);
  expect(early.status, early.text).toBe(200);
  expect(early.json).toMatchObject({ master_addr: null, world_size: 16, nodes: [], files: [], commands: null });

  const { sql } = api.plane;
  for (const [rank, node] of ['n2', 'n1'].entries()) {
    await sql`
      INSERT INTO allocation (id, org_id, workload_id, project_id, operation_id, rank, zone_id, node_id, sku, currency, gpus, state)
      SELECT ${`alloc_${rank}`}, org_id, id, project_id, ${operation.id}, ${rank}, 'cn-north-a', ${node}, sku, 'USD', 8, 'prepared'
      FROM workload WHERE id = ${id}`;
    await sql`
      INSERT INTO allocation_device (allocation_id, device_id, org_id, position, span)
      SELECT ${`alloc_${rank}`}, d.id, ${tenant.orgId}, d.index, tstzrange(now(), NULL) FROM device d WHERE d.node_id = ${node}`;
  }
  const names = await sql<{ id: string; name: string }>`SELECT id, name FROM node WHERE id IN ('n1', 'n2')`;
  const nameOf = (node: string) => names.find((one) => one.id === node)!.name;
  const found = await rendezvousOf(id);
  expect(found.status, found.text).toBe(200);
  expect(found.json).toMatchObject({
    master_addr: nameOf('n2'),
    master_port: 29_500,
    world_size: 16,
    nproc_per_node: 8,
    collective_library: 'NCCL',
    device_type: 'cuda',
    nodes: [
      { rank: 0, host: nameOf('n2'), first_process: 0, device_indexes: [0, 1, 2, 3, 4, 5, 6, 7] },
      { rank: 1, host: nameOf('n1'), first_process: 8, environment: { NODE_RANK: '1', MASTER_ADDR: nameOf('n2') } },
    ],
  });
  expect(found.json.files[0]).toEqual({
    path: '/etc/suanxiang/hostfile',
    text: `${nameOf('n2')} slots=8\n${nameOf('n1')} slots=8\n`,
  });
});
