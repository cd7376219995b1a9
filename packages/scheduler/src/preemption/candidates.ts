import { devicesOf, type ShareTree, type TreeNode } from '../fair-share/tree';
import type { QueuedRequest, QueuePolicy, RunningWork } from '../queue/types';

/** Work that may be ended for a request, with what that costs. */
export interface Candidate {
  work: RunningWork;
  kind: 'priority' | 'reclaim';
  /** Devices that the request could use afterwards. */
  devices: number[];
  /** Its other devices, which somebody else will have. */
  shut: number[];
  /** Order of classes: preemptible before firm, low priority before high. */
  level: number;
  cost: VictimCost;
}

/** Work that may be ended at all, with what is the same for every request that might have it ended. */
export interface Exposed {
  work: RunningWork;
  devices: number[];
  level: number;
  cost: VictimCost;
  /** Some of its devices are shared. */
  shared: boolean;
  /** Its place in the tree. */
  owner: TreeNode;
}

/** What is lost, in the order in which it matters; added up over victims. */
export interface VictimCost {
  lostDeviceS: number;
  ageS: number;
  count: number;
}

const HOUR_S = 3_600;
const FIRM_LEVEL = 1e9;

/** Device-seconds of work since the last checkpoint. */
export function lostDeviceSeconds(work: RunningWork, nowS: number): number {
  const devices = work.nodes.reduce((sum, node) => sum + node.deviceIds.length, 0);
  return devices * Math.max(0, nowS - Math.max(work.startedAtS, work.checkpointAtS ?? work.startedAtS));
}

/** Below zero when the first is the smaller loss. */
export function compareCosts(a: VictimCost, b: VictimCost): number {
  return a.lostDeviceS - b.lostDeviceS || a.ageS - b.ageS || a.count - b.count;
}

export function addCosts(a: VictimCost, b: VictimCost): VictimCost {
  return { lostDeviceS: a.lostDeviceS + b.lostDeviceS, ageS: a.ageS + b.ageS, count: a.count + b.count };
}

/**
 * A request may have others ended for it. What was preempted itself may not, so that one preemption never sets off
 * another.
 */
export function mayPreempt(request: QueuedRequest, policy: QueuePolicy): boolean {
  return policy.preemption.enabled && request.preemptedAtS.length === 0 && request.reservationId === null;
}

/**
 * The right by which a request may have work of an owner ended, or null. Siblings are compared where their paths part: a request
 * whose side stays within its guarantee takes back (`reclaim`) from a side that borrows; otherwise only from lower
 * priority, and never what a side holds within its guarantee. Both rights only ever go one way, so nobody is ended to and fro.
 */
function rightOver(tree: ShareTree, request: QueuedRequest, owner: TreeNode, lower: boolean): Candidate['kind'] | null {
  const pool = tree.port.poolOf(request.ask)!.id;
  const parting = whereApart(tree.at(request.path), owner);
  if (!parting) return lower ? 'priority' : null;
  if (tree.borrowed(parting.theirs, pool) <= 0) return null;
  if (tree.borrowed(parting.ours, pool) + devicesOf(request.ask) <= 0) return 'reclaim';
  return lower ? 'priority' : null;
}

/** The two siblings through which two places in the tree part; null when one is the other or above it. */
function whereApart(ours: TreeNode, theirs: TreeNode): { ours: TreeNode; theirs: TreeNode } | null {
  let [a, b]: [TreeNode, TreeNode] = [ours, theirs];
  while (a.depth > b.depth) a = a.parent!;
  while (b.depth > a.depth) b = b.parent!;
  if (a === b) return null;
  while (a.parent !== b.parent) [a, b] = [a.parent!, b.parent!];
  return { ours: a, theirs: b };
}

/** It may be ended at all: not too often before, not just started, and it is not going anyway. */
function isExposed(work: RunningWork, nowS: number, policy: QueuePolicy): boolean {
  const { mostPerJob, mostPerJobPerHour, protectedS } = policy.preemption;
  const lastHour = work.preemptedAtS.filter((atS) => atS > nowS - HOUR_S).length;
  return (
    (work.preemptible || policy.preemption.alsoNotPreemptible) &&
    work.leavingAtS === null &&
    work.reservationId === null &&
    work.preemptedAtS.length < mostPerJob &&
    lastHour < mostPerJobPerHour &&
    nowS - work.startedAtS >= protectedS
  );
}

/** What is exposed of a pool's work, cheapest class first. */
export function exposedOf(
  tree: ShareTree,
  running: readonly RunningWork[],
  numbersOf: (work: RunningWork) => number[],
  nowS: number,
  policy: QueuePolicy,
): Exposed[] {
  return running
    .filter((work) => isExposed(work, nowS, policy))
    .map((work) => ({
      work,
      devices: numbersOf(work),
      level: work.priority + (work.preemptible ? 0 : FIRM_LEVEL),
      cost: { lostDeviceS: lostDeviceSeconds(work, nowS), ageS: nowS - work.startedAtS, count: 1 },
      shared: work.nodes.some((node) => node.milli !== undefined),
      owner: tree.at(work.path),
    }))
    .sort((a, b) => a.level - b.level || compareCosts(a.cost, b.cost) || (a.work.workId < b.work.workId ? -1 : 1));
}

/**
 * All work among what is exposed in the request's pool that it may have ended, in the order of `exposed`. From each side that borrows no more is
 * listed than it borrows. `isClear` says whether the request could use a device once it is free.
 */
export function candidatesFor(
  tree: ShareTree,
  request: QueuedRequest,
  exposed: readonly Exposed[],
  isClear: (device: number) => boolean,
): Candidate[] {
  const candidates: Candidate[] = [];
  // By owner, for work of lower priority and for the rest.
  const rights = [
    new Map<TreeNode, Candidate['kind'] | null>(),
    new Map<TreeNode, Candidate['kind'] | null>(),
  ] as const;
  for (const { work, devices: all, level, cost, shared, owner } of exposed) {
    const sameOwner = work.path[0] === request.path[0];
    if (!work.preemptible && !sameOwner) continue;
    // A share that is given back makes no whole device.
    if (shared && request.ask.milli === undefined) continue;
    const lower = work.priority < request.priority;
    const known = rights[lower ? 0 : 1];
    let kind = known.get(owner);
    if (kind === undefined) {
      kind = rightOver(tree, request, owner, lower);
      known.set(owner, kind);
    }
    if (!kind || (kind === 'reclaim' && !work.preemptible)) continue;
    const [devices, shut]: [number[], number[]] = [[], []];
    for (const device of all) (isClear(device) ? devices : shut).push(device);
    if (devices.length > 0) candidates.push({ work, kind, devices, shut, level, cost });
  }
  return withinBorrowed(tree, request, candidates);
}

/** Drops candidates beyond what their side borrows: the rest of it is within its guarantee. */
function withinBorrowed(tree: ShareTree, request: QueuedRequest, candidates: Candidate[]): Candidate[] {
  const pool = tree.port.poolOf(request.ask)!.id;
  if (!tree.hasGuarantees(pool)) return candidates;
  const left = new Map<TreeNode, number>();
  return candidates.filter(({ work }) => {
    const side = whereApart(tree.at(request.path), tree.at(work.path))?.theirs;
    if (!side?.guaranteed.has(pool)) return true;
    const borrowed = left.get(side) ?? tree.borrowed(side, pool);
    const devices = devicesOf(work.ask);
    if (devices > borrowed) return false;
    left.set(side, borrowed - devices);
    return true;
  });
}
