import type { NodeResources, NodeState } from '../types';
import { Attributes } from './attributes';
import { countBits } from './bits';
import { FleetTables, RESOURCE_COUNT, RESOURCES } from './fleet-tables';
import { Names } from './names';
import { type NodeClass, NodeClasses } from './node-class';
import type { Pocket, Pool } from './pool';
import type { ShareIndex } from './share-index';

/** Health as it is stored: usable when below FAILED, good when 0. */
export const HEALTHS = ['ok', 'degraded', 'failed', 'unknown'] as const;
export const FAILED = 2;

/**
 * A fleet as it can be read. An *entry* is the devices of one model on one node (nearly always the whole node); its
 * devices are the bits of masks, in the order of their positions. A *pool* is the entries of one model in one region, a
 * *pocket* those of a pool below one leaf, a *class* entries that look alike. See FleetState for what can be changed.
 */
export class FleetView {
  readonly tables = new FleetTables();
  readonly classes = new NodeClasses();
  readonly attributes = new Attributes();
  readonly regions = new Names();
  readonly models = new Names();
  readonly zones = new Names();
  readonly spines = new Names();
  readonly leaves = new Names();
  readonly racks = new Names();
  readonly pools: Pool[] = [];
  /** By node number; removed nodes stay in their places. */
  readonly nodes: NodeState[] = [];
  protected readonly layouts: NodeClass['layout'][] = [];
  protected readonly pockets: Pocket[] = [];
  protected readonly shares: ShareIndex[] = [];
  protected readonly deviceNames: string[] = [];
  /** Share under which a device stands in its pool's index (0: in none). */
  protected sharedAs = new Uint16Array(0);
  protected readonly poolNumbers = new Map<string, Pool>();
  protected readonly nodeNumbers = new Map<string, number>();
  protected readonly deviceNumbers = new Map<string, number>();
  protected readonly entriesByNode: number[][] = [];

  /** Number of entries, removed ones included. */
  get count(): number {
    return this.tables.entryCount;
  }

  /** The pool of a model in a region, or null. */
  poolOf(regionId: string, modelId: string): Pool | null {
    return this.poolNumbers.get(`${regionId}\u0000${modelId}`) ?? null;
  }

  /** The index of partly free devices of a pool. */
  sharesOf(pool: Pool): ShareIndex {
    return this.shares[pool.id]!;
  }

  /** Entries of a model in a region that are not removed, by name. */
  pool(regionId: string, modelId: string): number[] {
    const entries = this.poolOf(regionId, modelId)?.entries ?? [];
    const { order } = this.tables;
    return entries.filter((entry) => this.isAlive(entry)).sort((a, b) => order[a]! - order[b]!);
  }

  /** Entries of a node; empty when it is not there. */
  entriesOf(nodeId: string): readonly number[] {
    const node = this.nodeNumbers.get(nodeId);
    return node === undefined ? [] : this.entriesByNode[node]!;
  }

  /** The number of a node, or -1. */
  nodeNumber(nodeId: string): number {
    return this.nodeNumbers.get(nodeId) ?? -1;
  }

  nodeOf(entry: number): NodeState {
    return this.nodes[this.tables.node[entry]!]!;
  }

  isAlive(entry: number): boolean {
    return this.tables.alive[this.tables.node[entry]!] === 1;
  }

  isAvailable(entry: number): boolean {
    const node = this.tables.node[entry]!;
    return this.tables.alive[node] === 1 && this.tables.available[node] === 1;
  }

  classOf(entry: number): NodeClass {
    return this.classes.list[this.tables.classId[entry]!]!;
  }

  pocketOf(entry: number): Pocket {
    return this.pockets[entry]!;
  }

  /** Whole devices of an entry that may be given now, as a mask. */
  open(entry: number): number {
    return this.classOf(entry).open;
  }

  /** Every device of the entry is free, usable and on an available node. */
  isWhole(entry: number): boolean {
    return this.classOf(entry).whole;
  }

  size(entry: number): number {
    return this.layouts[entry]!.size;
  }

  /** Masks of the islands of an entry. */
  islandsOf(entry: number): readonly number[] {
    return this.layouts[entry]!.islands;
  }

  /** Untouched entries of the same model below the same leaf. */
  wholeBelowLeaf(entry: number): number {
    return this.pockets[entry]!.whole;
  }

  /** Devices of an entry that are not broken, as a count. */
  usableCount(entry: number): number {
    let count = 0;
    const first = this.tables.firstDevice[entry]!;
    for (let bit = 0; bit < this.size(entry); bit += 1) if (this.tables.health[first + bit]! < FAILED) count += 1;
    return count;
  }

  /** Free share of each device of an entry that may be given now, in thousandths; 0 when it may not. */
  shareOf(entry: number, bit: number): number {
    const device = this.tables.firstDevice[entry]! + bit;
    return this.isAvailable(entry) && this.tables.health[device]! < FAILED ? this.tables.share[device]! : 0;
  }

  /** A device that works, with a fault: last choice for new work. */
  isDegraded(entry: number, bit: number): boolean {
    return this.tables.health[this.tables.firstDevice[entry]! + bit] === 1;
  }

  /** What is left of a resource (number in RESOURCES) on the node of an entry; Infinity when it is not counted. */
  left(entry: number, resource: number): number {
    return this.tables.left[this.tables.node[entry]! * RESOURCE_COUNT + resource]!;
  }

  /** The id of a device number, as the index of shares has them. */
  deviceName(device: number): string {
    return this.deviceNames[device]!;
  }

  deviceIds(entry: number, mask: number): string[] {
    const first = this.tables.firstDevice[entry]!;
    const ids: string[] = [];
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      ids.push(this.deviceNames[first + 31 - Math.clz32(rest & -rest)]!);
    }
    return ids;
  }

  /** Number of devices free in whole, whatever their health and the node's. */
  freeCount(entry: number): number {
    return countBits(this.tables.free[entry]!);
  }

  /** A node as it is now. */
  protected describeNode(at: number): NodeState {
    const { tables } = this;
    const node = this.nodes[at]!;
    const { labels, taints } = this.attributes.list[tables.attributes[at]!]!;
    const held: Partial<NodeResources> = {};
    RESOURCES.forEach((name, resource) => {
      const total = tables.total[at * RESOURCE_COUNT + resource]!;
      if (total !== Number.POSITIVE_INFINITY) held[name] = total - tables.left[at * RESOURCE_COUNT + resource]!;
    });
    const devices = node.devices.map((device) => {
      const number = this.deviceNumbers.get(device.deviceId)!;
      const share = tables.share[number]!;
      return { ...device, free: share === 1000, freeMilli: share, health: HEALTHS[tables.health[number]!]! };
    });
    const [available, suspicionMilli] = [tables.available[at] === 1, tables.suspicion[at]!];
    return { ...node, available, suspicionMilli, labels, taints, held, devices };
  }
}
