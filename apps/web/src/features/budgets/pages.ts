/** Alerts on one page. */
export const EVENTS_PAGE = 20;
