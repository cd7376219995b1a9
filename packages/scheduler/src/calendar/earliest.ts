import type { PortPool } from '../queue/fleet-port';
import { bitPositions, countBits, lowestBits } from '../state/bits';
import type { PlacementRequest } from '../types';
import type { Calendar } from './calendar';
import type { Search } from './search';
import { soonestTogether } from './soonest';
import { type Domains, domainsOf, firstTogether, spreadFew } from './together';
import { type EntryWindow, entryFreeAtS, entryWindows } from './windows';

/** A start in the future with the devices it was found on. */
export interface FutureStart {
  startS: number;
  devices: number[];
}

/**
 * The earliest start of a request on devices that are all free from then on for as long as it needs; null when there is
 * none in time. Exact for devices and topology (nodes of one zone, below one domain or spread over domains, islands), on nodes
 * that the request may use at all; vCPU and memory are counted in total, not over time. Of welcome models the one that is free
 * first. Among equal starts it takes few leaves, and nodes that become free late, which leaves others to be used meanwhile.
 */
export function earliestStart(calendar: Calendar, ask: PlacementRequest, search: Search): FutureStart | null {
  let best: FutureStart | null = null;
  for (const pool of calendar.port.poolsOf(ask)) {
    const untilS = best ? best.startS : search.untilS;
    const found = earliestInPool(calendar, pool, ask, { ...search, untilS });
    if (found) best = found;
  }
  return best;
}

function earliestInPool(calendar: Calendar, pool: PortPool, ask: PlacementRequest, search: Search): FutureStart | null {
  const domains = domainsOf(calendar.port, ask);
  const windows = inTime(windowsOf(calendar, pool, ask, search), domains, ask.nodeCount);
  const found = firstTogether(windows, domains, ask.nodeCount);
  if (!found) return null;
  const among = spreadFew(found.open, domains);
  const entries = chooseEntries(calendar, among, ask.nodeCount);
  return {
    startS: found.atS,
    devices: entries.flatMap((entry) => devicesAt(calendar, entry, ask, found.atS, search)),
  };
}

/** Without windows that open after enough of those that never close again are open together: they cannot matter. */
function inTime(windows: EntryWindow[], domains: Domains, need: number): EntryWindow[] {
  if (domains.part) return windows;
  const lasting = windows.filter((window) => window.toS === Number.POSITIVE_INFINITY);
  const times = Float64Array.from(lasting, (window) => window.fromS);
  const whole = Int32Array.from(lasting, (window) => domains.whole[window.entry]!);
  const bound = soonestTogether(times, whole, need, () => true);
  return bound ? windows.filter((window) => window.fromS <= bound.atS) : windows;
}

function windowsOf(calendar: Calendar, pool: PortPool, ask: PlacementRequest, search: Search): EntryWindow[] {
  const { port } = calendar;
  const filter = port.filterOf(ask);
  const oneIsland = ask.topology === 'same_island';
  const windows: EntryWindow[] = [];
  const scratch = new Float64Array(32);
  for (const entry of pool.entries) {
    if (!port.isAvailable(entry) || port.sizeOf(entry) < ask.gpusPerNode || !filter.couldPass(entry)) continue;
    if (calendar.heldEntries[entry] === 0 && !oneIsland) {
      const fromS = Math.max(search.afterS, entryFreeAtS(calendar, entry, ask.gpusPerNode, scratch));
      if (fromS < search.untilS) windows.push({ entry, fromS, toS: Number.POSITIVE_INFINITY });
      continue;
    }
    for (const window of entryWindows(calendar, entry, ask.gpusPerNode, oneIsland, search)) {
      if (window.fromS < search.untilS) windows.push({ entry, ...window });
    }
  }
  return windows;
}

/** `need` of the open entries: the smallest leaf that holds all, else the largest ones; within a leaf those that open last. */
function chooseEntries(calendar: Calendar, open: readonly EntryWindow[], need: number): number[] {
  if (open.length === need) return open.map((one) => one.entry);
  const { leaf } = calendar.port;
  const byLeaf = new Map<number, EntryWindow[]>();
  for (const one of open) {
    const group = byLeaf.get(leaf[one.entry]!);
    if (group) group.push(one);
    else byLeaf.set(leaf[one.entry]!, [one]);
  }
  const groups = [...byLeaf.values()].sort((a, b) => a.length - b.length || a[0]!.entry - b[0]!.entry);
  const whole = groups.find((group) => group.length >= need);
  const ordered = whole ? [whole] : groups.reverse();
  return ordered
    .flatMap((group) => group.sort((a, b) => b.fromS - a.fromS || a.entry - b.entry))
    .slice(0, need)
    .map((one) => one.entry);
}

/** Devices of an entry for one part of a request that are free at an instant: of one island where that is possible. */
function devicesAt(calendar: Calendar, entry: number, ask: PlacementRequest, atS: number, search: Search): number[] {
  const { port } = calendar;
  const first = port.firstDevice[entry]!;
  let mask = 0;
  for (let bit = 0; bit < port.sizeOf(entry); bit += 1) {
    const device = first + bit;
    if (!port.isUsable(device) || Math.max(search.afterS, calendar.freeAtS[device]!) > atS) continue;
    if (calendar.isClear(device, atS, search.span, search.sees)) mask |= 1 << bit;
  }
  const islands = port
    .islandsOf(entry)
    .map((island) => (island & mask) >>> 0)
    .sort((a, b) => countBits(a) - countBits(b));
  const tight = islands.find((island) => countBits(island) >= ask.gpusPerNode);
  return bitPositions(lowestBits((tight ?? mask) >>> 0, ask.gpusPerNode)).map((bit) => first + bit);
}
