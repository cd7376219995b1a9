import type { ArrearsPolicy } from '../policy';

/**
 * Where an account stands: enough; warned at the first and the last mark; at zero but still running; stopped and kept;
 * deleted.
 */
export const STAGES = ['ok', 'low_3d', 'low_1d', 'grace', 'frozen', 'released'] as const;
export type Stage = (typeof STAGES)[number];

export interface Standing {
  stage: Stage;
  /** When the stage began (billing time, Unix seconds). */
  sinceS: number;
}

/** What the account has and burns. */
export interface Means {
  /** What may still be spent, credit limit included; below 0 when it is overdrawn. */
  spendableMicro: bigint;
  burnPerHourMicro: bigint;
  /** null: nothing runs. */
  runwayS: number | null;
}

function stageWithMoney({ runwayS }: Means, policy: ArrearsPolicy): Stage {
  if (runwayS === null || runwayS > policy.firstWarningS) return 'ok';
  return runwayS > policy.lastWarningS ? 'low_3d' : 'low_1d';
}

/**
 * The stage after the present one. With money the account is well again, whatever was before (what was stopped stays
 * stopped until it is started). Without, it goes grace, frozen, released, one step at a time and never before the step's
 * length has passed. Nothing owed and nothing running is no arrears.
 */
export function nextStage(present: Standing, means: Means, nowS: number, policy: ArrearsPolicy): Standing {
  const { spendableMicro, burnPerHourMicro } = means;
  const isBroke = spendableMicro < 0n || (spendableMicro === 0n && burnPerHourMicro > 0n);
  const to = (stage: Stage): Standing => (stage === present.stage ? present : { stage, sinceS: nowS });
  if (!isBroke) return to(stageWithMoney(means, policy));
  const lastedS = nowS - present.sinceS;
  if (present.stage === 'grace') return lastedS >= policy.graceS ? to('frozen') : present;
  if (present.stage === 'frozen') return lastedS >= policy.keepS ? to('released') : present;
  return present.stage === 'released' ? present : to('grace');
}
