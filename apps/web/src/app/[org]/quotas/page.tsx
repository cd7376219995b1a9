import { QuotasPage } from '@/features/quotas/quotas-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('quotas');

export default consolePage(async ({ load, preload, membership }) => {
  await load('listQuotas', {});
  if (membership.permissions.includes('quota_request.read')) {
    await preload('listQuotaRequests', { query: { limit: 50 } });
  }
  return <QuotasPage />;
});
