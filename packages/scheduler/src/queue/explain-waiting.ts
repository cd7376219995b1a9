import { lengthFor, type Sees, type Span } from '../calendar/calendar';
import type { PlacementRequest, Refusal } from '../types';
import type { Answer } from './answer-waiting';
import { shapeOf } from './refusal-memory';
import { type Round, seesOf } from './round-context';
import { spanOf } from './spans';
import { overQuota } from './take-turn';
import type { NearestChange, QueuedRequest } from './types';
import { waitingText } from './waiting-text';

/** Limits that are offered when the time until a promised start would be enough, longest first. */
const OFFERED_LIMITS_S = [24, 12, 8, 4, 2, 1].map((hours) => hours * 3_600);
/** Changes that are worth trying whatever the binding is about. */
const STARTABLE = new Set(['deadline_missed', 'not_before', 'reservation_not_begun', 'claim_pending', 'not_examined']);

/**
 * Facts, nearest changes and a sentence for every answer. Each change was tried on the state that the round leaves, against all
 * holds and quotas that the changed request would meet. Equal shapes of one owner share the work.
 */
export function explainWaiting(round: Round, answers: readonly Answer[]): void {
  const known = new Map<string, Pick<Answer['entry'], 'facts' | 'wouldStart'>>();
  let left = round.input.policy.limits.explanations;
  for (const { wait, entry } of answers) {
    const { request } = wait;
    const { priority, preemptible, limitDurationS, expectedDurationS, path } = request;
    const key = JSON.stringify([shapeOf(request.ask), priority, preemptible, limitDurationS, expectedDurationS, path]);
    let found = known.get(key);
    if (!found && left > 0) {
      left -= 1;
      found = explained(round, request, !STARTABLE.has(entry.binding));
      known.set(key, found);
    }
    if (found) Object.assign(entry, found);
    entry.reason = waitingText(round.input.nowS, request, entry);
  }
}

function explained(
  round: Round,
  request: QueuedRequest,
  offer: boolean,
): Pick<Answer['entry'], 'facts' | 'wouldStart'> {
  const span = spanOf(request, round.input.policy);
  const refusal = openTo(round, request, span, seesOf(request), () => round.port.refusal(request.ask));
  return { facts: refusal?.facts ?? null, wouldStart: offer ? changes(round, request, refusal) : [] };
}

/** Does something while all pools are open exactly as far as they are to a request. */
function openTo<T>(round: Round, _request: QueuedRequest, span: Span, sees: Sees, act: () => T): T {
  for (const pool of round.port.pools) round.gate.openFor(pool.id, span, sees);
  return act();
}

function changes(round: Round, request: QueuedRequest, refusal: Refusal): NearestChange[] {
  const offered: NearestChange[] = [];
  const withinQuota = (ask: PlacementRequest) => overQuota(round, { ...request, ask }) === null;
  const candidates: NearestChange[] = refusal.wouldFit.filter((one) => {
    const { change: _, ...changed } = one;
    return withinQuota({ ...request.ask, ...changed });
  });
  if (overQuota(round, request) !== null)
    candidates.push(
      ...smaller(request.ask)
        .filter((one) => {
          const ask = { ...request.ask, nodeCount: one.nodeCount, gpusPerNode: one.gpusPerNode };
          return withinQuota(ask) && wouldStart(round, { ...request, ask });
        })
        .slice(0, 1),
    );
  for (const one of candidates) if (!offered.some((other) => sameChange(one, other))) offered.push(one);
  const limit = shorterLimit(round, request);
  if (limit) offered.push(limit);
  if (!request.preemptible && wouldStart(round, { ...request, preemptible: true }))
    offered.push({ change: 'preemptible' });
  return offered;
}

function sameChange(a: NearestChange, b: NearestChange): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Smaller requests of the same kind, largest first. */
function smaller(ask: PlacementRequest): { change: 'size'; nodeCount: number; gpusPerNode: number }[] {
  const sizes: { change: 'size'; nodeCount: number; gpusPerNode: number }[] = [];
  for (let nodes = ask.nodeCount; nodes >= 1; nodes = Math.floor(nodes / 2)) {
    for (let gpus = ask.gpusPerNode; gpus >= 1; gpus = Math.floor(gpus / 2)) {
      if (nodes * gpus < ask.nodeCount * ask.gpusPerNode)
        sizes.push({ change: 'size', nodeCount: nodes, gpusPerNode: gpus });
    }
  }
  return sizes.sort((a, b) => b.nodeCount * b.gpusPerNode - a.nodeCount * a.gpusPerNode);
}

/** Whether the request would be placed now, as it stands, on what the round leaves. */
export function wouldStart(round: Round, request: QueuedRequest): boolean {
  const pool = round.port.poolOf(request.ask);
  if (!pool || overQuota(round, request)) return false;
  round.gate.openFor(pool.id, spanOf(request, round.input.policy), seesOf(request));
  return round.port.tryPlace(request.ask) !== null;
}

/** The longest of the usual limits under which it would end before anybody needs the devices that are free now. */
function shorterLimit(round: Round, request: QueuedRequest): NearestChange | null {
  const span = spanOf(request, round.input.policy);
  const sees = seesOf(request);
  const { nowS } = round.input;
  const helps = round.calendar
    .heldDevices()
    .some((device) =>
      round.calendar
        .holdsOn(device)
        .some((hold) => sees(hold) && hold.fromS > nowS && hold.fromS < nowS + lengthFor(hold, span)),
    );
  if (!helps) return null;
  for (const limitDurationS of OFFERED_LIMITS_S) {
    if (limitDurationS >= (request.limitDurationS ?? Number.POSITIVE_INFINITY)) continue;
    if (wouldStart(round, { ...request, limitDurationS })) return { change: 'limit', limitDurationS };
  }
  return null;
}
