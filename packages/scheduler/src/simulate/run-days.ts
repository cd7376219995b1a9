import { emptyCalibration, learn } from '../estimate/calibration';
import { queueRound } from '../queue/round';
import type { QueueRoundInput, QueueRoundOutput, StartEstimate } from '../queue/types';
import type { Scenario } from './scenario';
import { type SimEvent, type SimObserver, SimState } from './sim-state';

/** Called after every round and at every sample, for measures and checks. */
export interface DayWatcher extends SimObserver {
  round?(state: SimState, input: QueueRoundInput, output: QueueRoundOutput): void;
  sample?(state: SimState, nowS: number): void;
  /** A request that was given an estimate has started. */
  estimated?(estimate: StartEstimate, givenAtS: number, startedAtS: number): void;
}

interface Given {
  estimate: StartEstimate;
  atS: number;
}

/**
 * Plays a scenario through: arrivals, ends, failures and rounds in the order of time, every decision by the same engine that
 * serves the cloud. A function of the scenario alone. Returns the state at the end.
 */
export function runDays(scenario: Scenario, watcher: DayWatcher): SimState {
  const given = new Map<string, Given>();
  let calibration = emptyCalibration();
  const state = new SimState(scenario, {
    started(live, decision, nowS) {
      const one = given.get(live.job.jobId);
      if (one) {
        given.delete(live.job.jobId);
        calibration = learn(calibration, one.estimate.basis, one.estimate.likelyS - one.atS, nowS - one.atS);
        watcher.estimated?.(one.estimate, one.atS, nowS);
      }
      watcher.started(live, decision, nowS);
    },
    ended: watcher.ended.bind(watcher),
    wanted: (job, share) => watcher.wanted?.(job, share),
  });
  let estimateAtS = scenario.fromS;
  let sampleAtS = scenario.fromS;
  let bindings = scenario.reservations;
  for (let nowS = scenario.fromS; nowS < scenario.toS; nowS = nextTick(state, scenario, nowS, sampleAtS)) {
    advance(state, nowS);
    if (state.dirty || state.plans.some((plan) => plan.startS <= nowS)) {
      const answer = nowS >= estimateAtS ? 'estimate' : 'decide';
      const input = inputOf(state, nowS, answer, calibration, bindings);
      const output = queueRound(state.fleet, input);
      apply(state, output, nowS);
      bindings = bindings.map((one) => {
        const found = output.bindings.find((other) => other.reservationId === one.reservationId);
        return found ? { ...one, nodes: found.nodes } : one;
      });
      if (answer === 'estimate') {
        estimateAtS = nowS + scenario.estimateEveryS;
        remember(given, output, nowS);
      }
      watcher.round?.(state, input, output);
    }
    if (nowS >= sampleAtS) {
      watcher.sample?.(state, nowS);
      sampleAtS = nowS + scenario.sampleEveryS;
    }
  }
  return state;
}

function remember(given: Map<string, Given>, output: QueueRoundOutput, nowS: number): void {
  for (const { requestId, estimate } of output.waiting) {
    if (estimate && !given.has(requestId)) given.set(requestId, { estimate, atS: nowS });
  }
}

/** The next multiple of the round's length at which something happens. */
function nextTick(state: SimState, scenario: Scenario, nowS: number, sampleAtS: number): number {
  const everyS = scenario.roundEveryS;
  const planAtS = state.plans.reduce((soonest, plan) => Math.min(soonest, plan.startS), Number.POSITIVE_INFINITY);
  const wantedS = Math.min(state.events.nextAtS, sampleAtS, Math.max(nowS + 1, planAtS), scenario.toS);
  return Math.max(nowS + everyS, Math.ceil(wantedS / everyS) * everyS);
}

function advance(state: SimState, nowS: number): void {
  while (state.events.nextAtS <= nowS) {
    const { atS, event } = state.events.pop()!;
    happen(state, event, atS);
  }
}

function happen(state: SimState, event: SimEvent, atS: number): void {
  switch (event.kind) {
    case 'arrive':
      state.arrive(event.job, atS);
      return;
    case 'end':
    case 'leave': {
      const live = state.running.get(event.jobId);
      if (live?.run !== event.run) return;
      if (event.kind === 'end') state.stop(live, 'done', atS);
      else if (live.work!.leavingAtS === atS) state.stop(live, 'preempted', atS);
      return;
    }
    case 'fail':
      state.fail(event.nodeId, atS);
      state.events.push(event.untilS, { kind: 'repair', nodeId: event.nodeId });
      return;
    case 'repair':
      state.repair(event.nodeId);
      return;
    case 'wake':
      state.dirty = true;
  }
}

function inputOf(
  state: SimState,
  nowS: number,
  answer: QueueRoundInput['answer'],
  calibration: QueueRoundInput['calibration'],
  reservations: Scenario['reservations'],
): QueueRoundInput {
  const { scenario } = state;
  return {
    nowS,
    seed: scenario.seed,
    pending: [...state.pending.values()].map((live) => live.request),
    running: [...state.running.values()].map((live) => state.workOf(live, nowS)),
    shares: state.ledger.refreshed(scenario.shares, nowS),
    values: scenario.values,
    reservations: reservations.filter((one) => one.toS > nowS),
    maintenance: scenario.maintenance.filter((one) => one.toS > nowS),
    plans: state.plans,
    carriedOver: state.carriedOver,
    calibration,
    policy: { ...scenario.policy, roundEveryS: scenario.roundEveryS },
    answer,
  };
}

function apply(state: SimState, output: QueueRoundOutput, nowS: number): void {
  state.dirty = output.carriedOver.length > 0;
  state.plans = output.plans;
  state.carriedOver = output.carriedOver;
  for (const decision of output.decisions) state.start(decision, nowS);
  for (const jobId of output.spared) state.spare(jobId);
  for (const one of output.preemptions) {
    for (const victim of one.victims) state.sendAway(victim.workId, victim.leaveAtS);
  }
  for (const jobId of output.missed) state.pending.delete(jobId);
}
