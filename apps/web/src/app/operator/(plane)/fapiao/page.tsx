import { OperatorFapiaoPage } from '@/features/fapiao/operator-fapiao-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorFapiao');

export default operatorPage(async ({ search, load }) => {
  const status = search.status === 'decided' ? ('decided' as const) : ('open' as const);
  await load('operatorFapiaoRequests', { query: { status } });
  return <OperatorFapiaoPage />;
});
