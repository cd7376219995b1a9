/** Payments and ledger lines on one page; server and browser ask for the same. */
export const BILLING_PAGE = 20;
