import { OPERATION_STEPS, type OperationKind, type WorkloadAction } from '@suanxiang/domain/workload-state';
import { expect } from 'vitest';
import { checkInvariants } from '../../../../packages/provisioner/test/support/invariants';
import { requestAction, requestLaunch } from '../../../../packages/provisioner/test/support/tenants';
import { factsOf } from '../../../../packages/provisioner/test/support/world';
import { machinesOf, type Product, untilQuiet } from './product';

export const SHAPES = { instance: { gpusPerNode: 2 }, cluster: { nodeCount: 4, gpusPerNode: 8 } } as const;
export type ShapeName = keyof typeof SHAPES;

/** Fault points of a saga in the order in which an operation passes them. Placements of starts are launch's. */
export function pointsOf(kind: OperationKind, when: readonly string[]): string[] {
  return OPERATION_STEPS[kind].flatMap((step) =>
    when.map((moment) => `${step === 'place' ? 'launch' : kind}:${step}:${moment}`),
  );
}

/**
 * Runs one operation while its worker is killed at each of the points, one worker after another, then lets a healthy
 * worker finish it.
 */
async function killThrough(product: Product, points: readonly string[]): Promise<void> {
  for (const point of points) {
    const worker = await product.startWorker({ SUANXIANG_FAILPOINT: point });
    const late = new Promise((resolve) => setTimeout(resolve, 60_000, 'not reached').unref());
    expect([point, await Promise.race([worker.exited, late])]).toEqual([point, 'SIGKILL']);
  }
  const worker = await product.startWorker();
  await untilQuiet(product);
  expect(await worker.end('SIGTERM')).toBe(0);
}

const AFTER = { stop: 'stopped', start: 'running', terminate: 'terminated' } as const;

/** Takes a workload through its life, its worker killed at every point; each operation must happen exactly once. */
export async function liveThroughKills(product: Product, shape: ShapeName, when: readonly string[]): Promise<void> {
  const nodes = 'nodeCount' in SHAPES[shape] ? SHAPES.cluster.nodeCount : 1;
  const { workloadId } = await product.tx((sql) => requestLaunch(sql, product.tenant, SHAPES[shape]));
  await killThrough(product, pointsOf('launch', when));
  await expectRunning(product, workloadId, nodes);
  for (const action of ['stop', 'start', 'terminate'] as WorkloadAction[]) {
    await product.tx((sql) => requestAction(sql, product.tenant, workloadId, action));
    await killThrough(product, pointsOf(action, when));
    expect(await factsOf(product, workloadId)).toMatchObject({
      state: AFTER[action],
      operation: { status: 'succeeded' },
    });
    if (action === 'start') await expectRunning(product, workloadId, nodes);
    else expect(await machinesOf(product)).toEqual([]);
    await checkInvariants(product);
  }
  await expectOnce(product, workloadId);
}

async function expectRunning(product: Product, workloadId: string, nodes: number): Promise<void> {
  const facts = await factsOf(product, workloadId);
  expect(facts).toMatchObject({ state: 'running', operation: { status: 'succeeded' } });
  const open = facts.allocations.filter((one) => !one.released);
  expect(open.map((one) => [one.rank, one.state])).toEqual(Array.from({ length: nodes }, (_, i) => [i, 'running']));
  const machines = await machinesOf(product);
  expect(machines.map((one) => one.id).sort()).toEqual(open.map((one) => one.id).sort());
  expect(new Set(machines.map((one) => one.state))).toEqual(new Set(['running']));
}

/** Each change of state happened once. */
async function expectOnce(product: Product, workloadId: string): Promise<void> {
  const events = await product.sql<{ event: string }>`
    SELECT event FROM state_change WHERE workload_id = ${workloadId} ORDER BY at`;
  expect(events.map((one) => one.event)).toEqual([
    ...['create', 'placed', 'ready'],
    ...['stop_requested', 'stopped'],
    ...['start_requested', 'ready'],
    ...['terminate_requested', 'terminated'],
  ]);
}
