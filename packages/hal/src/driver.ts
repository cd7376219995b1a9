/**
 * The fleet driver contract: everything the provisioner may ask of machines, whoever runs them.
 * Every mutating call is idempotent by `operationKey` and refuses an epoch lower than the highest it has seen for the
 * allocation (`fenced`). An unknown outcome is `lost` and is resolved by `observe`, never by repeating blindly.
 */
export type DriverErrorCode = 'capacity' | 'conflict' | 'invalid' | 'transient' | 'lost' | 'unsupported' | 'fenced';

export class DriverError extends Error {
  override readonly name = 'DriverError';
  constructor(
    readonly code: DriverErrorCode,
    message: string,
    /** The engine's or vendor's own code, kept beside ours (for example "XID 79"). */
    readonly vendorCode: string | null = null,
  ) {
    super(message);
  }
  /** transient may be repeated as it is; lost must be resolved by observe first; the others are final. */
  get retryable(): boolean {
    return this.code === 'transient';
  }
}

/** Who calls and under which right. */
export interface CallContext {
  /** `<operation id>:<step>`; the same key returns the same answer again. */
  operationKey: string;
  /** Fencing token of the caller's lease, >= 1, rising. */
  epoch: number;
  /** Cancels the wait, never the effect. */
  signal?: AbortSignal;
}

export type DeviceHealth = 'ok' | 'degraded' | 'failed' | 'unknown';

export interface DeviceInventory {
  deviceId: string;
  /** Position on its node, 0-based. */
  index: number;
  /** Key into the accelerator catalogue (packages/domain/src/accelerators.ts). */
  modelId: string;
  uuid: string;
  pci: string;
  memoryBytes: number;
  /** Devices of one node with the same island number share the fast interconnect. */
  island: number;
  health: DeviceHealth;
}

export interface NodeInventory {
  nodeId: string;
  name: string;
  region: string;
  zone: string;
  spine: string;
  leaf: string;
  rack: string;
  vcpus: number;
  memoryBytes: number;
  driverVersion: string;
  runtimeVersion: string;
  schedulable: boolean;
  devices: DeviceInventory[];
}

export interface AllocationSpec {
  allocationId: string;
  nodeId: string;
  deviceIds: string[];
  /** The tenant's name for the workload; simulated fleets honour sentinel names. */
  name: string;
  image: string;
  sshPublicKeys: string[];
  startupScript: string | null;
  environment: Record<string, string>;
  /** Files for the workload to read, below /etc/suanxiang; simulated machines have none. */
  files?: readonly { path: string; text: string }[] | undefined;
  /** Seconds (a multiple of 60) by which usage is stamped ahead of the wall clock; non-zero only for sandbox test clocks. */
  clockOffsetS: number;
}

export type AllocationState = 'prepared' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed' | 'terminated';

export interface DriverFault {
  /** Our meaning: device_fault, host_loss, boot_failed, image_pull_failed, ... */
  kind: string;
  message: string;
  vendorCode: string | null;
  deviceId: string | null;
}

export interface AllocationView {
  allocationId: string;
  nodeId: string;
  deviceIds: string[];
  state: AllocationState;
  /** Highest epoch the engine has accepted for this allocation. */
  epoch: number;
  /** Finer progress while starting, in order: pulling_image, creating_network, attaching_devices, booting, verifying. */
  phase: string | null;
  /** Wall-clock Unix milliseconds at which the workload became reachable / went down; null when it has not. */
  startedAtMs: number | null;
  stoppedAtMs: number | null;
  ssh: { host: string; port: number; user: string } | null;
  fault: DriverFault | null;
}

export interface UsageBlockRecord {
  /** Dense per-zone sequence number given by the engine, rising from 1. */
  seq: number;
  allocationId: string;
  /** Unix seconds in billing time (wall + clockOffsetS), multiple of 60. */
  winStartS: number;
  rev: number;
  /** 120 bytes, see packages/domain/src/usage-block.ts. */
  bytes: Uint8Array;
  digest: string;
  agentId: string;
}

export interface HealthEvent {
  seq: number;
  atMs: number;
  kind:
    | 'device_fault'
    | 'device_warning'
    | 'device_recovered'
    | 'host_lost'
    | 'host_recovered'
    | 'workload_exited'
    | 'clock_skew';
  nodeId: string;
  deviceId: string | null;
  allocationId: string | null;
  vendorCode: string | null;
  message: string;
}

/** One live second of one allocation, for charts only, never for bills. Null = not measurable. */
export interface LiveSample {
  allocationId: string;
  /** Unix seconds in billing time. */
  atS: number;
  utilizationPpm: number | null;
  memoryUsedBytes: number | null;
  powerMilliwatt: number | null;
  temperatureMilliCelsius: number | null;
  /** Utilization of each device in allocation order, ppm. */
  devicesPpm: (number | null)[];
}

export interface DriverCapabilities {
  exec: boolean;
  logs: boolean;
  /** Whether usage may be stamped by a sandbox test clock and advanced on request. */
  testClock: boolean;
  scrub: boolean;
  /** Whether a node and its devices are checked on request before a workload is handed over. */
  probe: boolean;
}

export interface ScrubEvidence {
  deviceId: string;
  atMs: number;
  method: string;
  verified: boolean;
}

/** What is checked before a workload is handed over. The clock is judged by whoever asks, from `clockMs`. */
export const PROBE_CHECKS = ['device_count', 'memory', 'compute', 'links'] as const;
export type ProbeCheck = (typeof PROBE_CHECKS)[number];

export interface ProbeFinding {
  check: ProbeCheck;
  /** Null: of the node. */
  deviceId: string | null;
  /** Null: it cannot be measured here. */
  passed: boolean | null;
  /** Code of the fault catalogue (packages/hal/src/faults) where it did not pass. */
  code: string | null;
  /** What was measured, in words for operators. */
  detail: string;
}

export interface ProbeReport {
  /** The node's wall clock as it answered. */
  clockMs: number;
  findings: ProbeFinding[];
}

export interface LogChunk {
  lines: { atMs: number; text: string }[];
  /** Pass to the next call; null when nothing more will ever come. */
  nextCursor: string | null;
}

/** Size of a terminal in cells. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** A program to run inside a running workload. */
export interface ExecRequest {
  /** Program and arguments; null: the login shell of the image. */
  command: readonly string[] | null;
  /** A terminal of this size; null: none, so that output and errors stay apart. */
  terminal: TerminalSize | null;
}

export interface ExecChunk {
  stream: 'stdout' | 'stderr';
  bytes: Uint8Array;
}

/** A program that runs inside a workload, and the bytes to and from it. */
export interface ExecSession {
  /** What it writes, as it comes; a reader who waits holds the program back. Ends with the program or the connection. */
  readonly output: AsyncIterable<ExecChunk>;
  /** Its exit status, 128 + signal when a signal ended it. Rejects with `lost` when the connection broke first. */
  readonly exit: Promise<number>;
  /** Resolves when more may be written. What is written after the end is dropped. */
  write(bytes: Uint8Array): Promise<void>;
  /** Tells the program that no more input comes. */
  endInput(): Promise<void>;
  /** Without a terminal nothing happens. */
  resize(size: TerminalSize): Promise<void>;
  /** Hangs up: what still runs of the program is ended. */
  close(): void;
}

/** Which lines of a log; without anything, from the oldest that is kept. A cursor counts before the others. */
export interface LogQuery {
  cursor?: string | null;
  /** Only the newest so many lines. */
  tail?: number | undefined;
  /** Only lines of this moment and later, Unix milliseconds. */
  sinceMs?: number | undefined;
}

/** A driver runs the machines of its zones. All times are the engine's wall clock unless a field says billing time. */
export interface FleetDriver {
  capabilities(): Promise<DriverCapabilities>;
  /** Every node and device of a zone; complete and repeatable; stable ids. */
  discover(zone: string): AsyncIterable<NodeInventory>;
  /** Reserves the devices on the engine's side and lays the workload out without starting it. */
  prepare(ctx: CallContext, spec: AllocationSpec): Promise<AllocationView>;
  /** Asks for the workload to run; returns at once, progress is seen through observe. */
  start(ctx: CallContext, allocationId: string): Promise<AllocationView>;
  stop(ctx: CallContext, allocationId: string): Promise<AllocationView>;
  /** Frees devices for good. Repeating it, or terminating an unknown allocation, answers a terminated view. */
  terminate(ctx: CallContext, allocationId: string): Promise<AllocationView>;
  scrub(ctx: CallContext, deviceId: string): Promise<ScrubEvidence>;
  /**
   * Checks the node and the devices of a prepared allocation, on which nothing of its tenant runs yet. Looks anew at every call
   * and changes nothing but the fencing epoch. `conflict` when the allocation is not prepared, `invalid` when it is not known.
   */
  probe(ctx: CallContext, allocationId: string): Promise<ProbeReport>;
  /** One allocation as the engine sees it, or null when it never heard of it. */
  observe(allocationId: string): Promise<AllocationView | null>;
  /** Every allocation not terminated; the reconciler's ground truth, including those we do not know. */
  observed(zone: string): AsyncIterable<AllocationView>;
  /** Blocks with seq > afterSeq, oldest first, at most limit; kept by the engine until acknowledged. */
  telemetry(zone: string, afterSeq: number, limit: number): Promise<UsageBlockRecord[]>;
  acknowledgeTelemetry(zone: string, uptoSeq: number): Promise<void>;
  /** The last seconds of the named allocations, at billing time > sinceS, at most 120 s back. */
  live(allocationIds: string[], sinceS: number): Promise<LiveSample[]>;
  health(zone: string, afterSeq: number, limit: number): Promise<HealthEvent[]>;
  /** At most a page of lines, oldest first; the cursor of the answer goes on after them. */
  logs(allocationId: string, query: LogQuery): Promise<LogChunk>;
  /**
   * Starts a program in a running workload; `conflict` when it does not run, `invalid` when it is not known, `unsupported`
   * where no programs can be started. Not idempotent: an unknown outcome is `lost`, and a program whose caller is gone is ended.
   */
  exec(allocationId: string, request: ExecRequest): Promise<ExecSession>;
  drain(ctx: CallContext, nodeId: string): Promise<void>;
  resume(ctx: CallContext, nodeId: string): Promise<void>;
  /** Sandbox only: moves an allocation's billing time ahead; the engine emits every block of the skipped span at once. */
  advanceClock(ctx: CallContext, allocationId: string, clockOffsetS: number): Promise<void>;
  close(): Promise<void>;
}
