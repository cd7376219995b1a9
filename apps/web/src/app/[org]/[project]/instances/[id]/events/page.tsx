import { EventsTab } from '@/features/workload/events-tab';
import { consolePage } from '@/server/console-page';
import { instanceTitle } from '@/server/workload-title';

export const generateMetadata = instanceTitle('events');

export default consolePage(async ({ params, load, preload }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getInstance', { params: { instance_id: id } }),
    preload('listInstanceEvents', { params: { instance_id: id } }),
  ]);
  return <EventsTab kind="instance" id={id} />;
});
