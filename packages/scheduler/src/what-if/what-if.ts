import type { ModelValue, QueuedRequest, QueuePolicy, ShareNode } from '../queue/types';
import { Measures, type SimResult } from '../simulate/measures';
import { runDays } from '../simulate/run-days';
import type { Scenario, SimJob } from '../simulate/scenario';
import type { NodeState } from '../types';

/** What is to be different. */
export interface WhatIfChanges {
  nodesOut?: readonly string[];
  nodesAdded?: readonly NodeState[];
  policy?: Partial<QueuePolicy>;
  /** New prices, in place of those of the same models. */
  values?: readonly ModelValue[];
  /** Tree nodes in place of those with the same id. */
  shares?: readonly ShareNode[];
  /** All demand so many times: 1 as recorded. */
  demand?: number;
}

/** The figures that a decision is made by. */
export interface WhatIfFigures {
  waitS: SimResult['waitS'];
  utilization: number;
  goodput: number;
  fragmentation: number;
  /** In the unit of the prices, per hour of device. */
  revenue: number;
  started: number;
  stillWaiting: number;
  preemptions: number;
  brokenPromises: number;
  brokenReservations: number;
  worstShortfall: number;
}

export interface WhatIfAnswer {
  before: WhatIfFigures;
  after: WhatIfFigures;
  /** After less before, of the single figures. */
  change: Record<Exclude<keyof WhatIfFigures, 'waitS'>, number> & { waitP50S: number; waitP90S: number };
}

/**
 * What changes would have done: the same engine serves the same demand twice on copies of the fleet, once as it is and once
 * with the changes. Work on nodes that are taken out queues again, from its last checkpoint. Changes nothing.
 */
export function whatIf(scenario: Scenario, changes: WhatIfChanges): WhatIfAnswer {
  const before = figuresOf(scenario);
  const after = figuresOf(changedScenario(scenario, changes));
  const keys = Object.keys(before).filter((key) => key !== 'waitS') as Exclude<keyof WhatIfFigures, 'waitS'>[];
  const change = Object.fromEntries(keys.map((key) => [key, after[key] - before[key]]));
  return {
    before,
    after,
    change: {
      ...(change as Record<(typeof keys)[number], number>),
      waitP50S: after.waitS.p50 - before.waitS.p50,
      waitP90S: after.waitS.p90 - before.waitS.p90,
    },
  };
}

function figuresOf(scenario: Scenario): WhatIfFigures {
  const measures = new Measures(scenario);
  const result = measures.result(runDays(scenario, measures));
  return {
    waitS: result.waitS,
    utilization: result.utilization,
    goodput: result.goodput,
    fragmentation: result.fragmentation,
    revenue: result.revenue,
    started: result.jobs.started,
    stillWaiting: result.jobs.waiting + result.jobs.neverSubmitted,
    preemptions: result.preemptions,
    brokenPromises: result.promises.broken,
    brokenReservations: result.reservations.broken,
    worstShortfall: result.worstShortfall,
  };
}

/** The scenario with the changes made. Nodes are taken out by failing them for good at the beginning. */
export function changedScenario(scenario: Scenario, changes: WhatIfChanges): Scenario {
  const out = (changes.nodesOut ?? []).map((nodeId) => ({
    nodeId,
    atS: scenario.fromS,
    untilS: scenario.toS + 1,
  }));
  return {
    ...scenario,
    nodes: [...scenario.nodes, ...(changes.nodesAdded ?? [])],
    failures: [...out, ...scenario.failures.filter((one) => !changes.nodesOut?.includes(one.nodeId))],
    policy: { ...scenario.policy, ...changes.policy },
    values: replaced(scenario.values, changes.values ?? [], (one) => one.modelId),
    shares: replaced(scenario.shares, changes.shares ?? [], (one) => one.nodeId),
    jobs: changes.demand === undefined ? scenario.jobs : scaled(scenario.jobs, changes.demand),
  };
}

function replaced<T>(list: readonly T[], by: readonly T[], keyOf: (one: T) => string): T[] {
  const found = new Map(by.map((one) => [keyOf(one), one]));
  const kept = list.map((one) => found.get(keyOf(one)) ?? one);
  const known = new Set(list.map(keyOf));
  return [...kept, ...by.filter((one) => !known.has(keyOf(one)))];
}

/** Demand times a factor: every job so many times, evenly picked where the factor is not whole. */
function scaled(jobs: readonly SimJob[], factor: number): SimJob[] {
  return jobs.flatMap((job, at) => {
    const copies = Math.floor((at + 1) * factor) - Math.floor(at * factor);
    return Array.from({ length: copies }, (_, copy) => {
      const jobId = copy === 0 ? job.jobId : `${job.jobId}+${copy}`;
      return { ...job, jobId, ask: { ...job.ask, requestId: jobId } };
    });
  });
}

/** A request that waits now as demand of a simulation that begins now; it runs as long as it is expected to. */
export function jobOf(request: QueuedRequest, nowS: number, policy: QueuePolicy): SimJob {
  return {
    jobId: request.requestId,
    path: request.path,
    ask: request.ask,
    priority: request.priority,
    preemptible: request.preemptible,
    atS: nowS,
    durationS: request.expectedDurationS ?? policy.durations.defaultS,
    expectedDurationS: request.expectedDurationS,
    limitDurationS: request.limitDurationS,
    checkpointEveryS: null,
    reservationId: request.reservationId,
  };
}
