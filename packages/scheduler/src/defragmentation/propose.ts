import type { FleetState } from '../fleet-state';
import { lostDeviceSeconds } from '../preemption/candidates';
import { type FleetPort, type PortPool, portOf } from '../queue/fleet-port';
import type { HeldNode, RunningWork } from '../queue/types';
import type { Reason } from '../types';

/** Work to be moved off one node so that it becomes whole. */
export interface Migration {
  nodeId: string;
  moves: { workId: string; to: readonly HeldNode[] }[];
  /** Free devices that become part of a whole node by it. */
  gainDevices: number;
  /** Device-seconds that the moves cost: work since the last checkpoints, and the standstill. */
  costDeviceS: number;
  reason: Reason;
}

export interface DefragmentationRule {
  /** How long a moved piece of work stands still. */
  standstillS: number;
  /** Most device-seconds that one device of gain may cost. */
  mostCostPerDeviceS: number;
  mostMigrations: number;
}

/**
 * Proposes which nodes to empty, the best gain for its cost first. Only work that may be moved is moved, all of a node's or
 * none, and only onto nodes that are broken already: a proposal never spends a whole node. Each is tried on the fleet together with
 * those before it. Changes nothing.
 */
export function proposeMigrations(
  fleet: FleetState,
  running: readonly RunningWork[],
  nowS: number,
  rule: DefragmentationRule,
): Migration[] {
  const port = portOf(fleet);
  const byNode = new Map<string, RunningWork[]>();
  for (const work of running)
    for (const node of work.nodes) byNode.set(node.nodeId, [...(byNode.get(node.nodeId) ?? []), work]);
  return port.pretend(() => {
    const proposals: Migration[] = [];
    for (const pool of port.pools) {
      const candidates = pool.entries
        .map((entry) => candidateAt(port, pool, entry, byNode, nowS, rule))
        .filter((one) => one !== null)
        .sort((a, b) => a.costDeviceS / a.gainDevices - b.costDeviceS / b.gainDevices || a.entry - b.entry);
      shutWhole(port, pool);
      const seen: Seen = { emptied: new Set(), receiving: new Set() };
      for (const one of candidates) {
        if (proposals.length >= rule.mostMigrations) break;
        const made = tryEmpty(port, one, seen);
        if (made) proposals.push(made);
      }
    }
    return proposals;
  });
}

/** Nodes that proposals empty, and nodes that they move work to: no node is both. */
interface Seen {
  emptied: Set<string>;
  receiving: Set<string>;
}

interface Candidate {
  entry: number;
  nodeId: string;
  work: RunningWork[];
  gainDevices: number;
  costDeviceS: number;
}

/** A partly used node whose work may all be moved at a price that the gain is worth; else null. */
function candidateAt(
  port: FleetPort,
  pool: PortPool,
  entry: number,
  byNode: ReadonlyMap<string, RunningWork[]>,
  nowS: number,
  rule: DefragmentationRule,
): Candidate | null {
  const open = port.openCount(entry);
  const size = port.sizeOf(entry);
  const { nodeId } = port.state.nodeOf(entry);
  const work = byNode.get(nodeId) ?? [];
  const held = work.reduce((sum, one) => sum + one.nodes.reduce((count, node) => count + node.deviceIds.length, 0), 0);
  // All that is not open is held by work we know, on this node alone, which may be moved.
  if (open === 0 || open === size || open + held !== size) return null;
  const movable = work.every(
    (one) => one.movable && one.leavingAtS === null && one.nodes.length === 1 && port.poolOf(one.ask)?.id === pool.id,
  );
  if (!movable) return null;
  const costDeviceS = work.reduce((sum, one) => sum + lostDeviceSeconds(one, nowS), 0) + held * rule.standstillS;
  return costDeviceS <= rule.mostCostPerDeviceS * open ? { entry, nodeId, work, gainDevices: open, costDeviceS } : null;
}

/** Whole nodes are not to be broken: nothing may be moved there. */
function shutWhole(port: FleetPort, pool: PortPool): void {
  for (const entry of pool.entries) {
    if (!port.state.isWhole(entry)) continue;
    const first = port.firstDevice[entry]!;
    port.take(Array.from({ length: port.sizeOf(entry) }, (_, bit) => first + bit));
  }
}

/** Moves all work of a node in thought; null, and nothing moved, when some of it has no place. */
function tryEmpty(port: FleetPort, one: Candidate, seen: Seen): Migration | null {
  if (seen.receiving.has(one.nodeId)) return null;
  const mark = port.state.mark();
  const moves: Migration['moves'] = [];
  for (const work of [...one.work].sort(
    (a, b) => b.ask.gpusPerNode - a.ask.gpusPerNode || (a.workId < b.workId ? -1 : 1),
  )) {
    const decision = port.tryPlace({
      ...work.ask,
      excludedNodeIds: [...work.ask.excludedNodeIds, one.nodeId, ...seen.emptied],
    });
    if (!decision) {
      port.state.rollbackTo(mark);
      return null;
    }
    port.hold(decision.nodes);
    moves.push({ workId: work.workId, to: decision.nodes.map(({ rank: _, ...node }) => node) });
  }
  port.state.keep(mark);
  seen.emptied.add(one.nodeId);
  for (const move of moves) for (const node of move.to) seen.receiving.add(node.nodeId);
  const hours = (one.costDeviceS / 3_600).toFixed(1);
  return {
    nodeId: one.nodeId,
    moves,
    gainDevices: one.gainDevices,
    costDeviceS: one.costDeviceS,
    reason: {
      code: 'defragmentation.whole_node',
      en: `Moving ${moves.length} piece(s) of work makes ${one.nodeId} whole again: ${one.gainDevices} free accelerators come together, at a cost of ${hours} accelerator-hours.`,
      zh: `迁移 ${moves.length} 个任务可使 ${one.nodeId} 恢复整机空闲：${one.gainDevices} 张空闲卡得以集中，代价为 ${hours} 卡时。`,
    },
  };
}
