/** Members on one page; server and browser ask for the same. */
export const MEMBERS_PAGE = 50;
