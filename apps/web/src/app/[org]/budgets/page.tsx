import { BudgetsPage } from '@/features/budgets/budgets-page';
import { EVENTS_PAGE } from '@/features/budgets/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('budgets');

export default consolePage(async ({ search, load, preload }) => {
  const cursor = search.cursor ? { cursor: search.cursor } : {};
  await Promise.all([
    load('listBudgets', {}),
    load('listBillingEvents', { query: { limit: EVENTS_PAGE, ...cursor } }),
    load('getBillingSettings', {}),
    preload('listApiKeys', { query: { limit: 100 } }),
  ]);
  return <BudgetsPage />;
});
