import { RESOURCE_COUNT, RESOURCES } from '../state/fleet-tables';
import type { FleetView } from '../state/fleet-view';
import { lacksRoom, type NodeClass } from '../state/node-class';
import type { AntiAffinity, PlacementRequest } from '../types';
import { labelVerdicts } from './label-verdicts';

/** Which entries may serve a request at all, accelerators aside: nodes, zones, labels, taints, anti-affinity, resources. */
export class RequestFilter {
  /** Nothing is to be checked: every entry passes. */
  readonly empty: boolean;
  /** Asked of each node; 0 when nothing is. */
  readonly vcpuMilli: number;
  readonly memoryBytes: number;
  readonly #state: FleetView;
  readonly #excluded: Set<number> | null;
  readonly #zones: Set<number> | null;
  readonly #suits: ((attributeSet: number) => boolean) | null;
  readonly #apart: readonly { column: Int32Array; taken: Set<number> }[];
  readonly #needs: readonly { resource: number; amount: number }[];

  constructor(state: FleetView, request: PlacementRequest) {
    this.#state = state;
    this.vcpuMilli = request.resources?.vcpuMilli ?? 0;
    this.memoryBytes = request.resources?.memoryBytes ?? 0;
    const numbers = request.excludedNodeIds.map((id) => state.nodeNumber(id));
    this.#excluded = numbers.length > 0 ? new Set(numbers) : null;
    this.#zones = request.zoneIds ? zoneNumbers(state, request.zoneIds) : null;
    this.#suits = labelVerdicts(state.attributes, request);
    this.#apart = (request.antiAffinity ?? []).map((one) => domainsOf(state, one));
    this.#needs = RESOURCES.map((name, resource) => ({ resource, amount: request.resources?.[name] ?? 0 })).filter(
      ({ amount }) => amount > 0,
    );
    this.empty =
      !this.#excluded && !this.#zones && !this.#suits && this.#apart.length === 0 && this.#needs.length === 0;
  }

  /** No entry of the class has the vCPU and memory asked for. */
  rulesOut(nodeClass: NodeClass): boolean {
    return lacksRoom(nodeClass, this.vcpuMilli, this.memoryBytes);
  }

  /** The entry may serve the request now. */
  passes(entry: number): boolean {
    return this.empty || (this.allows(entry) && this.#hasRoom(this.#state.tables.left, entry));
  }

  /** The entry could serve it if nothing ran there. */
  couldPass(entry: number): boolean {
    return this.empty || (this.allows(entry) && this.#hasRoom(this.#state.tables.total, entry));
  }

  /** The entry may serve it, resources aside. */
  allows(entry: number): boolean {
    const { tables } = this.#state;
    const node = tables.node[entry]!;
    if (this.#excluded?.has(node)) return false;
    if (this.#zones && !this.#zones.has(tables.zone[entry]!)) return false;
    if (this.#suits && !this.#suits(tables.attributes[node]!)) return false;
    for (const { column, taken } of this.#apart) if (taken.has(column[entry]!)) return false;
    return true;
  }

  #hasRoom(amounts: Float64Array, entry: number): boolean {
    const from = this.#state.tables.node[entry]! * RESOURCE_COUNT;
    for (const { resource, amount } of this.#needs) if (amounts[from + resource]! < amount) return false;
    return true;
  }
}

function zoneNumbers(state: FleetView, zoneIds: readonly string[]): Set<number> {
  const numbers = new Set<number>();
  state.zones.list.forEach((name, zone) => {
    if (zoneIds.includes(name)) numbers.add(zone);
  });
  return numbers;
}

/** The domains, at the level asked, in which the named nodes lie. */
function domainsOf(state: FleetView, { level, nodeIds }: AntiAffinity): { column: Int32Array; taken: Set<number> } {
  const { tables } = state;
  const column = { node: tables.node, rack: tables.rack, leaf: tables.leaf, spine: tables.spine, zone: tables.zone }[
    level
  ];
  const entries = nodeIds.flatMap((nodeId) => state.entriesOf(nodeId));
  return { column, taken: new Set(entries.map((entry) => column[entry]!)) };
}
