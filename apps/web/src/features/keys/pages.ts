/** Keys on one page; server and browser ask for the same. */
export const KEYS_PAGE = 50;
