import { FleetIndex } from './state/fleet-index';
import {
  ALIVE,
  ATTRIBUTES,
  AVAILABLE,
  HEALTH,
  LEFT,
  RESOURCE_COUNT,
  RESOURCES,
  SHARE,
  SUSPICION,
} from './state/fleet-tables';
import { HEALTHS } from './state/fleet-view';
import { Journal } from './state/journal';
import { compareText } from './state/text-order';
import type { DeviceHealth, NodeResources, NodeState, PlacedNode, Taint } from './types';

const WHOLE = 1000;

/**
 * The fleet as typed arrays, changed step by step; after any steps it equals a state built from the nodes as they are
 * then (`describe`), which the tests hold it to.
 *
 * Changing: `hold` and `release` take and give back what a decision says (devices or shares, vCPU, memory), whole or not
 * at all; `take` and `give` the same for whole devices alone. `setHealth` (fail, recover), `setAvailable` (cordon, drain,
 * uncordon), `setSuspicion`, `setAttributes`, `addNode`, `removeNode`.
 *
 * Trying: `const mark = state.mark()`, then any changes, then `state.rollbackTo(mark)` to undo them all or
 * `state.keep(mark)` to leave them. Marks nest: an inner one may be undone or kept without the outer one. Undoing costs
 * as much as the changes did, whatever the size of the fleet. `clone` makes a second state that shares nothing.
 */
export class FleetState extends FleetIndex {
  readonly #journal = new Journal();
  /** Node numbers by name, then id. */
  readonly #byName: number[] = [];

  /** Reads a fleet. Throws RangeError for a node with more than 32 devices of one model, Error for one told twice. */
  constructor(nodes: readonly NodeState[]) {
    super();
    for (const node of [...nodes].sort(compareNodes)) this.#byName.push(this.load(node));
    // Names are in order before anything is indexed by them.
    this.renumber(this.#byName);
    for (const at of this.#byName) {
      this.refuseKnown(this.nodes[at]!);
      this.#setAlive(at, 1);
    }
  }

  /** The only way in which a fact is changed: the old value goes to the journal while there is a mark. */
  #write(column: number, index: number, value: number): void {
    const array = this.tables.column(column);
    if (this.#journal.active) this.#journal.record(column, index, array[index]!);
    array[index] = value;
  }

  #setAlive(node: number, alive: number): void {
    if (this.#journal.active) this.#journal.record(ALIVE, node, this.tables.alive[node]!);
    this.writeAlive(node, alive);
  }

  /** Marks whole devices as held. Throws when one is unknown or held already, and changes nothing then. */
  take(deviceIds: readonly string[]): void {
    this.#wholly(() => this.#change(deviceIds, -WHOLE));
  }

  /** Marks whole devices as free. Throws when one is unknown or free already, and changes nothing then. */
  give(deviceIds: readonly string[]): void {
    this.#wholly(() => this.#change(deviceIds, WHOLE));
  }

  /**
   * Takes what a decision's nodes say: the share of each device (whole when unset) and the resources beside it. Throws
   * when something is unknown or there is too little, and changes nothing then.
   */
  hold(nodes: readonly PlacedNode[]): void {
    this.#wholly(() => {
      for (const one of nodes) {
        this.#change(one.deviceIds, -(one.milli ?? WHOLE));
        this.#changeResources(one.nodeId, one.resources, -1);
      }
    });
  }

  /** Gives back what `hold` took. Throws when that was not held, and changes nothing then. */
  release(nodes: readonly PlacedNode[]): void {
    this.#wholly(() => {
      for (const one of nodes) {
        this.#change(one.deviceIds, one.milli ?? WHOLE);
        this.#changeResources(one.nodeId, one.resources, 1);
      }
    });
  }

  /** All changes of `act`, or none when it throws. */
  #wholly(act: () => void): void {
    const mark = this.mark();
    try {
      act();
    } catch (error) {
      this.rollbackTo(mark);
      throw error;
    }
    this.keep(mark);
  }

  #change(deviceIds: readonly string[], byMilli: number): void {
    let touched = -1;
    for (const deviceId of deviceIds) {
      const device = this.#find(deviceId);
      const entry = this.tables.deviceEntry[device]!;
      if (touched >= 0 && touched !== entry) this.reindex(touched);
      touched = entry;
      const share = this.tables.share[device]! + byMilli;
      if (share < 0 || share > WHOLE) {
        this.reindex(entry);
        throw new Error(`${deviceId} is ${byMilli > 0 ? 'free' : 'held'} already`);
      }
      this.#write(SHARE, device, share);
    }
    if (touched >= 0) this.reindex(touched);
  }

  #changeResources(nodeId: string, amounts: Partial<NodeResources> | undefined, sign: 1 | -1): void {
    if (!amounts) return;
    const node = this.#node(nodeId);
    RESOURCES.forEach((name, resource) => {
      const amount = amounts[name] ?? 0;
      const at = node * RESOURCE_COUNT + resource;
      const left = this.tables.left[at]! + sign * amount;
      if (amount === 0 || left === Number.POSITIVE_INFINITY) return;
      if (left < 0 || left > this.tables.total[at]!) {
        throw new Error(
          `node ${nodeId} has ${this.tables.left[at]} of ${this.tables.total[at]} ${name}, not ${amount}`,
        );
      }
      this.#write(LEFT, at, left);
    });
    this.reindexNode(node);
  }

  setHealth(deviceId: string, health: DeviceHealth): void {
    const device = this.#find(deviceId);
    this.#write(HEALTH, device, HEALTHS.indexOf(health));
    this.reindex(this.tables.deviceEntry[device]!);
  }

  /** False: takes no new work (cordoned, draining, lost); what it holds stays held. */
  setAvailable(nodeId: string, available: boolean): void {
    const node = this.#node(nodeId);
    this.#write(AVAILABLE, node, available ? 1 : 0);
    this.reindexNode(node);
  }

  /** 0 to 1000 thousandths; the more, the later the node is chosen. */
  setSuspicion(nodeId: string, milli: number): void {
    const node = this.#node(nodeId);
    this.#write(SUSPICION, node, Math.max(0, Math.min(1000, Math.round(milli))));
    this.reindexNode(node);
  }

  setAttributes(nodeId: string, labels: Readonly<Record<string, string>>, taints: readonly Taint[]): void {
    this.#write(ATTRIBUTES, this.#node(nodeId), this.attributes.of(labels, taints));
  }

  /** Adds a node. Throws when its id or one of its devices is in the fleet. O(nodes). */
  addNode(node: NodeState): void {
    this.refuseKnown(node);
    const at = this.load(node);
    let [low, high] = [0, this.#byName.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareNodes(this.nodes[this.#byName[middle]!]!, node) < 0) low = middle + 1;
      else high = middle;
    }
    this.#byName.splice(low, 0, at);
    this.renumber(this.#byName);
    this.#setAlive(at, 1);
  }

  /** Takes a node out with everything on it; its devices are unknown from then on. */
  removeNode(nodeId: string): void {
    this.#setAlive(this.#node(nodeId), 0);
  }

  /** A point to which `rollbackTo` goes back. */
  mark(): number {
    return this.#journal.mark();
  }

  /** Undoes everything since a mark and drops it, with the marks set after it. */
  rollbackTo(mark: number): void {
    const touched = new Set<number>();
    this.#journal.undo(mark, (column, index, old) => {
      if (column === ALIVE) {
        this.writeAlive(index, old);
        return;
      }
      this.tables.column(column)[index] = old;
      if (column === SHARE || column === HEALTH) touched.add(this.tables.deviceEntry[index]!);
      else {
        const node = column === LEFT ? Math.floor(index / RESOURCE_COUNT) : index;
        for (const entry of this.entriesByNode[node]!) touched.add(entry);
      }
    });
    for (const entry of touched) this.reindex(entry);
  }

  /** Drops a mark, and the marks set after it, and keeps what was changed. */
  keep(mark: number): void {
    this.#journal.keep(mark);
  }

  /** The nodes as they are now, by name: a state built from them equals this one. */
  describe(): NodeState[] {
    return this.#byName.filter((node) => this.tables.alive[node] === 1).map((node) => this.describeNode(node));
  }

  /** A state with the same facts that shares nothing with this one; marks are not copied. */
  clone(): FleetState {
    return new FleetState(this.describe());
  }

  #find(deviceId: string): number {
    const device = this.deviceNumbers.get(deviceId);
    if (device === undefined) throw new Error(`no device ${deviceId} in this fleet`);
    return device;
  }

  #node(nodeId: string): number {
    const node = this.nodeNumbers.get(nodeId);
    if (node === undefined) throw new Error(`no node ${nodeId} in this fleet`);
    return node;
  }
}

function compareNodes(a: NodeState, b: NodeState): number {
  return compareText(a.name, b.name) || compareText(a.nodeId, b.nodeId);
}
