import { defaultQueuePolicy } from '@suanxiang/scheduler/queue/policy';
import { queueRound } from '@suanxiang/scheduler/queue/round';
import type { QueuedRequest, QueueRoundInput, RunningWork, ShareNode } from '@suanxiang/scheduler/queue/types';
import { Measures } from '@suanxiang/scheduler/simulate/measures';
import { runDays } from '@suanxiang/scheduler/simulate/run-days';
import { syntheticScenario, usualOptions } from '@suanxiang/scheduler/simulate/synthetic';
import type { PlacementRequest } from '@suanxiang/scheduler/types';
import { type Figure, Timer } from './figures';
import { BusyFleet, benchRequest, someRequest } from './fleet';

const NOW_S = 1_000_000;
const ORGANISATIONS = 100;
const ROUNDS = 20;
const HOUR_S = 3_600;

function tenantOf(i: number): string[] {
  const org = `org-${i % ORGANISATIONS}`;
  return [org, `${org}-p${i % 3}`, `${org}-u${i % 7}`];
}

function sharesOf(random: () => number): ShareNode[] {
  return Array.from({ length: ORGANISATIONS }, (_, i) => {
    const weight = 1 + Math.floor(random() * 4);
    return {
      nodeId: `org-${i}`,
      parentId: null,
      weight,
      overQuotaWeight: weight,
      guaranteed: [],
      borrowingLimits: [],
      usage: { valueS: random() * 1_000, atS: NOW_S },
    };
  });
}

/** Everything that runs on a fleet, with ends as people state them. */
function runningOn(fleet: BusyFleet): RunningWork[] {
  return fleet.running.map((decision, i) => {
    const startedAtS = NOW_S - Math.floor(fleet.random() * 20 * HOUR_S);
    const [first] = decision.nodes;
    const ask = benchRequest({
      requestId: `w${i}`,
      nodeCount: decision.nodes.length,
      gpusPerNode: first!.deviceIds.length,
    });
    return {
      workId: `w${i}`,
      ask,
      path: tenantOf(Math.floor(fleet.random() * 1_000)),
      priority: i % 5 === 0 ? 0 : 1,
      preemptible: i % 5 === 0,
      nodes: decision.nodes,
      startedAtS,
      expectedEndS: i % 4 === 0 ? null : NOW_S + Math.floor(fleet.random() * 20 * HOUR_S),
      limitEndS: null,
      checkpointAtS: null,
      preemptedAtS: [],
      movable: false,
      reservationId: null,
      leavingAtS: null,
    };
  });
}

function pendingOf(fleet: BusyFleet, count: number, next: () => PlacementRequest): QueuedRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    requestId: `q${i}`,
    ask: { ...next(), requestId: `q${i}` },
    path: tenantOf(Math.floor(fleet.random() * 1_000)),
    priority: i % 5 === 0 ? 0 : 1,
    preemptible: i % 5 === 0,
    expectedDurationS: i % 3 === 0 ? null : Math.floor(600 + fleet.random() * 12 * HOUR_S),
    limitDurationS: null,
    notBeforeS: null,
    deadlineS: null,
    reservationId: null,
    submittedAtS: NOW_S - Math.floor(fleet.random() * 8 * HOUR_S),
    preemptedAtS: [],
  }));
}

function timeRounds(
  fleet: BusyFleet,
  input: QueueRoundInput,
): { timer: Timer; decisions: number; waiting: number; plans: number } {
  const timer = new Timer(2);
  let last = queueRoundOnce(fleet, input);
  for (let i = 0; i < ROUNDS + 2; i += 1) {
    const mark = fleet.state.mark();
    last = timer.time(() => queueRound(fleet.state, input));
    fleet.state.rollbackTo(mark);
  }
  return { timer, decisions: last.decisions.length, waiting: last.waiting.length, plans: last.plans.length };
}

function queueRoundOnce(fleet: BusyFleet, input: QueueRoundInput) {
  const mark = fleet.state.mark();
  const output = queueRound(fleet.state, input);
  fleet.state.rollbackTo(mark);
  return output;
}

function inMs(figures: Figure[], below: number): Figure[] {
  return figures.slice(0, 2).map((figure) => ({ ...figure, value: figure.value / 1_000, unit: 'ms', goal: { below } }));
}

function inputOf(fleet: BusyFleet, pending: QueuedRequest[], answer: QueueRoundInput['answer']): QueueRoundInput {
  return {
    nowS: NOW_S,
    seed: 1,
    pending,
    running: runningOn(fleet),
    shares: sharesOf(fleet.random),
    values: [],
    reservations: [],
    maintenance: [],
    plans: [],
    carriedOver: [],
    calibration: null,
    policy: defaultQueuePolicy,
    answer,
  };
}

/** 1,000 requests of 100 organisations meet a fleet that is 93 % full: shares, promises, backfill, preemption. */
export function queueRounds(): Figure[] {
  const fleet = new BusyFleet(7);
  fleet.settle(0.85, 0.93);
  const input = inputOf(
    fleet,
    pendingOf(fleet, 1_000, () => someRequest(fleet.random)),
    'decide',
  );
  const { timer, decisions, waiting } = timeRounds(fleet, input);
  return [...inMs(timer.figures(`round of 1,000 requests (${decisions} start, ${waiting} wait)`, {}), 150)];
}

/** 1,000 requests that wait for a full fleet are asked again: none fits, all are told when they will start and why they wait. */
export function queueWaiting(): Figure[] {
  const fleet = new BusyFleet(8);
  fleet.settle(0.97, 0.985);
  const large = () => {
    const request = someRequest(fleet.random);
    return benchRequest({ gpusPerNode: 8, nodeCount: 8 + 8 * request.gpusPerNode });
  };
  const pending = pendingOf(fleet, 1_000, large);
  const estimated = timeRounds(fleet, inputOf(fleet, pending, 'estimate'));
  const explained = timeRounds(fleet, inputOf(fleet, pending, 'explain'));
  const words = (one: typeof estimated) => `${one.waiting} waiting, ${one.decisions} start, ${one.plans} promises`;
  return [
    ...inMs(estimated.timer.figures(`1,000 queued asked again, with estimates (${words(estimated)})`, {}), 200),
    ...inMs(explained.timer.figures('  the same with explanations and nearest changes', {}), 1_000),
  ];
}

/** A month of 40 organisations on 5,000 accelerators. */
export function queueMonth(): Figure[] {
  const scenario = syntheticScenario({ ...usualOptions, days: 30 });
  const measures = new Measures(scenario);
  const fromMs = performance.now();
  const result = measures.result(runDays(scenario, measures));
  const figure = (what: string, value: number, unit: string, goal: Figure['goal']): Figure => ({
    what,
    value,
    unit,
    goal,
  });
  return [
    figure('a month simulated', (performance.now() - fromMs) / 1_000, 's', null),
    figure('  jobs started', result.jobs.started, '', null),
    figure('  utilization', 100 * result.utilization, '%', null),
    figure('  worst shortfall against entitlement', 100 * result.worstShortfall, '%', { below: 5 }),
    figure('  longest wait', Math.max(result.waitS.max, result.waitS.longestStillWaitingS) / 86_400, 'days', {
      below: 10,
    }),
    figure('  starts inside the stated interval', 100 * result.estimates.insideInterval, '%', { atLeast: 80 }),
    figure('  reservations broken', result.reservations.broken, '', { below: 1 }),
  ];
}
