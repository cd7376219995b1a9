/** Projects on a page of their list. */
export const PROJECTS_PAGE = 25;
