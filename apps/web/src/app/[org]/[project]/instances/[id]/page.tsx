import { OverviewTab } from '@/features/workload/overview-tab';
import { consolePage } from '@/server/console-page';
import { instanceTitle } from '@/server/workload-title';

export const generateMetadata = instanceTitle('instances');

export default consolePage(async ({ params, load, preload }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getInstance', { params: { instance_id: id } }),
    preload('getInstanceCost', { params: { instance_id: id } }),
  ]);
  return <OverviewTab kind="instance" id={id} />;
});
