import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interruptionOrder, nextSpotPrice, type SpotRule, spotTarget } from '../src/spot/spot-price';
import { NOW_S, working } from './queue/support';
import { node } from './support/fleets';

const rule: SpotRule = {
  floorMicros: 4_000_000n,
  capMicros: 20_000_000n,
  lowPpm: 500_000,
  highPpm: 950_000,
  mostStepPpm: 50_000,
};

test('the price stays between floor and cap, and no step is larger than stated, whatever the pool does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 60 }), (series) => {
      let price: bigint | null = null;
      for (const utilization of series) {
        const next: bigint = nextSpotPrice(rule, price, utilization);
        expect(next >= rule.floorMicros && next <= rule.capMicros).toBe(true);
        if (price !== null) {
          const step = next > price ? next - price : price - next;
          expect(step <= (price * 50_000n) / 1_000_000n || step === 1n).toBe(true);
        }
        price = next;
      }
    }),
    { numRuns: 1_000 },
  );
});

test('more utilization never lowers the target; the rule gives the stated prices', () => {
  expect(spotTarget(rule, 300_000)).toBe(4_000_000n);
  // Half of the way: a quarter of the difference.
  expect(spotTarget(rule, 725_000)).toBe(8_000_000n);
  expect(spotTarget(rule, 990_000)).toBe(20_000_000n);
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (a, b) => {
      expect(spotTarget(rule, Math.min(a, b)) <= spotTarget(rule, Math.max(a, b))).toBe(true);
    }),
  );
  let price = 4_000_000n;
  for (let i = 0; i < 200; i += 1) price = nextSpotPrice(rule, price, 960_000);
  expect(price).toBe(20_000_000n);
  expect(() => nextSpotPrice({ ...rule, capMicros: 1n }, null, 0)).toThrow(RangeError);
});

test('spot work is interrupted by priority, then lost work, then age; other work never', () => {
  const on = [{ node: node(0), bits: [0] }];
  const order = interruptionOrder(
    [
      working('high', on, { preemptible: true, priority: 1 }),
      working('firm', on, { preemptible: false, priority: 0 }),
      working('old', on, { preemptible: true, priority: 0 }),
      working('saved', on, { preemptible: true, priority: 0, checkpointAtS: NOW_S - 5 }),
    ],
    NOW_S,
  );
  expect(order.map((one) => one.workId)).toEqual(['saved', 'old', 'high']);
});
