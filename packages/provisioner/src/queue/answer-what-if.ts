import { singleSql, withSql } from '@suanxiang/db/tenant';
import type { QueuePolicy, RunningWork } from '@suanxiang/scheduler/queue/types';
import type { Scenario, SimJob } from '@suanxiang/scheduler/simulate/scenario';
import { jobOf, type WhatIfFigures, whatIf } from '@suanxiang/scheduler/what-if/what-if';
import type { Provisioner } from '../context';
import { fleetSnapshot } from '../fleet-snapshot';
import { readWaiting } from '../placement-read';
import { queuedOf } from './look';
import { readMemory, readPolicy, readShares, readValues, sharePath } from './read-rules';
import { readRunning } from './read-running';

interface Question {
  region_id: string;
  request: { nodesOut: string[]; policy: Partial<QueuePolicy> | null; demand: number; horizonHours: number };
}

const HOUR_S = 3_600;
const ROUND_S = 60;
/** What runs now is placed before what waits: the copy begins as the fleet is. */
const FIRST = 100_000;

/**
 * Answers an operator's what-if: the region as it is now, played on for some hours with and without the changes by the same
 * engine. Reads only; may be repeated, the first answer counts. Returns false when there is nothing to answer.
 */
export async function answerWhatIf(ctx: Provisioner, id: string): Promise<boolean> {
  const [question] = await singleSql(ctx.db)<Question>`
    SELECT region_id, request FROM what_if WHERE id = ${id} AND state = 'pending'`;
  if (!question) return false;
  const { nodesOut, policy, demand } = question.request;
  try {
    const scenario = await presentScenario(ctx, question);
    const { before, after } = whatIf(scenario, { nodesOut, demand, ...(policy ? { policy } : {}) });
    await settle(ctx, id, 'done', { before: figuresOf(before), after: figuresOf(after) });
  } catch (error) {
    ctx.logger.error({ err: error, id }, 'a what-if could not be answered');
    await settle(ctx, id, 'failed', null);
  }
  return true;
}

async function settle(ctx: Provisioner, id: string, state: 'done' | 'failed', result: object | null): Promise<void> {
  await singleSql(ctx.db)`
    UPDATE what_if SET state = ${state}, result = ${result}::jsonb, finished_at = clock_timestamp()
    WHERE id = ${id} AND state = 'pending'`;
}

/** The region now: its nodes empty, what runs and what waits as demand. */
function presentScenario(ctx: Provisioner, question: Question): Promise<Scenario> {
  const { region_id: regionId, request } = question;
  return withSql(ctx.db, async (sql) => {
    await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`;
    const [clock] = await sql<{ now_s: number }>`SELECT floor(extract(epoch FROM clock_timestamp()))::float8 AS now_s`;
    const nowS = clock!.now_s;
    const zones = await sql<{ id: string }>`SELECT id FROM zone WHERE region_id = ${regionId}`;
    const lease = {
      regionId,
      zones: zones.map((zone) => ({ zoneId: zone.id, epoch: '0' })),
      elsewhere: [],
      isZoneRound: false,
    };
    const policy = await readPolicy(sql);
    const running = await readRunning(sql, regionId, nowS);
    const waiting = await readWaiting(sql, lease);
    const nodes = (await fleetSnapshot(sql, null)).filter((node) => node.regionId === regionId);
    const memory = await readMemory(sql, regionId);
    return {
      nodes: nodes.map((node) => ({ ...node, devices: node.devices.map((device) => ({ ...device, free: true })) })),
      shares: await readShares(sql, regionId, [...running.map((work) => work.path), ...waiting.map(sharePath)]),
      values: await readValues(sql, regionId),
      jobs: [
        ...running.map((work) => jobOfRunning(work, nowS, policy)),
        ...waiting.map((one) => jobOf(queuedOf(one, null), nowS, policy)),
      ],
      mostPending: {},
      reservations: [],
      maintenance: [],
      failures: [],
      policy,
      seed: memory.round,
      fromS: nowS,
      toS: nowS + request.horizonHours * HOUR_S,
      roundEveryS: ROUND_S,
      estimateEveryS: request.horizonHours * HOUR_S,
      sampleEveryS: 10 * ROUND_S,
    };
  });
}

function jobOfRunning(work: RunningWork, nowS: number, policy: QueuePolicy): SimJob {
  const { workId: jobId, path, ask, preemptible, expectedEndS, leavingAtS } = work;
  const endS = leavingAtS ?? expectedEndS ?? nowS + policy.durations.defaultS;
  return {
    ...{ jobId, path, ask, preemptible, priority: FIRST + work.priority, atS: nowS },
    durationS: Math.max(ROUND_S, endS - nowS),
    expectedDurationS: expectedEndS === null ? null : Math.max(ROUND_S, expectedEndS - nowS),
    limitDurationS: null,
    checkpointEveryS: null,
    reservationId: null,
  };
}

function figuresOf(found: WhatIfFigures) {
  return {
    wait_p50_s: found.waitS.p50,
    wait_p90_s: found.waitS.p90,
    wait_max_s: Math.max(found.waitS.max, found.waitS.longestStillWaitingS),
    utilization: found.utilization,
    fragmentation: found.fragmentation,
    revenue_micro: Math.round(found.revenue),
    started: found.started,
    still_waiting: found.stillWaiting,
    preemptions: found.preemptions,
    broken_promises: found.brokenPromises,
    worst_shortfall: found.worstShortfall,
  };
}
