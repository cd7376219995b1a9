import { PROJECTS_PAGE } from '@/features/projects/pages';
import { ProjectsPage } from '@/features/projects/projects-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('projects');

export default consolePage(async ({ search, load, preload }) => {
  const { cursor } = search;
  await Promise.all([
    load('listProjects', { query: { limit: PROJECTS_PAGE, ...(cursor ? { cursor } : {}) } }),
    preload('getCosts', { query: { by: 'project' } }),
    preload('listQuotas', {}),
  ]);
  return <ProjectsPage />;
});
