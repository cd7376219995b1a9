import type { FleetState } from '../fleet-state';
import type { Binding, CapacityFacts, Decision, NodeResources, PlacementRequest, Reason, WouldFit } from '../types';

/**
 * What a queue round is told and what it answers. Plain data; instants are whole Unix seconds (`...AtS`, `...S`), spans
 * are seconds. A round changes nothing but the fleet state it is given, in which it takes the devices of its decisions.
 */

/** Devices of one node that somebody has, or will have. */
export interface HeldNode {
  nodeId: string;
  deviceIds: readonly string[];
  /** Share of each device in thousandths. Unset: whole devices. */
  milli?: number;
  /** Held beside the devices. */
  resources?: Partial<NodeResources>;
}

/** A request that waits for devices. */
export interface QueuedRequest {
  requestId: string;
  ask: PlacementRequest;
  /** Nodes of the fair-share tree from below the root down: organisation, project, user. At least the organisation. */
  path: readonly string[];
  /** Bands across organisations: all of a higher band goes first. Spot is the lowest. */
  priority: number;
  /** Its owner accepts that it is ended, with notice, for others. */
  preemptible: boolean;
  /** How long it is expected to run; null when nobody knows (see fair defaults in the policy). */
  expectedDurationS: number | null;
  /** The platform ends it after this long, so others may rely on it; null for an open end. */
  limitDurationS: number | null;
  notBeforeS: number | null;
  /** It is of no use to start later than this; it is reported as `missed`, never started late. */
  deadlineS: number | null;
  /** Runs on the devices of this reservation, while that lasts. */
  reservationId: string | null;
  submittedAtS: number;
  /** When it, or the work it continues, was preempted before. */
  preemptedAtS: readonly number[];
}

/** Work that holds devices. */
export interface RunningWork {
  workId: string;
  ask: PlacementRequest;
  path: readonly string[];
  priority: number;
  preemptible: boolean;
  nodes: readonly HeldNode[];
  startedAtS: number;
  /** Null when nobody knows. */
  expectedEndS: number | null;
  /** The platform ends it then at the latest; null for an open end. */
  limitEndS: number | null;
  /** Last checkpoint from which it would go on; null when everything since its start is lost. */
  checkpointAtS: number | null;
  preemptedAtS: readonly number[];
  /** May be moved to other devices (restart from its checkpoint, or live). */
  movable: boolean;
  reservationId: string | null;
  /** Set once it has been told to go: it is gone then at the latest, and is nobody's victim again. */
  leavingAtS: number | null;
}

/** A number of devices of one pool. */
export interface PoolAmount {
  regionId: string;
  modelId: string;
  devices: number;
}

/** Decayed use of priced capacity: see `decayedUsage` in fair-share/usage.ts. */
export interface DecayedUsage {
  valueS: number;
  atS: number;
}

/** A node of the fair-share tree. Those without a parent are organisations. */
export interface ShareNode {
  nodeId: string;
  parentId: string | null;
  /** Relative claim among its siblings. */
  weight: number;
  /** Relative claim on what nobody is guaranteed; usually the same as `weight`. */
  overQuotaWeight: number;
  /** Capacity it gets back from borrowers whenever it asks. */
  guaranteed: readonly PoolAmount[];
  /** Most it may hold above its guarantee in a pool; a pool that is not listed is unlimited. */
  borrowingLimits: readonly PoolAmount[];
  usage: DecayedUsage;
}

/** Capacity for one tenant at a stated time. Not bound to devices yet: `nodes` is null. */
export interface CapacityReservation {
  reservationId: string;
  path: readonly string[];
  ask: PlacementRequest;
  fromS: number;
  toS: number;
  nodes: readonly HeldNode[] | null;
}

/** Nodes that serve nobody for a while. */
export interface MaintenanceWindow {
  windowId: string;
  nodeIds: readonly string[];
  fromS: number;
  toS: number;
}

/** A start that was promised to a waiting request: nobody may delay it except a higher priority band. */
export interface PlannedStart {
  requestId: string;
  /** `head`: first of its pool; `aged`: waited too long; `claim`: devices that victims are leaving for it. */
  kind: 'head' | 'aged' | 'claim';
  startS: number;
  /** Null for an open end. */
  endS: number | null;
  nodes: readonly HeldNode[];
  promisedAtS: number;
  /** Of a claim: the work that was told to go for it. */
  victims: readonly string[];
}

/** Relative value of one device of a model, for shares across vendors: its list price in any one unit. */
export interface ModelValue {
  modelId: string;
  value: number;
}

export interface QueuePolicy {
  /** Rounds are held at least this often; notices are given so much earlier. */
  roundEveryS: number;
  /** Half-life of remembered use. */
  usageHalfLifeS: number;
  /** 0: shares look at what is held now only; 1: at remembered use only. */
  historyWeight: number;
  /** Work that is not preemptible borrows only what no organisation is guaranteed, so that every guarantee can be kept. */
  guardGuarantees: boolean;
  /** A request that has waited this long gets a planned start before all others; null never. */
  agedAfterS: number | null;
  /** Part of a pool that such starts may bind at a time (one always may): more would serve by age instead of by share. */
  agedPart: number;
  /** Such starts that one organisation has at a time in a pool. */
  agedPerOrganisation: number;
  backfill: {
    /** `easy`: the first request of each pool has a planned start; `conservative`: all have, up to `mostPlans`. */
    mode: 'none' | 'easy' | 'conservative';
    mostPlans: number;
    /** Planned starts look this far ahead. */
    horizonS: number;
  };
  preemption: {
    enabled: boolean;
    /** Also work that is not preemptible may be ended for a higher priority of its own organisation. */
    alsoNotPreemptible: boolean;
    graceS: number;
    /** Preemptions that one job suffers at most in an hour, and over its life. */
    mostPerJobPerHour: number;
    mostPerJob: number;
    mostVictims: number;
    /** Work that has just started is left alone for this long. */
    protectedS: number;
  };
  durations: {
    /** Assumed when a request says nothing. */
    defaultS: number;
    /** Running longer than expected is assumed to go on for this share of the time it has run. */
    overrunShare: number;
  };
  /**
   * Which of the nodes that can take a request: `best_fit` (when unset) keeps whole nodes free; `fragmentation` goes by the
   * waste that is expected under the mix of what runs and waits (see placement/fragmentation-policy).
   */
  placement?: 'best_fit' | 'fragmentation';
  /** Most real placement attempts, victim searches and explained requests of one round; the rest is carried over. */
  limits: { attempts: number; victimSearches: number; explanations: number };
}

/** Learned errors of earlier estimates: see estimate/calibration.ts. */
export interface EstimateCalibration {
  /** Counts by log ratio of real to estimated wait, per class of estimate. */
  counts: readonly (readonly number[])[];
}

export interface QueueRoundInput {
  nowS: number;
  /** Breaks ties that nothing else breaks. */
  seed: number;
  pending: readonly QueuedRequest[];
  running: readonly RunningWork[];
  shares: readonly ShareNode[];
  values: readonly ModelValue[];
  reservations: readonly CapacityReservation[];
  maintenance: readonly MaintenanceWindow[];
  /** Planned starts of the last round, so that promises are kept. */
  plans: readonly PlannedStart[];
  /** Requests the last round had no time for. */
  carriedOver: readonly string[];
  calibration: EstimateCalibration | null;
  policy: QueuePolicy;
  /** Estimates and explanations cost time; a round that only decides leaves them out. */
  answer: 'decide' | 'estimate' | 'explain';
}

export interface QueueDecision extends Decision {
  /** How it came to its turn. */
  turn: 'reservation' | 'claim' | 'planned' | 'fair_share' | 'backfill';
  /** End that the plan of the fleet counts with; null for an open end. */
  expectedEndS: number | null;
  /** Why now and why there. */
  explanation: Reason;
}

export interface Victim {
  workId: string;
  /** Device-seconds of work since its last checkpoint, which will be lost. */
  lostDeviceS: number;
  /** It must be told now and be gone then. */
  leaveAtS: number;
}

/** Work that must go. For a request (which then holds a claim), or because a reservation is about to begin. */
export interface Preemption {
  for: { requestId: string } | { reservationId: string } | { windowId: string };
  kind: 'priority' | 'reclaim' | 'reservation' | 'maintenance';
  victims: Victim[];
  reason: Reason;
}

/** What keeps a request waiting: the first of these that holds. */
export type QueueBinding =
  | 'deadline_missed'
  | 'not_before'
  | 'reservation_not_begun'
  | 'quota'
  | 'claim_pending'
  | Binding
  | 'reserved_for_others'
  | 'promised_to_others'
  | 'fair_share'
  | 'priority'
  | 'not_examined';

export interface StartEstimate {
  likelyS: number;
  /** The real start lies between these at least four times in five. */
  fromS: number;
  toS: number;
  /** `planned`: a promise; `queue`: from the queue ahead and the expected ends; `beyond`: later than the horizon. */
  basis: 'planned' | 'queue' | 'beyond';
}

/** The request with one thing changed, which would start now: tried on the state that the round leaves. */
export type NearestChange = WouldFit | { change: 'preemptible' } | { change: 'limit'; limitDurationS: number };

export interface WaitingEntry {
  requestId: string;
  /** 1 is the next of its pool. */
  place: number;
  binding: QueueBinding;
  /** Numbers behind it; null where the binding is not about capacity. */
  facts: CapacityFacts | null;
  /** Of quota: the tree node that is full. */
  quotaNodeId: string | null;
  estimate: StartEstimate | null;
  wouldStart: NearestChange[];
  reason: Reason | null;
}

/** A reservation that found its devices, or new ones for those that failed. `nodes` null: it cannot be kept now. */
export interface ReservationBinding {
  reservationId: string;
  nodes: HeldNode[] | null;
}

/** Where a node of the tree stands after the round. */
export interface ShareStanding {
  nodeId: string;
  /** Dominant share now, remembered share, and the value that orders the queue (lower is sooner). */
  now: number;
  remembered: number;
  order: number;
}

export interface QueueRoundOutput {
  decisions: QueueDecision[];
  preemptions: Preemption[];
  /** Work told to go earlier that may stay, as it is not needed any more. */
  spared: string[];
  plans: PlannedStart[];
  bindings: ReservationBinding[];
  waiting: WaitingEntry[];
  /** Requests with a deadline that has passed. */
  missed: string[];
  carriedOver: string[];
  standings: ShareStanding[];
  /** Work done, for the bounds. */
  attempts: number;
}

/** One round: `queueRound` in queue/round.ts. Takes the devices of its decisions in `fleet`, and nothing else. */
export type QueueRound = (fleet: FleetState, input: QueueRoundInput) => QueueRoundOutput;
