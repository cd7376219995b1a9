import { EvidencePage } from '@/features/operator-billing/evidence-page';
import { evidenceQueryOf } from '@/features/operator-billing/queries';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorEvidence');

export default operatorPage(async ({ search, load }) => {
  await load('operatorQuarantine', { query: evidenceQueryOf(search.status) });
  return <EvidencePage />;
});
