import { OperatorQueuePage } from '@/features/scheduling/operator-queue-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorQueue');

export default operatorPage(async ({ load }) => {
  await load('operatorQueue', { query: {} });
  return <OperatorQueuePage />;
});
