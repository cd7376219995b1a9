import { DELIVERIES_PAGE } from '@/features/webhooks/pages';
import { WebhookPage } from '@/features/webhooks/webhook-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('webhook');

export default consolePage(async ({ params, load }) => {
  const id = params.id ?? '';
  await Promise.all([
    load('getWebhook', { params: { webhook_id: id } }),
    load('listWebhookDeliveries', { params: { webhook_id: id }, query: { limit: DELIVERIES_PAGE } }),
  ]);
  return <WebhookPage id={id} />;
});
