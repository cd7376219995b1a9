import { OPERATION_STEPS } from '@suanxiang/domain/workload-state';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provisioner } from '../src/context';
import { SAGAS } from '../src/sagas/sagas';
import type { Verb } from './support/in-process-fleet';
import { checkInvariants } from './support/invariants';
import { requestAction, requestLaunch } from './support/tenants';
import { factsOf, openWorld, settle, type World } from './support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await checkInvariants(world);
  await world.close();
});

const shapes = [
  ['instance', { gpusPerNode: 2 }],
  ['cluster', { nodeCount: 3, gpusPerNode: 8 }],
] as const;
type Shape = (typeof shapes)[number][1];

const running = (shape: Shape) => ({
  state: 'running',
  operation: { status: 'succeeded', error: null },
  allocations: Array.from({ length: 'nodeCount' in shape ? shape.nodeCount : 1 }, (_, rank) => ({
    rank,
    state: 'running',
    released: false,
  })),
});

async function launchRunning(shape: Shape, ctx?: Provisioner): Promise<string> {
  const { workloadId } = await world.tx((sql) => requestLaunch(sql, world.tenant, shape));
  await settle(world, ctx);
  return workloadId;
}

async function act(workloadId: string, action: 'stop' | 'start' | 'terminate', ctx?: Provisioner): Promise<void> {
  expect(await world.tx((sql) => requestAction(sql, world.tenant, workloadId, action))).not.toBeNull();
  await settle(world, ctx);
}

async function heldDevices(): Promise<number> {
  const [row] = await world.sql<{ n: number }>`SELECT count(*)::int AS n FROM device WHERE held_by IS NOT NULL`;
  return row?.n ?? -1;
}

/** Nothing on the engine, nothing held, nothing metered. */
async function expectNothingLeft(): Promise<void> {
  expect(await heldDevices()).toBe(0);
  expect(world.fleet.engine.state.holders.size).toBe(0);
  const open = await world.sql`SELECT id FROM allocation WHERE released_at IS NULL OR state IN ('prepared', 'running')`;
  expect(open).toEqual([]);
}

test('the sagas have the steps that tenants see, and each step says how it is undone', () => {
  for (const saga of SAGAS) {
    for (const kind of saga.kinds) expect(saga.steps.map((one) => one.name)).toEqual(OPERATION_STEPS[kind]);
    for (const one of saga.steps) expect(Boolean(one.undo ?? one.unwrite) || (one.noUndo ?? '').length > 8).toBe(true);
  }
});

describe.each(shapes)('%s', (_, shape) => {
  const gpus = ('nodeCount' in shape ? shape.nodeCount : 1) * shape.gpusPerNode;

  test('runs: launch, stop, start, terminate', async () => {
    const id = await launchRunning(shape);
    expect(await factsOf(world, id)).toMatchObject(running(shape));
    expect(await heldDevices()).toBe(gpus);
    await checkInvariants(world);
    await act(id, 'stop');
    const stopped = await factsOf(world, id);
    expect(stopped).toMatchObject({ state: 'stopped', operation: { kind: 'stop', status: 'succeeded' } });
    for (const lease of stopped.allocations) expect(lease).toMatchObject({ state: 'ended', released: true });
    await expectNothingLeft();
    await act(id, 'start');
    expect(await factsOf(world, id)).toMatchObject({ state: 'running', operation: { kind: 'start' } });
    expect(await heldDevices()).toBe(gpus);
    await act(id, 'terminate');
    expect(await factsOf(world, id)).toMatchObject({ state: 'terminated', operation: { status: 'succeeded' } });
    await expectNothingLeft();
  });

  test('every step may be repeated', async () => {
    // Each step dies once after it has acted and before that is recorded, and so is done again.
    const died = new Set<string>();
    const ctx = world.worker({
      failpoint: (name) => {
        if (!name.endsWith(':acted') || died.has(name)) return;
        died.add(name);
        throw new Error(`died at ${name}`);
      },
    });
    const drive = async (action: () => Promise<unknown>) => {
      for (;;) {
        try {
          await action();
          return;
        } catch (error) {
          if (!String(error).includes('died at')) throw error;
          // A placement that died is found again by the sweep.
          await world.sql`INSERT INTO outbox (topic, key) VALUES ('placement', 'near')`;
          action = () => settle(world, ctx);
        }
      }
    };
    const { workloadId: id } = await world.tx((sql) => requestLaunch(sql, world.tenant, shape));
    await drive(() => settle(world, ctx));
    expect(await factsOf(world, id)).toMatchObject(running(shape));
    await drive(() => act(id, 'stop', ctx));
    await drive(() => act(id, 'start', ctx));
    await drive(() => act(id, 'terminate', ctx));
    expect(await factsOf(world, id)).toMatchObject({ state: 'terminated' });
    await expectNothingLeft();
    const points = ['launch', 'start', 'stop', 'terminate'].flatMap((kind) =>
      OPERATION_STEPS[kind as 'launch'].filter((step) => step !== 'place').map((step) => `${kind}:${step}:acted`),
    );
    expect([...died].sort()).toEqual([...points, 'launch:place:acted'].sort());
  });

  const failing = [
    ['prepare', 'prepare', 'provider.refused'],
    ['boot', 'start', 'provider.refused'],
    ['verify', 'observe', 'provider.verification_failed'],
    ['start_meter', 'clock', 'provider.refused'],
  ] as const;
  test.each(failing)('fails at %s and unwinds with nothing left', async (step, verb, code) => {
    await failAt(step, verb);
    const id = await launchRunning(shape);
    const facts = await factsOf(world, id);
    expect(facts).toMatchObject({ state: 'failed', reason: code, operation: { status: 'failed', error: { code } } });
    await expectNothingLeft();
  });

  test.each(failing)('fails at %s with every undo repeated', async (step, verb, code) => {
    await failAt(step, verb);
    const undone = new Set<string>();
    const ctx = world.worker({
      failpoint: (name) => {
        if (!name.endsWith(':undo') || undone.has(name)) return;
        undone.add(name);
        throw new Error(`died at ${name}`);
      },
    });
    const id = await launchRunning(shape, ctx);
    expect([...undone]).toEqual(['launch:prepare:undo']);
    expect(await factsOf(world, id)).toMatchObject({ state: 'failed', reason: code });
    await expectNothingLeft();
  });

  test('a start that fails leaves the workload stopped, with nothing left', async () => {
    const id = await launchRunning(shape);
    await act(id, 'stop');
    await failAt('boot', 'start');
    await act(id, 'start');
    expect(await factsOf(world, id)).toMatchObject({
      state: 'stopped',
      reason: 'provider.refused',
      operation: { status: 'failed' },
    });
    await expectNothingLeft();
  });

  test('a node that refuses is left out and the whole is placed elsewhere', async () => {
    const refused = new Set<string>();
    world.fleet.trouble.before = async (verb, id) => {
      if (verb !== 'prepare' || refused.size > 0) return null;
      refused.add(id);
      const { DriverError } = await import('@suanxiang/hal/driver');
      return new DriverError('capacity', 'no room');
    };
    const id = await launchRunning(shape);
    const { state, allocations } = await factsOf(world, id);
    expect(state).toBe('running');
    const failed = allocations.filter((one) => one.state === 'failed');
    const kept = allocations.filter((one) => one.state === 'running');
    expect(failed).toHaveLength(kept.length);
    const refusing = allocations.find((one) => refused.has(one.id))!.node;
    expect(kept.map((one) => one.node)).not.toContain(refusing);
    expect(failed.every((one) => one.released)).toBe(true);
  });
});

/** Makes a step of the next launch fail for good. */
async function failAt(step: string, verb: Verb): Promise<void> {
  const { DriverError } = await import('@suanxiang/hal/driver');
  if (step === 'verify') {
    // The machine came up with other devices than the ones placed.
    const observe = world.fleet.observe.bind(world.fleet);
    world.fleet.observe = async (id) => {
      const view = await observe(id);
      return view?.state === 'running' ? { ...view, deviceIds: ['another'] } : view;
    };
    return;
  }
  if (step === 'start_meter') {
    // The sandbox clock moves after the placement, and the engine refuses to follow.
    await world.sql`UPDATE organization SET mode = 'sandbox' WHERE id = ${world.tenant.orgId}`;
    world.fleet.trouble.before = async (called) => {
      if (called === 'start') {
        await world.sql`UPDATE organization SET clock_offset_s = 3600 WHERE id = ${world.tenant.orgId}`;
      }
      return called === verb ? new DriverError('invalid', 'no') : null;
    };
    return;
  }
  world.fleet.trouble.before = (called) => (called === verb ? new DriverError('invalid', 'no', 'E42') : null);
}
