import { capacityFacts } from '../explain/capacity-facts';
import { explain } from '../explain/explain';
import type { FleetState } from '../fleet-state';
import { decide } from '../placement/decide';
import { bestFit, type PlacementPolicy } from '../policy';
import { RequestFilter } from '../request/request-filter';
import { countBits } from '../state/bits';
import { FAILED } from '../state/fleet-view';
import type { CapacityFacts, Decision, PlacedNode, PlacementRequest, Refusal } from '../types';
import type { HeldNode } from './types';

const WHOLE = 1000;

type Pools = Pick<PlacementRequest, 'regionId' | 'modelId' | 'alternatives'>;

/** Devices of one model in one region. */
export interface PortPool {
  id: number;
  regionId: string;
  modelId: string;
  entries: readonly number[];
}

/**
 * The little that the queue needs of the placement engine, in one place: devices, entries and domains by number, trying
 * a placement, taking and giving devices, and going back to a mark.
 */
export class FleetPort {
  readonly entryCount: number;
  readonly deviceCount: number;
  readonly firstDevice: Int32Array;
  readonly entryOfDevice: Int32Array;
  readonly zone: Int32Array;
  readonly spine: Int32Array;
  readonly leaf: Int32Array;
  readonly rack: Int32Array;
  readonly poolOfEntry: Int32Array;
  readonly pools: readonly PortPool[];
  /** Orders the nodes that can take a request; set at the beginning of a round. */
  placement: PlacementPolicy = bestFit;
  readonly #numbers = new Map<string, number>();
  /** By region, then model. */
  readonly #poolsBy = new Map<string, Map<string, PortPool>>();

  constructor(readonly state: FleetState) {
    const { tables } = state;
    this.entryCount = tables.entryCount;
    this.deviceCount = tables.deviceCount;
    [this.firstDevice, this.entryOfDevice, this.poolOfEntry] = [tables.firstDevice, tables.deviceEntry, tables.pool];
    [this.zone, this.spine, this.leaf, this.rack] = [tables.zone, tables.spine, tables.leaf, tables.rack];
    this.pools = state.pools.map(({ id, regionId, modelId }) => ({
      id,
      regionId,
      modelId,
      entries: state.pool(regionId, modelId),
    }));
    for (const pool of this.pools) {
      const byModel = this.#poolsBy.get(pool.regionId) ?? new Map<string, PortPool>();
      this.#poolsBy.set(pool.regionId, byModel.set(pool.modelId, pool));
    }
    for (let device = 0; device < this.deviceCount; device += 1) this.#numbers.set(state.deviceName(device), device);
  }

  /** The pool a request queues in: that of the first welcome model this fleet has, or null. */
  poolOf(ask: Pools): PortPool | null {
    const byModel = this.#poolsBy.get(ask.regionId);
    const first = byModel?.get(ask.modelId);
    if (first || !ask.alternatives) return first ?? null;
    return this.poolsOf(ask)[0] ?? null;
  }

  /** All pools that can serve a request, in the order of its wishes. */
  poolsOf(ask: Pools): PortPool[] {
    const byModel = this.#poolsBy.get(ask.regionId);
    return [ask.modelId, ...(ask.alternatives ?? [])].flatMap((modelId) => byModel?.get(modelId) ?? []);
  }

  /** Which entries may serve a request at all. */
  filterOf(ask: PlacementRequest): RequestFilter {
    return new RequestFilter(this.state, ask);
  }

  sizeOf(entry: number): number {
    return this.state.size(entry);
  }

  /** Numbers of all devices named, without those this fleet does not have. */
  numbersOf(nodes: readonly HeldNode[]): number[] {
    const numbers: number[] = [];
    for (const node of nodes) {
      for (const id of node.deviceIds) {
        const number = this.#numbers.get(id);
        if (number !== undefined) numbers.push(number);
      }
    }
    return numbers;
  }

  /** Names devices, grouped by their nodes in the given order. */
  nodesOf(devices: readonly number[]): HeldNode[] {
    const nodes = new Map<string, string[]>();
    for (const device of devices) {
      const { nodeId } = this.state.nodeOf(this.entryOfDevice[device]!);
      const ids = nodes.get(nodeId);
      if (ids) ids.push(this.state.deviceName(device));
      else nodes.set(nodeId, [this.state.deviceName(device)]);
    }
    return [...nodes].map(([nodeId, deviceIds]) => ({ nodeId, deviceIds }));
  }

  entriesOfNode(nodeId: string): readonly number[] {
    return this.state.entriesOf(nodeId);
  }

  /** All devices of a node. */
  devicesOfNode(nodeId: string): number[] {
    return this.entriesOfNode(nodeId).flatMap((entry) =>
      Array.from({ length: this.sizeOf(entry) }, (_, bit) => this.firstDevice[entry]! + bit),
    );
  }

  /** Where the request would go now, or null; changes nothing. */
  tryPlace(ask: PlacementRequest): Decision | null {
    return decide(this.state, ask, this.placement);
  }

  refusal(ask: PlacementRequest): Refusal {
    return explain(this.state, ask);
  }

  facts(ask: PlacementRequest): CapacityFacts {
    return capacityFacts(this.state, ask);
  }

  isFree(device: number): boolean {
    return this.state.tables.share[device] === WHOLE;
  }

  /** Not broken, whatever its node does. */
  isUsable(device: number): boolean {
    return this.state.tables.health[device]! < FAILED;
  }

  isAvailable(entry: number): boolean {
    return this.state.isAvailable(entry);
  }

  /** Devices of an entry that could be given now. */
  openCount(entry: number): number {
    return countBits(this.state.open(entry));
  }

  islandsOf(entry: number): readonly number[] {
    return this.state.islandsOf(entry);
  }

  take(devices: readonly number[]): void {
    if (devices.length > 0) this.state.take(devices.map((device) => this.state.deviceName(device)));
  }

  give(devices: readonly number[]): void {
    if (devices.length > 0) this.state.give(devices.map((device) => this.state.deviceName(device)));
  }

  /** Takes what a decision says: devices or shares of them, vCPU, memory. */
  hold(nodes: readonly PlacedNode[]): void {
    this.state.hold(nodes);
  }

  /** Gives back what work holds. */
  release(nodes: readonly HeldNode[]): void {
    this.state.release(nodes.map((node) => ({ rank: 0, ...node, deviceIds: [...node.deviceIds] })));
  }

  /** Does something to the state, takes its result, and undoes it. */
  pretend<T>(act: () => T): T {
    const mark = this.state.mark();
    try {
      return act();
    } finally {
      this.state.rollbackTo(mark);
    }
  }
}

const ports = new WeakMap<FleetState, FleetPort>();

/** The port of a fleet; made once and kept until nodes are added (removed ones are not available any more). */
export function portOf(state: FleetState): FleetPort {
  const known = ports.get(state);
  if (known?.entryCount === state.count) return known;
  const made = new FleetPort(state);
  ports.set(state, made);
  return made;
}
