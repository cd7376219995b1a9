import { FairQueue } from '../fair-share/fair-queue';
import { devicesOf } from '../fair-share/tree';
import type { FleetState } from '../fleet-state';
import { answerWaiting } from './answer-waiting';
import { bindReservations, clearForHolds, startOnReservation } from './keep-reservations';
import { preemptFor, spareVictims } from './preempt-for';
import { chargeClaim, type LivePlan, lift, openRound, type Round } from './round-context';
import { planAhead, plansOf, tryStart } from './take-turn';
import type { QueuedRequest, QueueRoundInput, QueueRoundOutput } from './types';

/**
 * One round of the queue: who starts now and where, who must go for whom, what is promised to whom, and why the rest
 * waits. Pure: the same fleet and input give the same output on every machine. Takes the devices of its decisions in `fleet`.
 *
 * Order, in each pool: claims on what victims have left; those that waited too long; then band by band the planned starts
 * and the queue in fair order. Every start is checked against all promises, so nothing later delays anything earlier.
 */
export function queueRound(fleet: FleetState, input: QueueRoundInput): QueueRoundOutput {
  const round = openRound(fleet, input);
  const bindings = bindReservations(round);
  clearForHolds(round);
  spareForNobody(round);
  const { ready, missed } = sift(round);
  for (const [pool, requests] of byPool(round, ready)) {
    const attempts = Math.ceil((input.policy.limits.attempts * requests.length) / ready.length);
    servePool(round, pool, requests, attempts);
  }
  const waiting = answerWaiting(round);
  round.gate.release();
  for (const request of round.leaning) round.tree.lean(request.path, request.ask, -1);
  const plans = [...round.plans.values()].filter((live) => live.hold !== null).map((live) => live.plan);
  return {
    decisions: round.decisions,
    preemptions: round.preemptions,
    spared: [...round.spared].sort(),
    plans,
    bindings,
    waiting,
    missed,
    carriedOver: waiting.filter((one) => one.binding === 'not_examined').map((one) => one.requestId),
    standings: round.tree.standings(),
    attempts: round.attempts,
  };
}

/** Victims of requests that do not wait any more may stay. */
function spareForNobody(round: Round): void {
  const pending = new Set(round.input.pending.map((request) => request.requestId));
  for (const plan of round.input.plans) {
    if (plan.kind === 'claim' && !pending.has(plan.requestId)) spareVictims(round, plan);
  }
}

/** Sets aside what cannot start by its own terms, starts what has a reservation, and returns the rest. */
function sift(round: Round): { ready: QueuedRequest[]; missed: string[] } {
  const { nowS } = round.input;
  const reservations = new Map(round.input.reservations.map((one) => [one.reservationId, one]));
  const ready: QueuedRequest[] = [];
  const missed: string[] = [];
  for (const request of [...round.input.pending].sort(bySubmission)) {
    const wait = (binding: 'deadline_missed' | 'not_before' | 'reservation_not_begun' | 'reserved_for_others') =>
      round.waiting.push({ request, binding, quotaNodeId: null });
    const reservation = request.reservationId === null ? undefined : reservations.get(request.reservationId);
    if (request.deadlineS !== null && nowS > request.deadlineS) {
      missed.push(request.requestId);
      wait('deadline_missed');
    } else if (request.notBeforeS !== null && nowS < request.notBeforeS) wait('not_before');
    else if (request.reservationId === null) ready.push(request);
    else if (!reservation || nowS < reservation.fromS) wait('reservation_not_begun');
    else if (!startOnReservation(round, request, reservation)) wait('reserved_for_others');
  }
  return { ready, missed };
}

function bySubmission(a: QueuedRequest, b: QueuedRequest): number {
  return a.submittedAtS - b.submittedAtS || (a.requestId < b.requestId ? -1 : 1);
}

/** Requests by pool, pools in the order of region and model. Those of no pool wait. */
function byPool(round: Round, requests: readonly QueuedRequest[]): [number, QueuedRequest[]][] {
  const groups = new Map<number, QueuedRequest[]>();
  for (const request of requests) {
    const pool = round.port.poolOf(request.ask);
    if (!pool) {
      round.waiting.push({ request, binding: 'model_not_offered', quotaNodeId: null });
      continue;
    }
    const group = groups.get(pool.id);
    if (group) group.push(request);
    else groups.set(pool.id, [request]);
  }
  const name = (pool: number) => `${round.port.pools[pool]!.regionId}\u0000${round.port.pools[pool]!.modelId}`;
  return [...groups].sort(([a], [b]) => (name(a) < name(b) ? -1 : 1));
}

/** `attempts` is the pool's part of what the round may do; half of it goes to what the last round had no time for. */
function servePool(round: Round, pool: number, requests: readonly QueuedRequest[], attempts: number): void {
  const until = round.attempts + attempts;
  const rest = new Set(requests);
  const planned = requests.flatMap((request) => round.plans.get(request.requestId) ?? []);
  planned.sort((a, b) => a.plan.startS - b.plan.startS || (a.plan.requestId < b.plan.requestId ? -1 : 1));
  for (const live of planned) if (live.plan.kind === 'claim' && serveClaim(round, live)) rest.delete(live.request);
  for (const request of aged(round, pool, rest)) {
    rest.delete(request);
    servePlanned(round, request, 'aged');
  }
  const carried = new Set(round.input.carriedOver);
  const bands = [...new Set([...rest].map((request) => request.priority))].sort((a, b) => b - a);
  for (const band of bands) {
    const own = [...rest].filter((request) => request.priority === band);
    const heads = planned.filter((live) => live.plan.kind === 'head' && own.includes(live.request));
    for (const live of heads) {
      rest.delete(live.request);
      servePlanned(round, live.request, 'head');
    }
    const queue = own.filter((request) => rest.has(request));
    const [late, others] = [carried, null].map((set) =>
      queue.filter((request) => (set === null) !== carried.has(request.requestId)),
    );
    const half = round.attempts + Math.ceil((until - round.attempts) / 2);
    serveQueue(round, pool, late!, others!.length === 0 ? until : half);
    serveQueue(round, pool, others!, until);
  }
}

/** Starts it when its devices are free, or when there is room without ending its victims, who then may stay. */
function serveClaim(round: Round, live: LivePlan): boolean {
  const { request } = live;
  chargeClaim(round.tree, request, -1);
  const turn = tryStart(round, request, 'claim');
  if (turn.placed) {
    spareVictims(round, live.plan);
    return true;
  }
  const leaving = new Set(round.input.running.filter((one) => one.leavingAtS !== null).map((one) => one.workId));
  if (live.plan.victims.some((workId) => leaving.has(workId))) {
    chargeClaim(round.tree, request, 1);
    round.waiting.push({ request, binding: 'claim_pending', quotaNodeId: null });
    return true;
  }
  // All have gone and it still does not fit: something has failed meanwhile. It queues like any other.
  lift(round, live);
  round.plans.delete(request.requestId);
  return false;
}

/**
 * Requests that have waited too long, or were promised a start for that. Those whose wait is longest for the share their
 * organisation has come first, a few of each organisation: all come to their turn in the end, and nobody gets more than his
 * share by waiting with much, as promises count towards it.
 */
function aged(round: Round, pool: number, requests: ReadonlySet<QueuedRequest>): QueuedRequest[] {
  const promised = (request: QueuedRequest) => round.plans.get(request.requestId)?.plan.kind === 'aged';
  const bands = new Map<number, QueuedRequest[]>();
  const limitS = round.input.policy.agedAfterS ?? Number.POSITIVE_INFINITY;
  for (const request of requests) {
    if (!promised(request) && waitOf(round, request) < limitS) continue;
    const band = bands.get(request.priority);
    if (band) band.push(request);
    else bands.set(request.priority, [request]);
  }
  return [...bands].sort(([a], [b]) => b - a).flatMap(([, band]) => agedOf(round, pool, band, promised));
}

/** Every band has a part of its own: what others are served before may wait long, but not for ever. */
function agedOf(
  round: Round,
  pool: number,
  requests: readonly QueuedRequest[],
  promised: (request: QueuedRequest) => boolean,
): QueuedRequest[] {
  const { policy } = round.input;
  const chosen = requests.filter(promised).sort(bySubmission);
  let left = policy.agedPart * round.tree.poolDevices[pool]!;
  const counts = new Map<string, number>();
  const choose = ({ path, ask }: QueuedRequest) => {
    left -= devicesOf(ask);
    counts.set(path[0]!, (counts.get(path[0]!) ?? 0) + 1);
  };
  const mayHaveMore = ({ path }: QueuedRequest) => (counts.get(path[0]!) ?? 0) < policy.agedPerOrganisation;
  for (const request of chosen) choose(request);
  const waits = requests
    .filter((request) => !promised(request) && mayHaveMore(request))
    .map((request) => ({ request, waitS: waitOf(round, request) }))
    .map((one) => ({ ...one, urgency: one.waitS / (1e-3 + round.tree.standing(round.tree.rootOf(one.request.path))) }))
    .sort((a, b) => b.urgency - a.urgency || bySubmission(a.request, b.request));
  for (const { request } of waits) {
    if (chosen.length > 0 && left <= 0) break;
    if (!mayHaveMore(request)) continue;
    choose(request);
    chosen.push(request);
  }
  return chosen;
}

function waitOf(round: Round, request: QueuedRequest): number {
  return round.input.nowS - Math.max(request.submittedAtS, request.notBeforeS ?? 0);
}

/** Starts a promised request, or promises it the earliest start that is possible now. */
function servePlanned(round: Round, request: QueuedRequest, kind: 'head' | 'aged'): void {
  const turn = tryStart(round, request, 'planned');
  if (turn.placed) return;
  if (stands(round, request)) {
    promiseTo(round, request);
    round.waiting.push({ request, binding: turn.binding, quotaNodeId: turn.quotaNodeId });
    return;
  }
  const wanted = turn.binding === null && (round.plans.has(request.requestId) || mayPlan(round, request));
  if (wanted && planAhead(round, request, kind)) promiseTo(round, request);
  round.waiting.push({ request, binding: turn.binding, quotaNodeId: turn.quotaNodeId });
}

/** Its promise can be kept as it is. An earlier one is looked for in rounds that tell people when they start. */
function stands(round: Round, request: QueuedRequest): boolean {
  const live = round.plans.get(request.requestId);
  const { nowS, answer } = round.input;
  if (answer !== 'decide' || !live?.hold || live.plan.startS <= nowS) return false;
  const { port } = round;
  return (
    live.hold.devices.length === devicesOf(request.ask) &&
    live.hold.devices.every((device) => port.isUsable(device) && port.isAvailable(port.entryOfDevice[device]!))
  );
}

function promiseTo(round: Round, request: QueuedRequest): void {
  round.tree.lean(request.path, request.ask, 1);
  round.leaning.push(request);
}

function mayPlan(round: Round, request: QueuedRequest): boolean {
  const pool = round.port.poolOf(request.ask);
  return pool !== null && plansOf(round, pool.id) < round.input.policy.backfill.mostPlans;
}

/** Serves requests in fair order until so many attempts of the round are used up. */
function serveQueue(round: Round, pool: number, requests: readonly QueuedRequest[], until: number): void {
  if (requests.length === 0) return;
  const queue = new FairQueue(round.tree, pool, requests, round.input.seed);
  const { backfill } = round.input.policy;
  const most = { none: 0, easy: 1, conservative: backfill.mostPlans }[backfill.mode];
  let passed = false;
  for (let request = queue.next(); request; request = queue.next()) {
    if (round.attempts >= until) {
      round.waiting.push({ request, binding: 'not_examined', quotaNodeId: null });
      continue;
    }
    const turn = tryStart(round, request, passed ? 'backfill' : 'fair_share');
    if (turn.placed) {
      queue.refresh(request.path);
      continue;
    }
    let binding = turn.binding;
    if (binding === null) {
      passed = true;
      if (preemptFor(round, request)) {
        queue.refresh(request.path);
        if (!round.plans.has(request.requestId)) continue;
        binding = 'claim_pending';
      } else if (plansOf(round, pool) < most && planAhead(round, request, 'head')) {
        // The next promise is for the next by share.
        promiseTo(round, request);
        queue.refresh(request.path);
      }
    }
    round.waiting.push({ request, binding, quotaNodeId: turn.quotaNodeId });
  }
}
