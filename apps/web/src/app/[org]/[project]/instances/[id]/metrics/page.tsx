import { MetricsTab } from '@/features/workload/metrics-tab';
import { consolePage } from '@/server/console-page';
import { instanceTitle } from '@/server/workload-title';

export const generateMetadata = instanceTitle('metrics');

export default consolePage(async ({ params, load }) => {
  const id = params.id ?? '';
  await load('getInstance', { params: { instance_id: id } });
  return <MetricsTab kind="instance" id={id} />;
});
