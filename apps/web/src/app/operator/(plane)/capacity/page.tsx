import { CapacityPage } from '@/features/scheduling/capacity-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorCapacity');

export default operatorPage(async ({ load }) => {
  await load('operatorCapacity', {});
  return <CapacityPage />;
});
