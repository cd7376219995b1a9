import { QueuePage } from '@/features/queue/queue-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('queue');

export default consolePage(async ({ load, preload }) => {
  await Promise.all([load('listQueue', { query: { limit: 100 } }), preload('getShares', {})]);
  return <QueuePage />;
});
