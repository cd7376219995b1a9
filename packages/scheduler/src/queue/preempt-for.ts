import type { Sees } from '../calendar/calendar';
import { candidatesFor, type Exposed, exposedOf, lostDeviceSeconds, mayPreempt } from '../preemption/candidates';
import { chooseVictims } from '../preemption/victims';
import { preemptionText } from './preemption-text';
import { shapeOf } from './refusal-memory';
import { chargeClaim, enterPlan, type Round, seesOf } from './round-context';
import { assumedEndS, expectedS, spanOf } from './spans';
import { overQuota, start } from './take-turn';
import type { PlannedStart, QueuedRequest, RunningWork, Victim } from './types';

/**
 * Has work ended for a request that cannot start otherwise: only when it is certain to start then, with as little loss as
 * possible. The request holds a claim on what is freed until it starts. False when nobody may or need go.
 */
export function preemptFor(round: Round, request: QueuedRequest): boolean {
  const { input, port, calendar, gate, tree } = round;
  const { nowS, policy } = input;
  const pool = port.poolOf(request.ask);
  if (!pool || !mayPreempt(request, policy) || overQuota(round, request)) return false;
  if (round.victimSearches >= policy.limits.victimSearches) return false;
  const span = spanOf(request, policy);
  const sees = seesOf(request);
  const isClear = (device: number) => calendar.isClear(device, nowS, span, sees);
  const exposed = exposedIn(round, pool.id);
  const key = `${shapeOf(request.ask)}|${request.priority}|${request.path.join('/')}`;
  if (exposed.length === 0 || round.inVain.has(key)) return false;
  const candidates = candidatesFor(tree, request, exposed, isClear);
  if (candidates.length === 0) return false;
  round.victimSearches += 1;
  for (const one of port.poolsOf(request.ask)) gate.openFor(one.id, span, sees);
  const choice = chooseVictims(port, request.ask, candidates, policy.preemption.mostVictims);
  if (!choice) {
    round.inVain.add(key);
    return false;
  }
  if (choice.victims.length === 0) {
    start(round, request, choice.decision, 'fair_share');
    return true;
  }
  const leaveAtS = nowS + policy.preemption.graceS;
  const victims = choice.victims.map((one) => victimOf(one.work, nowS, leaveAtS));
  const kind = choice.victims.some((one) => one.kind === 'reclaim') ? 'reclaim' : 'priority';
  round.preemptions.push({
    for: { requestId: request.requestId },
    kind,
    victims,
    reason: preemptionText(kind, victims),
  });
  sendAway(
    round,
    choice.victims.map((one) => one.work),
    leaveAtS,
  );
  enterPlan(
    round,
    {
      requestId: request.requestId,
      kind: 'claim',
      startS: leaveAtS,
      endS: leaveAtS + expectedS(request, policy),
      nodes: choice.decision.nodes.map(({ rank: _, ...node }) => node),
      promisedAtS: nowS,
      victims: victims.map((one) => one.workId),
    },
    request,
  );
  chargeClaim(tree, request, 1);
  return true;
}

/** Work of a pool that may be ended at all; worked out when it is first asked for. */
function exposedIn(round: Round, pool: number): readonly Exposed[] {
  const { nowS, policy } = round.input;
  let exposed = round.exposed.get(pool);
  if (!exposed) {
    exposed = exposedOf(round.tree, round.running[pool]!, (work) => round.port.numbersOf(work.nodes), nowS, policy);
    round.exposed.set(pool, exposed);
  }
  return exposed;
}

export function victimOf(work: RunningWork, nowS: number, leaveAtS: number): Victim {
  return { workId: work.workId, lostDeviceS: lostDeviceSeconds(work, nowS), leaveAtS };
}

/** Notes that work has been told to go: its devices come free then, it is nobody's victim again. */
export function sendAway(round: Round, going: readonly RunningWork[], leaveAtS: number): void {
  const ids = new Set(going.map((work) => work.workId));
  for (const pool of new Set(going.map((work) => round.port.poolOf(work.ask)))) {
    if (!pool) continue;
    const list = round.running[pool.id]!;
    for (let at = 0; at < list.length; at += 1) {
      if (ids.has(list[at]!.workId)) list[at] = { ...list[at]!, leavingAtS: leaveAtS };
    }
    const exposed = round.exposed.get(pool.id);
    if (exposed)
      round.exposed.set(
        pool.id,
        exposed.filter((one) => !ids.has(one.work.workId)),
      );
  }
  for (const work of going) {
    if (!round.port.poolOf(work.ask)) continue;
    for (const device of round.port.numbersOf(work.nodes)) round.calendar.freeAtS[device] = leaveAtS;
    round.tree.charge(work.path, work.ask, work.preemptible, -1);
  }
}

/**
 * Victims of a claim that have not gone yet may stay, except those on devices that somebody else counts on by now: had they
 * not been told to go, they would be told for him, and perhaps too late.
 */
export function spareVictims(round: Round, plan: PlannedStart): void {
  const named = new Set(plan.victims);
  for (const work of round.input.running) {
    if (!named.has(work.workId) || work.leavingAtS === null || round.spared.has(work.workId)) continue;
    if (mayStay(round, work, plan.requestId)) stay(round, work);
  }
}

function mayStay(round: Round, work: RunningWork, claimOf: string): boolean {
  const { calendar, port, input } = round;
  const { nowS, policy } = input;
  const softS = assumedEndS({ ...work, leavingAtS: null }, nowS, policy) - nowS;
  // Time for a later round to tell it to go for a reservation.
  const span = { softS, hardS: policy.preemption.graceS + 2 * policy.roundEveryS };
  const sees: Sees = (hold) => hold.owner !== claimOf && hold.owner !== work.reservationId;
  return port.numbersOf(work.nodes).every((device) => calendar.isClear(device, nowS, span, sees));
}

/** Work that was told to go counts again, as what it is. */
function stay(round: Round, work: RunningWork): void {
  const pool = round.port.poolOf(work.ask);
  if (!pool) return;
  const staying = { ...work, leavingAtS: null };
  round.spared.add(work.workId);
  const list = round.running[pool.id]!;
  const at = list.findIndex((one) => one.workId === work.workId);
  if (at >= 0) list[at] = staying;
  round.exposed.delete(pool.id);
  const endS = assumedEndS(staying, round.input.nowS, round.input.policy);
  for (const device of round.port.numbersOf(work.nodes)) round.calendar.freeAtS[device] = endS;
  round.tree.charge(work.path, work.ask, work.preemptible, 1);
}
