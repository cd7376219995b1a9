import { acceptsModel, type NodeRoom, type TaskShape, WHOLE_DEVICE_MILLI } from '../fragmentation/node-room';
import { type TaskMix, typicalMix } from '../fragmentation/task-mix';
import { WasteModel } from '../fragmentation/waste';
import type { EntryPolicy } from '../policy';
import type { FleetView } from '../state/fleet-view';
import type { PlacementRequest, Reason } from '../types';
import type { Pick } from './pick';

const BYTES_PER_MIB = 2 ** 20;
/** A random number below 2 ** 37 for each share of a device, 0 for none; sums of 32 stay below SHARED_KEYS. */
const SHARE_KEYS = randomKeys();
const SHARED_KEYS = 2 ** 42;
/** Number of vCPU in RESOURCES. */
const VCPU = 0;
/** Remembered growths of one shape of request; beyond that they are forgotten. */
const MOST_REMEMBERED = 50_000;

/** One part of a request as the measures of waste see it. */
export function shapeOfRequest(request: PlacementRequest): TaskShape {
  return {
    cpuMilli: request.resources?.vcpuMilli ?? 0,
    memoryMib: Math.ceil((request.resources?.memoryBytes ?? 0) / BYTES_PER_MIB),
    deviceCount: request.gpusPerNode,
    deviceMilli: request.milli ?? WHOLE_DEVICE_MILLI,
    models: [request.modelId, ...(request.alternatives ?? [])],
  };
}

/** The mix of the parts of requests. */
export function mixOfRequests(requests: Iterable<PlacementRequest>): TaskMix {
  const shapes: TaskShape[] = [];
  for (const request of requests) {
    const shape = shapeOfRequest(request);
    for (let part = 0; part < request.nodeCount; part += 1) shapes.push(shape);
  }
  return typicalMix(shapes);
}

/** How much the waste of a node grows for one shape of request and one model, by free vCPU and then by its devices. */
interface Growths {
  waste: WasteModel;
  known: Map<number, Map<number, number>>;
  count: number;
}

/**
 * The node whose expected waste grows least (see fragmentation/waste), after the same distinctions as best fit: trusted
 * nodes, healthy devices, one island. Nodes are alike when they have the same free shares and the same free vCPU, so that
 * nearly all scores are looked up.
 */
class FragmentationPolicy implements EntryPolicy {
  readonly name = 'fragmentation';
  readonly kind = 'entry';
  readonly #mix: TaskMix;
  readonly #wastes = new Map<string, WasteModel>();
  readonly #growths = new Map<string, Growths>();
  #lastRequest: PlacementRequest | null = null;
  #last: Growths | null = null;

  constructor(mix: TaskMix) {
    this.#mix = mix;
  }

  score(state: FleetView, entry: number, pick: Pick, request: PlacementRequest): number {
    const { suspicion, openCount } = state.classOf(entry);
    const cpuMilli = state.left(entry, VCPU);
    const growths = this.#growthsFor(request);
    const byDevices = growths.known.get(cpuMilli) ?? addMap(growths.known, cpuMilli);
    const from = pick.slice ? pick.slice.left + pick.slice.milli : 0;
    const isShared = state.tables.partial[entry] !== 0;
    const key = isShared ? sharesKey(state, entry) + (from + 1) * SHARED_KEYS : openCount;
    let growth = byDevices.get(key);
    if (growth === undefined) {
      if (growths.count >= MOST_REMEMBERED) {
        growths.known.clear();
        growths.count = 0;
      }
      const shares = isShared ? sharesOf(state, entry) : untouched(openCount);
      growth = growthOf(growths.waste, shares, cpuMilli, request, pick);
      byDevices.set(key, growth);
      growths.count += 1;
    }
    const trust = suspicion * 1e9 + (pick.usesDegraded ? 1e8 : 0) + (pick.oneIsland ? 0 : 1e7);
    return trust + growth + state.wholeBelowLeaf(entry) / 1e6;
  }

  why(nodeName: string): Reason {
    return {
      code: 'least_waste',
      en: `Of all nodes that can take it, node ${nodeName} is expected to leave the fewest accelerators unusable afterwards.`,
      zh: `在所有可容纳的节点中，放置在节点 ${nodeName} 后预计无法利用的加速卡最少。`,
    };
  }

  #growthsFor(request: PlacementRequest): Growths {
    if (this.#lastRequest === request) return this.#last!;
    const { modelId, gpusPerNode, milli, resources } = request;
    const key = `${modelId}/${gpusPerNode}/${milli ?? ''}/${resources?.vcpuMilli ?? 0}`;
    let growths = this.#growths.get(key);
    if (!growths) {
      growths = { waste: this.#wasteOf(modelId), known: new Map(), count: 0 };
      this.#growths.set(key, growths);
    }
    [this.#lastRequest, this.#last] = [request, growths];
    return growths;
  }

  #wasteOf(modelId: string): WasteModel {
    let waste = this.#wastes.get(modelId);
    if (!waste) {
      const accepting = this.#mix.filter(({ shape }) => acceptsModel(shape, modelId));
      const all = accepting.reduce((sum, { weight }) => sum + weight, 0);
      waste = new WasteModel(accepting.map(({ shape, weight }) => ({ shape, weight: weight / all })));
      this.#wastes.set(modelId, waste);
    }
    return waste;
  }
}

/** A placement policy of the engine that goes by the expected waste under a mix of tasks, for example mixOfRequests. */
export function fragmentationPolicy(mix: TaskMix): EntryPolicy {
  return new FragmentationPolicy(mix);
}

function randomKeys(): Float64Array {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return Float64Array.from({ length: WHOLE_DEVICE_MILLI + 1 }, (_, share) =>
    share === 0 ? 0 : (next() >>> 8) * 2 ** 13 + (next() >>> 19),
  );
}

function untouched(count: number): number[] {
  return new Array<number>(count).fill(WHOLE_DEVICE_MILLI);
}

function addMap<K>(maps: Map<K, Map<number, number>>, key: K): Map<number, number> {
  const made = new Map<number, number>();
  maps.set(key, made);
  return made;
}

/** A number that nodes have in common that have the same shares, in any order, and others practically never. */
function sharesKey(state: FleetView, entry: number): number {
  let sum = 0;
  for (let bit = state.size(entry) - 1; bit >= 0; bit -= 1) sum += SHARE_KEYS[state.shareOf(entry, bit)]!;
  return sum;
}

function sharesOf(state: FleetView, entry: number): number[] {
  return Array.from({ length: state.size(entry) }, (_, bit) => state.shareOf(entry, bit));
}

/** Growth of waste when a request takes a slice of one device with `left` free after it, or `gpusPerNode` untouched devices. */
function growthOf(
  waste: WasteModel,
  deviceMilli: readonly number[],
  cpuMilli: number,
  request: PlacementRequest,
  pick: Pick,
): number {
  const before: NodeRoom = { model: request.modelId, cpuMilli, memoryMib: 0, deviceMilli };
  const left = [...deviceMilli];
  const from = pick.slice ? pick.slice.left + pick.slice.milli : WHOLE_DEVICE_MILLI;
  const to = pick.slice?.left ?? 0;
  for (let taken = 0; taken < request.gpusPerNode; taken += 1) left[left.indexOf(from)] = to;
  const after = { ...before, cpuMilli: cpuMilli - (request.resources?.vcpuMilli ?? 0), deviceMilli: left };
  return waste.growth(before, after);
}
