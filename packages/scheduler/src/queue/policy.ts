import type { QueuePolicy } from './types';

const HOUR_S = 3_600;

/** What an operator gets without choosing: fair shares over a week, EASY backfill, spot gives way within two minutes. */
export const defaultQueuePolicy: QueuePolicy = {
  roundEveryS: 30,
  usageHalfLifeS: 7 * 24 * HOUR_S,
  historyWeight: 0.7,
  guardGuarantees: true,
  agedAfterS: 12 * HOUR_S,
  agedPart: 0.1,
  agedPerOrganisation: 1,
  backfill: { mode: 'easy', mostPlans: 64, horizonS: 14 * 24 * HOUR_S },
  preemption: {
    enabled: true,
    alsoNotPreemptible: false,
    graceS: 120,
    mostPerJobPerHour: 1,
    mostPerJob: 5,
    mostVictims: 64,
    protectedS: 300,
  },
  durations: { defaultS: 6 * HOUR_S, overrunShare: 0.25 },
  limits: { attempts: 4_000, victimSearches: 8, explanations: 400 },
};
