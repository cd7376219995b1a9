import { Calendar, type Hold, type Sees } from '../calendar/calendar';
import { ShareTree } from '../fair-share/tree';
import type { FleetState } from '../fleet-state';
import type { Exposed } from '../preemption/candidates';
import { type FleetPort, portOf } from './fleet-port';
import { HoldGate } from './hold-gate';
import { placementOf } from './placement-of';
import { RefusalMemory } from './refusal-memory';
import { assumedEndS, expectedS } from './spans';
import type {
  HeldNode,
  PlannedStart,
  Preemption,
  QueueBinding,
  QueueDecision,
  QueuedRequest,
  QueueRoundInput,
  RunningWork,
} from './types';

/** A planned start while a round works on it. `hold` is null when it was displaced or does not hold any more. */
export interface LivePlan {
  plan: PlannedStart;
  request: QueuedRequest;
  hold: Hold | null;
}

/** Why a request waits, as found when it was its turn. */
export interface Waiting {
  request: QueuedRequest;
  binding: QueueBinding | null;
  quotaNodeId: string | null;
}

/** Everything a round works on. */
export interface Round {
  input: QueueRoundInput;
  port: FleetPort;
  calendar: Calendar;
  gate: HoldGate;
  tree: ShareTree;
  refusals: RefusalMemory;
  /** Running work by pool number; those told to go in this round are replaced. */
  running: RunningWork[][];
  plans: Map<string, LivePlan>;
  decisions: QueueDecision[];
  /** What each decision took. */
  taken: { request: QueuedRequest; nodes: readonly HeldNode[] }[];
  preemptions: Preemption[];
  spared: Set<string>;
  waiting: Waiting[];
  /** Running work that may be ended, by pool, as far as it was asked for. */
  exposed: Map<number, readonly Exposed[]>;
  /** Victim searches of this round that found nothing. */
  inVain: Set<string>;
  /** Requests whose promises count in the order of the queue for this round. */
  leaning: QueuedRequest[];
  attempts: number;
  victimSearches: number;
}

export function openRound(fleet: FleetState, input: QueueRoundInput): Round {
  const port = portOf(fleet);
  port.placement = placementOf(input);
  const calendar = new Calendar(port);
  const running: RunningWork[][] = port.pools.map(() => []);
  for (const work of input.running) {
    const pool = port.poolOf(work.ask);
    if (pool) running[pool.id]!.push(work);
    calendar.occupy(port.numbersOf(work.nodes), assumedEndS(work, input.nowS, input.policy));
  }
  fence(port, calendar, input);
  const tree = new ShareTree(port, input.shares, input.values, input.policy, input.nowS);
  tree.chargeRunning(input.running);
  const plans = carriedPlans(port, calendar, input);
  for (const live of plans.values()) if (live.plan.kind === 'claim') chargeClaim(tree, live.request, 1);
  return {
    input,
    port,
    calendar,
    gate: new HoldGate(port, calendar, input.nowS),
    tree,
    refusals: new RefusalMemory(),
    running,
    plans,
    decisions: [],
    taken: [],
    preemptions: [],
    spared: new Set(),
    waiting: [],
    exposed: new Map(),
    inVain: new Set(),
    leaning: [],
    attempts: 0,
    victimSearches: 0,
  };
}

/** Devices that are held by nobody we know of are not counted on; reservations and maintenance are entered. */
function fence(port: FleetPort, calendar: Calendar, input: QueueRoundInput): void {
  for (let device = 0; device < port.deviceCount; device += 1) {
    if (calendar.freeAtS[device] === Number.NEGATIVE_INFINITY && !port.isFree(device)) {
      calendar.freeAtS[device] = Number.POSITIVE_INFINITY;
    }
  }
  for (const one of input.reservations) {
    if (one.nodes === null || one.toS <= input.nowS) continue;
    calendar.add({
      kind: 'reservation',
      owner: one.reservationId,
      fromS: one.fromS,
      toS: one.toS,
      devices: port.numbersOf(one.nodes),
      band: Number.POSITIVE_INFINITY,
    });
  }
  for (const one of input.maintenance) {
    if (one.toS <= input.nowS) continue;
    const devices = one.nodeIds.flatMap((nodeId) => port.devicesOfNode(nodeId));
    calendar.add({
      kind: 'maintenance',
      owner: one.windowId,
      fromS: one.fromS,
      toS: one.toS,
      devices,
      band: Number.POSITIVE_INFINITY,
    });
  }
}

function carriedPlans(port: FleetPort, calendar: Calendar, input: QueueRoundInput): Map<string, LivePlan> {
  const requests = new Map(input.pending.map((request) => [request.requestId, request]));
  const plans = new Map<string, LivePlan>();
  for (const plan of input.plans) {
    const request = requests.get(plan.requestId);
    if (!request) continue;
    const hold = holdOf(port, plan, request);
    calendar.add(hold);
    plans.set(plan.requestId, { plan, request, hold });
  }
  return plans;
}

/** The hold of a planned start. A claim holds what is free of it from now on. */
export function holdOf(port: FleetPort, plan: PlannedStart, request: QueuedRequest): Hold {
  return {
    kind: plan.kind === 'claim' ? 'claim' : 'plan',
    owner: plan.requestId,
    fromS: plan.kind === 'claim' ? plan.promisedAtS : plan.startS,
    toS: plan.endS ?? Number.POSITIVE_INFINITY,
    devices: port.numbersOf(plan.nodes),
    band: plan.kind === 'head' ? request.priority : Number.POSITIVE_INFINITY,
  };
}

/** What is being cleared for a request counts as its own already, so that nobody takes back more than is his. */
export function chargeClaim(tree: ShareTree, request: QueuedRequest, sign: 1 | -1): void {
  tree.charge(request.path, request.ask, request.preemptible, sign);
}

/** What stands in a request's way: everything but its own, its reservation's, and plans of lower bands. */
export function seesOf(request: QueuedRequest): Sees {
  return (hold) =>
    hold.owner !== request.requestId &&
    hold.owner !== request.reservationId &&
    (hold.kind !== 'plan' || hold.band >= request.priority);
}

/** Drops the plan's hold from the calendar, if it has one. */
export function lift(round: Round, live: LivePlan): void {
  if (live.hold) round.calendar.remove(live.hold);
  live.hold = null;
}

/** Enters a new plan of a request, in place of the one it has. */
export function enterPlan(round: Round, plan: PlannedStart, request: QueuedRequest): void {
  const before = round.plans.get(plan.requestId);
  if (before) lift(round, before);
  const hold = holdOf(round.port, plan, request);
  round.calendar.add(hold);
  round.gate.watch(hold.devices);
  round.plans.set(plan.requestId, { plan, request, hold });
}

/** Expected end of a request that starts now, null when its owner said nothing of an end. */
export function endOf(round: Round, request: QueuedRequest): number | null {
  const { nowS, policy } = round.input;
  return request.expectedDurationS === null && request.limitDurationS === null
    ? null
    : nowS + expectedS(request, policy);
}
