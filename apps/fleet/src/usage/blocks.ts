import { BLOCK_SECONDS, encodeBlock, type SecondPpm } from '@suanxiang/domain/usage-block';
import { blockDigest } from '@suanxiang/domain/usage-digest';
import type { UsageBlockRecord } from '@suanxiang/hal/driver';
import { blockAt, findSegment } from '../engine/segments';
import type { Allocation, ZoneState } from '../engine/state';
import { type UsageSource, usageSeed, utilizationPpm } from './profile';

/** Where an allocation's values come from. */
export function sourceOf(fleetSeed: number, allocation: Allocation): UsageSource {
  return { seed: usageSeed(fleetSeed, allocation.id), profile: allocation.profile };
}

/** The 60 values of a minute; seconds outside the measured span are missing. */
export function minuteValues(fleetSeed: number, allocation: Allocation, winStartS: number): SecondPpm[] {
  const source = sourceOf(fleetSeed, allocation);
  const fromS = allocation.measuredFromS ?? Number.POSITIVE_INFINITY;
  const toS = allocation.measuredToS ?? Number.POSITIVE_INFINITY;
  const values: SecondPpm[] = [];
  for (let second = winStartS; second < winStartS + BLOCK_SECONDS; second += 1) {
    values.push(second >= fromS && second < toS ? utilizationPpm(source, second, second - fromS) : null);
  }
  return values;
}

/** Blocks of a zone with sequence numbers above `afterSeq`, oldest first; their bytes are computed here. */
export function readBlocks(fleetSeed: number, zone: ZoneState, afterSeq: number, limit: number): UsageBlockRecord[] {
  const blocks: UsageBlockRecord[] = [];
  const startSeq = Math.max(afterSeq, zone.acknowledgedSeq) + 1;
  for (let position = findSegment(zone.segments, startSeq - 1); position < zone.segments.length; position += 1) {
    const segment = zone.segments[position]!;
    for (let index = Math.max(0, startSeq - segment.seq); index < segment.count; index += 1) {
      if (blocks.length >= limit) return blocks;
      const { allocation, winStartS } = blockAt(segment, index);
      const bytes = encodeBlock(minuteValues(fleetSeed, allocation, winStartS));
      const key = { allocationId: allocation.id, winStartS, rev: 0 };
      blocks.push({
        seq: segment.seq + index,
        ...key,
        bytes,
        digest: blockDigest(key, bytes),
        agentId: `sim-${zone.id}`,
      });
    }
  }
  return blocks;
}
