import type { LiveSample } from '@suanxiang/hal/driver';
import { steadyMs } from '@suanxiang/platform/clock';
import { isUp, type NodeContext } from '../engine/node';
import type { Allocation } from '../state/model';
import { type Cgroup, cgroupOf } from './cgroup';
import { lastSeconds, secondsSince } from './seconds';

const SECOND_MS = 1_000;
/** Live samples reach this far back. */
const HISTORY_S = 120;
/** Readings come a little after the second, so that it is over on every clock that looks. */
const AFTER_MS = 5;
const SKEW_MS = 2_000;

/** Reads every running workload's counters once a second and notes what each second was worth. */
export class Sampler {
  readonly #ctx: NodeContext;
  readonly #onDown: (id: string) => void;
  readonly #cgroups = new Map<string, Cgroup>();
  readonly #recent = new Map<string, LiveSample[]>();
  #timer: NodeJS.Timeout | null = null;
  /** Wall clock minus steady clock at the last tick. */
  #offsetMs: number | null = null;

  /** `onDown` is told of a workload whose first process is gone. */
  constructor(ctx: NodeContext, onDown: (id: string) => void) {
    this.#ctx = ctx;
    this.#onDown = onDown;
  }

  run(): void {
    const nowMs = this.#ctx.clock.nowMs();
    this.#timer = setTimeout(
      () => {
        this.tick();
        this.run();
      },
      SECOND_MS - (nowMs % SECOND_MS) + AFTER_MS,
    );
  }

  /** Takes one reading of everything that runs. */
  tick(): void {
    const nowMs = this.#ctx.clock.nowMs();
    const offsetMs = nowMs - steadyMs();
    const steppedMs = this.#offsetMs === null ? 0 : offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    const isSkewed = Math.abs(steppedMs) > SKEW_MS;
    if (isSkewed) this.#reportSkew(nowMs, steppedMs);
    for (const allocation of this.#ctx.book.state.allocations.values()) {
      if (isUp(allocation)) this.#read(allocation, isSkewed ? steppedMs : 0);
    }
  }

  #reportSkew(atMs: number, steppedMs: number): void {
    this.#ctx.book.note({
      t: 'health',
      event: {
        atMs,
        kind: 'clock_skew',
        nodeId: this.#ctx.host.nodeId,
        deviceId: null,
        allocationId: null,
        vendorCode: null,
        message: `the clock of this host was set by ${Math.round(steppedMs)} ms`,
      },
    });
  }

  #cgroup(allocation: Allocation): Cgroup | null {
    const present = this.#cgroups.get(allocation.id);
    if (present) return present;
    const found = allocation.pid === null ? null : cgroupOf(allocation.pid);
    if (found) this.#cgroups.set(allocation.id, found);
    return found;
  }

  #read(allocation: Allocation, steppedMs: number): void {
    const { book, clock } = this.#ctx;
    const { id } = allocation;
    const meter = book.state.meters.get(id);
    if (!meter) return;
    const cgroup = this.#cgroup(allocation);
    const atMs = clock.nowMs();
    const usedUs = cgroup?.usedUs() ?? null;
    if (usedUs === null) {
      this.#onDown(id);
      return;
    }
    const fromS = meter.nextS;
    const values = secondsSince(meter, { atMs, usedUs }, allocation.spec.deviceIds.length, steppedMs);
    if (values.length === 0) return;
    book.note({ t: 'seconds', id, fromS, values, usedUs, readAtMs: atMs });
    this.#show(allocation, fromS, values, cgroup?.memoryBytes() ?? null);
  }

  /** Begins the meter of a workload that is up. */
  begin(allocation: Allocation, startedAtMs: number): void {
    const usedUs = this.#cgroup(allocation)?.usedUs() ?? 0;
    const fromS = Math.floor(startedAtMs / SECOND_MS);
    this.#ctx.book.note({ t: 'seconds', id: allocation.id, fromS, values: [], usedUs, readAtMs: startedAtMs });
  }

  /** Ends it at the moment at which the workload went down. */
  end(allocation: Allocation, endedAtMs: number): void {
    const { book } = this.#ctx;
    const { id } = allocation;
    const meter = book.state.meters.get(id);
    if (meter) {
      const fromS = meter.nextS;
      const values = lastSeconds(meter, endedAtMs);
      const { usedUs } = meter;
      if (values.length > 0) book.note({ t: 'seconds', id, fromS, values, usedUs, readAtMs: endedAtMs });
      book.note({ t: 'flush', id });
      this.#show(allocation, fromS, values, null);
    }
    this.#cgroups.delete(id);
  }

  #show(allocation: Allocation, fromS: number, values: readonly (number | null)[], memoryUsedBytes: number | null) {
    const samples = this.#recent.get(allocation.id) ?? [];
    for (const [index, ppm] of values.entries()) {
      samples.push({
        allocationId: allocation.id,
        atS: fromS + index,
        utilizationPpm: ppm,
        memoryUsedBytes,
        powerMilliwatt: null,
        temperatureMilliCelsius: null,
        devicesPpm: allocation.spec.deviceIds.map(() => ppm),
      });
    }
    samples.splice(0, Math.max(0, samples.length - HISTORY_S));
    this.#recent.set(allocation.id, samples);
  }

  /** The last seconds of an allocation after billing second `sinceS`. */
  live(id: string, sinceS: number): LiveSample[] {
    return (this.#recent.get(id) ?? []).filter(({ atS }) => atS > sinceS);
  }

  forget(id: string): void {
    this.#recent.delete(id);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
