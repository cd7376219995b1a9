import assert from 'node:assert/strict';
import type { Check } from './lifecycle-checks';
import { refuses } from './workbench';

export const safetyChecks: readonly Check[] = [
  {
    name: 'a device is given to one allocation at a time',
    async run(bench) {
      const spec = await bench.prepared();
      const { nodeId, deviceIds } = spec;
      await refuses('conflict', bench.driver.prepare(bench.context(), await bench.spec({ nodeId, deviceIds })));
      await bench.driver.stop(bench.context(), spec.allocationId);
      await refuses('conflict', bench.driver.prepare(bench.context(), await bench.spec({ nodeId, deviceIds })));
      await bench.driver.terminate(bench.context(), spec.allocationId);
      const next = await bench.driver.prepare(bench.context(), await bench.spec({ nodeId, deviceIds }));
      assert.equal(next.state, 'prepared');
    },
  },
  {
    name: 'of many prepares for one device at once exactly one succeeds',
    async run(bench) {
      const place = await bench.freeDevices(1);
      const specs = await Promise.all(Array.from({ length: 8 }, () => bench.spec(place)));
      const results = await Promise.allSettled(specs.map((spec) => bench.driver.prepare(bench.context(), spec)));
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    },
  },
  {
    name: 'the same operation key gives the same answer again and no second effect',
    async run(bench) {
      const spec = await bench.spec();
      const [prepare, start, stop, terminate] = [bench.context(), bench.context(), bench.context(), bench.context()];
      const prepared = await bench.driver.prepare(prepare, spec);
      assert.deepEqual(await bench.driver.prepare(prepare, spec), prepared);
      const started = await bench.driver.start(start, spec.allocationId);
      const running = await bench.until(spec.allocationId, 'running', bench.subject.bootLimitMs);
      assert.deepEqual(await bench.driver.start(start, spec.allocationId), started);
      assert.equal((await bench.view(spec.allocationId)).startedAtMs, running.startedAtMs);
      const stopping = await bench.driver.stop(stop, spec.allocationId);
      await bench.until(spec.allocationId, 'stopped', bench.subject.stopLimitMs);
      assert.deepEqual(await bench.driver.stop(stop, spec.allocationId), stopping);
      assert.deepEqual(await bench.driver.prepare(prepare, spec), prepared);
      assert.equal((await bench.view(spec.allocationId)).state, 'stopped');
      const terminated = await bench.driver.terminate(terminate, spec.allocationId);
      assert.deepEqual(await bench.driver.terminate(terminate, spec.allocationId), terminated);
    },
  },
  {
    name: 'the same call at the same moment, many times, happens once',
    async run(bench) {
      const spec = await bench.spec();
      const context = bench.context();
      const views = await Promise.all(Array.from({ length: 8 }, () => bench.driver.prepare(context, spec)));
      for (const view of views) assert.deepEqual(view, views[0]);
    },
  },
  {
    name: 'an epoch below the highest seen is fenced, also for a key that was answered before',
    async run(bench) {
      const spec = await bench.spec();
      const { operationKey } = bench.context();
      await bench.driver.prepare({ operationKey, epoch: 5 }, spec);
      await refuses('fenced', bench.driver.prepare({ operationKey, epoch: 4 }, spec));
      await refuses('fenced', bench.driver.start(bench.context(4), spec.allocationId));
      await refuses('fenced', bench.driver.terminate(bench.context(1), spec.allocationId));
      assert.equal((await bench.view(spec.allocationId)).state, 'prepared');
      await bench.driver.stop(bench.context(9), spec.allocationId);
      await refuses('fenced', bench.driver.start(bench.context(8), spec.allocationId));
      assert.equal((await bench.view(spec.allocationId)).epoch, 9);
    },
  },
  {
    name: 'a terminated allocation does not come back, not even one that was terminated before it was prepared',
    async run(bench) {
      const spec = await bench.prepared();
      await bench.driver.terminate(bench.context(), spec.allocationId);
      await refuses('conflict', bench.driver.prepare(bench.context(), spec));
      await refuses('conflict', bench.driver.start(bench.context(), spec.allocationId));
      const never = await bench.spec();
      await bench.driver.terminate(bench.context(3), never.allocationId);
      await refuses('fenced', bench.driver.prepare(bench.context(2), never));
      await refuses('conflict', bench.driver.prepare(bench.context(3), never));
    },
  },
  {
    name: 'a layout that cannot be is invalid and reserves nothing',
    async run(bench) {
      const { nodeId, deviceIds } = await bench.freeDevices(2);
      const [first = '', second = ''] = deviceIds;
      const wrong = [
        { nodeId: 'no-such-node', deviceIds: [first] },
        { nodeId, deviceIds: ['no-such-device'] },
        { nodeId, deviceIds: [first, first] },
        { nodeId, deviceIds: [] },
        { nodeId, deviceIds: [second], clockOffsetS: 61 },
      ];
      for (const place of wrong) {
        await refuses('invalid', bench.driver.prepare(bench.context(), await bench.spec(place)));
      }
      const good = await bench.spec({ nodeId, deviceIds: [first, second] });
      assert.equal((await bench.driver.prepare(bench.context(), good)).state, 'prepared');
    },
  },
  {
    name: 'one allocation has one layout',
    async run(bench) {
      const spec = await bench.prepared();
      await refuses('conflict', bench.driver.prepare(bench.context(), { ...spec, image: `${spec.image}-other` }));
    },
  },
  {
    name: 'a drained node takes nothing new, keeps what it has, and takes work again when resumed',
    async run(bench) {
      const { nodeId, deviceIds } = await bench.freeDevices(2);
      const [first = '', second = ''] = deviceIds;
      const { spec } = await bench.running({ nodeId, deviceIds: [first] });
      await bench.driver.drain(bench.context(), nodeId);
      const other = await bench.spec({ nodeId, deviceIds: [second] });
      await refuses('capacity', bench.driver.prepare(bench.context(), other));
      assert.equal((await bench.nodes()).find((node) => node.nodeId === nodeId)?.schedulable, false);
      assert.equal((await bench.view(spec.allocationId)).state, 'running');
      await bench.driver.resume(bench.context(), nodeId);
      assert.equal((await bench.driver.prepare(bench.context(), other)).state, 'prepared');
    },
  },
  {
    name: 'a device is scrubbed when nobody holds it, once per key, with evidence',
    async run(bench) {
      if (!(await bench.driver.capabilities()).scrub) return;
      const spec = await bench.prepared();
      const deviceId = spec.deviceIds[0]!;
      await refuses('conflict', bench.driver.scrub(bench.context(), deviceId));
      await bench.driver.terminate(bench.context(), spec.allocationId);
      const context = bench.context();
      const evidence = await bench.driver.scrub(context, deviceId);
      assert.ok(evidence.verified && evidence.method !== '' && evidence.deviceId === deviceId);
      assert.deepEqual(await bench.driver.scrub(context, deviceId), evidence);
      await refuses('invalid', bench.driver.scrub(bench.context(), 'no-such-device'));
    },
  },
  {
    name: 'a call that is cancelled before it is sent is transient',
    async run(bench) {
      const spec = await bench.spec();
      const signal = AbortSignal.abort();
      await refuses('transient', bench.driver.prepare({ ...bench.context(), signal }, spec));
      assert.equal(await bench.driver.observe(spec.allocationId), null);
    },
  },
];
