/** What the overview lists: everything that is alive, up to a hundred of each kind. */
export const OVERVIEW_LIST = { live: 'true', limit: 100 } as const;
