import type { AllocationSpec, AllocationState, DriverFault, HealthEvent } from '@suanxiang/hal/driver';
import type { Profile } from '../usage/profile';
import type { BootPhase, Settings } from './settings';

/** An answer kept for replays of its operation key: the parts of a view that change. */
export interface StoredAnswer {
  state: AllocationState;
  phase: string | null;
  startedAtMs: number | null;
  stoppedAtMs: number | null;
  fault: DriverFault | null;
}

/** A boot under way, its times fixed when it began (later changes of settings do not touch it). */
export interface Boot {
  startedAtMs: number;
  /** End of each phase, in order; ends at the phase that fails, if one does. */
  phases: [BootPhase, number][];
  endsAtMs: number;
  fault: DriverFault | null;
}

/** A fault that will strike a running workload by itself. */
export interface Strike {
  atMs: number;
  kind: 'host_loss' | 'device_fault' | 'exit';
}

/** One allocation, all of it plain data: this is what snapshots hold. */
export interface Allocation {
  id: string;
  zone: string;
  /** Reduced to what the simulation uses (see reduceSpec). */
  spec: AllocationSpec;
  profile: Profile;
  state: AllocationState;
  epoch: number;
  preparedAtMs: number;
  boot: Boot | null;
  startedAtMs: number | null;
  /** When a stop under way will be done. */
  stopsAtMs: number | null;
  stoppedAtMs: number | null;
  terminatedAtMs: number | null;
  strike: Strike | null;
  fault: DriverFault | null;
  answers: Record<string, StoredAnswer>;
  /** Billing offsets: [wall second of the first minute end it applies to, seconds], rising. */
  offsets: [sinceTickS: number, offsetS: number][];
  /** First measured second and end (exclusive) in billing time; the end is null while it runs. */
  measuredFromS: number | null;
  measuredToS: number | null;
  /** Sequence number of its newest block, 0 when it has none. */
  lastSeq: number;
}

/**
 * Blocks of consecutive sequence numbers, kept as what they are made from; bytes are computed when they are read.
 * `tick`: one block of each member for the minute that ended at wall second `tickS`. `run`: `count` consecutive minutes
 * of one allocation from billing second `winStartS` on.
 */
export type Segment =
  | { kind: 'tick'; seq: number; count: number; tickS: number; members: Allocation[] }
  | { kind: 'run'; seq: number; count: number; winStartS: number; allocation: Allocation };

export interface ZoneState {
  id: string;
  nextSeq: number;
  acknowledgedSeq: number;
  segments: Segment[];
  nextHealthSeq: number;
  health: HealthEvent[];
  /** Allocations that produce usage now. */
  live: Set<Allocation>;
  /** Array of `live`, shared by ticks until it changes. */
  members: Allocation[] | null;
}

export interface NodeCondition {
  drained: boolean;
  /** Wall time at which a lost host comes back; null while it is there. */
  lostUntilMs: number | null;
}

export interface DeviceCondition {
  failedUntilMs: number | null;
  vendorCode: string | null;
  scrubbed: { key: string; atMs: number; verified: boolean } | null;
}

export interface State {
  /** Engine time: never goes back, whatever the wall clock does. */
  nowMs: number;
  /** Next wall minute end to be accounted, Unix seconds. */
  nextTickS: number;
  settings: Settings;
  allocations: Map<string, Allocation>;
  /** Terminated allocations in order of termination, for forgetting them. */
  terminated: Allocation[];
  zones: Map<string, ZoneState>;
  nodes: Map<string, NodeCondition>;
  devices: Map<string, DeviceCondition>;
  /** Which allocation holds a device. */
  holders: Map<string, string>;
}

/** A zone without history. */
export function newZone(id: string): ZoneState {
  return {
    id,
    nextSeq: 1,
    acknowledgedSeq: 0,
    segments: [],
    nextHealthSeq: 1,
    health: [],
    live: new Set(),
    members: null,
  };
}

/** True while the workload produces usage. */
export function isLive(allocation: Allocation): boolean {
  return allocation.state === 'running' || allocation.state === 'stopping';
}

/** Billing offset of an allocation for what ends at wall second `tickS`. */
export function offsetAt(allocation: Allocation, tickS: number): number {
  let offsetS = 0;
  for (const [sinceTickS, value] of allocation.offsets) {
    if (sinceTickS > tickS) break;
    offsetS = value;
  }
  return offsetS;
}

/** Billing offset now. */
export function currentOffset(allocation: Allocation): number {
  return allocation.offsets.at(-1)?.[1] ?? 0;
}
