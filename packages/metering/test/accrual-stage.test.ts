import { type Means, nextStage, STAGES, type Standing } from '@suanxiang/metering/accrual/stage';
import { defaultArrears } from '@suanxiang/metering/policy';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const DAY = 86_400;
const broke: Means = { spendableMicro: -1n, burnPerHourMicro: 5n, runwayS: 0 };
const rich: Means = { spendableMicro: 10n ** 12n, burnPerHourMicro: 5n, runwayS: 100 * DAY };
const at = (stage: Standing['stage'], sinceS = 0): Standing => ({ stage, sinceS });
const next = (present: Standing, means: Means, nowS: number) => nextStage(present, means, nowS, defaultArrears);

describe('an account', () => {
  test.each([
    [3 * DAY + 1, 'ok'],
    [3 * DAY, 'low_3d'],
    [DAY + 1, 'low_3d'],
    [DAY, 'low_1d'],
    [0, 'low_1d'],
  ])('whose money lasts %i s is %s', (runwayS, stage) => {
    expect(next(at('ok'), { ...rich, spendableMicro: 1n, runwayS }, 7).stage).toBe(stage);
  });

  test('without money has its grace to the second, then is stopped, then kept to the second', () => {
    expect(next(at('low_1d'), broke, 100)).toEqual(at('grace', 100));
    expect(next(at('grace', 100), broke, 100 + DAY - 1)).toEqual(at('grace', 100));
    expect(next(at('grace', 100), broke, 100 + DAY)).toEqual(at('frozen', 100 + DAY));
    expect(next(at('frozen', 0), broke, 14 * DAY - 1)).toEqual(at('frozen', 0));
    expect(next(at('frozen', 0), broke, 14 * DAY)).toEqual(at('released', 14 * DAY));
    expect(next(at('released', 0), broke, 999 * DAY)).toEqual(at('released', 0));
  });

  test('that is empty, owes nothing and runs nothing is well', () => {
    expect(next(at('ok'), { spendableMicro: 0n, burnPerHourMicro: 0n, runwayS: null }, 5)).toEqual(at('ok'));
  });

  test('is well again with money, from anywhere', () => {
    for (const stage of STAGES) expect(next(at(stage), rich, 50).stage).toBe('ok');
  });
});

test('nothing is stopped before a whole grace without money, nor deleted before a whole time of keeping', () => {
  const step = fc.record({ afterS: fc.integer({ min: 1, max: 3 * DAY }), isBroke: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let standing = at('ok');
      let nowS = 0;
      /** Since when there has been no money, without a break. */
      let brokeSinceS: number | null = null;
      let frozenAtS = Infinity;
      for (const { afterS, isBroke } of steps) {
        nowS += afterS;
        brokeSinceS = isBroke ? (brokeSinceS ?? nowS) : null;
        const before = standing.stage;
        standing = next(standing, isBroke ? broke : rich, nowS);
        if (standing.stage === 'frozen' && before !== 'frozen') {
          expect(nowS - brokeSinceS!).toBeGreaterThanOrEqual(defaultArrears.graceS);
          frozenAtS = nowS;
        }
        if (standing.stage === 'released' && before !== 'released') {
          expect(nowS - frozenAtS).toBeGreaterThanOrEqual(defaultArrears.keepS);
          expect(before).toBe('frozen');
        }
        if (!isBroke) expect(standing.stage).toBe('ok');
      }
    }),
  );
});
