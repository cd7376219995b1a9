import { WEBHOOKS_PAGE } from '@/features/webhooks/pages';
import { WebhooksPage } from '@/features/webhooks/webhooks-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('newWebhook');

export default consolePage(async ({ load }) => {
  await load('listWebhooks', { query: { limit: WEBHOOKS_PAGE } });
  return <WebhooksPage adding />;
});
