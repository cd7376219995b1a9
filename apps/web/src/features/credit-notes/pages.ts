/** Credit notes on one page; server and browser ask for the same. */
export const CREDIT_NOTES_PAGE = 24;
