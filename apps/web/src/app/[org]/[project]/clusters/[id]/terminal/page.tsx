import { TerminalTab } from '@/features/workload/terminal-tab';
import { consolePage } from '@/server/console-page';
import { clusterTitle } from '@/server/workload-title';

export const generateMetadata = clusterTitle('terminal');

export default consolePage(async ({ params, load }) => {
  const id = params.id ?? '';
  await load('getCluster', { params: { cluster_id: id } });
  return <TerminalTab kind="cluster" id={id} />;
});
