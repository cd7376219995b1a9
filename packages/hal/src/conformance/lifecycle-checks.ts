import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { findAccelerator } from '@suanxiang/domain/accelerators';
import { collect, refuses, type Workbench } from './workbench';

/** One promise of the contract, by name. */
export interface Check {
  name: string;
  run: (bench: Workbench) => Promise<void>;
}

const PHASES = ['pulling_image', 'creating_network', 'attaching_devices', 'booting', 'verifying'];

export const lifecycleChecks: readonly Check[] = [
  {
    name: 'discover lists every node and device of the zone once, the same each time, with models of the catalogue',
    async run(bench) {
      const nodes = await bench.nodes();
      assert.ok(nodes.length > 0);
      assert.deepEqual(
        (await bench.nodes()).map(({ nodeId }) => nodeId),
        nodes.map(({ nodeId }) => nodeId),
      );
      const devices = nodes.flatMap((node) => node.devices);
      assert.equal(new Set(nodes.map(({ nodeId }) => nodeId)).size, nodes.length);
      assert.equal(new Set(devices.map(({ deviceId }) => deviceId)).size, devices.length);
      for (const node of nodes) assert.equal(node.zone, bench.subject.zone);
      for (const { modelId, memoryBytes } of devices) {
        assert.ok(findAccelerator(modelId), `model ${modelId} is not in the catalogue`);
        assert.ok(memoryBytes > 0);
      }
    },
  },
  {
    name: 'an allocation is prepared, starts, runs, stops and is terminated',
    async run(bench) {
      const spec = await bench.spec();
      const prepared = await bench.driver.prepare(bench.context(), spec);
      assert.deepEqual(
        [prepared.allocationId, prepared.nodeId, prepared.deviceIds, prepared.state, prepared.startedAtMs],
        [spec.allocationId, spec.nodeId, spec.deviceIds, 'prepared', null],
      );
      const started = await bench.driver.start(bench.context(), spec.allocationId);
      assert.ok(started.state === 'starting' || started.state === 'running', started.state);
      const running = await bench.until(spec.allocationId, 'running', bench.subject.bootLimitMs);
      assert.ok(running.startedAtMs !== null && running.stoppedAtMs === null && running.fault === null);
      assert.ok(running.ssh && running.ssh.port > 0 && running.ssh.user !== '');
      const stopped = await bench.stopped(spec.allocationId);
      assert.ok(stopped.stoppedAtMs !== null && stopped.stoppedAtMs >= running.startedAtMs);
      assert.equal(stopped.startedAtMs, running.startedAtMs);
      const terminated = await bench.driver.terminate(bench.context(), spec.allocationId);
      assert.equal(terminated.state, 'terminated');
    },
  },
  {
    name: 'phases of a boot come in their order',
    async run(bench) {
      const spec = await bench.prepared();
      await bench.driver.start(bench.context(), spec.allocationId);
      const seen: string[] = [];
      const limit = AbortSignal.timeout(bench.subject.bootLimitMs);
      for (;;) {
        const view = await bench.view(spec.allocationId);
        if (view.state !== 'starting') break;
        if (view.phase !== null && seen.at(-1) !== view.phase) seen.push(view.phase);
        assert.ok(!limit.aborted, 'the boot takes too long');
      }
      assert.deepEqual(
        seen,
        PHASES.filter((phase) => seen.includes(phase)),
      );
    },
  },
  {
    name: 'a prepared or starting allocation can be stopped and then never runs',
    async run(bench) {
      const spec = await bench.prepared();
      assert.equal((await bench.stopped(spec.allocationId)).startedAtMs, null);
      await refuses('conflict', bench.driver.start(bench.context(), spec.allocationId));
    },
  },
  {
    name: 'observed lists what is not terminated, and nothing else of ours',
    async run(bench) {
      const spec = await bench.prepared();
      const ids = async () =>
        (await collect(bench.driver.observed(bench.subject.zone))).map((view) => view.allocationId);
      assert.ok((await ids()).includes(spec.allocationId));
      await bench.driver.terminate(bench.context(), spec.allocationId);
      assert.ok(!(await ids()).includes(spec.allocationId));
    },
  },
  {
    name: 'what the engine never heard of is observed as null, terminated as done, and otherwise invalid',
    async run(bench) {
      const nobody = `alloc_${randomUUID().replaceAll('-', '')}`;
      assert.equal(await bench.driver.observe(nobody), null);
      await refuses('invalid', bench.driver.start(bench.context(), nobody));
      await refuses('invalid', bench.driver.stop(bench.context(), nobody));
      assert.equal((await bench.driver.terminate(bench.context(), nobody)).state, 'terminated');
    },
  },
];
