/** Numbers of billing that are policy, not arithmetic. One place, so that a test or an installation can give its own. */
export interface BillingPolicy {
  /** A period is finalized this long after its end; usage that arrived by then is in (S14). */
  readonly graceS: number;
  /** Usage that arrives later than this after its second is refused (S2). */
  readonly lateLimitS: number;
  /** Usage stamped further ahead than this is refused (S2). */
  readonly futureLimitS: number;
  /** Days of usage partitions that stand ready ahead of now. */
  readonly daysAhead: number;
  /** Usage blocks are kept for at least so many days. */
  readonly evidenceDays: number;
}

export const defaultPolicy: BillingPolicy = {
  graceS: 86_400,
  lateLimitS: 35 * 86_400,
  futureLimitS: 300,
  daysAhead: 33,
  evidenceDays: 400,
};

/** What a spend cap asks for before anything is launched under it. */
export interface CapPolicy {
  /** Everything that would then run must be able to run for this long: time for a checkpoint and a clean stop. */
  readonly reserveS: number;
}

export const defaultCaps: CapPolicy = { reserveS: 600 };

/** What happens when the money runs out. Shown to the tenant beforehand; every length is in billing time. */
export interface ArrearsPolicy {
  /** Warned when the money lasts no longer than this at the present rate. */
  readonly firstWarningS: number;
  readonly lastWarningS: number;
  /** From zero on everything goes on, and is charged, for this long. */
  readonly graceS: number;
  /** Then everything is stopped and kept for this long, before it is deleted. */
  readonly keepS: number;
}

export const defaultArrears: ArrearsPolicy = {
  firstWarningS: 3 * 86_400,
  lastWarningS: 86_400,
  graceS: 86_400,
  keepS: 14 * 86_400,
};
