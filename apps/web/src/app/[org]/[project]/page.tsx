import { OverviewPage } from '@/features/overview/overview-page';
import { OVERVIEW_LIST } from '@/features/overview/queries';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('overview');

export default consolePage(async ({ project, preload }) => {
  const query = { ...OVERVIEW_LIST, project_id: project?.id ?? '' };
  await Promise.all([
    preload('listInstances', { query }),
    preload('listClusters', { query }),
    preload('getBalance', {}),
    preload('getUsage', { query: {} }),
    preload('listSshKeys', { query: { limit: 1 } }),
    preload('listApiKeys', { query: { limit: 1 } }),
  ]);
  return <OverviewPage />;
});
