import { ContractsPage } from '@/features/operator-billing/contracts-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorContracts');

export default operatorPage(async ({ load }) => {
  await load('operatorContracts', { query: {} });
  return <ContractsPage />;
});
