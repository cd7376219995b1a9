import type { Topology } from '../topology/build';
import { settingsSchema } from './settings';
import { type Allocation, isLive, newZone, type Segment, type State, type ZoneState } from './state';

/** Changes whenever the form of a snapshot or the meaning of a command does. */
export const STATE_VERSION = 1;

type PlainSegment =
  | ['tick', seq: number, tickS: number, members: number]
  | ['run', seq: number, count: number, winStartS: number, allocation: string];

interface PlainZone {
  id: string;
  nextSeq: number;
  acknowledgedSeq: number;
  segments: PlainSegment[];
  nextHealthSeq: number;
  health: ZoneState['health'];
  live: string[];
}

/** State as JSON can hold it. Lists of members that ticks share are written once. */
export interface PlainState {
  version: number;
  nowMs: number;
  nextTickS: number;
  settings: unknown;
  allocations: Allocation[];
  terminated: string[];
  memberLists: string[][];
  zones: PlainZone[];
  nodes: [string, State['nodes'] extends Map<string, infer V> ? V : never][];
  devices: [string, State['devices'] extends Map<string, infer V> ? V : never][];
}

/** Turns state into plain data. */
export function toPlain(state: State): PlainState {
  const lists = new Map<Allocation[], number>();
  const listNumber = (members: Allocation[]): number => {
    const number = lists.get(members) ?? lists.size;
    lists.set(members, number);
    return number;
  };
  const plainSegment = (segment: Segment): PlainSegment =>
    segment.kind === 'tick'
      ? ['tick', segment.seq, segment.tickS, listNumber(segment.members)]
      : ['run', segment.seq, segment.count, segment.winStartS, segment.allocation.id];
  const zones = [...state.zones.values()].map(({ members: _, ...zone }) => ({
    ...zone,
    segments: zone.segments.map(plainSegment),
    live: [...zone.live].map(({ id }) => id),
  }));
  return {
    version: STATE_VERSION,
    nowMs: state.nowMs,
    nextTickS: state.nextTickS,
    settings: state.settings,
    allocations: [...state.allocations.values()],
    terminated: state.terminated.map(({ id }) => id),
    memberLists: [...lists.keys()].map((members) => members.map(({ id }) => id)),
    zones,
    nodes: [...state.nodes],
    devices: [...state.devices],
  };
}

/** The inverse of toPlain. Throws Error when an allocation names a machine that this fleet does not have. */
export function fromPlain(plain: PlainState, topology: Topology): State {
  if (plain.version !== STATE_VERSION) throw new Error(`state version ${plain.version} is not ${STATE_VERSION}`);
  const allocations = new Map(plain.allocations.map((allocation) => [allocation.id, allocation]));
  const byId = (id: string): Allocation => {
    const allocation = allocations.get(id);
    if (!allocation) throw new Error(`allocation ${id} is missing`);
    return allocation;
  };
  const lists = plain.memberLists.map((ids) => ids.map(byId));
  const zones = new Map([...topology.zones.keys()].map((id) => [id, newZone(id)]));
  for (const { segments, live, ...zone } of plain.zones) {
    const restored = segments.map((segment): Segment => {
      if (segment[0] === 'run') {
        const [kind, seq, count, winStartS, id] = segment;
        return { kind, seq, count, winStartS, allocation: byId(id) };
      }
      const [kind, seq, tickS, number] = segment;
      const members = lists[number]!;
      return { kind, seq, count: members.length, tickS, members };
    });
    zones.set(zone.id, { ...zone, segments: restored, live: new Set(live.map(byId)), members: null });
  }
  const holders = new Map<string, string>();
  for (const allocation of allocations.values()) {
    if (allocation.state === 'terminated') continue;
    for (const deviceId of allocation.spec.deviceIds) {
      if (!topology.devices.has(deviceId)) throw new Error(`${allocation.id} holds ${deviceId}, which is not here`);
      holders.set(deviceId, allocation.id);
    }
    if (isLive(allocation) && !zones.get(allocation.zone)?.live.has(allocation)) {
      throw new Error(`${allocation.id} runs outside its zone`);
    }
  }
  return {
    nowMs: plain.nowMs,
    nextTickS: plain.nextTickS,
    settings: settingsSchema.parse(plain.settings),
    allocations,
    terminated: plain.terminated.map(byId),
    zones,
    nodes: new Map(plain.nodes),
    devices: new Map(plain.devices),
    holders,
  };
}
