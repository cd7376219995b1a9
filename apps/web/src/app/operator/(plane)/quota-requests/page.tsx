import { QuotaRequestsPage } from '@/features/tenants/quota-requests-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorQuotaRequests');

export default operatorPage(async ({ search, load }) => {
  const status = search.status === 'decided' ? ('decided' as const) : ('open' as const);
  await load('operatorQuotaRequests', { query: { status } });
  return <QuotaRequestsPage />;
});
