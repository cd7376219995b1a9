import type { DeviceState, NodeState } from '../types';
import { countBits } from './bits';
import { RESOURCE_COUNT, RESOURCES } from './fleet-tables';
import { FAILED, FleetView, HEALTHS } from './fleet-view';
import { type NodeClass, roomOf, suspicionLevel } from './node-class';
import { Pool } from './pool';
import { ShareIndex } from './share-index';
import { compareText } from './text-order';

const MAX_DEVICES = 32;

/** Builds a fleet's tables from nodes and keeps what is worked out from them: classes, pockets, shares. */
export class FleetIndex extends FleetView {
  /** Throws when a node or one of its devices is in the fleet already, or told twice. */
  protected refuseKnown(node: NodeState): void {
    const { nodeId, name, devices } = node;
    if (this.nodeNumbers.has(nodeId)) throw new Error(`node ${name} (${nodeId}) is in this fleet already`);
    const ids = new Set<string>();
    for (const { deviceId } of devices) {
      if (this.deviceNumbers.has(deviceId) || ids.has(deviceId)) {
        throw new Error(`device ${deviceId} of node ${name} is in this fleet already`);
      }
      ids.add(deviceId);
    }
  }

  /** Enters a node that nobody sees yet: it becomes alive by `setAlive`. Returns its number. */
  protected load(node: NodeState): number {
    const at = this.tables.addNode();
    this.nodes.push(node);
    this.entriesByNode.push([]);
    const { tables } = this;
    tables.available[at] = node.available ? 1 : 0;
    tables.suspicion[at] = node.suspicionMilli ?? 0;
    tables.attributes[at] = this.attributes.of(node.labels ?? {}, node.taints ?? []);
    RESOURCES.forEach((name, resource) => {
      const total = node.resources?.[name] ?? Number.POSITIVE_INFINITY;
      tables.total[at * RESOURCE_COUNT + resource] = total;
      tables.left[at * RESOURCE_COUNT + resource] = total - (node.held?.[name] ?? 0);
    });
    const models = [...new Set(node.devices.map((device) => device.modelId))].sort(compareText);
    for (const modelId of models) this.#loadEntry(at, node, modelId);
    return at;
  }

  #loadEntry(at: number, node: NodeState, modelId: string): void {
    const devices = node.devices.filter((one) => one.modelId === modelId).sort((a, b) => a.index - b.index);
    if (devices.length > MAX_DEVICES) throw new RangeError(`node ${node.name} has more than ${MAX_DEVICES} devices`);
    const entry = this.tables.addEntry();
    const first = this.tables.addDevices(devices.length);
    const { tables } = this;
    const zone = this.zones.of(node.zoneId, this.regions.of(node.regionId));
    const spine = this.spines.of(node.spine, zone);
    const leaf = this.leaves.of(node.leaf, spine);
    const pool = this.#poolFor(node.regionId, modelId);
    [tables.node[entry], tables.firstDevice[entry], tables.pool[entry]] = [at, first, pool.id];
    [tables.zone[entry], tables.spine[entry], tables.leaf[entry]] = [zone, spine, leaf];
    tables.rack[entry] = this.racks.of(node.rack, leaf);
    tables.classId[entry] = -1;
    this.layouts.push(
      this.classes.layout(
        devices.length,
        islandMasks(devices),
        tables.total[at * RESOURCE_COUNT]!,
        tables.total[at * RESOURCE_COUNT + 1]!,
      ),
    );
    this.#loadDevices(devices, entry, first);
    const pocket = pool.pocket(zone, spine, leaf);
    this.pockets.push(pocket);
    pocket.entries.push(entry);
    pool.entries.push(entry);
    this.entriesByNode[at]!.push(entry);
  }

  #loadDevices(devices: readonly DeviceState[], entry: number, first: number): void {
    const { tables } = this;
    devices.forEach((device, bit) => {
      tables.share[first + bit] = device.freeMilli ?? (device.free ? 1000 : 0);
      tables.health[first + bit] = HEALTHS.indexOf(device.health);
      tables.deviceEntry[first + bit] = entry;
      this.deviceNames.push(device.deviceId);
    });
    if (this.sharedAs.length < tables.share.length) {
      const before = this.sharedAs;
      this.sharedAs = new Uint16Array(tables.share.length);
      this.sharedAs.set(before);
    }
  }

  #poolFor(regionId: string, modelId: string): Pool {
    const key = `${regionId}\u0000${modelId}`;
    let pool = this.poolNumbers.get(key);
    if (!pool) {
      pool = new Pool(this.pools.length, regionId, modelId);
      this.models.of(modelId);
      this.pools.push(pool);
      this.shares.push(new ShareIndex((a, b) => this.compareDevices(a, b)));
      this.poolNumbers.set(key, pool);
    }
    return pool;
  }

  /** Gives entries the places of their nodes in the order of names. */
  protected renumber(byName: readonly number[]): void {
    byName.forEach((node, place) => {
      for (const entry of this.entriesByNode[node]!) this.tables.order[entry] = place;
    });
  }

  /** Makes a node and its devices known (1) or unknown (0). */
  protected writeAlive(node: number, alive: number): void {
    const { nodeId } = this.nodes[node]!;
    this.tables.alive[node] = alive;
    if (alive === 1) {
      this.nodeNumbers.set(nodeId, node);
    } else this.nodeNumbers.delete(nodeId);
    for (const entry of this.entriesByNode[node]!) {
      const first = this.tables.firstDevice[entry]!;
      for (let device = first; device < first + this.size(entry); device += 1) {
        const id = this.deviceNames[device]!;
        if (alive === 1) this.deviceNumbers.set(id, device);
        else this.deviceNumbers.delete(id);
      }
    }
    this.reindexNode(node);
  }

  protected reindexNode(node: number): void {
    for (const entry of this.entriesByNode[node]!) this.reindex(entry);
  }

  /** Works out again everything that depends on the facts of an entry. */
  protected reindex(entry: number): void {
    const { tables } = this;
    const node = tables.node[entry]!;
    const usable = tables.alive[node] === 1 && tables.available[node] === 1;
    const layout = this.layouts[entry]!;
    const first = tables.firstDevice[entry]!;
    let [free, partial, open, healthy] = [0, 0, 0, 0];
    for (let bit = 0; bit < layout.size; bit += 1) {
      const share = tables.share[first + bit]!;
      const health = tables.health[first + bit]!;
      const mask = 1 << bit;
      if (share === 1000) free |= mask;
      else if (share > 0) partial |= mask;
      if (share === 1000 && usable && health < FAILED) {
        open |= mask;
        if (health === 0) healthy |= mask;
      }
    }
    if ((partial | tables.partial[entry]!) >>> 0 !== 0) this.#reindexShares(entry, usable);
    tables.free[entry] = free;
    tables.partial[entry] = partial;
    const level = suspicionLevel(tables.suspicion[node]!);
    const [vcpuMilli, memoryBytes] = [tables.left[node * RESOURCE_COUNT]!, tables.left[node * RESOURCE_COUNT + 1]!];
    const room = open === 0 ? 0 : roomOf(layout, countBits(open >>> 0), vcpuMilli, memoryBytes);
    this.#classify(entry, this.classes.of(layout, open >>> 0, healthy >>> 0, level, room));
  }

  #classify(entry: number, next: NodeClass): void {
    const { tables } = this;
    const before = tables.classId[entry]!;
    if (before === next.id) return;
    const pool = this.pools[tables.pool[entry]!]!;
    const pocket = this.pockets[entry]!;
    if (before >= 0) {
      const old = this.classes.list[before]!;
      pocket.byOpen[old.openCount]! -= 1;
      if (old.whole) pocket.whole -= 1;
      if (old.open !== 0) {
        const moved = pool.leave(old, tables.position[entry]!);
        if (moved >= 0) tables.position[moved] = tables.position[entry]!;
      }
    }
    tables.classId[entry] = next.id;
    pocket.byOpen[next.openCount]! += 1;
    if (next.whole) pocket.whole += 1;
    if (next.open !== 0) tables.position[entry] = pool.enter(next, entry);
  }

  /** By name of the node, then position there. */
  protected compareDevices(a: number, b: number): number {
    const { deviceEntry, order } = this.tables;
    return order[deviceEntry[a]!]! - order[deviceEntry[b]!]! || a - b;
  }

  #reindexShares(entry: number, usable: boolean): void {
    const { tables } = this;
    const index = this.shares[tables.pool[entry]!]!;
    const first = tables.firstDevice[entry]!;
    for (let device = first; device < first + this.layouts[entry]!.size; device += 1) {
      const share = tables.share[device]!;
      const next = usable && share < 1000 && tables.health[device]! < FAILED ? share : 0;
      const before = this.sharedAs[device]!;
      if (next === before) continue;
      if (before > 0) index.leave(before, device);
      this.sharedAs[device] = next;
      if (next > 0) index.enter(next, device);
    }
  }
}

/** Masks of the islands of sorted devices, by island number. */
function islandMasks(devices: readonly DeviceState[]): number[] {
  const islands = new Map<number, number>();
  devices.forEach((device, bit) => {
    islands.set(device.island, ((islands.get(device.island) ?? 0) | (1 << bit)) >>> 0);
  });
  return [...islands].sort(([a], [b]) => a - b).map(([, mask]) => mask);
}
