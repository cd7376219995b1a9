import {
  type AllocationSpec,
  type AllocationView,
  type CallContext,
  type DriverCapabilities,
  DriverError,
  type FleetDriver,
  type HealthEvent,
  type LiveSample,
  type LogChunk,
  type NodeInventory,
  type ProbeReport,
  type ScrubEvidence,
  type UsageBlockRecord,
} from '@suanxiang/hal/driver';
import { systemClock } from '@suanxiang/platform/clock';
import type { Command } from '../../../../apps/fleet/src/engine/command';
import { Engine, newState } from '../../../../apps/fleet/src/engine/engine';
import { DEFAULT_SETTINGS, type Settings } from '../../../../apps/fleet/src/engine/settings';
import type { Allocation } from '../../../../apps/fleet/src/engine/state';
import { viewOf } from '../../../../apps/fleet/src/engine/view';
import { buildTopology, type Topology } from '../../../../apps/fleet/src/topology/build';
import { parseFleetSpec } from '../../../../apps/fleet/src/topology/spec';
import { readBlocks } from '../../../../apps/fleet/src/usage/blocks';
import { readLive } from '../../../../apps/fleet/src/usage/live';

export const MODEL = 'nvidia-h100-80g';

/** Two regions: `near` with zones near-a (`nodes` of MODEL over two leaves) and near-b, `far` with one zone. */
export function smallTopology(nodes = 6): Topology {
  const zone = (id: string, count: number) => ({ id, pools: [{ model: MODEL, nodes: count }] });
  const region = (id: string, zones: object[]) => ({ id, name: { en: id, zh: id }, zones });
  return buildTopology(
    parseFleetSpec(
      {
        seed: 7,
        nodesPerRack: 2,
        racksPerLeaf: 2,
        leavesPerSpine: 2,
        regions: [region('near', [zone('near-a', nodes), zone('near-b', 2)]), region('far', [zone('far-a', 2)])],
      },
      'test',
    ),
  );
}

export type Verb = 'prepare' | 'start' | 'stop' | 'terminate' | 'scrub' | 'probe' | 'clock' | 'observe';

/** What may go wrong around a call: thrown before it has effect, or after (the reply is lost). */
export interface Trouble {
  before?: (verb: Verb, id: string) => DriverError | null | Promise<DriverError | null>;
  after?: (verb: Verb, id: string) => DriverError | null;
}

/** The simulated fleet's engine behind the driver contract, in this process, with troubles on request. */
export class InProcessFleet implements FleetDriver {
  readonly engine: Engine;
  readonly topology: Topology;
  trouble: Trouble = {};
  /** Every command that reached the engine. */
  readonly commands: Command[] = [];

  constructor(options: { topology?: Topology; settings?: Partial<Settings> } = {}) {
    this.topology = options.topology ?? smallTopology();
    this.engine = new Engine(this.topology, newState(this.topology, systemClock.nowMs()));
    this.engine.state.settings = { ...DEFAULT_SETTINGS, bootScale: 0, ...options.settings };
  }

  async #run(verb: Verb, id: string, command: Command): Promise<unknown> {
    const before = await this.trouble.before?.(verb, id);
    if (before) throw before;
    // Replies travel: others get their turn between a call and its answer.
    await new Promise((resolve) => setImmediate(resolve));
    this.commands.push(command);
    const { answer, error } = this.engine.execute(command, systemClock.nowMs());
    await new Promise((resolve) => setImmediate(resolve));
    const after = this.trouble.after?.(verb, id);
    if (after) throw after;
    if (error) throw error;
    return answer;
  }

  /** Breaks or repairs something, as its operator would. */
  operate(command: Command): void {
    const { error } = this.engine.execute(command, systemClock.nowMs());
    if (error) throw error;
  }

  allocation(id: string): Allocation | undefined {
    this.engine.advanceTo(systemClock.nowMs());
    return this.engine.state.allocations.get(id);
  }

  capabilities(): Promise<DriverCapabilities> {
    return Promise.resolve({ exec: false, logs: true, testClock: true, scrub: true, probe: true });
  }
  async *discover(zone: string): AsyncIterable<NodeInventory> {
    const { nodes, devices } = this.engine.state;
    for (const node of this.topology.zones.get(zone) ?? []) {
      const condition = nodes.get(node.nodeId);
      yield {
        ...node,
        schedulable: !condition?.drained && (condition?.lostUntilMs ?? null) === null,
        devices: node.devices.map((device) => ({
          ...device,
          health: devices.get(device.deviceId)?.vendorCode ? 'failed' : 'ok',
        })),
      };
    }
  }
  prepare(ctx: CallContext, spec: AllocationSpec): Promise<AllocationView> {
    const command: Command = { do: 'prepare', spec, key: ctx.operationKey, epoch: ctx.epoch };
    return this.#run('prepare', spec.allocationId, command) as Promise<AllocationView>;
  }
  #move(verb: 'start' | 'stop' | 'terminate', ctx: CallContext, id: string): Promise<AllocationView> {
    const command: Command = { do: verb, id, key: ctx.operationKey, epoch: ctx.epoch };
    return this.#run(verb, id, command) as Promise<AllocationView>;
  }
  start(ctx: CallContext, id: string): Promise<AllocationView> {
    return this.#move('start', ctx, id);
  }
  stop(ctx: CallContext, id: string): Promise<AllocationView> {
    return this.#move('stop', ctx, id);
  }
  terminate(ctx: CallContext, id: string): Promise<AllocationView> {
    return this.#move('terminate', ctx, id);
  }
  scrub(ctx: CallContext, id: string): Promise<ScrubEvidence> {
    const command: Command = { do: 'scrub', id, key: ctx.operationKey, epoch: ctx.epoch };
    return this.#run('scrub', id, command) as Promise<ScrubEvidence>;
  }
  probe(ctx: CallContext, id: string): Promise<ProbeReport> {
    const command: Command = { do: 'probe', id, key: ctx.operationKey, epoch: ctx.epoch };
    return this.#run('probe', id, command) as Promise<ProbeReport>;
  }
  async observe(id: string): Promise<AllocationView | null> {
    const before = await this.trouble.before?.('observe', id);
    if (before) throw before;
    const allocation = this.allocation(id);
    return allocation ? viewOf(this.engine.state, allocation) : null;
  }
  async *observed(zone: string): AsyncIterable<AllocationView> {
    this.engine.advanceTo(systemClock.nowMs());
    const all = [...this.engine.state.allocations.values()];
    for (const one of all) if (one.zone === zone && one.state !== 'terminated') yield viewOf(this.engine.state, one);
  }
  telemetry(zone: string, afterSeq: number, limit: number): Promise<UsageBlockRecord[]> {
    this.engine.advanceTo(systemClock.nowMs());
    return Promise.resolve(readBlocks(this.topology.seed, this.engine.state.zones.get(zone)!, afterSeq, limit));
  }
  async acknowledgeTelemetry(zone: string, uptoSeq: number): Promise<void> {
    this.operate({ do: 'acknowledge', zone, uptoSeq });
  }
  live(ids: string[], sinceS: number): Promise<LiveSample[]> {
    const allocations = ids.map((id) => this.allocation(id)).filter((one) => one !== undefined);
    return Promise.resolve(allocations.flatMap((one) => readLive(this.engine.state, this.topology, one, sinceS)));
  }
  health(zone: string, afterSeq: number, limit: number): Promise<HealthEvent[]> {
    this.engine.advanceTo(systemClock.nowMs());
    const events = this.engine.state.zones.get(zone)!.health.filter((event) => event.seq > afterSeq);
    return Promise.resolve(events.slice(0, limit));
  }
  logs(): Promise<LogChunk> {
    return Promise.resolve({ lines: [{ atMs: 1, text: 'hello' }], nextCursor: null });
  }
  exec(): Promise<never> {
    return Promise.reject(new DriverError('unsupported', 'no programs run in this process'));
  }

  async drain(_ctx: CallContext, id: string): Promise<void> {
    this.operate({ do: 'drain', id });
  }
  async resume(_ctx: CallContext, id: string): Promise<void> {
    this.operate({ do: 'resume', id });
  }
  async advanceClock(ctx: CallContext, id: string, clockOffsetS: number): Promise<void> {
    await this.#run('clock', id, { do: 'clock', id, clockOffsetS, key: ctx.operationKey, epoch: ctx.epoch });
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
