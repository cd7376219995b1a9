/** Audit events on one page; server and browser ask for the same. */
export const AUDIT_PAGE = 30;

const RESULTS = ['success', 'denied', 'unknown'] as const;
type Result = (typeof RESULTS)[number];

/** The filters of the address as the API takes them; what it would refuse is left out. */
export function auditFilters(get: (name: string) => string | undefined): { action?: string; result?: Result } {
  const action = get('action')?.trim().slice(0, 64);
  const result = RESULTS.find((one) => one === get('result'));
  return { ...(action ? { action } : {}), ...(result ? { result } : {}) };
}
