import { OperationsPage } from '@/features/operator/operations-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorOperations');

export default operatorPage(async ({ load }) => {
  await load('operatorOperations', {});
  return <OperationsPage />;
});
