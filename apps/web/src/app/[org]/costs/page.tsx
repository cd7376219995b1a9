import { CostsPage } from '@/features/costs/costs-page';
import { costsQueryOf } from '@/features/costs/costs-query';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('costs');

export default consolePage(async ({ search, organization, load }) => {
  await Promise.all([
    load('getCosts', { query: costsQueryOf(search, organization) }),
    load('listIdle', { query: {} }),
    load('listIdlePolicies', {}),
  ]);
  return <CostsPage />;
});
