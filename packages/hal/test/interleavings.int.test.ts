import { decodeBlock, summariseBlock } from '@suanxiang/domain/usage-block';
import { collect } from '@suanxiang/hal/conformance/workbench';
import { type AllocationState, type AllocationView, DriverError } from '@suanxiang/hal/driver';
import { SimulatedDriver } from '@suanxiang/hal/drivers/simulated/driver';
import { type FleetProcess, startFleetProcess } from '@suanxiang/testing/fleet-process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallSpec } from './small-spec';

const zone = 'r-a';
let fleet: FleetProcess;
let driver: SimulatedDriver;
beforeAll(async () => {
  fleet = await startFleetProcess({ spec: smallSpec, bootScale: 0.002, settings: { faultAfterMs: 30, repairMs: 60 } });
  driver = new SimulatedDriver({ url: fleet.url, token: fleet.token });
});
afterAll(async () => {
  await driver.close();
  await fleet.stop();
});

/** State reached directly or through states that were not seen. */
const REACHABLE: Record<AllocationState, readonly AllocationState[]> = {
  prepared: ['prepared', 'starting', 'running', 'stopping', 'stopped', 'failed', 'terminated'],
  starting: ['starting', 'running', 'stopping', 'stopped', 'failed', 'terminated'],
  running: ['running', 'stopping', 'stopped', 'failed', 'terminated'],
  stopping: ['stopping', 'stopped', 'failed', 'terminated'],
  stopped: ['stopped', 'terminated'],
  failed: ['failed', 'terminated'],
  terminated: ['terminated'],
};

type Step =
  | { kind: 'prepare'; slot: number; node: number; devices: number[]; name: string }
  | { kind: 'start' | 'stop' | 'terminate' | 'advance'; slot: number }
  | { kind: 'replay' }
  | { kind: 'break'; device: number };

const names = ['job', 'job', 'sim-flaky', 'sim-lost-reply', 'sim-boot-fail', 'sim-device-fault', 'sim-host-loss'];
const slot = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('prepare' as const),
      slot,
      node: fc.integer({ min: 1, max: 2 }),
      devices: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
      name: fc.constantFrom(...names),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'start' as const,
        'start' as const,
        'stop' as const,
        'terminate' as const,
        'advance' as const,
      ),
      slot,
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'replay' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break' as const), device: fc.nat(7) }) },
);
/** Groups of calls that are made at the same moment. */
const script = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 14 });

let run = 0;

/** One run: calls through the driver, and what was promised about them. */
class Trial {
  readonly #prefix: string;
  readonly #last = new Map<string, AllocationView>();
  readonly #answers: { call: () => Promise<AllocationView>; view: AllocationView }[] = [];
  #keys = 0;

  constructor() {
    run += 1;
    this.#prefix = `alloc_${process.pid}_${run}`;
  }

  id(position: number): string {
    return `${this.#prefix}_${position}`;
  }

  /** Calls as a provisioner does: transient is repeated, lost is repeated with its key after a look. */
  async #insist(call: () => Promise<AllocationView>): Promise<void> {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      try {
        const view = await call();
        this.#answers.push({ call, view });
        return;
      } catch (error) {
        if (!(error instanceof DriverError)) throw error;
        if (error.code !== 'transient' && error.code !== 'lost') return;
      }
    }
    throw new Error('still refused after eight attempts');
  }

  async act(one: Step): Promise<void> {
    const context = () => {
      this.#keys += 1;
      return { operationKey: `${this.#prefix}:${this.#keys}`, epoch: 1 };
    };
    if (one.kind === 'break') {
      const id = `r-a-n000${1 + (one.device >> 2)}-d${one.device & 3}`;
      await fleet.control('break', { target: 'device', id });
    } else if (one.kind === 'replay') {
      const answered = this.#answers.at(-1);
      if (answered) expect(await answered.call()).toEqual(answered.view);
    } else if (one.kind === 'prepare') {
      const nodeId = `r-a-n000${one.node}`;
      const ctx = context();
      const spec = {
        allocationId: this.id(one.slot),
        nodeId,
        deviceIds: one.devices.map((index) => `${nodeId}-d${index}`),
        name: one.name,
        image: 'x',
        sshPublicKeys: [],
        startupScript: null,
        environment: {},
        clockOffsetS: 0,
      };
      await this.#insist(() => driver.prepare(ctx, spec));
    } else if (one.kind === 'advance') {
      const id = this.id(one.slot);
      await driver.advanceClock(context(), id, 600).catch((error: unknown) => {
        if (!(error instanceof DriverError) || error.code !== 'invalid') throw error;
      });
    } else {
      const { kind, slot: position } = one;
      const ctx = context();
      await this.#insist(() => driver[kind](ctx, this.id(position)));
    }
  }

  /** No device held twice, only legal moves, times that do not change once they are set. */
  async check(): Promise<void> {
    const views = await collect(driver.observed(zone));
    const held = views.flatMap((view) => view.deviceIds);
    expect(new Set(held).size).toBe(held.length);
    for (let position = 0; position < 6; position += 1) {
      const view = await driver.observe(this.id(position));
      const before = this.#last.get(this.id(position));
      if (!view) {
        expect(before).toBeUndefined();
        continue;
      }
      if (before) {
        expect(REACHABLE[before.state]).toContain(view.state);
        if (before.startedAtMs !== null) expect(view.startedAtMs).toBe(before.startedAtMs);
        if (before.stoppedAtMs !== null) expect(view.stoppedAtMs).toBe(before.stoppedAtMs);
        if (before.nodeId !== '') expect(view.deviceIds).toEqual(before.deviceIds);
      }
      this.#last.set(view.allocationId, view);
    }
  }

  /** Everything ended, every run measured to the second. */
  async end(): Promise<void> {
    for (let position = 0; position < 6; position += 1) {
      await this.#insist(() => driver.terminate({ operationKey: `${this.#prefix}:end`, epoch: 1 }, this.id(position)));
    }
    await this.check();
    const blocks = await driver.telemetry(zone, 0, 5_000);
    for (const view of this.#last.values()) {
      const mine = blocks.filter(({ allocationId }) => allocationId === view.allocationId);
      const seconds = mine.reduce((sum, { bytes }) => sum + summariseBlock(decodeBlock(bytes)).measuredSeconds, 0);
      if (view.startedAtMs === null) expect(seconds).toBe(0);
      else {
        const run = Math.floor(view.stoppedAtMs! / 1_000) - Math.floor(view.startedAtMs / 1_000);
        expect([run, run + 600]).toContain(seconds);
      }
    }
    if (blocks.length > 0) await driver.acknowledgeTelemetry(zone, blocks.at(-1)!.seq);
  }
}

describe('any interleaving of calls and faults', () => {
  test('gives no device twice, makes only legal moves, replays the same answers, measures every second', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (groups) => {
        const trial = new Trial();
        for (const group of groups) {
          await Promise.all(group.map((one) => trial.act(one)));
          await trial.check();
        }
        await trial.end();
      }),
      { numRuns: 80, endOnFailure: true },
    );
  }, 120_000);
});
