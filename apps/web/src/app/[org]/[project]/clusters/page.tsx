import { workloadListQuery } from '@/features/workload/list-query';
import { WorkloadList } from '@/features/workload/workload-list';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('clusters');

export default consolePage(async ({ project, search, preload }) => {
  await preload('listClusters', { query: workloadListQuery(search, project?.id ?? '') });
  return <WorkloadList kind="cluster" />;
});
