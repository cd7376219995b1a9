import {
  type AllocationSpec,
  type AllocationView,
  DriverError,
  type ExecRequest,
  type ExecSession,
  type HealthEvent,
  type LiveSample,
  type LogChunk,
  type LogQuery,
  type NodeInventory,
  type ProbeReport,
  type ScrubEvidence,
} from '@suanxiang/hal/driver';
import { answered, bury, type Caller, fence, known, prepare, remember, start, stop } from './engine/commands';
import { startProgram } from './engine/exec';
import { readLogs } from './engine/logs';
import { Machine } from './engine/machine';
import type { NodeContext } from './engine/node';
import { probe } from './engine/probe';
import { scrub } from './engine/scrub';
import { viewOf } from './engine/view';
import type { StoredBlock } from './state/model';
import { Sampler } from './usage/sampler';

/** Terminated allocations are remembered this long, against calls that come late. */
const REMEMBER_MS = 30 * 24 * 3_600_000;

/** One host's agent: the driver contract, kept on this machine. */
export class Agent {
  readonly #ctx: NodeContext;
  readonly #sampler: Sampler;
  readonly #machine: Machine;

  constructor(ctx: NodeContext) {
    this.#ctx = ctx;
    this.#sampler = new Sampler(ctx, (id) => this.#machine.poke(id));
    this.#machine = new Machine(ctx, this.#sampler);
  }

  /** Takes up what an earlier run of the agent left. */
  async open(): Promise<void> {
    const { book, clock } = this.#ctx;
    const tooOldMs = clock.nowMs() - REMEMBER_MS;
    for (const { id, terminatedAtMs } of [...book.state.allocations.values()]) {
      if (terminatedAtMs !== null && terminatedAtMs < tooOldMs) book.note({ t: 'forget', id });
    }
    await this.#machine.resume();
    await book.kept();
    this.#sampler.run();
  }

  get zone(): string {
    return this.#ctx.host.zone;
  }

  node(): NodeInventory {
    const { devices, ...host } = this.#ctx.host;
    return {
      ...host,
      schedulable: !this.#ctx.book.state.drained,
      devices: devices.map(({ nodes: _, visible: __, ...device }) => device),
    };
  }

  observe(id: string): AllocationView | null {
    const allocation = this.#ctx.book.state.allocations.get(id);
    return allocation ? viewOf(this.#ctx, allocation) : null;
  }

  observed(): AllocationView[] {
    return [...this.#ctx.book.state.allocations.values()]
      .filter(({ state }) => state !== 'terminated')
      .map((allocation) => viewOf(this.#ctx, allocation))
      .sort((a, b) => (a.allocationId < b.allocationId ? -1 : 1));
  }

  /** Resolves when all that was noted is on disk; nothing is answered before, refusals included. */
  kept(): Promise<void> {
    return this.#ctx.book.kept();
  }

  prepare(spec: AllocationSpec, caller: Caller): AllocationView {
    return prepare(this.#ctx, spec, caller);
  }

  start(id: string, caller: Caller): AllocationView {
    const view = start(this.#ctx, id, caller);
    if (known(this.#ctx, id).state === 'starting') this.#machine.poke(id);
    return view;
  }

  stop(id: string, caller: Caller): AllocationView {
    const view = stop(this.#ctx, id, caller);
    const { state } = known(this.#ctx, id);
    if (state === 'stopping' || state === 'stopped') this.#machine.poke(id);
    return view;
  }

  async terminate(id: string, caller: Caller): Promise<AllocationView> {
    const { book } = this.#ctx;
    const key = `terminate|${caller.operationKey}`;
    if (!book.state.allocations.has(id)) bury(this.#ctx, id, caller.epoch);
    fence(this.#ctx, known(this.#ctx, id), caller.epoch);
    const before = answered(this.#ctx, id, key);
    if (before) return before;
    // A boot under way gives up at once, and its devices stay held until nothing is left on them.
    if (known(this.#ctx, id).state === 'starting') {
      book.change(id, (one) => {
        one.state = 'stopped';
        one.phase = null;
      });
    }
    if (known(this.#ctx, id).state !== 'terminated') await this.#machine.terminate(id);
    return answered(this.#ctx, id, key) ?? remember(this.#ctx, id, key);
  }

  scrub(deviceId: string, caller: Caller): Promise<ScrubEvidence> {
    return scrub(this.#ctx, deviceId, caller);
  }

  probe(id: string, caller: Caller): Promise<ProbeReport> {
    return probe(this.#ctx, id, caller);
  }

  setDrained(nodeId: string, drained: boolean): void {
    if (nodeId !== this.#ctx.host.nodeId) throw new DriverError('invalid', `node ${nodeId} is not this one`);
    this.#ctx.book.note({ t: 'drained', drained });
  }

  blocks(afterSeq: number, limit: number): StoredBlock[] {
    const { blocks } = this.#ctx.book.state;
    const from = Math.max(0, afterSeq + 1 - (blocks[0]?.seq ?? 1));
    return blocks.slice(from, from + limit);
  }

  acknowledge(uptoSeq: number): void {
    this.#ctx.book.note({ t: 'ack', seq: uptoSeq });
  }

  live(ids: readonly string[], sinceS: number): LiveSample[] {
    return ids.flatMap((id) => this.#sampler.live(id, sinceS));
  }

  health(afterSeq: number, limit: number): HealthEvent[] {
    const { health } = this.#ctx.book.state;
    const from = Math.max(0, afterSeq + 1 - (health[0]?.seq ?? 1));
    return health.slice(from, from + limit);
  }

  logs(id: string, query: LogQuery): Promise<LogChunk> {
    return readLogs(this.#ctx, id, query);
  }

  exec(id: string, request: ExecRequest): Promise<ExecSession> {
    return startProgram(this.#ctx, id, request);
  }

  /** Leaves instances running; the next start goes on with them. */
  async close(): Promise<void> {
    this.#sampler.close();
    await this.#machine.close();
    await this.#ctx.book.close();
  }
}
