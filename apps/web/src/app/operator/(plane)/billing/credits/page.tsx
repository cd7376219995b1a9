import { CreditsPage } from '@/features/operator-billing/credits-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorCredits');

export default operatorPage(async ({ load }) => {
  await Promise.all([load('operatorCoupons', {}), load('operatorCreditProposals', { query: {} })]);
  return <CreditsPage />;
});
