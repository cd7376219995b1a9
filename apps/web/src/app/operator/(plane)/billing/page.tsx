import { runsQueryOf } from '@/features/operator-billing/queries';
import { RunsPage } from '@/features/operator-billing/runs-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorBilling');

export default operatorPage(async ({ search, load }) => {
  await load('operatorBillingRuns', { query: runsQueryOf(search.month) });
  return <RunsPage />;
});
