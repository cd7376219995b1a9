import { setTimeout as sleep } from 'node:timers/promises';
import { decodeBlock, summariseBlock } from '@suanxiang/domain/usage-block';
import { refuses, Workbench } from '@suanxiang/hal/conformance/workbench';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { type FleetProcess, startFleetProcess } from '@suanxiang/testing/fleet-process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { smallSpec } from './small-spec';

let fleet: FleetProcess;
let driver: SimulatedDriver;
let bench: Workbench;
const zone = 'r-a';

beforeAll(async () => {
  fleet = await startFleetProcess({
    spec: smallSpec,
    settings: { faultAfterMs: 300, repairMs: 700, slowBootMs: 600 },
  });
});
afterAll(() => fleet.stop());
beforeEach(() => {
  driver = new SimulatedDriver({ url: fleet.url, token: fleet.token });
  bench = new Workbench({
    driver,
    zone,
    image: 'pytorch:2.9',
    bootLimitMs: 5_000,
    stopLimitMs: 5_000,
    nowMs: Date.now,
  });
});
afterEach(async () => {
  await bench.tidy();
  await driver.close();
});

async function untilHealth(kind: string, afterSeq: number) {
  for (let round = 0; round < 100; round += 1) {
    const event = (await driver.health(zone, afterSeq, 100)).find((one) => one.kind === kind);
    if (event) return event;
    await sleep(50);
  }
  throw new Error(`no ${kind} event`);
}
const lastHealth = async () => (await driver.health(zone, 0, 1_000)).at(-1)?.seq ?? 0;

describe('sentinel names', () => {
  test('sim-capacity is refused, sim-boot-fail and sim-image-fail fail, sim-slow-boot is slow', async () => {
    await refuses('capacity', driver.prepare(bench.context(), await bench.spec({ name: 'sim-capacity' })));
    for (const [name, kind] of [
      ['sim-boot-fail-x', 'boot_failed'],
      ['sim-image-fail', 'image_pull_failed'],
    ] as const) {
      const spec = await bench.prepared({ name });
      await driver.start(bench.context(), spec.allocationId);
      expect(await bench.view(spec.allocationId)).toMatchObject({ state: 'failed', fault: { kind } });
    }
    const slow = await bench.prepared({ name: 'sim-slow-boot' });
    await driver.start(bench.context(), slow.allocationId);
    expect(await bench.view(slow.allocationId)).toMatchObject({ state: 'starting', phase: 'pulling_image' });
    await bench.until(slow.allocationId, 'running', 3_000);
  });

  test('sim-lost-reply: the effect happens, the first reply of each call is lost, the key finds it', async () => {
    const spec = await bench.spec({ name: 'sim-lost-reply' });
    const [prepare, start] = [bench.context(), bench.context()];
    await refuses('lost', driver.prepare(prepare, spec));
    expect(await driver.observe(spec.allocationId)).toMatchObject({ state: 'prepared' });
    expect(await driver.prepare(prepare, spec)).toMatchObject({ state: 'prepared' });
    await refuses('lost', driver.start(start, spec.allocationId));
    expect(await driver.observe(spec.allocationId)).toMatchObject({ state: 'running' });
    await refuses('lost', driver.terminate(bench.context(), spec.allocationId));
    expect(await driver.observe(spec.allocationId)).toMatchObject({ state: 'terminated' });
  });

  test('sim-flaky: each call fails twice without an effect, then works', async () => {
    const spec = await bench.spec({ name: 'sim-flaky' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await refuses('transient', driver.prepare(bench.context(), spec));
      expect(await driver.observe(spec.allocationId)).toBeNull();
    }
    expect(await driver.prepare(bench.context(), spec)).toMatchObject({ state: 'prepared' });
    for (const verb of ['start', 'terminate'] as const) {
      await refuses('transient', driver[verb](bench.context(), spec.allocationId));
      await refuses('transient', driver[verb](bench.context(), spec.allocationId));
      await driver[verb](bench.context(), spec.allocationId);
    }
  });

  test('sim-host-loss: host, workloads and events; the host comes back', async () => {
    const before = await lastHealth();
    const { spec } = await bench.running({ name: 'sim-host-loss' });
    const lost = await untilHealth('host_lost', before);
    expect(lost).toMatchObject({ nodeId: spec.nodeId, allocationId: null });
    const view = await bench.view(spec.allocationId);
    expect(view).toMatchObject({ state: 'failed', stoppedAtMs: lost.atMs, fault: { kind: 'host_loss' } });
    expect((await bench.nodes()).find(({ nodeId }) => nodeId === spec.nodeId)?.schedulable).toBe(false);
    await untilHealth('host_recovered', before);
    expect((await bench.nodes()).find(({ nodeId }) => nodeId === spec.nodeId)?.schedulable).toBe(true);
    const blocks = await bench.blocksOf(spec.allocationId);
    const seconds = blocks.reduce((sum, { bytes }) => sum + summariseBlock(decodeBlock(bytes)).measuredSeconds, 0);
    expect(seconds).toBe(Math.floor(view.stoppedAtMs! / 1_000) - Math.floor(view.startedAtMs! / 1_000));
  });

  test("sim-device-fault: the vendor's code in event, view and inventory", async () => {
    const before = await lastHealth();
    const { spec } = await bench.running({ name: 'sim-device-fault' });
    const event = await untilHealth('device_fault', before);
    expect(event).toMatchObject({ allocationId: spec.allocationId, deviceId: spec.deviceIds[0], vendorCode: 'XID 79' });
    expect(await bench.view(spec.allocationId)).toMatchObject({ state: 'failed', fault: { vendorCode: 'XID 79' } });
    const device = (await bench.nodes())
      .flatMap((node) => node.devices)
      .find(({ deviceId }) => deviceId === event.deviceId);
    expect(device?.health).toBe('failed');
    await untilHealth('device_recovered', before);
  });

  test('sim-exit ends by itself', async () => {
    const before = await lastHealth();
    const { spec } = await bench.running({ name: 'sim-exit' });
    expect(await untilHealth('workload_exited', before)).toMatchObject({ allocationId: spec.allocationId });
    expect(await bench.view(spec.allocationId)).toMatchObject({ state: 'stopped', fault: null });
  });
});

describe('the process', () => {
  test('killed in the middle of a boot, it goes on where its callers saw it', async () => {
    await fleet.control('settings', { bootScale: 0.5 });
    const spec = await bench.prepared();
    const start = bench.context();
    const askedMs = Date.now();
    const started = await driver.start(start, spec.allocationId);
    expect(started.state).toBe('starting');
    await sleep(500);
    await fleet.kill();
    await refuses('transient', driver.observe(spec.allocationId));
    await fleet.restart();
    expect(await driver.start(start, spec.allocationId)).toEqual(started);
    const view = await bench.until(spec.allocationId, 'running', 8_000);
    // The plan of the boot was made before the kill: 8 s at half scale, whatever was set and happened since.
    expect(view.startedAtMs! - askedMs).toBeGreaterThanOrEqual(3_900);
    expect(view.startedAtMs! - askedMs).toBeLessThan(5_200);
  }, 30_000);

  test('killed while it is used, it loses no call, no block and no fence', async () => {
    const { spec, view } = await bench.running();
    await driver.advanceClock(bench.context(7), spec.allocationId, 7_200);
    const before = await bench.allBlocks();
    const middle = before[before.length >> 1]!.seq;
    await driver.acknowledgeTelemetry(zone, middle);
    for (let round = 0; round < 3; round += 1) {
      await fleet.kill();
      await fleet.restart();
      const after = await bench.allBlocks();
      const kept = before.filter(({ seq }) => seq > middle);
      expect(after.slice(0, kept.length)).toEqual(kept);
      expect(await bench.view(spec.allocationId)).toMatchObject({ state: 'running', startedAtMs: view.startedAtMs });
      await refuses('fenced', driver.stop(bench.context(6), spec.allocationId));
    }
    const { nodeId, deviceIds } = spec;
    await refuses('conflict', driver.prepare(bench.context(), await bench.spec({ nodeId, deviceIds })));
    await driver.stop(bench.context(8), spec.allocationId);
    const { stoppedAtMs } = await bench.until(spec.allocationId, 'stopped', 3_000);
    const rest = await bench.blocksOf(spec.allocationId);
    const all = [...before.filter(({ seq }) => seq <= middle), ...rest].filter(
      ({ allocationId }) => allocationId === spec.allocationId,
    );
    const seconds = all.reduce((sum, { bytes }) => sum + summariseBlock(decodeBlock(bytes)).measuredSeconds, 0);
    expect(seconds).toBe(7_200 + Math.floor(stoppedAtMs! / 1_000) - Math.floor(view.startedAtMs! / 1_000));
  }, 60_000);

  test('refuses a wrong token, in the words of the contract', async () => {
    const stranger = new SimulatedDriver({ url: fleet.url, token: 'guess' });
    await refuses('invalid', stranger.observe('x'));
    await refuses('invalid', stranger.start(bench.context(), 'x'));
    await stranger.close();
  });

  test('control breaks and repairs, and only knows what exists', async () => {
    const before = await lastHealth();
    const { spec } = await bench.running();
    await fleet.control('break', { target: 'device', id: spec.deviceIds[0] });
    expect(await untilHealth('device_fault', before)).toMatchObject({ allocationId: spec.allocationId });
    await fleet.control('repair', { target: 'device', id: spec.deviceIds[0] });
    await untilHealth('device_recovered', before);
    await expect(fleet.control('break', { target: 'node', id: 'nowhere' })).rejects.toThrow(/not known/);
    await expect(fleet.control('settings', { speed: -1 })).rejects.toThrow(/speed/);
  });

  test('a month that is skipped is delivered in seconds', async () => {
    const { spec } = await bench.running();
    const beganMs = performance.now();
    await driver.advanceClock(bench.context(), spec.allocationId, 30 * 86_400);
    let blocks = 0;
    for (;;) {
      const page = await driver.telemetry(zone, 0, 5_000);
      if (page.length === 0) break;
      blocks += page.filter(({ allocationId }) => allocationId === spec.allocationId).length;
      await driver.acknowledgeTelemetry(zone, page.at(-1)!.seq);
    }
    expect(blocks).toBe(43_200);
    expect(performance.now() - beganMs).toBeLessThan(20_000);
  }, 40_000);
});
