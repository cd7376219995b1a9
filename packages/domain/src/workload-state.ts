/**
 * The life of a workload (an instance or a cluster) as a table: state x event -> next state. API guards, buttons,
 * the provisioner, metering and the diagrams in docs/generated read this table and nothing else.
 */
export const WORKLOAD_STATES = [
  'queued',
  'provisioning',
  'running',
  'stopping',
  'stopped',
  'starting',
  'interrupted',
  'failed',
  'terminating',
  'terminated',
] as const;
export type WorkloadState = (typeof WORKLOAD_STATES)[number];

export const WORKLOAD_EVENTS = [
  'placed',
  'ready',
  'boot_failed',
  'no_capacity',
  'stop_requested',
  'stopped',
  'start_requested',
  'start_failed',
  'interrupted',
  'terminate_requested',
  'terminated',
] as const;
export type WorkloadEvent = (typeof WORKLOAD_EVENTS)[number];

type Row = Partial<Record<WorkloadEvent, WorkloadState>>;

export const WORKLOAD_TRANSITIONS: Record<WorkloadState, Row> = {
  queued: { placed: 'provisioning', no_capacity: 'failed', terminate_requested: 'terminating' },
  provisioning: { ready: 'running', boot_failed: 'failed', terminate_requested: 'terminating' },
  running: { stop_requested: 'stopping', interrupted: 'interrupted', terminate_requested: 'terminating' },
  stopping: { stopped: 'stopped', interrupted: 'stopped', terminate_requested: 'terminating' },
  stopped: { start_requested: 'starting', terminate_requested: 'terminating' },
  starting: { ready: 'running', start_failed: 'stopped', terminate_requested: 'terminating' },
  interrupted: { start_requested: 'starting', terminate_requested: 'terminating' },
  failed: {},
  terminating: { terminated: 'terminated' },
  terminated: {},
};

export interface WorkloadStateFacts {
  /** Nothing leads out of it. */
  terminal: boolean;
  /** Work is under way; the console polls fast and shows a spinner. */
  transitional: boolean;
  /** Accelerators may be held (an open lease is what bills, never the state). */
  holdsDevices: boolean;
  tone: 'neutral' | 'info' | 'success' | 'warning' | 'danger';
}

const facts = (
  terminal: boolean,
  transitional: boolean,
  holdsDevices: boolean,
  tone: WorkloadStateFacts['tone'],
): WorkloadStateFacts => ({ terminal, transitional, holdsDevices, tone });

export const WORKLOAD_STATE_FACTS: Record<WorkloadState, WorkloadStateFacts> = {
  queued: facts(false, true, false, 'info'),
  provisioning: facts(false, true, true, 'info'),
  running: facts(false, false, true, 'success'),
  stopping: facts(false, true, true, 'info'),
  stopped: facts(false, false, false, 'neutral'),
  starting: facts(false, true, true, 'info'),
  interrupted: facts(false, false, false, 'warning'),
  failed: facts(true, false, false, 'danger'),
  terminating: facts(false, true, true, 'info'),
  terminated: facts(true, false, false, 'neutral'),
};

/** Next state, or null when the event is not legal in this state. */
export function nextWorkloadState(state: WorkloadState, event: WorkloadEvent): WorkloadState | null {
  return WORKLOAD_TRANSITIONS[state][event] ?? null;
}

/** The states in which an event is legal, in table order (for guarded UPDATEs and error texts). */
export function statesAllowing(event: WorkloadEvent): WorkloadState[] {
  return WORKLOAD_STATES.filter((state) => WORKLOAD_TRANSITIONS[state][event] !== undefined);
}

/** What a tenant may ask for, the event it raises and the operation it starts. */
export const WORKLOAD_ACTIONS = {
  stop: { event: 'stop_requested', operation: 'stop' },
  start: { event: 'start_requested', operation: 'start' },
  terminate: { event: 'terminate_requested', operation: 'terminate' },
} as const satisfies Record<string, { event: WorkloadEvent; operation: OperationKind }>;
export type WorkloadAction = keyof typeof WORKLOAD_ACTIONS;

export const OPERATION_KINDS = ['launch', 'stop', 'start', 'terminate'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

export const OPERATION_STATUSES = ['pending', 'running', 'succeeded', 'failed', 'superseded'] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** Steps of each saga in order, as tenants see them. */
export const OPERATION_STEPS: Record<OperationKind, readonly string[]> = {
  launch: ['place', 'prepare', 'check', 'boot', 'verify', 'start_meter'],
  start: ['place', 'prepare', 'check', 'boot', 'verify', 'start_meter'],
  stop: ['stop_meter', 'shut_down', 'release'],
  terminate: ['stop_meter', 'tear_down', 'release'],
};
