import { mintId } from '@suanxiang/domain/ids';
import { listAccelerators } from '@suanxiang/services/catalogue/list-accelerators';
import { listOffers } from '@suanxiang/services/catalogue/list-offers';
import { listRegions } from '@suanxiang/services/catalogue/list-regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrg } from '../../metering/test/support/billing-db';
import { addNode } from './support/fleet';
import { call, openPlane, type Plane } from './support/plane';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane();
  const { sql } = plane;
  await addNode(sql, 'whole');
  await addNode(sql, 'part', { held: [0, 1, 2], failed: [7] });
  await addNode(sql, 'lost', { health: 'lost' });
  await addNode(sql, 'cordoned', { schedulable: false });
  await addNode(sql, 'far', { zoneId: 'ap-southeast-a', regionId: 'ap-southeast', gpus: 4 });
});
afterAll(() => plane?.close());

const offersOf = async (query: object) => (await call(plane, 'listOffers', listOffers, null, { query })).items;
const H100 = { accelerator_id: 'nvidia-h100-80g' };

test('regions stand in their order, with their zones', async () => {
  const { items } = await call(plane, 'listRegions', listRegions, null);
  expect(items).toEqual([
    { id: 'cn-north', name: { en: 'North China (Beijing)', zh: '华北（北京）' }, zones: [{ id: 'cn-north-a' }] },
    {
      id: 'ap-southeast',
      name: { en: 'Asia Pacific (Singapore)', zh: '亚太东南（新加坡）' },
      zones: [{ id: 'ap-southeast-a' }],
    },
  ]);
});

test('models are listed whether or not they are in stock', async () => {
  const { items } = await call(plane, 'listAccelerators', listAccelerators, null);
  expect(new Set(items.map((item) => item.vendor_class)).size).toBeGreaterThanOrEqual(9);
  expect(items.find((item) => item.id === 'nvidia-h100-80g')).toMatchObject({ vendor: 'NVIDIA', memory_gib: 80 });
});

test('stock counts only what can be had now', async () => {
  const offers = await offersOf(H100);
  expect(offers.map((offer) => [offer.region_id, offer.stock])).toEqual([
    ['cn-north', { total: 32, free: 12, largest_instance: 8, free_nodes: 1 }],
    ['ap-southeast', { total: 4, free: 4, largest_instance: 4, free_nodes: 1 }],
  ]);
});

test('what admitted launches will take is not offered again', async () => {
  const org = await createOrg(plane.db.worker);
  const workloadId = mintId('workloadInstance', 0);
  const operationId = mintId('operation', 0);
  await plane.sql`
    INSERT INTO workload (id, org_id, project_id, kind, name, region_id, model_id, sku, node_count, gpus_per_node, image,
      ssh_key_ids, state, desired, price_micro_per_gpu_hour, price_currency, created_by)
    VALUES (${workloadId}, ${org.orgId}, ${org.projectId}, 'instance', 'next', 'ap-southeast', 'nvidia-h100-80g', 'x', 1, 3,
      'ubuntu', ${[]}::text[], 'queued', 'running', 0, 'USD', 'user:test')`;
  await plane.sql`
    INSERT INTO operation (id, org_id, workload_id, kind, status, step, deadline_at, requested_by)
    VALUES (${operationId}, ${org.orgId}, ${workloadId}, 'launch', 'pending', 'place', now() + interval '1 hour', 'user:test')`;
  const [offer] = await offersOf({ ...H100, region_id: 'ap-southeast' });
  expect(offer!.stock).toMatchObject({ total: 4, free: 1, largest_instance: 1 });
  await plane.sql`UPDATE operation SET status = 'failed' WHERE id = ${operationId}`;
  expect((await offersOf({ ...H100, region_id: 'ap-southeast' }))[0]!.stock.free).toBe(4);
});

test('prices are the exact list prices, per second rounded to eight places', async () => {
  const [cny] = await offersOf({ ...H100, region_id: 'cn-north', currency: 'CNY' });
  expect(cny).toMatchObject({ currency: 'CNY', price_per_gpu_hour: '18.36', price_per_gpu_second: '0.00510000' });
  const [usd] = await offersOf({ ...H100, region_id: 'ap-southeast' });
  // 2.49 / 3600 = 0.000691666...
  expect(usd).toMatchObject({ currency: 'USD', price_per_gpu_hour: '2.49', price_per_gpu_second: '0.00069167' });
});

test('a price counts from the second at which it is in force', async () => {
  const sku = 'gpu.nvidia-h100-80g.cn-north';
  const price = (id: string, fromS: string, micro: number) => plane.sql`
    INSERT INTO price_row (id, sku, currency, from_s, published_s, micro_per_gpu_hour)
    VALUES (${id}, ${sku}, 'USD', ${fromS}::bigint, 0, ${micro}::bigint)`;
  const nowS = Math.floor(Date.now() / 1000);
  await price('later', String(nowS + 3600), 9_000_000);
  await price('now', String(nowS - 5), 1_234_567);
  const [offer] = await offersOf({ ...H100, region_id: 'cn-north' });
  expect(offer!.price_per_gpu_hour).toBe('1.234567');
});

test('every model has an offer in every region, in stock or not', async () => {
  const [accelerators, offers] = [await call(plane, 'listAccelerators', listAccelerators, null), await offersOf({})];
  expect(offers).toHaveLength(accelerators.items.length * 2);
  expect(offers.filter((offer) => offer.stock.total > 0)).toHaveLength(2);
  expect(await offersOf({ region_id: 'nowhere' })).toEqual([]);
});
