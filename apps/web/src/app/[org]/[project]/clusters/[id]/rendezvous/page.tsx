import { RendezvousTab } from '@/features/workload/rendezvous-tab';
import { consolePage } from '@/server/console-page';
import { clusterTitle } from '@/server/workload-title';

export const generateMetadata = clusterTitle('rendezvous');

export default consolePage(async ({ params, load, preload }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getCluster', { params: { cluster_id: id } }),
    preload('getClusterRendezvous', { params: { cluster_id: id } }),
  ]);
  return <RendezvousTab id={id} />;
});
