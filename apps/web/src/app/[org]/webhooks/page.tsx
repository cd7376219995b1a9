import { WEBHOOKS_PAGE } from '@/features/webhooks/pages';
import { WebhooksPage } from '@/features/webhooks/webhooks-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('webhooks');

export default consolePage(async ({ search, load }) => {
  await load('listWebhooks', { query: { limit: WEBHOOKS_PAGE, ...(search.cursor ? { cursor: search.cursor } : {}) } });
  return <WebhooksPage />;
});
