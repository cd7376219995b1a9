import { QuotasPage } from '@/features/quotas/quotas-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('quotas');

export default consolePage(async ({ load }) => {
  await load('listQuotas', {});
  return <QuotasPage />;
});
