import type {
  CapacityReservation,
  MaintenanceWindow,
  ModelValue,
  QueuePolicy,
  RunningWork,
  ShareNode,
} from '../queue/types';
import type { NodeState, PlacementRequest } from '../types';

/** A piece of demand: what is asked for, when, and how long it would really run. */
export interface SimJob {
  jobId: string;
  path: readonly string[];
  ask: PlacementRequest;
  priority: number;
  preemptible: boolean;
  /** When its owner wants to submit it. */
  atS: number;
  /** How long it really runs. */
  durationS: number;
  /** What its owner declares; null when he says nothing. */
  expectedDurationS: number | null;
  /** The platform ends it then, finished or not. */
  limitDurationS: number | null;
  /** It saves its work this often; null never. */
  checkpointEveryS: number | null;
  reservationId: string | null;
}

/** A node that is down for a while; work on it ends, and queues again. */
export interface SimFailure {
  nodeId: string;
  atS: number;
  untilS: number;
}

/** A fleet, its tenants, their demand, and the rules: all that a simulation is a function of. */
export interface Scenario {
  nodes: readonly NodeState[];
  shares: readonly ShareNode[];
  values: readonly ModelValue[];
  /** What runs at the beginning, on its devices, until its expected end; absent: an empty fleet. */
  running?: readonly RunningWork[];
  /** In order of `atS`. */
  jobs: readonly SimJob[];
  /** An organisation submits no more while so many of its jobs wait: people stop adding to a long queue. */
  mostPending: Readonly<Record<string, number>>;
  reservations: readonly CapacityReservation[];
  maintenance: readonly MaintenanceWindow[];
  failures: readonly SimFailure[];
  policy: QueuePolicy;
  seed: number;
  fromS: number;
  toS: number;
  /** Rounds are held at multiples of this, when something has changed. */
  roundEveryS: number;
  /** Waiting requests are given estimates this often. */
  estimateEveryS: number;
  /** Measures are taken this often. */
  sampleEveryS: number;
}

export const HOUR_S = 3_600;
export const DAY_S = 86_400;
