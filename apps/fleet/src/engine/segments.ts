import { type Allocation, currentOffset, isLive, offsetAt, type Segment, type State, type ZoneState } from './state';

/** Terminated allocations are forgotten after a day, or before when there are more than this many. */
const KEEP_TERMINATED_MS = 86_400_000;
const KEEP_TERMINATED = 20_000;

export function floorMinute(second: number): number {
  return Math.floor(second / 60) * 60;
}

/** Wall time in whole seconds: the second that is under way. */
export function secondOf(ms: number): number {
  return Math.floor(ms / 1_000);
}

function appendTick(zone: ZoneState, tickS: number): void {
  if (zone.live.size === 0) return;
  zone.members ??= [...zone.live];
  const { members } = zone;
  zone.segments.push({ kind: 'tick', seq: zone.nextSeq, count: members.length, tickS, members });
  for (const [index, member] of members.entries()) member.lastSeq = zone.nextSeq + index;
  zone.nextSeq += members.length;
}

function appendRun(zone: ZoneState, allocation: Allocation, winStartS: number, count: number): void {
  if (count <= 0) return;
  zone.segments.push({ kind: 'run', seq: zone.nextSeq, count, winStartS, allocation });
  zone.nextSeq += count;
  allocation.lastSeq = zone.nextSeq - 1;
}

/** A wall minute has ended: every live allocation has one more complete block. */
export function endMinute(state: State): void {
  for (const zone of state.zones.values()) appendTick(zone, state.nextTickS);
  state.nextTickS += 60;
  forgetTerminated(state);
}

/** Usage begins with the second in which the workload became reachable. */
export function beginUsage(state: State, allocation: Allocation, atMs: number): void {
  allocation.measuredFromS = secondOf(atMs) + currentOffset(allocation);
  const zone = state.zones.get(allocation.zone)!;
  zone.live.add(allocation);
  zone.members = null;
}

/** Usage ends with the last whole second before the workload went down; the minute under way gets its partial block. */
export function endUsage(state: State, allocation: Allocation, atMs: number): void {
  const zone = state.zones.get(allocation.zone)!;
  zone.live.delete(allocation);
  zone.members = null;
  const endS = secondOf(atMs) + currentOffset(allocation);
  allocation.measuredToS = endS;
  if (endS % 60 !== 0 && endS > (allocation.measuredFromS ?? endS)) appendRun(zone, allocation, floorMinute(endS), 1);
}

/**
 * Moves billing time ahead to `offsetS` (>= the present offset). Of a live allocation, all blocks of the skipped span
 * are there at once; the minute under way goes on at its new place.
 */
export function skipAhead(state: State, allocation: Allocation, offsetS: number): void {
  const skippedS = offsetS - currentOffset(allocation);
  if (skippedS <= 0) return;
  if (!isLive(allocation)) {
    const willRun = allocation.state === 'prepared' || allocation.state === 'starting';
    if (willRun) allocation.offsets = [[0, offsetS]];
    return;
  }
  const zone = state.zones.get(allocation.zone)!;
  const winStartS = floorMinute(secondOf(state.nowMs) + currentOffset(allocation));
  appendRun(zone, allocation, winStartS, skippedS / 60);
  const last = allocation.offsets.at(-1);
  if (last && last[0] === state.nextTickS) last[1] = offsetS;
  else allocation.offsets.push([state.nextTickS, offsetS]);
}

/** Allocation and first second of a segment's block number `index`. */
export function blockAt(segment: Segment, index: number): { allocation: Allocation; winStartS: number } {
  if (segment.kind === 'run') return { allocation: segment.allocation, winStartS: segment.winStartS + index * 60 };
  const allocation = segment.members[index]!;
  return { allocation, winStartS: segment.tickS - 60 + offsetAt(allocation, segment.tickS) };
}

/** Position of the first segment that holds a sequence number above `afterSeq`. */
export function findSegment(segments: readonly Segment[], afterSeq: number): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle]!;
    if (segment.seq + segment.count - 1 > afterSeq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Forgets blocks up to and including `uptoSeq`; never more than were given out. */
export function acknowledge(zone: ZoneState, uptoSeq: number): boolean {
  const upto = Math.min(uptoSeq, zone.nextSeq - 1);
  if (upto <= zone.acknowledgedSeq) return false;
  zone.acknowledgedSeq = upto;
  zone.segments.splice(0, findSegment(zone.segments, upto));
  return true;
}

function forgetTerminated(state: State): void {
  const { terminated, allocations, zones } = state;
  let forgotten = 0;
  for (const allocation of terminated) {
    const recent = state.nowMs - (allocation.terminatedAtMs ?? 0) < KEEP_TERMINATED_MS;
    if (recent && terminated.length - forgotten <= KEEP_TERMINATED) break;
    // A block of its segment may be acknowledged and the segment still be kept for the others.
    const oldestKept = zones.get(allocation.zone)?.segments[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (allocation.lastSeq >= oldestKept) break;
    allocations.delete(allocation.id);
    forgotten += 1;
  }
  terminated.splice(0, forgotten);
}
