import type { PortPool } from '../queue/fleet-port';
import { bitPositions, countBits, lowestBits } from '../state/bits';
import type { PlacementRequest, Topology } from '../types';
import type { Calendar, Sees, Span } from './calendar';
import { entryFreeAtS, entryWindows, type Window } from './windows';

/** A start in the future with the devices it was found on. */
export interface FutureStart {
  startS: number;
  devices: number[];
}

interface EntryWindow extends Window {
  entry: number;
}

/**
 * The earliest start at or after `afterS` of a request, on devices that are all free from then on for as long as it
 * needs; null when there is none before `untilS`. Exact for the topology asked for: nodes of one zone, below one spine
 * or leaf where that is asked. Among equal starts it takes few leaves, and nodes that become free late, which leaves
 * the others to be used in the meantime.
 */
export function earliestStart(
  calendar: Calendar,
  ask: PlacementRequest,
  afterS: number,
  untilS: number,
  span: Span,
  sees: Sees,
): FutureStart | null {
  const pool = calendar.port.poolOf(ask);
  if (!pool) return null;
  const windows = windowsOf(calendar, pool, ask, afterS, untilS, span, sees);
  const found = firstTogether(windows, domainOf(calendar, ask.topology), ask.nodeCount);
  if (!found) return null;
  const entries = chooseEntries(calendar, found.open, ask.nodeCount);
  const devices = entries.flatMap((entry) =>
    devicesAt(calendar, entry, ask.gpusPerNode, found.atS, afterS, span, sees),
  );
  return { startS: found.atS, devices };
}

/** Number of the domain that must hold all nodes of a request, by entry. */
export function domainOf(calendar: Calendar, topology: Topology): Int32Array {
  const { port } = calendar;
  if (topology === 'same_leaf') return port.leaf;
  return topology === 'same_spine' ? port.spine : port.zone;
}

function windowsOf(
  calendar: Calendar,
  pool: PortPool,
  ask: PlacementRequest,
  afterS: number,
  untilS: number,
  span: Span,
  sees: Sees,
): EntryWindow[] {
  const { port } = calendar;
  const excluded = new Set(ask.excludedNodeIds.flatMap((nodeId) => [...port.entriesOfNode(nodeId)]));
  const windows: EntryWindow[] = [];
  const scratch = new Float64Array(32);
  for (const entry of pool.entries) {
    if (!port.isAvailable(entry) || port.sizeOf(entry) < ask.gpusPerNode || excluded.has(entry)) continue;
    if (calendar.heldEntries[entry] === 0) {
      const fromS = Math.max(afterS, entryFreeAtS(calendar, entry, ask.gpusPerNode, scratch));
      if (fromS < untilS) windows.push({ entry, fromS, toS: Number.POSITIVE_INFINITY });
      continue;
    }
    for (const window of entryWindows(calendar, entry, ask.gpusPerNode, afterS, span, sees)) {
      if (window.fromS < untilS) windows.push({ entry, ...window });
    }
  }
  return windows;
}

/** The first instant at which `need` entries of one domain are open together, with those open then in that domain. */
function firstTogether(
  windows: EntryWindow[],
  domain: Int32Array,
  need: number,
): { atS: number; open: EntryWindow[] } | null {
  windows.sort((a, b) => a.fromS - b.fromS || a.entry - b.entry);
  const closing = windows.filter((window) => window.toS !== Number.POSITIVE_INFINITY).sort((a, b) => a.toS - b.toS);
  const open = new Map<number, number>();
  let closed = 0;
  for (let i = 0; i < windows.length; i += 1) {
    const { fromS: atS, entry } = windows[i]!;
    for (; closed < closing.length && closing[closed]!.toS < atS; closed += 1) {
      const at = domain[closing[closed]!.entry]!;
      open.set(at, open.get(at)! - 1);
    }
    const count = (open.get(domain[entry]!) ?? 0) + 1;
    open.set(domain[entry]!, count);
    if (count < need) continue;
    const among = windows.filter((one) => one.fromS <= atS && one.toS >= atS && domain[one.entry] === domain[entry]);
    return { atS, open: among };
  }
  return null;
}

/** `need` of the open entries: whole leaves first where there are most, within a leaf those that open last. */
function chooseEntries(calendar: Calendar, open: EntryWindow[], need: number): number[] {
  if (open.length === need) return open.map((one) => one.entry);
  const { leaf } = calendar.port;
  const byLeaf = new Map<number, EntryWindow[]>();
  for (const one of open) {
    const group = byLeaf.get(leaf[one.entry]!);
    if (group) group.push(one);
    else byLeaf.set(leaf[one.entry]!, [one]);
  }
  // The smallest leaf that holds all of it, else the largest ones.
  const groups = [...byLeaf.values()].sort((a, b) => a.length - b.length || a[0]!.entry - b[0]!.entry);
  const whole = groups.find((group) => group.length >= need);
  const ordered = whole ? [whole] : groups.reverse();
  return ordered
    .flatMap((group) => group.sort((a, b) => b.fromS - a.fromS || a.entry - b.entry))
    .slice(0, need)
    .map((one) => one.entry);
}

/** `count` devices of an entry that are free at an instant: of one island where that is possible, late ones first. */
function devicesAt(
  calendar: Calendar,
  entry: number,
  count: number,
  atS: number,
  afterS: number,
  span: Span,
  sees: Sees,
): number[] {
  const { port } = calendar;
  const first = port.firstDevice[entry]!;
  let mask = 0;
  for (let bit = 0; bit < port.sizeOf(entry); bit += 1) {
    const device = first + bit;
    if (!port.isUsable(device) || Math.max(afterS, calendar.freeAtS[device]!) > atS) continue;
    if (calendar.isClear(device, atS, span, sees)) mask |= 1 << bit;
  }
  const islands = port
    .islandsOf(entry)
    .map((island) => (island & mask) >>> 0)
    .sort((a, b) => countBits(a) - countBits(b));
  const tight = islands.find((island) => countBits(island) >= count);
  return bitPositions(lowestBits((tight ?? mask) >>> 0, count)).map((bit) => first + bit);
}
