import { RulesPage } from '@/features/scheduling/rules-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorRules');

export default operatorPage(async ({ load }) => {
  await Promise.all([load('operatorQueuePolicy', {}), load('operatorPriorityClasses', {}), load('operatorShares', {})]);
  return <RulesPage />;
});
