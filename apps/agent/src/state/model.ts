import type { SecondPpm } from '@suanxiang/domain/usage-block';
import type {
  AllocationSpec,
  AllocationState,
  DriverFault,
  HealthEvent,
  LogChunk,
  ScrubEvidence,
} from '@suanxiang/hal/driver';

/** The parts of a view that change; kept for every answered operation key. */
export interface StoredAnswer {
  state: AllocationState;
  phase: string | null;
  startedAtMs: number | null;
  stoppedAtMs: number | null;
  fault: DriverFault | null;
}

/** One instance, as it is on disk. What must be done follows from its state alone, so that a killed agent goes on. */
export interface Allocation extends StoredAnswer {
  id: string;
  spec: AllocationSpec;
  epoch: number;
  /** Host port of its SSH server. */
  port: number;
  /** First process, once it runs. */
  pid: number | null;
  answers: Record<string, StoredAnswer>;
  notes: LogChunk['lines'];
  terminatedAtMs: number | null;
}

/** What was measured of an allocation: the minute under way and how far it goes. */
export interface Meter {
  winStartS: number | null;
  values: SecondPpm[];
  /** First second that is not measured yet. */
  nextS: number;
  /** Processor time of the workload in microseconds, and when it was read (Unix milliseconds). */
  usedUs: number;
  readAtMs: number;
  lastPpm: SecondPpm;
}

/** A block that the control plane has not acknowledged. */
export interface StoredBlock {
  seq: number;
  allocationId: string;
  winStartS: number;
  /** 120 bytes in base64. */
  bytes: string;
  digest: string;
}

export interface State {
  allocations: Map<string, Allocation>;
  meters: Map<string, Meter>;
  blocks: StoredBlock[];
  nextSeq: number;
  acknowledgedSeq: number;
  health: HealthEvent[];
  nextHealthSeq: number;
  drained: boolean;
  scrubs: Map<string, ScrubEvidence>;
}

/** One line of the journal. */
export type Entry =
  | { t: 'put'; a: Allocation }
  | { t: 'forget'; id: string }
  /** Seconds from `fromS` on, measured up to `readAtMs`. */
  | { t: 'seconds'; id: string; fromS: number; values: SecondPpm[]; usedUs: number; readAtMs: number }
  /** The workload is down: its last minute is complete. */
  | { t: 'flush'; id: string }
  | { t: 'ack'; seq: number }
  | { t: 'health'; event: Omit<HealthEvent, 'seq'> }
  | { t: 'drained'; drained: boolean }
  | { t: 'scrub'; key: string; evidence: ScrubEvidence };
