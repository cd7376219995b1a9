import { PaymentsPage } from '@/features/operator/payments-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorPayments');

export default operatorPage(async ({ load }) => {
  await load('operatorPayments', {});
  return <PaymentsPage />;
});
