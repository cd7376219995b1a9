import { EventsTab } from '@/features/workload/events-tab';
import { consolePage } from '@/server/console-page';
import { clusterTitle } from '@/server/workload-title';

export const generateMetadata = clusterTitle('events');

export default consolePage(async ({ params, load, preload }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getCluster', { params: { cluster_id: id } }),
    preload('listClusterEvents', { params: { cluster_id: id } }),
  ]);
  return <EventsTab kind="cluster" id={id} />;
});
