import { OverviewTab } from '@/features/workload/overview-tab';
import { consolePage } from '@/server/console-page';
import { clusterTitle } from '@/server/workload-title';

export const generateMetadata = clusterTitle('clusters');

export default consolePage(async ({ params, load, preload }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getCluster', { params: { cluster_id: id } }),
    preload('getClusterCost', { params: { cluster_id: id } }),
  ]);
  return <OverviewTab kind="cluster" id={id} />;
});
