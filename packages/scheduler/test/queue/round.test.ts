import { expect, test } from 'vitest';
import { FleetState } from '../../src/fleet-state';
import { defaultQueuePolicy } from '../../src/queue/policy';
import { queueRound } from '../../src/queue/round';
import { node } from '../support/fleets';
import { holding, NOW_S, queued, roundInput, working } from './support';

const nodes = [node(0), node(1)];
const whole = [0, 1, 2, 3, 4, 5, 6, 7];

test('what fits starts, takes its devices, and says why', () => {
  const state = new FleetState(nodes);
  const out = queueRound(state, roundInput({ pending: [queued({}, { nodeCount: 2, gpusPerNode: 8 })] }));
  expect(out.decisions).toHaveLength(1);
  expect(out.decisions[0]).toMatchObject({ requestId: 'q', turn: 'fair_share', expectedEndS: NOW_S + 3_600 });
  expect(out.decisions[0]!.explanation.zh).toContain('公平份额');
  expect(state.open(0) + state.open(1)).toBe(0);
});

test('the head of the queue has a planned start; what would delay it waits, what ends before it runs', () => {
  const running = [working('w', [{ node: nodes[0]!, bits: whole }])];
  const state = new FleetState(holding(nodes, running));
  const out = queueRound(
    state,
    roundInput({
      running,
      pending: [
        queued({ requestId: 'big', submittedAtS: NOW_S - 300 }, { nodeCount: 2, gpusPerNode: 8 }),
        queued({ requestId: 'long', expectedDurationS: 7_200, submittedAtS: NOW_S - 200 }, { gpusPerNode: 4 }),
        queued({ requestId: 'short', expectedDurationS: 1_800, submittedAtS: NOW_S - 100 }, { gpusPerNode: 4 }),
      ],
    }),
  );
  expect(out.plans).toMatchObject([{ requestId: 'big', kind: 'head', startS: NOW_S + 3_600 }]);
  expect(out.decisions).toMatchObject([{ requestId: 'short', turn: 'backfill' }]);
  const [big, long] = out.waiting;
  expect(big).toMatchObject({ requestId: 'big', place: 1, binding: 'capacity' });
  expect(big!.estimate).toMatchObject({ likelyS: NOW_S + 3_600, basis: 'planned' });
  expect(long).toMatchObject({ requestId: 'long', place: 2, binding: 'promised_to_others' });
  expect(long!.wouldStart).toContainEqual({ change: 'limit', limitDurationS: 3_600 });
  expect(long!.reason!.en).toContain('promised to requests ahead');
  expect(long!.reason!.zh).toContain('已承诺给排在前面的请求');
});

test('a promise of the last round is kept, whoever comes later in the same band', () => {
  const running = [working('w', [{ node: nodes[0]!, bits: whole }])];
  const first = queueRound(
    new FleetState(holding(nodes, running)),
    roundInput({ running, pending: [queued({ requestId: 'big' }, { nodeCount: 2, gpusPerNode: 8 })] }),
  );
  const later = queueRound(
    new FleetState(holding(nodes, running)),
    roundInput({
      nowS: NOW_S + 60,
      running,
      plans: first.plans,
      pending: [
        queued({ requestId: 'big' }, { nodeCount: 2, gpusPerNode: 8 }),
        queued({ requestId: 'poor', path: ['org-c'], submittedAtS: NOW_S - 9_000, expectedDurationS: 7_200 }),
      ],
    }),
  );
  expect(later.decisions).toEqual([]);
  expect(later.plans).toMatchObject([{ requestId: 'big', startS: NOW_S + 3_600, promisedAtS: NOW_S }]);
});

test('a higher band displaces a promise, which is made anew', () => {
  const running = [working('w', [{ node: nodes[0]!, bits: whole }])];
  const big = queued({ requestId: 'big' }, { nodeCount: 2, gpusPerNode: 8 });
  const first = queueRound(new FleetState(holding(nodes, running)), roundInput({ running, pending: [big] }));
  const later = queueRound(
    new FleetState(holding(nodes, running)),
    roundInput({
      running,
      plans: first.plans,
      pending: [big, queued({ requestId: 'urgent', priority: 5, expectedDurationS: 7_200 }, { gpusPerNode: 8 })],
    }),
  );
  expect(later.decisions).toMatchObject([{ requestId: 'urgent' }]);
  expect(later.plans).toMatchObject([{ requestId: 'big', startS: NOW_S + 7_200, promisedAtS: NOW_S }]);
});

test('a request of higher priority of the same owner has the least loss ended, claims what is freed, and starts on it', () => {
  const path = ['org-a', 'p', 'u'];
  const running = [
    working('old', [{ node: nodes[0]!, bits: whole }], { path, preemptible: true, priority: 0 }),
    working('saved', [{ node: nodes[1]!, bits: whole }], {
      path,
      preemptible: true,
      priority: 0,
      checkpointAtS: NOW_S - 9,
    }),
  ];
  const urgent = queued({ requestId: 'urgent', path, priority: 5 }, { gpusPerNode: 8 });
  const state = new FleetState(holding(nodes, running));
  const out = queueRound(state, roundInput({ running, pending: [urgent] }));
  expect(out.preemptions).toMatchObject([
    {
      for: { requestId: 'urgent' },
      kind: 'priority',
      victims: [{ workId: 'saved', lostDeviceS: 72, leaveAtS: NOW_S + 120 }],
    },
  ]);
  expect(out.plans).toMatchObject([{ requestId: 'urgent', kind: 'claim', victims: ['saved'] }]);
  const left = [running[0]!];
  const next = queueRound(
    new FleetState(holding(nodes, left)),
    roundInput({
      nowS: NOW_S + 120,
      running: left,
      plans: out.plans,
      pending: [urgent, queued({ requestId: 'thief', path: ['org-z'], priority: 9 }, { gpusPerNode: 8 })],
    }),
  );
  expect(next.decisions).toMatchObject([{ requestId: 'urgent', turn: 'claim' }]);
});

test('a victim that proves needless may stay', () => {
  const running = [
    working('victim', [{ node: nodes[0]!, bits: whole }], { preemptible: true, priority: 0 }),
    working('other', [{ node: nodes[1]!, bits: whole }]),
  ];
  const urgent = queued({ requestId: 'urgent', priority: 5 }, { gpusPerNode: 8 });
  const out = queueRound(new FleetState(holding(nodes, running)), roundInput({ running, pending: [urgent] }));
  expect(out.preemptions).toHaveLength(1);
  const left = [{ ...running[0]!, leavingAtS: NOW_S + 120 }];
  const next = queueRound(
    new FleetState(holding(nodes, left)),
    roundInput({ nowS: NOW_S + 30, running: left, plans: out.plans, pending: [urgent] }),
  );
  expect(next.decisions).toMatchObject([{ requestId: 'urgent', nodes: [{ nodeId: nodes[1]!.nodeId }] }]);
  expect(next.spared).toEqual(['victim']);
});

test('a reservation keeps open-ended work away, lets in what ends in time, and sends preemptible work away in time', () => {
  const reservation = {
    reservationId: 'res',
    path: ['org-r'],
    ask: queued({}, { gpusPerNode: 8 }).ask,
    fromS: NOW_S + 7_200,
    toS: NOW_S + 14_400,
    nodes: [{ nodeId: nodes[0]!.nodeId, deviceIds: nodes[0]!.devices.map((one) => one.deviceId) }],
  };
  const only = [nodes[0]!];
  const round = (over: Parameters<typeof queued>[0]) =>
    queueRound(
      new FleetState(only),
      roundInput({ reservations: [reservation], pending: [queued(over, { gpusPerNode: 8 })] }),
    );
  expect(round({ expectedDurationS: 60 }).waiting).toMatchObject([{ binding: 'reserved_for_others' }]);
  expect(round({ limitDurationS: 7_200 }).decisions).toHaveLength(1);
  expect(round({ preemptible: true }).decisions).toHaveLength(1);
  const running = [working('spot', [{ node: nodes[0]!, bits: whole }], { preemptible: true })];
  const due = queueRound(
    new FleetState(holding(only, running)),
    roundInput({ nowS: NOW_S + 7_100, running, reservations: [reservation] }),
  );
  expect(due.preemptions).toMatchObject([
    { for: { reservationId: 'res' }, kind: 'reservation', victims: [{ workId: 'spot', leaveAtS: NOW_S + 7_200 }] },
  ]);
  const owner = queueRound(
    new FleetState(only),
    roundInput({
      nowS: NOW_S + 7_200,
      reservations: [reservation],
      pending: [queued({ reservationId: 'res' }, { gpusPerNode: 8 }), queued({ requestId: 'x' })],
    }),
  );
  expect(owner.decisions).toMatchObject([{ requestId: 'q', turn: 'reservation' }]);
});

test('a reservation is bound to devices that are certain to be free, and to others when one fails', () => {
  const running = [working('open', [{ node: nodes[0]!, bits: whole }])];
  const reservation = {
    reservationId: 'res',
    path: ['org-r'],
    ask: queued({}, { gpusPerNode: 8 }).ask,
    fromS: NOW_S + 90_000,
    toS: NOW_S + 93_600,
    nodes: null,
  };
  const state = new FleetState(holding(nodes, running));
  const out = queueRound(state, roundInput({ running, reservations: [reservation] }));
  expect(out.bindings).toMatchObject([{ reservationId: 'res', nodes: [{ nodeId: nodes[1]!.nodeId }] }]);
  state.setHealth(nodes[1]!.devices[3]!.deviceId, 'failed');
  const bound = { ...reservation, nodes: out.bindings[0]!.nodes };
  const again = queueRound(state, roundInput({ running, reservations: [bound] }));
  expect(again.bindings).toEqual([{ reservationId: 'res', nodes: null }]);
  const limited = [{ ...running[0]!, limitEndS: NOW_S + 80_000 }];
  const third = queueRound(state, roundInput({ running: limited, reservations: [bound] }));
  expect(third.bindings).toMatchObject([{ nodes: [{ nodeId: nodes[0]!.nodeId }] }]);
});

test('a full quota is named, and preemptible work may borrow what is guaranteed to others', () => {
  const share = { weight: 1, overQuotaWeight: 1, usage: { valueS: 0, atS: NOW_S } };
  const amount = (devices: number) => [{ regionId: 'r', modelId: 'm', devices }];
  const shares = [
    { ...share, nodeId: 'org-a', parentId: null, guaranteed: amount(4), borrowingLimits: amount(4) },
    { ...share, nodeId: 'org-g', parentId: null, guaranteed: amount(12), borrowingLimits: [] },
  ];
  const round = (over: Parameters<typeof queued>[0], gpusPerNode: number) =>
    queueRound(new FleetState(nodes), roundInput({ shares, pending: [queued(over, { gpusPerNode, nodeCount: 2 })] }));
  expect(round({}, 6).waiting).toMatchObject([{ binding: 'quota', quotaNodeId: 'org-a' }]);
  const guarded = round({}, 3).waiting[0]!;
  expect(guarded).toMatchObject({ binding: 'quota', quotaNodeId: null });
  expect(guarded.wouldStart).toContainEqual({ change: 'preemptible' });
  expect(round({ preemptible: true }, 3).decisions).toHaveLength(1);
});

test('a request that has waited too long is promised a start before all bands', () => {
  const running = [working('w', [{ node: nodes[0]!, bits: whole }])];
  const old = queued(
    { requestId: 'old', priority: 0, submittedAtS: NOW_S - defaultQueuePolicy.agedAfterS! },
    { nodeCount: 2, gpusPerNode: 8 },
  );
  const rush = Array.from({ length: 4 }, (_, i) =>
    queued({ requestId: `rush-${i}`, priority: 9, expectedDurationS: 7_200 }, { gpusPerNode: 8 }),
  );
  const out = queueRound(new FleetState(holding(nodes, running)), roundInput({ running, pending: [...rush, old] }));
  expect(out.decisions).toEqual([]);
  expect(out.plans[0]).toMatchObject({ requestId: 'old', kind: 'aged', startS: NOW_S + 3_600 });
});

test('a deadline that has passed is reported, a time not yet come is waited for', () => {
  const out = queueRound(
    new FleetState(nodes),
    roundInput({
      pending: [
        queued({ requestId: 'late', deadlineS: NOW_S - 1 }),
        queued({ requestId: 'early', notBeforeS: NOW_S + 600 }),
      ],
    }),
  );
  expect(out.missed).toEqual(['late']);
  expect(out.waiting).toMatchObject([
    { requestId: 'early', binding: 'not_before', estimate: { likelyS: NOW_S + 600 } },
    { requestId: 'late', binding: 'deadline_missed' },
  ]);
});
