import { revenueQueryOf } from '@/features/operator-billing/queries';
import { RevenuePage } from '@/features/operator-billing/revenue-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorRevenue');

export default operatorPage(async ({ search, load }) => {
  const nowMs = Date.now();
  const { from, to, by, step } = search;
  await load('operatorRevenue', { query: revenueQueryOf({ from, to, by, step }, nowMs) });
  return <RevenuePage nowMs={nowMs} />;
});
