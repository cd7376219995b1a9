import { expect, test } from 'vitest';
import { defaultQueuePolicy } from '../src/queue/policy';
import { TraceError } from '../src/replay/trace';
import { Measures } from '../src/simulate/measures';
import { plotResult } from '../src/simulate/plot';
import { runDays } from '../src/simulate/run-days';
import type { SimJob } from '../src/simulate/scenario';
import { syntheticScenario, usualOptions } from '../src/simulate/synthetic';
import { readJobs } from '../src/simulate/trace-jobs';
import { jobOf, whatIf } from '../src/what-if/what-if';
import { queued } from './queue/support';

const DAY_S = 86_400;

test('days under contention: nobody starves, reservations hold, starts come when they were said to', () => {
  const scenario = syntheticScenario({ ...usualOptions, days: 5, accelerators: 480, organisations: 8, load: 1.4 });
  const measures = new Measures(scenario);
  const state = runDays(scenario, measures);
  const result = measures.result(state);
  expect(result.utilization).toBeGreaterThan(0.85);
  expect(result.waitS.max).toBeLessThan(4 * DAY_S);
  expect(result.waitS.longestStillWaitingS).toBeLessThan(4 * DAY_S);
  expect(result.reservations).toEqual({ kept: 1, broken: 0 });
  expect(result.estimates.judged).toBeGreaterThan(300);
  expect(result.estimates.insideInterval).toBeGreaterThanOrEqual(0.8);
  expect(result.mostPreemptionsOfOneJob).toBeLessThanOrEqual(scenario.policy.preemption.mostPerJob);
  // Nothing is lost: what was submitted has ended, runs or waits, and the fleet holds exactly what runs.
  expect(result.jobs.started - result.jobs.finished).toBeLessThanOrEqual(state.running.size + state.pending.size);
  const held = [...state.running.values()].reduce(
    (sum, live) => sum + live.job.ask.nodeCount * live.job.ask.gpusPerNode,
    0,
  );
  const free = scenario.nodes.reduce((sum, _node, entry) => sum + state.fleet.freeCount(entry), 0);
  expect(held + free).toBe(480);
  const svg = plotResult(result, 'a & b');
  expect(svg).toContain('a &amp; b');
  expect(svg.match(/<polyline/g)).toHaveLength(4);
}, 120_000);

test('under contention nobody gets less than his entitlement by 5 %, where requests are small against shares', () => {
  const made = syntheticScenario({ ...usualOptions, days: 15, accelerators: 240, organisations: 6, load: 12 });
  const isSmall = ({ ask, preemptible }: SimJob) => ask.nodeCount * ask.gpusPerNode <= 4 && !preemptible;
  const scenario = { ...made, jobs: made.jobs.filter(isSmall), failures: [], reservations: [] };
  const measures = new Measures(scenario);
  const result = measures.result(runDays(scenario, measures));
  const contended = result.fairness.filter((one) => one.offered > one.entitled * 1.2);
  expect(contended.length).toBeGreaterThan(1);
  expect(result.worstShortfall).toBeLessThan(0.05);
}, 120_000);

test('what-if: without nodes people wait longer and less is earned; what runs and waits now goes on', () => {
  const scenario = syntheticScenario({ ...usualOptions, days: 1, accelerators: 160, organisations: 4, load: 1.2 });
  const nodesOut = scenario.nodes.slice(0, 6).map((node) => node.nodeId);
  const answer = whatIf(scenario, { nodesOut, values: [{ modelId: 'nvidia-h100-80g', value: 20 }] });
  expect(answer.change.revenue).toBeLessThan(0);
  expect(answer.change.waitP90S).toBeGreaterThan(0);
  expect(answer.before.brokenReservations + answer.after.brokenReservations).toBe(0);
  const dearer = whatIf(scenario, { values: scenario.values.map((one) => ({ ...one, value: one.value * 2 })) });
  expect(dearer.after.revenue).toBeCloseTo(2 * dearer.before.revenue, 3);
  const doubled = whatIf(scenario, { demand: 2 });
  expect(doubled.after.started + doubled.after.stillWaiting).toBeGreaterThan(
    1.5 * (doubled.before.started + doubled.before.stillWaiting),
  );
}, 60_000);

test('a simulation may begin with what runs and waits now', () => {
  const empty = syntheticScenario({ ...usualOptions, days: 1, accelerators: 40, organisations: 1 });
  const node = empty.nodes[0]!;
  const ask = queued({}, { regionId: 'r-1', modelId: 'nvidia-h100-80g', gpusPerNode: 8 }).ask;
  const all = empty.nodes.filter((one) => one.devices[0]!.modelId === ask.modelId);
  const running = all.map((one, i) => ({
    workId: `w${i}`,
    ask,
    path: ['org-000'],
    priority: 1,
    preemptible: false,
    nodes: [{ nodeId: one.nodeId, deviceIds: one.devices.map((device) => device.deviceId) }],
    startedAtS: -100,
    expectedEndS: 5_000 + i * 1_000,
    limitEndS: null,
    checkpointAtS: null,
    preemptedAtS: [],
    movable: false,
    reservationId: null,
    leavingAtS: null,
  }));
  const held = empty.nodes.map((one) =>
    all.includes(one) ? { ...one, devices: one.devices.map((device) => ({ ...device, free: false })) } : one,
  );
  const waiting = queued({ requestId: 'q', path: ['org-000'] }, { ...ask });
  const scenario = { ...empty, nodes: held, running, jobs: [jobOf(waiting, 0, defaultQueuePolicy)] };
  const starts: [string, number][] = [];
  runDays(scenario, {
    started: (live, _decision, nowS) => starts.push([live.job.jobId, nowS]),
    ended: () => {},
  });
  expect(node.nodeId).toBe('n00000');
  // At the first round after the first of the running work has ended.
  expect(starts).toEqual([['q', 5_100]]);
});

test('demand from a file is read in the order of time; what is wrong in it is named with its line', () => {
  const heading = 'job,org,project,user,region,model,nodes,gpus,at_s,duration_s,preemptible,limit_s';
  const jobs = readJobs('f', `${heading}\nb,o,p,u,r,m,2,8,50,100,1,\na,o,p,u,r,m,1,1,10,20,0,30\n`);
  expect(jobs.map((one) => [one.jobId, one.preemptible, one.limitDurationS])).toEqual([
    ['a', false, 30],
    ['b', true, null],
  ]);
  expect(() => readJobs('f', 'job,org\n')).toThrow(TraceError);
  expect(() => readJobs('f', `${heading}\na,o,p,u,r,m,0,1,10,20,0,30`)).toThrow('f, line 2: nodes is "0"');
});
