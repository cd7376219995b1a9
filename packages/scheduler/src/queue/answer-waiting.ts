import { intervalFor } from '../estimate/calibration';
import { Forecast } from '../estimate/forecast';
import type { Answer } from './answer';
import { explainWaiting } from './explain-waiting';
import { bindingFor } from './find-binding';
import { shapeOf } from './refusal-memory';
import type { Round, Waiting } from './round-context';
import { expectedS } from './spans';
import type { StartEstimate, WaitingEntry } from './types';

/** What every waiting request is told: what keeps it, its place, when it will start, what would start it now. */
export function answerWaiting(round: Round): WaitingEntry[] {
  const { answer } = round.input;
  const entries = placed(round);
  if (answer === 'decide') return entries.map(({ entry }) => entry);
  estimate(round, entries);
  if (answer === 'explain') explainWaiting(round, entries);
  return entries.map(({ entry }) => entry);
}

/** Waiting requests in the order in which they were served, with their places and what binds them. */
function placed(round: Round): Answer[] {
  const places = new Map<number, number>();
  const known = new Map<string, WaitingEntry['binding']>();
  return round.waiting.map((wait) => {
    const pool = round.port.poolOf(wait.request.ask)?.id ?? -1;
    const place = (places.get(pool) ?? 0) + 1;
    places.set(pool, place);
    let binding = wait.binding;
    if (binding === null && round.input.answer === 'decide') binding = 'capacity';
    if (binding === null) {
      const { ask, priority, preemptible, limitDurationS } = wait.request;
      const key = `${shapeOf(ask)}|${priority}|${preemptible}|${limitDurationS}`;
      binding = known.get(key) ?? bindingFor(round, wait.request);
      known.set(key, binding);
    }
    const entry: WaitingEntry = {
      requestId: wait.request.requestId,
      place,
      binding,
      facts: null,
      quotaNodeId: wait.quotaNodeId,
      estimate: null,
      wouldStart: [],
      reason: null,
    };
    return { wait, entry };
  });
}

/** Expected starts: promised ones as promised, the others from the queue ahead and the expected ends. */
function estimate(round: Round, answers: readonly Answer[]): void {
  const { nowS, policy, calibration } = round.input;
  const forecasts = new Map<number, Forecast>();
  const horizonS = nowS + policy.backfill.horizonS;
  for (const { wait, entry } of answers) {
    const { request } = wait;
    const pool = round.port.poolOf(request.ask);
    if (!pool || entry.binding === 'deadline_missed') continue;
    let forecast = forecasts.get(pool.id);
    if (!forecast) {
      forecast = new Forecast(round.calendar, pool, nowS);
      forecasts.set(pool.id, forecast);
    }
    const plan = round.plans.get(request.requestId);
    const likelyS = plan?.hold
      ? Math.max(nowS, plan.plan.startS)
      : forecast.next(request.ask, expectedS(request, policy), earliestOf(round, wait));
    let basis: StartEstimate['basis'] = plan?.hold ? 'planned' : 'queue';
    if (likelyS > horizonS) basis = 'beyond';
    entry.estimate = intervalFor(calibration, basis, nowS, Math.min(likelyS, horizonS));
  }
}

function earliestOf(round: Round, { request }: Waiting): number {
  const reservation = round.input.reservations.find((one) => one.reservationId === request.reservationId);
  return Math.max(request.notBeforeS ?? 0, reservation?.fromS ?? 0);
}
