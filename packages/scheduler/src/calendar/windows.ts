import type { FleetPort } from '../queue/fleet-port';
import { bitPositions } from '../state/bits';
import { type Calendar, lengthFor } from './calendar';
import type { Search } from './search';

/** Instants at which something may start: from `fromS` to `toS`, both included. */
export interface Window {
  fromS: number;
  toS: number;
}

export interface EntryWindow extends Window {
  entry: number;
}

/** When a start on one device is possible: after its holder has left, except where a hold would be run into. */
function deviceWindows(calendar: Calendar, device: number, { afterS, span, sees }: Search): Window[] {
  const firstS = Math.max(afterS, calendar.freeAtS[device]!);
  if (firstS === Number.POSITIVE_INFINITY) return [];
  const shut = calendar
    .holdsOn(device)
    .filter((hold) => hold.toS > firstS && sees(hold))
    .map((hold) => ({ fromS: hold.fromS - lengthFor(hold, span), toS: hold.toS }))
    .sort((a, b) => a.fromS - b.fromS || a.toS - b.toS);
  const windows: Window[] = [];
  let fromS = firstS;
  for (const one of shut) {
    if (one.fromS >= fromS) windows.push({ fromS, toS: one.fromS });
    fromS = Math.max(fromS, one.toS);
    if (fromS === Number.POSITIVE_INFINITY) return windows;
  }
  windows.push({ fromS, toS: Number.POSITIVE_INFINITY });
  return windows;
}

/** When a start on `count` devices of one entry at once is possible. Ascending, apart from each other. */
export function entryWindows(
  calendar: Calendar,
  entry: number,
  count: number,
  oneIsland: boolean,
  search: Search,
): Window[] {
  const { port } = calendar;
  const first = port.firstDevice[entry]!;
  const all = Array.from({ length: port.sizeOf(entry) }, (_, bit) => first + bit);
  if (!oneIsland) return windowsAmong(calendar, all, count, search);
  const islands = port.islandsOf(entry).map((island) => bitPositions(island).map((bit) => first + bit));
  return union(islands.flatMap((devices) => windowsAmong(calendar, devices, count, search)));
}

function windowsAmong(calendar: Calendar, devices: readonly number[], count: number, search: Search): Window[] {
  const edges: { atS: number; by: 1 | -1 }[] = [];
  for (const device of devices) {
    if (!calendar.port.isUsable(device)) continue;
    for (const window of deviceWindows(calendar, device, search)) {
      edges.push({ atS: window.fromS, by: 1 }, { atS: window.toS, by: -1 });
    }
  }
  // Openings before closings at the same instant: both ends belong to a window.
  edges.sort((a, b) => a.atS - b.atS || b.by - a.by);
  const windows: Window[] = [];
  let open = 0;
  let fromS = 0;
  for (const edge of edges) {
    if (edge.by === 1 && open === count - 1) fromS = edge.atS;
    if (edge.by === -1 && open === count) windows.push({ fromS, toS: edge.atS });
    open += edge.by;
  }
  return windows;
}

/** Windows of several islands as the windows in which any of them is open. */
function union(windows: Window[]): Window[] {
  windows.sort((a, b) => a.fromS - b.fromS);
  const joined: Window[] = [];
  for (const window of windows) {
    const last = joined.at(-1);
    if (last && window.fromS <= last.toS) last.toS = Math.max(last.toS, window.toS);
    else joined.push({ ...window });
  }
  return joined;
}

/** The earliest instant at which `count` usable devices of an entry without holds are free; Infinity when never. */
export function entryFreeAtS(calendar: Calendar, entry: number, count: number, scratch: Float64Array): number {
  const { port, freeAtS } = calendar;
  const first = port.firstDevice[entry]!;
  return nthFreeAtS(port, freeAtS, first, first + port.sizeOf(entry), count, scratch);
}

/** The `count`-th smallest time among usable devices from one number up to another. */
export function nthFreeAtS(
  port: FleetPort,
  freeAtS: Float64Array,
  from: number,
  to: number,
  count: number,
  scratch: Float64Array,
): number {
  let filled = 0;
  for (let device = from; device < to; device += 1) {
    if (!port.isUsable(device)) continue;
    const atS = freeAtS[device]!;
    if (filled === count && atS >= scratch[count - 1]!) continue;
    let at = filled < count ? filled : count - 1;
    for (; at > 0 && scratch[at - 1]! > atS; at -= 1) scratch[at] = scratch[at - 1]!;
    scratch[at] = atS;
    if (filled < count) filled += 1;
  }
  return filled < count ? Number.POSITIVE_INFINITY : scratch[count - 1]!;
}
