import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultQueuePolicy } from '../../src/queue/policy';
import type { QueuePolicy } from '../../src/queue/types';
import { runDays } from '../../src/simulate/run-days';
import type { Scenario, SimJob } from '../../src/simulate/scenario';
import type { SimState } from '../../src/simulate/sim-state';
import { partly, request } from '../support/fleets';

const job = fc.record({
  org: fc.nat(2),
  nodeCount: fc.constantFrom(1, 1, 1, 2, 3),
  gpusPerNode: fc.integer({ min: 1, max: 4 }),
  topology: fc.constantFrom('any' as const, 'same_spine' as const, 'same_leaf' as const),
  atS: fc.nat(200),
  durationS: fc.integer({ min: 1, max: 120 }),
  spot: fc.boolean(),
});
type Drawn = typeof job extends fc.Arbitrary<infer T> ? T : never;

const fleetShape = fc.array(fc.record({ leaf: fc.nat(1), spine: fc.nat(1) }), { minLength: 1, maxLength: 4 });

function scenarioOf(
  shapes: { leaf: number; spine: number }[],
  drawn: Drawn[],
  policy: Partial<QueuePolicy>,
  over: (job: SimJob, drawn: Drawn) => Partial<SimJob> = () => ({}),
): Scenario {
  const jobs = drawn.map((one, i): SimJob => {
    const { org, atS, durationS, spot: _, ...ask } = one;
    const jobId = `j${String(i).padStart(2, '0')}`;
    const made: SimJob = {
      jobId,
      path: [`org-${org}`, `project-${org}`],
      ask: request({ requestId: jobId, ...ask }),
      priority: 1,
      preemptible: false,
      atS,
      durationS,
      expectedDurationS: durationS,
      limitDurationS: durationS,
      checkpointEveryS: null,
      reservationId: null,
    };
    return { ...made, ...over(made, one) };
  });
  return {
    nodes: shapes.map((shape, i) => partly(i, 4, 4, shape)),
    shares: [],
    values: [],
    jobs: jobs.sort((a, b) => a.atS - b.atS),
    mostPending: {},
    reservations: [],
    maintenance: [],
    failures: [],
    policy: { ...defaultQueuePolicy, ...policy },
    seed: 7,
    fromS: 0,
    toS: 10_000,
    roundEveryS: 1,
    estimateEveryS: 1_000_000,
    sampleEveryS: 1_000_000,
  };
}

/** Plays a scenario and checks what must hold after every round. Returns starts by job. */
function play(scenario: Scenario, check: (state: SimState) => void = () => {}) {
  const started = new Map<string, number>();
  const promised = new Map<string, number>();
  const state = runDays(scenario, {
    started: (live, _decision, nowS) => {
      if (!started.has(live.job.jobId)) started.set(live.job.jobId, nowS);
    },
    ended: () => {},
    round: (now, _input, output) => {
      for (const plan of output.plans) {
        if (plan.kind !== 'claim' && !promised.has(plan.requestId)) promised.set(plan.requestId, plan.startS);
      }
      check(now);
    },
  });
  return { state, started, promised };
}

const fits = (scenario: Scenario, one: SimJob) => {
  const nodes = scenario.nodes.filter((node) => node.devices.length >= one.ask.gpusPerNode);
  const spine = (node: (typeof nodes)[number]) => `${node.zoneId}/${node.spine}`;
  const domain = (node: (typeof nodes)[number]) =>
    one.ask.topology === 'any'
      ? node.zoneId
      : one.ask.topology === 'same_spine'
        ? spine(node)
        : `${spine(node)}/${node.leaf}`;
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(domain(node), (counts.get(domain(node)) ?? 0) + 1);
  return [...counts.values()].some((count) => count >= one.ask.nodeCount);
};

for (const mode of ['easy', 'conservative'] as const) {
  test(`no job delays a start promised to another, and every promise is kept to the second (${mode} backfill)`, () => {
    let promises = 0;
    fc.assert(
      fc.property(fleetShape, fc.array(job, { minLength: 4, maxLength: 18 }), (shapes, drawn) => {
        const scenario = scenarioOf(shapes, drawn, { backfill: { ...defaultQueuePolicy.backfill, mode } });
        const { started, promised } = play(scenario);
        for (const [jobId, startS] of promised) {
          promises += 1;
          expect(started.get(jobId)).toBeLessThanOrEqual(startS);
        }
        // Whatever fits on the empty fleet has started in the end, and nothing else has.
        for (const one of scenario.jobs) expect(started.has(one.jobId)).toBe(fits(scenario, one));
      }),
      { numRuns: 1_000 },
    );
    expect(promises).toBeGreaterThan(1_000);
  });
}

test('promises are kept although work ends early, and ended work comes back', () => {
  fc.assert(
    fc.property(fleetShape, fc.array(job, { minLength: 4, maxLength: 20 }), fc.nat(3), (shapes, drawn, earlier) => {
      const scenario = scenarioOf(shapes, drawn, {}, (_made, one) => ({
        priority: one.spot ? 0 : 1,
        preemptible: one.spot,
        expectedDurationS: one.durationS * (1 + earlier),
        limitDurationS: one.durationS * (1 + earlier),
      }));
      const bands = new Map(scenario.jobs.map((one) => [one.jobId, one.priority]));
      const { started, promised, state } = play(scenario);
      for (const [jobId, startS] of promised) {
        if (bands.get(jobId) === 1) expect(started.get(jobId)).toBeLessThanOrEqual(startS);
      }
      expect(state.running.size).toBe(0);
      expect([...state.pending.values()].every((live) => !fits(scenario, live.job))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('no reservation is ever broken: at its time its devices hold nobody else, and it starts to the second', () => {
  let kept = 0;
  fc.assert(
    fc.property(
      fleetShape,
      fc.array(job, { minLength: 2, maxLength: 20 }),
      fc.record({
        fromS: fc.integer({ min: 1, max: 400 }),
        lengthS: fc.integer({ min: 10, max: 200 }),
        gpus: fc.integer({ min: 1, max: 4 }),
      }),
      fc.boolean(),
      (shapes, drawn, wanted, limited) => {
        const ask = request({ requestId: 'res', gpusPerNode: wanted.gpus });
        const scenario: Scenario = {
          ...scenarioOf(
            shapes,
            drawn,
            { preemption: { ...defaultQueuePolicy.preemption, graceS: 5, protectedS: 0 } },
            (_made, one) => ({
              preemptible: one.spot,
              priority: one.spot ? 0 : 1,
              // Half of the runs have work of open end, which may never come near a reservation.
              limitDurationS: limited ? one.durationS : null,
            }),
          ),
          reservations: [
            {
              reservationId: 'res',
              path: ['org-r'],
              ask,
              fromS: wanted.fromS,
              toS: wanted.fromS + wanted.lengthS,
              nodes: null,
            },
          ],
        };
        const owner: SimJob = {
          ...scenario.jobs[0]!,
          jobId: 'owner',
          path: ['org-r'],
          ask: { ...ask, requestId: 'owner' },
          atS: wanted.fromS,
          durationS: wanted.lengthS,
          limitDurationS: wanted.lengthS,
          preemptible: false,
          reservationId: 'res',
        };
        const jobs = [...scenario.jobs, owner].sort((a, b) => a.atS - b.atS);
        const { started } = play({ ...scenario, jobs }, (state) => {
          const mine = state.running.get('owner')?.work;
          if (!mine) return;
          const devices = new Set(mine.nodes.flatMap((node) => [...node.deviceIds]));
          for (const other of state.running.values()) {
            if (other.job.jobId === 'owner') continue;
            expect(other.work!.nodes.some((node) => node.deviceIds.some((id) => devices.has(id)))).toBe(false);
          }
        });
        // Bound when it was first seen, on an empty fleet, so it must start at its very second.
        expect(started.get('owner')).toBe(wanted.fromS);
        kept += 1;
      },
    ),
    {
      numRuns: 1_000,
      examples: [
        // A victim that was spared shortly before a reservation stayed on its devices.
        [
          [
            { leaf: 0, spine: 0 },
            { leaf: 0, spine: 0 },
          ],
          [
            { org: 0, nodeCount: 1, gpusPerNode: 4, topology: 'any', atS: 1, durationS: 2, spot: false },
            { org: 0, nodeCount: 1, gpusPerNode: 3, topology: 'any', atS: 1, durationS: 9, spot: true },
            { org: 0, nodeCount: 1, gpusPerNode: 1, topology: 'any', atS: 0, durationS: 2, spot: false },
            { org: 0, nodeCount: 1, gpusPerNode: 1, topology: 'any', atS: 2, durationS: 8, spot: false },
            { org: 0, nodeCount: 1, gpusPerNode: 1, topology: 'any', atS: 0, durationS: 1, spot: false },
            { org: 0, nodeCount: 1, gpusPerNode: 1, topology: 'any', atS: 0, durationS: 1, spot: false },
          ],
          { fromS: 9, lengthS: 10, gpus: 2 },
          true,
        ],
      ],
    },
  );
  expect(kept).toBeGreaterThanOrEqual(1_000);
});

test('the same scenario plays the same way twice, and in any order of its lists', () => {
  fc.assert(
    fc.property(fleetShape, fc.array(job, { minLength: 4, maxLength: 16 }), (shapes, drawn) => {
      const scenario = scenarioOf(shapes, drawn, {});
      const first = play(scenario);
      const again = play({ ...scenario, nodes: [...scenario.nodes].reverse() });
      expect([...again.started].sort()).toEqual([...first.started].sort());
    }),
    { numRuns: 200 },
  );
});
