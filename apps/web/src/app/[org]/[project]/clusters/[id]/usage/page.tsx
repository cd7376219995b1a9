import { UsageTab } from '@/features/workload/usage-tab';
import { consolePage } from '@/server/console-page';
import { clusterTitle } from '@/server/workload-title';

export const generateMetadata = clusterTitle('usageTab');

export default consolePage(async ({ params, load, preload, project }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getCluster', { params: { cluster_id: id } }),
    preload('getClusterCost', { params: { cluster_id: id } }),
    preload('getUsage', { query: project ? { project_id: project.id } : {} }),
  ]);
  return <UsageTab kind="cluster" id={id} />;
});
