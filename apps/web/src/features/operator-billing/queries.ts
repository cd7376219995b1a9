const pad = (part: number) => String(part).padStart(2, '0');

/** The query of the runs: a month of the address, else the API's own default. */
export function runsQueryOf(month: string | undefined) {
  return month && /^20\d\d-\d\d$/.test(month) ? { month } : {};
}

/** The month before the one that holds a moment, UTC. */
function monthBefore(nowMs: number): string {
  const now = new Date(nowMs);
  const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  return `${before.getUTCFullYear()}-${pad(before.getUTCMonth() + 1)}`;
}

export function reconciliationQueryOf(month: string | undefined, nowMs: number) {
  return { month: runsQueryOf(month).month ?? monthBefore(nowMs) };
}

export const REVENUE_DIMENSIONS = ['sku', 'region', 'vendor'] as const;
export const REVENUE_STEPS = ['day', 'month'] as const;

const DAY_MS = 86_400_000;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const isDay = (text: string | undefined): text is string => /^20\d\d-\d\d-\d\d$/.test(text ?? '');

/** The query of the revenue page: thirty days by day unless the address says otherwise. */
export function revenueQueryOf(search: Record<'from' | 'to' | 'by' | 'step', string | undefined>, nowMs: number) {
  return {
    from: isDay(search.from) ? search.from : dayOf(nowMs - 29 * DAY_MS),
    to: isDay(search.to) ? search.to : dayOf(nowMs),
    by: REVENUE_DIMENSIONS.find((one) => one === search.by) ?? ('sku' as const),
    step: REVENUE_STEPS.find((one) => one === search.step) ?? ('day' as const),
  };
}

/** What is read again when a contract has changed. */
export const STALE_CONTRACT = ['operatorContract', 'operatorContracts', 'operatorPreviewContract'] as const;

export const EVIDENCE_STATES = ['held', 'readmitted', 'rejected'] as const;

/** The query of refused evidence: what waits, unless the address says otherwise. */
export function evidenceQueryOf(status: string | undefined) {
  return { status: EVIDENCE_STATES.find((one) => one === status) ?? ('held' as const) };
}
