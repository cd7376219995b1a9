import { LogsTab } from '@/features/workload/logs-tab';
import { consolePage } from '@/server/console-page';
import { clusterTitle } from '@/server/workload-title';

export const generateMetadata = clusterTitle('logs');

export default consolePage(async ({ params, load }) => {
  const id = params.id ?? '';
  await load('getCluster', { params: { cluster_id: id } });
  return <LogsTab kind="cluster" id={id} />;
});
