/** Invoices on one page; server and browser ask for the same. */
export const INVOICES_PAGE = 24;
