import { expect, test } from 'vitest';
import { Measures } from '../src/simulate/measures';
import { runDays } from '../src/simulate/run-days';
import { syntheticScenario, usualOptions } from '../src/simulate/synthetic';

const DAY_S = 86_400;

test('a month of 40 organisations on 5,000 accelerators: fair within 5 %, no starvation, no reservation broken', () => {
  const scenario = syntheticScenario({ ...usualOptions, days: 30 });
  const measures = new Measures(scenario);
  const { series: _, ...result } = measures.result(runDays(scenario, measures));
  console.log(JSON.stringify(result));
  expect(result.accelerators).toBe(5_000);
  expect(result.fairness).toHaveLength(40);
  expect(result.worstShortfall).toBeLessThan(0.05);
  expect(result.waitS.max).toBeLessThan(10 * DAY_S);
  expect(result.waitS.longestStillWaitingS).toBeLessThan(10 * DAY_S);
  expect(result.reservations.broken).toBe(0);
  expect(result.reservations.kept).toBeGreaterThan(10);
  expect(result.estimates.insideInterval).toBeGreaterThanOrEqual(0.8);
});
