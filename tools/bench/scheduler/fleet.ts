import { FleetState } from '@suanxiang/scheduler/fleet-state';
import { decide } from '@suanxiang/scheduler/placement/decide';
import type { Decision, NodeState, PlacementRequest } from '@suanxiang/scheduler/types';

/** A fleet of one model, the worst case for a search: 32 nodes below a leaf, 16 leaves below a spine, two zones. */
export const NODES = 12_500;
export const DEVICES_PER_NODE = 8;
const NODES_PER_RACK = 4;
const NODES_PER_LEAF = 32;
const LEAVES_PER_SPINE = 16;
const ZONES = 2;
const two = (n: number) => String(n).padStart(2, '0');

export function benchNode(i: number): NodeState {
  const perZone = Math.ceil(NODES / ZONES);
  const zone = Math.floor(i / perZone);
  const leaf = Math.floor((i % perZone) / NODES_PER_LEAF);
  const name = `n${String(i).padStart(5, '0')}`;
  return {
    nodeId: `node_${name}`,
    name,
    regionId: 'r',
    zoneId: `z${zone}`,
    spine: `s${two(Math.floor(leaf / LEAVES_PER_SPINE))}`,
    leaf: `l${two(leaf % LEAVES_PER_SPINE)}`,
    rack: `k${Math.floor(((i % perZone) % NODES_PER_LEAF) / NODES_PER_RACK)}`,
    available: true,
    resources: { vcpuMilli: 192_000, memoryBytes: 2 ** 41 },
    devices: Array.from({ length: DEVICES_PER_NODE }, (_, index) => ({
      deviceId: `dev_${name}_${index}`,
      index,
      modelId: 'm',
      island: Math.floor(index / 4),
      health: 'ok' as const,
      free: true,
    })),
  };
}

export function benchNodes(): NodeState[] {
  return Array.from({ length: NODES }, (_, i) => benchNode(i));
}

/** Mulberry32: the same numbers on every machine. */
export function randomOf(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function benchRequest(over: Partial<PlacementRequest>): PlacementRequest {
  const request: PlacementRequest = {
    requestId: 'q',
    regionId: 'r',
    modelId: 'm',
    nodeCount: 1,
    gpusPerNode: 1,
    topology: 'any',
    excludedNodeIds: [],
    ...over,
  };
  const perDevice = { vcpuMilli: 20_000, memoryBytes: 2 ** 37 };
  const devices = (request.gpusPerNode * (request.milli ?? 1000)) / 1000;
  request.resources ??= {
    vcpuMilli: Math.round(perDevice.vcpuMilli * devices),
    memoryBytes: Math.round(perDevice.memoryBytes * devices),
  };
  return request;
}

/** Requests as people make them: many small ones, some whole nodes, few gangs; each with its share of vCPU and memory. */
export function someRequest(random: () => number): PlacementRequest {
  const dice = random();
  if (dice < 0.4) return benchRequest({ gpusPerNode: 1 });
  if (dice < 0.6) return benchRequest({ gpusPerNode: 2 });
  if (dice < 0.75) return benchRequest({ gpusPerNode: 4 });
  if (dice < 0.95) return benchRequest({ gpusPerNode: 8 });
  return benchRequest({ gpusPerNode: 8, nodeCount: 2 + Math.floor(random() * 15) });
}

/** A fleet in use: work comes and goes at random so that the free devices lie as they do in practice. */
export class BusyFleet {
  readonly state: FleetState;
  readonly random: () => number;
  readonly running: Decision[] = [];
  held = 0;

  constructor(seed: number, nodes: NodeState[] = benchNodes()) {
    this.state = new FleetState(nodes);
    this.random = randomOf(seed);
  }

  get fullness(): number {
    return this.held / (NODES * DEVICES_PER_NODE);
  }

  hold(decision: Decision): void {
    this.state.hold(decision.nodes);
    this.running.push(decision);
    for (const node of decision.nodes) this.held += (node.deviceIds.length * (node.milli ?? 1000)) / 1000;
  }

  releaseSome(): void {
    const at = Math.floor(this.random() * this.running.length);
    const decision = this.running[at]!;
    this.running[at] = this.running.at(-1)!;
    this.running.pop();
    this.state.release(decision.nodes);
    for (const node of decision.nodes) this.held -= (node.deviceIds.length * (node.milli ?? 1000)) / 1000;
  }

  /** Fills to `from`, then lets everything be replaced about twice between `from` and `to`. */
  settle(from: number, to: number, next = () => someRequest(this.random)): void {
    for (let changes = 0; changes < 100_000 || this.fullness < from; changes += 1) {
      if (this.fullness > to) while (this.fullness > from) this.releaseSome();
      const decision = decide(this.state, next());
      if (decision) this.hold(decision);
      else this.releaseSome();
    }
  }
}
