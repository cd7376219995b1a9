import { MetricsTab } from '@/features/workload/metrics-tab';
import { consolePage } from '@/server/console-page';
import { clusterTitle } from '@/server/workload-title';

export const generateMetadata = clusterTitle('metrics');

export default consolePage(async ({ params, load }) => {
  const id = params.id ?? '';
  await load('getCluster', { params: { cluster_id: id } });
  return <MetricsTab kind="cluster" id={id} />;
});
