import type { Sees, Span } from '../calendar/calendar';
import { earliestStart } from '../calendar/earliest';
import type { Decision, PlacementRequest } from '../types';
import { decisionText } from './decision-text';
import { shapeOf } from './refusal-memory';
import { endOf, enterPlan, lift, type Round, seesOf } from './round-context';
import { expectedS, spanOf } from './spans';
import type { PlannedStart, QueueBinding, QueueDecision, QueuedRequest } from './types';

/** What came of a request's turn. */
export type Turn = { placed: true } | { placed: false; binding: QueueBinding | null; quotaNodeId: string | null };

const FULL_CAPACITY: Turn = { placed: false, binding: null, quotaNodeId: null };

/** Tries to start a request now, against quotas and against everything that is held for others. */
export function tryStart(round: Round, request: QueuedRequest, turn: QueueDecision['turn']): Turn {
  const refused = overQuota(round, request);
  if (refused) return refused;
  const { port, input } = round;
  const pool = port.poolOf(request.ask);
  if (!pool) return { placed: false, binding: 'model_not_offered', quotaNodeId: null };
  const span = spanOf(request, input.policy);
  const shape = shapeOf(request.ask);
  const holdsSomething = round.plans.get(request.requestId)?.hold != null;
  if (!holdsSomething && round.refusals.isHopeless(shape, span, request.priority)) return FULL_CAPACITY;
  if (round.attempts >= input.policy.limits.attempts) {
    return { placed: false, binding: 'not_examined', quotaNodeId: null };
  }
  round.attempts += 1;
  const decision = placeOpen(round, request, span, seesOf(request));
  if (!decision) {
    // With its own hold in sight it had more than others of its shape have.
    round.refusals.remember(shape, span, request.priority);
    return FULL_CAPACITY;
  }
  start(round, request, decision, turn);
  return { placed: true };
}

/** What was given in place of what was asked: the model that had room, and the nodes an elastic gang starts with. */
export function askOf(ask: PlacementRequest, decision: Decision): PlacementRequest {
  return { ...ask, modelId: decision.modelId, nodeCount: decision.nodes.length };
}

/** How often a slice is placed anew when it was put on a device that somebody else will have. */
const SLICE_TRIES = 8;

/**
 * Where the request would go now, on what is open to it. Devices that others will have are shut while they are free; one that
 * is shared already cannot be shut, so a slice is moved off it afterwards.
 */
export function placeOpen(round: Round, request: QueuedRequest, span: Span, sees: Sees): Decision | null {
  const { port, gate, calendar, input } = round;
  for (const pool of port.poolsOf(request.ask)) gate.openFor(pool.id, span, sees);
  if (request.ask.milli === undefined) return port.tryPlace(request.ask);
  let ask = request.ask;
  for (let tries = 0; tries < SLICE_TRIES; tries += 1) {
    const decision = port.tryPlace(ask);
    const bad = decision?.nodes.find((node) =>
      port.numbersOf([node]).some((device) => !calendar.isClear(device, input.nowS, span, sees)),
    );
    if (!bad) return decision;
    ask = { ...ask, excludedNodeIds: [...ask.excludedNodeIds, bad.nodeId] };
  }
  return null;
}

/** The quota that keeps a request from starting, if there is one. */
export function overQuota(round: Round, request: QueuedRequest): (Turn & { placed: false }) | null {
  const full = round.tree.fullNode(request.path, request.ask);
  if (full) return { placed: false, binding: 'quota', quotaNodeId: full.id };
  const firm = round.input.policy.guardGuarantees && !request.preemptible;
  if (firm && !round.tree.keepsGuarantees(request.path, request.ask)) {
    return { placed: false, binding: 'quota', quotaNodeId: null };
  }
  return null;
}

/** Commits a decision: takes its devices, charges its shares, drops the plans it displaces. */
export function start(round: Round, request: QueuedRequest, decision: Decision, turn: QueueDecision['turn']): void {
  const { port, calendar, gate, tree, input } = round;
  const devices = port.numbersOf(decision.nodes);
  const own = round.plans.get(request.requestId);
  if (own) {
    lift(round, own);
    round.plans.delete(request.requestId);
  }
  const span = spanOf(request, input.policy);
  for (const device of devices) {
    for (const hold of [...calendar.holdsOn(device)]) {
      if (hold.kind !== 'plan' || hold.fromS >= input.nowS + span.softS) continue;
      const displaced = round.plans.get(hold.owner);
      if (displaced) {
        lift(round, displaced);
        round.refusals.forget();
      }
    }
  }
  gate.forget(devices);
  port.hold(decision.nodes);
  calendar.occupy(devices, input.nowS + span.softS);
  tree.charge(request.path, askOf(request.ask, decision), request.preemptible, 1);
  round.taken.push({ request, nodes: decision.nodes });
  round.decisions.push({
    ...decision,
    requestId: request.requestId,
    turn,
    expectedEndS: endOf(round, request),
    explanation: decisionText(turn, decision),
  });
}

/** Gives a request that cannot start now a start that nobody may delay. False when there is none within the horizon. */
export function planAhead(round: Round, request: QueuedRequest, kind: 'head' | 'aged'): boolean {
  const { calendar, input } = round;
  const { nowS, policy } = input;
  const before = round.plans.get(request.requestId);
  if (before) lift(round, before);
  const span = spanOf(request, policy);
  const found = earliestStart(calendar, request.ask, {
    afterS: Math.max(nowS, request.notBeforeS ?? nowS),
    untilS: nowS + policy.backfill.horizonS,
    span,
    sees: seesOf(request),
  });
  if (!found || found.startS <= nowS || missesDeadline(request, found.startS)) {
    round.plans.delete(request.requestId);
    return false;
  }
  const plan: PlannedStart = {
    requestId: request.requestId,
    kind: before?.plan.kind === 'aged' ? 'aged' : kind,
    startS: found.startS,
    endS: found.startS + expectedS(request, policy),
    nodes: round.port.nodesOf(found.devices),
    promisedAtS: before?.plan.promisedAtS ?? nowS,
    victims: [],
  };
  enterPlan(round, plan, request);
  return true;
}

export function missesDeadline(request: QueuedRequest, startS: number): boolean {
  return request.deadlineS !== null && startS > request.deadlineS;
}

/** Number of planned starts that are in force for a pool. */
export function plansOf(round: Round, pool: number): number {
  let count = 0;
  for (const live of round.plans.values()) {
    if (live.hold && live.plan.kind !== 'claim' && round.port.poolOf(live.request.ask)?.id === pool) count += 1;
  }
  return count;
}
