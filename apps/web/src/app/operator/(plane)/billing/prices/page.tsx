import { PricesPage } from '@/features/operator-billing/prices-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorPrices');

export default operatorPage(async ({ load }) => {
  await Promise.all([load('operatorPriceBooks', {}), load('operatorPrices', {})]);
  return <PricesPage />;
});
