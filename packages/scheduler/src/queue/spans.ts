import type { Span } from '../calendar/calendar';
import type { QueuedRequest, QueuePolicy, RunningWork } from './types';

/** How long a request is expected to keep its devices. */
export function expectedS(request: QueuedRequest, policy: QueuePolicy): number {
  const expected = request.expectedDurationS ?? policy.durations.defaultS;
  return Math.max(1, Math.min(expected, request.limitDurationS ?? expected));
}

/**
 * How a request counts in the calendar. Preemptible work gives way to reservations and maintenance in time, so it only
 * needs time for a round to notice it, for notice, and a while to be of use; other work, and what has been ended often enough, must be certain to end
 * before.
 */
export function spanOf(request: QueuedRequest, policy: QueuePolicy): Span {
  const softS = expectedS(request, policy);
  const { graceS, protectedS } = policy.preemption;
  const givesWay = request.preemptible && request.preemptedAtS.length < policy.preemption.mostPerJob;
  const hardS = givesWay
    ? Math.min(softS, graceS + 2 * policy.roundEveryS + protectedS)
    : (request.limitDurationS ?? Number.POSITIVE_INFINITY);
  return { softS, hardS };
}

/** When running work is assumed to end; work that has overrun is assumed to go on for a share of what it has run. */
export function assumedEndS(work: RunningWork, nowS: number, policy: QueuePolicy): number {
  if (work.leavingAtS !== null) return Math.max(work.leavingAtS, nowS + 1);
  const expectedEndS = work.expectedEndS ?? work.startedAtS + policy.durations.defaultS;
  if (expectedEndS > nowS) return Math.min(expectedEndS, work.limitEndS ?? expectedEndS);
  const overrunS = Math.max(60, Math.round((nowS - work.startedAtS) * policy.durations.overrunShare));
  return Math.max(nowS + 1, Math.min(nowS + overrunS, work.limitEndS ?? Number.POSITIVE_INFINITY));
}
