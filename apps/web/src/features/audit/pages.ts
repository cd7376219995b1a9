/** Audit events on one page; server and browser ask for the same. */
export const AUDIT_PAGE = 30;
