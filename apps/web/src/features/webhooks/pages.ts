/** Webhooks and deliveries on one page; server and browser ask for the same. */
export const WEBHOOKS_PAGE = 50;
export const DELIVERIES_PAGE = 30;
