/** Numbers of billing that are policy, not arithmetic. One place, so that a test or an installation can give its own. */
export interface BillingPolicy {
  /** A period is finalized this long after its end; usage that arrived by then is in (S14). */
  readonly graceS: number;
  /** Usage that arrives later than this after its second is refused (S2). */
  readonly lateLimitS: number;
  /** Usage stamped further ahead than this is refused (S2). */
  readonly futureLimitS: number;
}

export const defaultPolicy: BillingPolicy = { graceS: 86_400, lateLimitS: 35 * 86_400, futureLimitS: 300 };
