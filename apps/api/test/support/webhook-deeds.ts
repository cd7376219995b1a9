import type { Api } from './api';
import type { Tenant } from './tenant';

/** One request for every change of webhooks, for the test that each leaves a row in the audit log. */
export function webhookDeeds(api: Api, tenant: () => Tenant) {
  const create = async () => {
    const made = await api.call('createWebhook', { body: { url: 'https://hooks.example.com/' } }, tenant().owner);
    return `/v1/webhooks/${made.json.webhook.id}`;
  };
  return {
    createWebhook: async () => ({ url: '/v1/webhooks', body: { url: 'https://hooks.example.com/' } }),
    updateWebhook: async () => ({ url: await create(), body: { description: 'Other' } }),
    deleteWebhook: async () => ({ url: await create() }),
    rotateWebhookSecret: async () => ({ url: `${await create()}/rotate-secret`, body: {} }),
    probeWebhook: async () => ({ url: `${await create()}/probe` }),
    replayWebhookDelivery: async () => {
      const url = await create();
      const id = url.split('/').at(-1)!;
      const made = await api.call('probeWebhook', { params: { webhook_id: id } }, tenant().owner);
      return { url: `${url}/deliveries/${made.json.id}/replay` };
    },
  };
}
