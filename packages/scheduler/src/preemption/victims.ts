import type { FleetPort } from '../queue/fleet-port';
import type { Decision, PlacementRequest } from '../types';
import { addCosts, type Candidate, compareCosts, type VictimCost } from './candidates';
import { Room } from './room';

/** The work to end, and where the request goes once it is gone. */
export interface VictimChoice {
  victims: Candidate[];
  decision: Decision;
}

/** Domains with up to this many candidates are searched exhaustively. */
const EXHAUSTIVE = 12;
/** Domains looked at, and nodes of one domain compared, for a gang. */
const MOST_DOMAINS = 32;
const NODES_PER_PART = 4;
/** Work tried one by one where counting does not decide. */
const MOST_TRIED = 64;
const NOTHING: VictimCost = { lostDeviceS: 0, ageS: 0, count: 0 };

/**
 * Victims without which the request cannot start and with which it can, or null. The lowest class of work that suffices;
 * then the least lost work, the least age, the fewest. Exact for requests on one node and, for gangs, in domains with up to
 * 12 candidates; greedy beyond that. Whatever was found is tried on the fleet, and every victim that proves needless is
 * left alone. Changes nothing.
 */
export function chooseVictims(
  port: FleetPort,
  ask: PlacementRequest,
  candidates: readonly Candidate[],
  mostVictims: number,
): VictimChoice | null {
  if (ask.milli !== undefined) return oneVictim(port, ask, candidates);
  const room = new Room(port, ask, candidates);
  for (const level of sufficientLevels(room, candidates)) {
    const among = new Set(candidates.flatMap((one, at) => (one.level <= level ? [at] : [])));
    const set = ask.nodeCount === 1 ? cheapestNode(room, among) : cheapestDomain(room, among);
    const named = set?.map((at) => candidates[at]!) ?? [];
    // Counts of devices know nothing of vCPU, islands or spreading: then whatever may go, less what is not needed.
    const choice =
      confirmed(port, ask, named) ??
      confirmed(
        port,
        ask,
        [...among].slice(0, MOST_TRIED).map((at) => candidates[at]!),
      );
    if (choice && choice.victims.length <= mostVictims) return choice;
  }
  return null;
}

/** Of the work that alone makes room for a slice, the cheapest. */
function oneVictim(port: FleetPort, ask: PlacementRequest, candidates: readonly Candidate[]): VictimChoice | null {
  for (const one of candidates.slice(0, MOST_TRIED)) {
    const choice = confirmed(port, ask, [one]);
    if (choice) return choice;
  }
  return null;
}

/** Classes from the lowest that suffices upwards. */
function sufficientLevels(room: Room, candidates: readonly Candidate[]): number[] {
  const levels = [...new Set(candidates.map((one) => one.level))].sort((a, b) => a - b);
  const first = levels.findIndex((level) => room.fits((at) => candidates[at]!.level <= level));
  return first < 0 ? [] : levels.slice(first);
}

interface Subset {
  cost: VictimCost;
  set: number[];
}

/** The cheapest candidates that free `missing` devices of one entry: smallest knapsack, by dynamic programming. */
function cheapestFor(
  room: Room,
  entry: number,
  among: ReadonlySet<number>,
  chosen: ReadonlySet<number>,
): Subset | null {
  const missing = room.missing(entry, (at) => chosen.has(at));
  if (missing <= 0) return { cost: NOTHING, set: [] };
  const best: (Subset | null)[] = Array.from({ length: missing + 1 }, () => null);
  best[0] = { cost: NOTHING, set: [] };
  for (const gain of room.gains.get(entry) ?? []) {
    if (!among.has(gain.candidate) || chosen.has(gain.candidate)) continue;
    const own = room.candidates[gain.candidate]!.cost;
    for (let freed = missing; freed >= 0; freed -= 1) {
      const before = best[freed];
      if (!before || freed === missing) continue;
      const to = Math.min(missing, freed + gain.devices);
      const cost = addCosts(before.cost, own);
      if (!best[to] || compareCosts(cost, best[to].cost) < 0) best[to] = { cost, set: [...before.set, gain.candidate] };
    }
  }
  return best[missing]!;
}

function cheapestNode(room: Room, among: ReadonlySet<number>): number[] | null {
  let best: Subset | null = null;
  for (const entry of room.gains.keys()) {
    const found = cheapestFor(room, entry, among, new Set());
    if (found && (best === null || compareCosts(found.cost, best.cost) < 0)) best = found;
  }
  return best?.set ?? null;
}

function cheapestDomain(room: Room, among: ReadonlySet<number>): number[] | null {
  const byDomain = new Map<number, number[]>();
  for (const entry of room.gains.keys()) {
    const domain = room.domain[entry]!;
    const entries = byDomain.get(domain);
    if (entries) entries.push(entry);
    else byDomain.set(domain, [entry]);
  }
  const domains = [...byDomain]
    .map(([domain, entries]) => ({ entries, need: room.nodes - (room.fitting.get(domain) ?? 0) }))
    .sort((a, b) => a.need - b.need)
    .slice(0, MOST_DOMAINS);
  let best: Subset | null = null;
  for (const { entries, need } of domains) {
    const local = [...new Set(entries.flatMap((entry) => room.gains.get(entry)!.map((gain) => gain.candidate)))].filter(
      (at) => among.has(at),
    );
    const found =
      local.length <= EXHAUSTIVE ? exhaustive(room, entries, local, need) : greedy(room, entries, among, need);
    if (found && (best === null || compareCosts(found.cost, best.cost) < 0)) best = found;
  }
  return best?.set ?? null;
}

function missingNodes(room: Room, entries: readonly number[], need: number, chosen: (at: number) => boolean): number {
  let missing = need;
  for (const entry of entries) {
    if (room.port.openCount(entry) < room.perNode && room.missing(entry, chosen) <= 0) missing -= 1;
  }
  return missing;
}

function exhaustive(room: Room, entries: readonly number[], local: readonly number[], need: number): Subset | null {
  let best: Subset | null = null;
  for (let bits = 1; bits < 1 << local.length; bits += 1) {
    const set = local.filter((_, i) => (bits & (1 << i)) !== 0);
    const cost = set.reduce((sum, at) => addCosts(sum, room.candidates[at]!.cost), NOTHING);
    if (best !== null && compareCosts(cost, best.cost) >= 0) continue;
    if (missingNodes(room, entries, need, (at) => set.includes(at)) <= 0) best = { cost, set };
  }
  return best;
}

/** Node by node, each time the one that costs least given those that go already. */
function greedy(room: Room, entries: readonly number[], among: ReadonlySet<number>, need: number): Subset | null {
  const chosen = new Set<number>();
  const rated = entries
    .filter((entry) => room.port.openCount(entry) < room.perNode)
    .map((entry) => ({ entry, found: cheapestFor(room, entry, among, chosen) }))
    .filter((one) => one.found !== null)
    .sort((a, b) => compareCosts(a.found!.cost, b.found!.cost) || a.entry - b.entry);
  const near = new Map(
    rated.slice(0, Math.max(16, NODES_PER_PART * need)).map((one) => [one.entry, one.found!] as const),
  );
  let cost = NOTHING;
  for (let missing = need; missing > 0; missing -= 1) {
    const entry = cheapest(near);
    if (entry < 0) return null;
    const best = near.get(entry)!;
    near.delete(entry);
    cost = addCosts(cost, best.cost);
    for (const at of best.set) chosen.add(at);
    // Only nodes that share work with this one cost anything else now.
    for (const other of near.keys()) {
      if (room.gains.get(other)!.some((gain) => best.set.includes(gain.candidate))) {
        const again = cheapestFor(room, other, among, chosen);
        if (again) near.set(other, again);
        else near.delete(other);
      }
    }
  }
  return { cost, set: [...chosen] };
}

function cheapest(near: ReadonlyMap<number, Subset>): number {
  let best = -1;
  for (const [entry, found] of near) {
    if (best < 0 || compareCosts(found.cost, near.get(best)!.cost) < 0) best = entry;
  }
  return best;
}

/** The choice tried on the fleet, without those victims that are not needed for it: each is put back, dearest first. */
function confirmed(port: FleetPort, ask: PlacementRequest, victims: Candidate[]): VictimChoice | null {
  return port.pretend(() => {
    for (const one of victims) {
      port.release(one.work.nodes);
      port.take(one.shut);
    }
    let decision = port.tryPlace(ask);
    if (!decision) return null;
    const needed: Candidate[] = [];
    for (const one of [...victims].sort((a, b) => b.level - a.level || compareCosts(b.cost, a.cost))) {
      const without = putBack(port, ask, one);
      if (without) decision = without;
      else needed.push(one);
    }
    return { victims: needed.reverse(), decision };
  });
}

/** Where the request goes although a victim stays, which then holds its devices again; null when it cannot, and nothing has changed. */
function putBack(port: FleetPort, ask: PlacementRequest, { work, shut }: Candidate): Decision | null {
  port.give(shut);
  port.hold(work.nodes.map((node) => ({ rank: 0, ...node, deviceIds: [...node.deviceIds] })));
  const decision = port.tryPlace(ask);
  if (!decision) {
    port.release(work.nodes);
    port.take(shut);
  }
  return decision;
}
