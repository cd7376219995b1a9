import { UsageTab } from '@/features/workload/usage-tab';
import { consolePage } from '@/server/console-page';
import { instanceTitle } from '@/server/workload-title';

export const generateMetadata = instanceTitle('usageTab');

export default consolePage(async ({ params, load, preload, project }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getInstance', { params: { instance_id: id } }),
    preload('getInstanceCost', { params: { instance_id: id } }),
    preload('getUsage', { query: project ? { project_id: project.id } : {} }),
  ]);
  return <UsageTab kind="instance" id={id} />;
});
