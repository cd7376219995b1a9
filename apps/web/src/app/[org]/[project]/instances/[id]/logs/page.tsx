import { LogsTab } from '@/features/workload/logs-tab';
import { consolePage } from '@/server/console-page';
import { instanceTitle } from '@/server/workload-title';

export const generateMetadata = instanceTitle('logs');

export default consolePage(async ({ params, load }) => {
  const id = params.id ?? '';
  await load('getInstance', { params: { instance_id: id } });
  return <LogsTab kind="instance" id={id} />;
});
