import type { FleetPort } from '../queue/fleet-port';
import type { ModelValue, QueuePolicy, RunningWork, ShareNode, ShareStanding } from '../queue/types';
import type { PlacementRequest } from '../types';
import { rememberedShare } from './usage';

/** A node of the tree with what it holds now. */
export interface TreeNode {
  readonly id: string;
  readonly parent: TreeNode | null;
  readonly depth: number;
  readonly weight: number;
  readonly overQuotaWeight: number;
  /** Devices by pool number. */
  readonly guaranteed: ReadonlyMap<number, number>;
  readonly limits: ReadonlyMap<number, number>;
  readonly remembered: number;
  /** Devices held by pool number; of these, held by work that may not be preempted. */
  readonly used: Map<number, number>;
  readonly firm: Map<number, number>;
  /** Part of the fleet's priced capacity held now, between 0 and 1. */
  share: number;
}

/**
 * The tree of organisations, projects and users. A share is the part of the fleet's capacity that somebody holds, every
 * device valued at its price, so that cards of all vendors count on one scale; with accelerators as the scarce resource
 * it is the dominant share of dominant-resource fairness. Nodes that the input does not name weigh 1 and are guaranteed nothing.
 */
export class ShareTree {
  readonly #nodes = new Map<string, TreeNode>();
  /** By the path's array itself: a round sees the same ones again and again. */
  readonly #byPath = new Map<readonly string[], TreeNode>();
  readonly #given: Map<string, ShareNode>;
  readonly #values: Map<string, number>;
  readonly #capacity: number;
  /** Usable devices by pool. */
  readonly poolDevices: readonly number[];
  /** Guaranteed to organisations, by pool. */
  readonly #guaranteed = new Map<number, number>();
  readonly #anyGuaranteed = new Set<number>();

  constructor(
    readonly port: FleetPort,
    shares: readonly ShareNode[],
    values: readonly ModelValue[],
    readonly policy: QueuePolicy,
    readonly nowS: number,
  ) {
    this.#given = new Map(shares.map((node) => [node.nodeId, node]));
    this.#values = new Map(values.map((one) => [one.modelId, one.value]));
    this.poolDevices = port.pools.map((pool) =>
      pool.entries.reduce((sum, entry) => sum + usableDevices(port, entry), 0),
    );
    this.#capacity = port.pools.reduce((sum, pool) => sum + this.poolDevices[pool.id]! * this.valueOf(pool.modelId), 0);
    for (const node of shares) {
      const root = this.#find(node.nodeId);
      for (const pool of root.guaranteed.keys()) this.#anyGuaranteed.add(pool);
      if (root.parent) continue;
      for (const [pool, devices] of root.guaranteed) add(this.#guaranteed, pool, devices);
    }
  }

  /** Price of a device, 1 when nobody says. */
  valueOf(modelId: string): number {
    return this.#values.get(modelId) ?? 1;
  }

  /** The node at the end of a path. Nodes of a path that the tree does not know are made below the one before. */
  at(path: readonly string[]): TreeNode {
    const known = this.#byPath.get(path);
    if (known) return known;
    let node: TreeNode | null = null;
    for (const id of path) node = this.#find(id, node);
    if (!node) throw new RangeError('a path names at least the organisation');
    this.#byPath.set(path, node);
    return node;
  }

  #find(id: string, above: TreeNode | null = null): TreeNode {
    const given = this.#given.get(id);
    // What is not named in the tree counts below its parent only: one user may work in two projects.
    const key = given ? id : `${above?.id ?? ''}/${id}`;
    const known = this.#nodes.get(key);
    if (known) return known;
    const parent = given ? (given.parentId === null ? null : this.#find(given.parentId)) : above;
    const made: TreeNode = {
      id: key,
      parent,
      depth: parent ? parent.depth + 1 : 0,
      weight: positive(given?.weight),
      overQuotaWeight: positive(given?.overQuotaWeight),
      guaranteed: this.#byPool(given?.guaranteed),
      limits: this.#byPool(given?.borrowingLimits),
      remembered: given ? rememberedShare(given.usage, this.nowS, this.policy.usageHalfLifeS) : 0,
      used: new Map(),
      firm: new Map(),
      share: 0,
    };
    this.#nodes.set(key, made);
    return made;
  }

  #byPool(amounts: ShareNode['guaranteed'] | undefined): Map<number, number> {
    const byPool = new Map<number, number>();
    for (const one of amounts ?? []) {
      const pool = this.port.poolOf(one);
      if (pool) add(byPool, pool.id, one.devices);
    }
    return byPool;
  }

  /** Enters what somebody holds (or, with -1, does not hold any more) on every node of its path. */
  charge(path: readonly string[], ask: PlacementRequest, preemptible: boolean, sign: 1 | -1): void {
    const pool = this.port.poolOf(ask);
    if (!pool) return;
    const devices = sign * devicesOf(ask);
    const share = this.shareOf(ask) * sign;
    for (let node: TreeNode | null = this.at(path); node; node = node.parent) {
      add(node.used, pool.id, devices);
      if (!preemptible) add(node.firm, pool.id, devices);
      node.share += share;
    }
  }

  /** Counts a promise towards the order of the queue (and, with -1, no more), though nothing is held for it yet. */
  lean(path: readonly string[], ask: PlacementRequest, sign: 1 | -1): void {
    const share = this.shareOf(ask) * sign;
    for (let node: TreeNode | null = this.at(path); node; node = node.parent) node.share += share;
  }

  /** Enters running work; what has been told to go does not count any more. */
  chargeRunning(running: readonly RunningWork[]): void {
    for (const work of running) if (work.leavingAtS === null) this.charge(work.path, work.ask, work.preemptible, 1);
  }

  /** Part of the fleet's priced capacity that a request is. */
  shareOf(ask: PlacementRequest): number {
    return this.#capacity === 0 ? 0 : (devicesOf(ask) * this.valueOf(ask.modelId)) / this.#capacity;
  }

  /**
   * The value that orders siblings, lower first: those within their guarantee in the pool before borrowers; then the
   * share held and remembered, per weight.
   */
  order(node: TreeNode, pool: number): number {
    const within = (node.used.get(pool) ?? 0) < (node.guaranteed.get(pool) ?? 0);
    return within ? (this.standing(node) * node.overQuotaWeight) / node.weight - 2 : this.standing(node);
  }

  /** Share held and remembered, per over-quota weight. */
  standing(node: TreeNode): number {
    const { historyWeight } = this.policy;
    return (historyWeight * node.remembered + (1 - historyWeight) * node.share) / node.overQuotaWeight;
  }

  /** The organisation of a path. */
  rootOf(path: readonly string[]): TreeNode {
    let node = this.at(path);
    while (node.parent) node = node.parent;
    return node;
  }

  /** The node of the path that has no room for the request under its limit, or null. */
  fullNode(path: readonly string[], ask: PlacementRequest): TreeNode | null {
    const pool = this.port.poolOf(ask);
    if (!pool) return null;
    for (let node: TreeNode | null = this.at(path); node; node = node.parent) {
      const limit = node.limits.get(pool.id);
      if (limit === undefined) continue;
      const most = (node.guaranteed.get(pool.id) ?? 0) + limit;
      if ((node.used.get(pool.id) ?? 0) + devicesOf(ask) > most) return node;
    }
    return null;
  }

  /**
   * Whether all guarantees of the pool can still be honoured when work that may not be preempted gets this much more: such
   * work may borrow only what is guaranteed to nobody. Without guarantees this is always so.
   */
  keepsGuarantees(path: readonly string[], ask: PlacementRequest): boolean {
    const pool = this.port.poolOf(ask);
    if (!pool || !this.#guaranteed.has(pool.id)) return true;
    const own = this.rootOf(path);
    const firm = (own.firm.get(pool.id) ?? 0) + devicesOf(ask);
    const guaranteed = own.guaranteed.get(pool.id) ?? 0;
    if (firm <= guaranteed) return true;
    let promised = Math.max(firm, guaranteed);
    for (const node of this.#nodes.values()) {
      if (node.parent || node === own) continue;
      promised += Math.max(node.firm.get(pool.id) ?? 0, node.guaranteed.get(pool.id) ?? 0);
    }
    return promised <= this.poolDevices[pool.id]!;
  }

  /** Some node, at any level, is guaranteed something of the pool. */
  hasGuarantees(pool: number): boolean {
    return this.#anyGuaranteed.has(pool);
  }

  /** Devices above its guarantee in a pool; negative below. */
  borrowed(node: TreeNode, pool: number): number {
    return (node.used.get(pool) ?? 0) - (node.guaranteed.get(pool) ?? 0);
  }

  standings(): ShareStanding[] {
    return [...this.#nodes.values()]
      .map((node) => ({
        nodeId: node.id,
        now: node.share,
        remembered: node.remembered,
        order: this.standing(node),
      }))
      .sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }
}

/** Devices a request asks for in all. */
export function devicesOf(ask: PlacementRequest): number {
  return ask.nodeCount * ask.gpusPerNode;
}

function add(map: Map<number, number>, key: number, by: number): void {
  map.set(key, (map.get(key) ?? 0) + by);
}

function positive(weight: number | undefined): number {
  return weight !== undefined && weight > 0 ? weight : weight === undefined ? 1 : 1e-9;
}

function usableDevices(port: FleetPort, entry: number): number {
  const first = port.firstDevice[entry]!;
  let count = 0;
  for (let device = first; device < first + port.sizeOf(entry); device += 1) if (port.isUsable(device)) count += 1;
  return count;
}
