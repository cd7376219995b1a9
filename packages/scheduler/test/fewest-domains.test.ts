import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fewestDomains, fewestGroups, leastExcess } from '../src/placement/fewest-domains';

const RUNS = { numRuns: 1_000 };
const capacities = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 });

/** Every set of positions. */
function sets(size: number): number[][] {
  return Array.from({ length: 2 ** size }, (_, mask) =>
    Array.from({ length: size }, (_, bit) => bit).filter((bit) => (mask >>> bit) & 1),
  );
}
const sum = (values: readonly number[], chosen: readonly number[]) =>
  chosen.reduce((total, i) => total + values[i]!, 0);

test('fewest domains: no smaller set gives enough; least excess: no set as small gives less too much', () => {
  fc.assert(
    fc.property(capacities, fc.integer({ min: 1, max: 200 }), (values, need) => {
      const enough = sets(values.length).filter((chosen) => sum(values, chosen) >= need);
      const count = fewestDomains(values, need);
      expect(count).toBe(enough.length === 0 ? null : Math.min(...enough.map((chosen) => chosen.length)));
      if (count === null) return;
      const chosen = leastExcess(values, count, need);
      expect(new Set(chosen).size).toBe(count);
      const least = Math.min(...enough.filter((one) => one.length === count).map((one) => sum(values, one)));
      expect(sum(values, chosen)).toBe(least);
    }),
    RUNS,
  );
});

test('among equal choices the largest domains stay whole, then the later ones', () => {
  expect(leastExcess([4, 2, 2, 4], 1, 2)).toEqual([1]);
  expect(leastExcess([3, 1, 2, 2], 2, 4)).toEqual([2, 3]);
  expect(leastExcess([32, 32, 32], 2, 64)).toEqual([0, 1]);
});

test('fewest groups: no smaller set of groups gives enough from as few domains', () => {
  const groups = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 60 }), (values, need) => {
      const count = fewestDomains(values.flat(), need);
      if (count === null) return;
      const largest = (chosen: readonly number[]) =>
        chosen
          .flatMap((g) => values[g]!)
          .sort((a, b) => b - a)
          .slice(0, count)
          .reduce((total, one) => total + one, 0);
      const enough = sets(values.length).filter((chosen) => largest(chosen) >= need);
      const chosen = fewestGroups(values, count, need)!;
      expect(largest(chosen)).toBeGreaterThanOrEqual(need);
      expect(chosen.length).toBe(Math.min(...enough.map((one) => one.length)));
    }),
    RUNS,
  );
});
