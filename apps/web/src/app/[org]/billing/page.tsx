import { BillingPage } from '@/features/billing/billing-page';
import { BILLING_PAGE } from '@/features/billing/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('billing');

export default consolePage(async ({ search, load }) => {
  const cursor = search.cursor ? { cursor: search.cursor } : {};
  await Promise.all([
    load('getBalance', {}),
    load('getBillingSettings', {}),
    load('getBillingTerms', {}),
    load('listCreditGrants', {}),
    load('listPaymentMethods', {}),
    load('listPayments', { query: { limit: BILLING_PAGE } }),
    load('listLedger', { query: { limit: BILLING_PAGE, ...cursor } }),
  ]);
  return <BillingPage />;
});
