import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkInvariants } from '../../../packages/provisioner/test/support/invariants';
import { requestLaunch } from '../../../packages/provisioner/test/support/tenants';
import { factsOf } from '../../../packages/provisioner/test/support/world';
import { liveThroughKills, SHAPES, type ShapeName } from './support/kill-at';
import { machinesOf, openProduct, type Product, untilQuiet } from './support/product';

let product: Product;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product?.close());

// The worst moment of each step: it has acted and has not recorded it. The other moments: kill.soak.test.ts.
test.each(Object.keys(SHAPES) as ShapeName[])(
  'kill -9 of the worker at every step of the life of one %s: everything finishes, once',
  (shape) => liveThroughKills(product, shape, ['acted']),
  900_000,
);

test('a worker that is frozen while another takes over changes nothing when it thaws', async () => {
  await product.control('settings', { bootScale: 0.15 });
  const frozen = await product.startWorker();
  const { workloadId } = await product.tx((sql) => requestLaunch(sql, product.tenant, SHAPES.cluster));
  for (;;) {
    const [row] = await product.sql<{ step: string; leased: boolean }>`
      SELECT step, lease_until > now() AS leased FROM operation WHERE workload_id = ${workloadId}`;
    if (row?.step === 'boot' && row.leased) break;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  process.kill(frozen.pid, 'SIGSTOP');
  const other = await product.startWorker();
  await untilQuiet(product);
  const before = await factsOf(product, workloadId);
  const history = () => product.sql`SELECT * FROM state_change WHERE workload_id = ${workloadId} ORDER BY at`;
  const told = await history();
  process.kill(frozen.pid, 'SIGCONT');
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(before).toMatchObject({ state: 'running' });
  expect(await factsOf(product, workloadId)).toEqual(before);
  expect(await history()).toEqual(told);
  expect(await machinesOf(product)).toHaveLength(SHAPES.cluster.nodeCount);
  await checkInvariants(product);
  expect(await frozen.end('SIGTERM')).toBe(0);
  expect(await other.end('SIGTERM')).toBe(0);
}, 60_000);

test('Redis emptied again and again while twenty instances come up: all of them do', async () => {
  await product.control('settings', { bootScale: 0.2 });
  const [first, second] = await Promise.all([product.startWorker(), product.startWorker()]);
  const asked = await Promise.all(
    Array.from({ length: 20 }, () => product.tx((sql) => requestLaunch(sql, product.tenant, { gpusPerNode: 1 }))),
  );
  for (let round = 0; round < 12; round += 1) {
    await product.redis.flush();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await untilQuiet(product, 40_000);
  for (const { workloadId } of asked) {
    expect(await factsOf(product, workloadId)).toMatchObject({ state: 'running', operation: { status: 'succeeded' } });
  }
  await checkInvariants(product);
  expect(await Promise.all([first.end('SIGTERM'), second.end('SIGTERM')])).toEqual([0, 0]);
}, 90_000);

test('the private port tells life, readiness and figures', async () => {
  const worker = await product.startWorker();
  const get = (pathname: string) => fetch(`http://127.0.0.1:${worker.privatePort}${pathname}`);
  expect((await get('/livez')).status).toBe(200);
  expect(await (await get('/readyz')).json()).toEqual({
    ready: true,
    checks: { 'database and fleet': 'ok', redis: 'ok' },
  });
  const metrics = await (await get('/metrics')).text();
  expect(metrics).toMatch(/^suanxiang_devices\{process="worker"\} 80$/m);
  expect(await worker.end('SIGTERM')).toBe(0);
});
