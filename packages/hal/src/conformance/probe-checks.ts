import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Check } from './lifecycle-checks';
import { refuses, type Workbench } from './workbench';

/** Longest difference between the clocks of an engine in order and of whoever checks it. */
const MOST_SKEW_MS = 2_000;

const canProbe = async ({ driver }: Workbench) => (await driver.capabilities()).probe;

export const probeChecks: readonly Check[] = [
  {
    name: 'a prepared allocation is checked: its devices are counted, computed with and told by name, and the clock is of now',
    async run(bench) {
      if (!(await canProbe(bench))) return;
      const spec = await bench.prepared({}, 2);
      const askedMs = bench.subject.nowMs();
      const { clockMs, findings } = await bench.driver.probe(bench.context(), spec.allocationId);
      assert.ok(
        clockMs > askedMs - MOST_SKEW_MS && clockMs < bench.subject.nowMs() + MOST_SKEW_MS,
        `its clock says ${clockMs}`,
      );
      for (const check of ['device_count', 'memory', 'compute']) {
        assert.ok(
          findings.some((finding) => finding.check === check && finding.passed === true),
          `${check} was not measured`,
        );
      }
      const computed = findings.filter(({ check }) => check === 'compute').map(({ deviceId }) => deviceId);
      assert.deepEqual([...computed].sort(), [...spec.deviceIds].sort());
      for (const { passed, code } of findings) assert.equal(code === null, passed !== false);
    },
  },
  {
    name: 'a check may be repeated, leaves the allocation as it was, and refuses a lower epoch',
    async run(bench) {
      if (!(await canProbe(bench))) return;
      const spec = await bench.prepared();
      const call = bench.context(4);
      const first = await bench.driver.probe(call, spec.allocationId);
      const again = await bench.driver.probe(call, spec.allocationId);
      const outcome = ({ findings }: typeof first) =>
        findings.map(({ check, deviceId, passed }) => [check, deviceId, passed]);
      assert.deepEqual(outcome(again), outcome(first));
      assert.equal((await bench.view(spec.allocationId)).state, 'prepared');
      await refuses('fenced', bench.driver.probe(bench.context(3), spec.allocationId));
      await bench.driver.terminate(bench.context(5), spec.allocationId);
    },
  },
  {
    name: 'what runs already, or was never heard of, is not checked',
    async run(bench) {
      if (!(await canProbe(bench))) return;
      const { spec } = await bench.running();
      await refuses('conflict', bench.driver.probe(bench.context(), spec.allocationId));
      const nobody = `alloc_${randomUUID().replaceAll('-', '')}`;
      await refuses('invalid', bench.driver.probe(bench.context(), nobody));
    },
  },
];
