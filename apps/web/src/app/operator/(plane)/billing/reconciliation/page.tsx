import { reconciliationQueryOf } from '@/features/operator-billing/queries';
import { ReconciliationPage } from '@/features/operator-billing/reconciliation-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorReconciliation');

export default operatorPage(async ({ search, load }) => {
  const nowMs = Date.now();
  await load('operatorReconciliation', { query: reconciliationQueryOf(search.month, nowMs) });
  return <ReconciliationPage nowMs={nowMs} />;
});
