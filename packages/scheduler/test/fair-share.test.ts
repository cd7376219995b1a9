import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageLedger } from '../src/fair-share/ledger';
import { ShareTree } from '../src/fair-share/tree';
import { decayedUsage, rememberedShare } from '../src/fair-share/usage';
import { FleetState } from '../src/fleet-state';
import { portOf } from '../src/queue/fleet-port';
import { defaultQueuePolicy } from '../src/queue/policy';
import { queueRound } from '../src/queue/round';
import type { ShareNode } from '../src/queue/types';
import { type Claim, entitlements } from '../src/simulate/entitlement';
import { NOW_S, queued, roundInput } from './queue/support';
import { node } from './support/fleets';

const DAY_S = 86_400;
const share = (nodeId: string, over: Partial<ShareNode> = {}): ShareNode => ({
  nodeId,
  parentId: null,
  weight: 1,
  overQuotaWeight: 1,
  guaranteed: [],
  borrowingLimits: [],
  usage: { valueS: 0, atS: NOW_S },
  ...over,
});

test('remembered use: held for ever it is what is held, half of it is forgotten in a half-life, steps add up', () => {
  const long = decayedUsage({ valueS: 0, atS: 0 }, 0.3, 100 * DAY_S, DAY_S);
  expect(rememberedShare(long, 100 * DAY_S, DAY_S)).toBeCloseTo(0.3, 6);
  expect(rememberedShare(long, 101 * DAY_S, DAY_S)).toBeCloseTo(0.15, 6);
  const ledger = new UsageLedger(DAY_S);
  ledger.change(['o', 'p'], 0.2, 0);
  ledger.change(['o', 'q'], 0.1, 1_000);
  ledger.change(['o', 'p'], -0.2, 5_000);
  const steps = decayedUsage(
    decayedUsage(decayedUsage({ valueS: 0, atS: 0 }, 0.2, 1_000, DAY_S), 0.3, 5_000, DAY_S),
    0.1,
    9_000,
    DAY_S,
  );
  expect(ledger.usageOf('o', 9_000).valueS).toBeCloseTo(steps.valueS, 6);
  expect(ledger.shareOf('o')).toBeCloseTo(0.1, 9);
});

test('entitlements: nobody more than he wants, all of it given out, the unsatisfied level with each other per weight', () => {
  const claim = fc.record({
    demand: fc.integer({ min: 0, max: 100 }),
    weight: fc.integer({ min: 1, max: 5 }),
    guaranteed: fc.integer({ min: 0, max: 10 }),
  });
  fc.assert(
    fc.property(
      fc.array(claim, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 80, max: 400 }),
      (claims: Claim[], capacity) => {
        const given = entitlements(claims, capacity);
        const total = given.reduce((a, b) => a + b, 0);
        expect(total).toBeCloseTo(
          Math.min(
            capacity,
            claims.reduce((sum, one) => sum + one.demand, 0),
          ),
          6,
        );
        const level = claims.map((one, i) => (given[i]! - Math.min(one.guaranteed, one.demand)) / one.weight);
        claims.forEach((one, i) => {
          expect(given[i]!).toBeLessThanOrEqual(one.demand + 1e-9);
          expect(given[i]!).toBeGreaterThanOrEqual(Math.min(one.demand, one.guaranteed) - 1e-9);
          if (given[i]! < one.demand - 1e-6)
            for (const other of level) expect(other).toBeLessThanOrEqual(level[i]! + 1e-6);
        });
      },
    ),
    { numRuns: 1_000 },
  );
});

test('cards of all vendors count at their price: a dear one weighs as much as two cheap ones', () => {
  const mixed = [0, 1, 2].map((i) => {
    const made = node(i);
    return i === 0 ? { ...made, devices: made.devices.map((one) => ({ ...one, modelId: 'dear' })) } : made;
  });
  const values = [
    { modelId: 'dear', value: 20 },
    { modelId: 'm', value: 10 },
  ];
  const tree = new ShareTree(portOf(new FleetState(mixed)), [], values, defaultQueuePolicy, NOW_S);
  expect(tree.shareOf(queued({}, { modelId: 'dear', gpusPerNode: 4 }).ask)).toBeCloseTo(0.25, 9);
  expect(tree.shareOf(queued({}, { gpusPerNode: 8 }).ask)).toBeCloseTo(0.25, 9);
});

test('capacity goes to organisations by weight, within them to projects by weight, whoever asks for how much', () => {
  const fleet = Array.from({ length: 15 }, (_, i) => node(i));
  const shares = [
    share('a', { overQuotaWeight: 2, weight: 2 }),
    share('b'),
    share('a-1', { parentId: 'a', weight: 3, overQuotaWeight: 3 }),
    share('a-2', { parentId: 'a' }),
  ];
  const flood = (path: string[], count: number) =>
    Array.from({ length: count }, (_, i) => queued({ requestId: `${path.join('.')}-${i}`, path }, { gpusPerNode: 1 }));
  const out = queueRound(
    new FleetState(fleet),
    roundInput({
      shares,
      answer: 'decide',
      pending: [...flood(['b'], 500), ...flood(['a', 'a-2'], 100), ...flood(['a', 'a-1'], 90)],
    }),
  );
  const count = (start: string) => out.decisions.filter((one) => one.requestId.startsWith(start)).length;
  expect(out.decisions).toHaveLength(120);
  expect([count('a.'), count('b-'), count('a.a-1'), count('a.a-2')]).toEqual([80, 40, 60, 20]);
});

test('who used little lately goes first; who is below his guarantee goes before all borrowers', () => {
  const one = [node(0)];
  const day = { valueS: 0.5 * DAY_S, atS: NOW_S };
  const ask = (path: string) => queued({ requestId: path, path: [path] }, { gpusPerNode: 8 });
  const first = (shares: ShareNode[]) =>
    queueRound(
      new FleetState(one),
      roundInput({ shares, pending: [ask('a'), ask('b')], policy: { guardGuarantees: false } }),
    ).decisions[0]!.requestId;
  expect(first([share('a', { usage: day }), share('b')])).toBe('b');
  const guaranteed = [{ regionId: 'r', modelId: 'm', devices: 8 }];
  expect(first([share('a', { usage: day, guaranteed }), share('b')])).toBe('a');
});

test('with bounded work per round what was left over comes first in the next: everybody is examined in the end', () => {
  const fleet = Array.from({ length: 40 }, (_, i) => node(i));
  const state = new FleetState(fleet);
  let pending = Array.from({ length: 60 }, (_, i) =>
    queued({ requestId: `q${String(i).padStart(2, '0')}`, path: [`org-${i % 3}`], submittedAtS: NOW_S - 100 + i }),
  );
  let carriedOver: string[] = [];
  const limits = { ...defaultQueuePolicy.limits, attempts: 10 };
  for (let round = 0; round < 6; round += 1) {
    const out = queueRound(state, roundInput({ pending, carriedOver, policy: { limits }, answer: 'decide' }));
    expect(out.attempts).toBeLessThanOrEqual(10);
    expect(out.decisions.length).toBe(10);
    const started = new Set(out.decisions.map((one) => one.requestId));
    pending = pending.filter((one) => !started.has(one.requestId));
    expect([...out.carriedOver].sort()).toEqual(pending.map((one) => one.requestId).sort());
    carriedOver = out.carriedOver;
  }
  expect(pending).toEqual([]);
});
