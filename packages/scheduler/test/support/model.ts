import fc from 'fast-check';
import { expect } from 'vitest';
import type { FleetState } from '../../src/fleet-state';
import { compareText } from '../../src/state/text-order';
import type { DeviceHealth, DeviceState, NodeState } from '../../src/types';
import { node } from './fleets';

/** Everything that is worked out from the facts, by names, so that two states can be compared. */
export function workedOut(state: FleetState) {
  const entries = Array.from({ length: state.count }, (_, entry) => entry).filter((entry) => state.isAlive(entry));
  const pools = state.pools
    .filter((pool) => pool.entries.some((entry) => state.isAlive(entry)))
    .sort((a, b) => compareText(a.regionId, b.regionId) || compareText(a.modelId, b.modelId));
  const nameOf = (entry: number) => state.nodeOf(entry).name;
  return {
    nodes: state.describe(),
    entries: entries
      .map((entry) => {
        const { openCount, suspicion } = state.classOf(entry);
        const bits = Array.from({ length: state.size(entry) }, (_, bit) => bit);
        const shares = bits.map((bit) => state.shareOf(entry, bit));
        const facts = [state.open(entry), openCount, suspicion, state.isWhole(entry), state.wholeBelowLeaf(entry)];
        return [nameOf(entry), state.size(entry), ...facts, state.usableCount(entry), shares];
      })
      .sort(([a], [b]) => compareText(a as string, b as string)),
    buckets: pools.map((pool) =>
      pool.buckets
        .map(({ nodeClass, entries: members }) => [nodeClass.open, nodeClass.healthy, members.map(nameOf).sort()])
        .map((one) => JSON.stringify(one))
        .sort(),
    ),
    shared: pools.map((pool) => {
      const found: string[] = [];
      for (let milli = state.sharesOf(pool).next(1); milli > 0; milli = state.sharesOf(pool).next(milli + 1)) {
        for (const device of state.sharesOf(pool).devices(milli)) found.push(`${milli}:${state.deviceName(device)}`);
      }
      return found.sort();
    }),
  };
}

export type Change =
  | { kind: 'hold' | 'release'; at: number; milli: number; vcpuMilli: number }
  | { kind: 'health'; at: number; health: DeviceHealth }
  | { kind: 'available'; at: number; available: boolean }
  | { kind: 'suspicion'; at: number; milli: number }
  | { kind: 'taint'; at: number; tainted: boolean }
  | { kind: 'remove' | 'add'; at: number };
const at = fc.nat(31);
export const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('hold' as const, 'release' as const),
      at,
      milli: fc.constantFrom(1000, 1000, 500, 250),
      vcpuMilli: fc.constantFrom(0, 1_000, 3_000),
    }),
  },
  fc.record({
    kind: fc.constant('health' as const),
    at,
    health: fc.constantFrom<DeviceHealth>('ok', 'degraded', 'failed', 'unknown'),
  }),
  fc.record({ kind: fc.constant('available' as const), at, available: fc.boolean() }),
  fc.record({ kind: fc.constant('suspicion' as const), at, milli: fc.integer({ min: 0, max: 1000 }) }),
  fc.record({ kind: fc.constant('taint' as const), at, tainted: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'add' as const), at }),
);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type ModelNode = Mutable<NodeState> & { devices: Mutable<DeviceState>[]; free: number };

/** The fleet as a reader of the documentation would keep it: plain objects. */
export class Model {
  nodes: ModelNode[];
  #added = 0;
  constructor(fleet: readonly NodeState[]) {
    this.nodes = structuredClone(fleet).map((one) => ({ ...one, devices: [...one.devices], free: 10_000 }));
  }

  /** Goes on from here without touching this one. */
  copy(): Model {
    const copy = new Model([]);
    copy.nodes = structuredClone(this.nodes);
    copy.#added = this.#added;
    return copy;
  }

  /** The same nodes as the state takes them. */
  told(): NodeState[] {
    return this.nodes.map(({ free, ...one }) => ({
      ...one,
      resources: { vcpuMilli: 10_000 },
      held: { vcpuMilli: 10_000 - free },
    }));
  }

  apply(state: FleetState, one: Change): void {
    if (one.kind === 'add') {
      this.#add(state, one.at);
      return;
    }
    const target = this.nodes[one.at % Math.max(1, this.nodes.length)];
    const device = target?.devices[one.at % target.devices.length];
    if (!target || !device) return;
    switch (one.kind) {
      case 'hold':
      case 'release':
        this.#share(state, target, device, one);
        break;
      case 'health':
        device.health = one.health;
        state.setHealth(device.deviceId, one.health);
        break;
      case 'available':
        target.available = one.available;
        state.setAvailable(target.nodeId, one.available);
        break;
      case 'suspicion':
        target.suspicionMilli = one.milli;
        state.setSuspicion(target.nodeId, one.milli);
        break;
      case 'taint':
        target.taints = one.tainted ? [{ key: 'repair', value: 'yes' }] : [];
        state.setAttributes(target.nodeId, {}, target.taints);
        break;
      case 'remove':
        this.nodes = this.nodes.filter((node) => node !== target);
        state.removeNode(target.nodeId);
        break;
    }
  }

  #add(state: FleetState, seed: number): void {
    this.#added += 1;
    const made = node(100 * (seed + 1) + this.#added, { leaf: seed % 3, rack: seed % 2 });
    state.addNode({ ...made, resources: { vcpuMilli: 10_000 } });
    this.nodes.push({ ...structuredClone(made), devices: [...made.devices], free: 10_000 });
  }

  #share(
    state: FleetState,
    target: ModelNode,
    device: Mutable<DeviceState>,
    { kind, milli, vcpuMilli }: { kind: 'hold' | 'release'; milli: number; vcpuMilli: number },
  ): void {
    const part = { rank: 0, nodeId: target.nodeId, deviceIds: [device.deviceId], milli, resources: { vcpuMilli } };
    const sign = kind === 'hold' ? -1 : 1;
    const share = (device.freeMilli ?? (device.free ? 1000 : 0)) + sign * milli;
    const free = target.free + sign * vcpuMilli;
    if (share < 0 || share > 1000 || free < 0 || free > 10_000) {
      expect(() => state[kind]([part])).toThrow();
      return;
    }
    state[kind]([part]);
    [device.freeMilli, device.free, target.free] = [share, share === 1000, free];
  }
}

/** Nodes as the model expects them to be told: with 10 vCPU each. */
export function told(fleet: readonly NodeState[]): NodeState[] {
  return fleet.map((one) => ({ ...one, resources: { vcpuMilli: 10_000 } }));
}
