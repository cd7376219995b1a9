import { lengthFor } from '../calendar/calendar';
import type { PlacementRequest, Refusal } from '../types';
import type { Answer } from './answer';
import { changed } from './change-request';
import { shapeOf } from './refusal-memory';
import { type Round, seesOf } from './round-context';
import { spanOf } from './spans';
import { overQuota, placeOpen } from './take-turn';
import type { NearestChange, QueuedRequest } from './types';
import { waitingText } from './waiting-text';

/** Limits that are offered when the time until a promised start would be enough, longest first. */
const OFFERED_LIMITS_S = [24, 12, 8, 4, 2, 1].map((hours) => hours * 3_600);
/** Changes that are worth trying whatever the binding is about. */
const STARTABLE = new Set(['deadline_missed', 'not_before', 'reservation_not_begun', 'claim_pending', 'not_examined']);

/**
 * Facts, nearest changes and a sentence for every answer. Each change was tried on the state that the round leaves, against all
 * holds and quotas that the changed request would meet. Requests of equal shape share the work.
 */
export function explainWaiting(round: Round, answers: readonly Answer[]): void {
  const known = new Map<string, Pick<Answer['entry'], 'facts' | 'wouldStart'>>();
  // Owners differ only where somebody is guaranteed or limited to something.
  const limited = round.input.shares.some((node) => node.guaranteed.length + node.borrowingLimits.length > 0);
  let left = round.input.policy.limits.explanations;
  // The first of every pool before the second of any.
  for (const { wait, entry } of [...answers].sort((a, b) => a.entry.place - b.entry.place)) {
    const { request } = wait;
    const { priority, preemptible, limitDurationS, expectedDurationS, path } = request;
    const owner = limited ? path : null;
    const key = JSON.stringify([shapeOf(request.ask), priority, preemptible, limitDurationS, expectedDurationS, owner]);
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
  for (const pool of round.port.pools) round.gate.openFor(pool.id, span, seesOf(request));
  const refusal = round.port.refusal(request.ask);
  return { facts: refusal.facts, wouldStart: offer ? changes(round, request, refusal) : [] };
}

function changes(round: Round, request: QueuedRequest, refusal: Refusal): NearestChange[] {
  const candidates: NearestChange[] = [...refusal.wouldFit, ...smaller(request.ask)];
  if (!request.preemptible) candidates.push({ change: 'preemptible' });
  if (wouldEndInTime(round, request)) {
    for (const limitDurationS of OFFERED_LIMITS_S) {
      if (limitDurationS < (request.limitDurationS ?? Number.POSITIVE_INFINITY)) {
        candidates.push({ change: 'limit', limitDurationS });
      }
    }
  }
  const offered: NearestChange[] = [];
  for (const one of candidates) {
    // Of sizes and limits the largest that helps is enough.
    const once = one.change === 'size' || one.change === 'limit';
    if (once && offered.some((other) => other.change === one.change)) continue;
    if (wouldStart(round, changed(round.port.state, request, one))) offered.push(one);
  }
  return offered;
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
  return placeOpen(round, request, spanOf(request, round.input.policy), seesOf(request)) !== null;
}

/** Devices are held for others later on, so that a request that ends before might use them. */
function wouldEndInTime(round: Round, request: QueuedRequest): boolean {
  const { calendar, input } = round;
  const span = spanOf(request, input.policy);
  const sees = seesOf(request);
  return calendar
    .holds()
    .some((hold) => sees(hold) && hold.fromS > input.nowS && hold.fromS < input.nowS + lengthFor(hold, span));
}
