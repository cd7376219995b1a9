import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeBlock, summariseBlock } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import type { UsageBlockRecord } from '../driver';
import type { Check } from './lifecycle-checks';
import { refuses, type Workbench } from './workbench';

const second = (ms: number) => Math.floor(ms / 1_000);

function measured(blocks: readonly UsageBlockRecord[]): number {
  return blocks.reduce((sum, { bytes }) => sum + summariseBlock(decodeBlock(bytes)).measuredSeconds, 0);
}

/** Runs that were measured for at least a second each. */
async function measuredRuns(bench: Workbench, count: number): Promise<void> {
  for (let run = 0; run < count; run += 1) {
    const { spec } = await bench.running();
    await sleep(1_100);
    await bench.stopped(spec.allocationId);
    await bench.driver.terminate(bench.context(), spec.allocationId);
  }
}

export const usageChecks: readonly Check[] = [
  {
    name: 'a run of some seconds is measured to the second, in blocks that prove themselves',
    async run(bench) {
      const { spec, view } = await bench.running();
      await sleep(2_200);
      const { stoppedAtMs } = await bench.stopped(spec.allocationId);
      const blocks = await bench.blocksOf(spec.allocationId);
      assert.equal(measured(blocks), second(stoppedAtMs!) - second(view.startedAtMs!));
      const wins = blocks.map(({ winStartS }) => winStartS);
      assert.equal(new Set(wins).size, wins.length);
      for (const { bytes, digest, allocationId, winStartS, rev } of blocks) {
        assert.equal(winStartS % 60, 0);
        assert.equal(digest, blockDigest({ allocationId, winStartS, rev }, bytes));
      }
    },
  },
  {
    name: 'an allocation that never ran has no blocks',
    async run(bench) {
      const spec = await bench.prepared();
      await bench.stopped(spec.allocationId);
      assert.deepEqual(await bench.blocksOf(spec.allocationId), []);
    },
  },
  {
    name: 'skipped time is measured at once, in dense blocks, and billing time does not go back',
    async run(bench) {
      if (!(await bench.driver.capabilities()).testClock) {
        await refuses('unsupported', bench.driver.advanceClock(bench.context(), 'any', 60));
        return;
      }
      const offsetS = 3_600;
      const { spec, view } = await bench.running({ clockOffsetS: offsetS });
      await bench.driver.advanceClock(bench.context(), spec.allocationId, offsetS + 86_400);
      const blocks = await bench.blocksOf(spec.allocationId);
      assert.equal(blocks.length, 1_440);
      assert.ok(measured(blocks) > 1_439 * 60);
      await bench.driver.advanceClock(bench.context(), spec.allocationId, offsetS + 86_400);
      await refuses('invalid', bench.driver.advanceClock(bench.context(), spec.allocationId, offsetS));
      await refuses('invalid', bench.driver.advanceClock(bench.context(), spec.allocationId, offsetS + 86_430));
      const { stoppedAtMs } = await bench.stopped(spec.allocationId);
      const all = await bench.blocksOf(spec.allocationId);
      assert.equal(measured(all), 86_400 + second(stoppedAtMs!) - second(view.startedAtMs!));
      const wins = all.map(({ winStartS }) => winStartS).sort((a, b) => a - b);
      assert.deepEqual(
        wins,
        wins.map((_, index) => wins[0]! + index * 60),
      );
      assert.equal(wins[0], Math.floor((second(view.startedAtMs!) + offsetS) / 60) * 60);
    },
  },
  {
    name: 'blocks come in a dense order, page by page the same, and stay until they are acknowledged',
    async run(bench) {
      const { zone } = bench.subject;
      if ((await bench.driver.capabilities()).testClock) {
        const { spec } = await bench.running();
        await bench.driver.advanceClock(bench.context(), spec.allocationId, 1_200);
        await bench.stopped(spec.allocationId);
      } else {
        // Real machines have no time to skip: several short runs leave a block each.
        await measuredRuns(bench, 3);
      }
      const all = await bench.allBlocks();
      assert.deepEqual(
        all.map(({ seq }) => seq),
        all.map((_, index) => all[0]!.seq + index),
      );
      const pageSize = Math.min(7, all.length - 1);
      assert.deepEqual(await bench.allBlocks(0, pageSize), all);
      const kept = Math.min(9, all.length - 2);
      const middle = all.at(-kept - 1)!.seq;
      await bench.driver.acknowledgeTelemetry(zone, middle);
      await bench.driver.acknowledgeTelemetry(zone, Math.max(0, middle - 3));
      assert.deepEqual(await bench.allBlocks(), all.slice(-kept));
      await bench.driver.acknowledgeTelemetry(zone, all.at(-1)!.seq);
      assert.deepEqual(await bench.allBlocks(), []);
    },
  },
  {
    name: 'live samples are the same seconds as the blocks',
    async run(bench) {
      const { spec } = await bench.running();
      await sleep(2_500);
      await bench.stopped(spec.allocationId);
      const samples = await bench.driver.live([spec.allocationId, 'alloc_nobody'], 0);
      assert.ok(samples.length >= 2);
      const ofBlocks = new Map<number, number | null>();
      for (const { winStartS, bytes } of await bench.blocksOf(spec.allocationId)) {
        for (const [index, ppm] of decodeBlock(bytes).entries()) ofBlocks.set(winStartS + index, ppm);
      }
      for (const sample of samples) {
        assert.equal(sample.allocationId, spec.allocationId);
        assert.equal(sample.devicesPpm.length, spec.deviceIds.length);
        assert.equal(sample.utilizationPpm, ofBlocks.get(sample.atS));
      }
      const last = samples.at(-1)!.atS;
      assert.deepEqual(await bench.driver.live([spec.allocationId], last), []);
    },
  },
  {
    name: 'health events have a dense order and continue after the last one read',
    async run(bench) {
      const { zone } = bench.subject;
      const events = await bench.driver.health(zone, 0, 1_000);
      assert.deepEqual(
        events.map(({ seq }) => seq),
        events.map((_, index) => (events[0]?.seq ?? 0) + index),
      );
      const last = events.at(-1)?.seq ?? 0;
      assert.deepEqual(await bench.driver.health(zone, last, 10), []);
      if (events.length > 1) assert.deepEqual(await bench.driver.health(zone, events[0]!.seq, 1), [events[1]]);
    },
  },
];
