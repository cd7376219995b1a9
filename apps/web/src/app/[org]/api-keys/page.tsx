import { ApiKeysPage } from '@/features/keys/api-keys-page';
import { KEYS_PAGE } from '@/features/keys/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('apiKeys');

export default consolePage(async ({ search, load, preload }) => {
  preload('listDeprecatedCalls', {});
  await load('listApiKeys', { query: { limit: KEYS_PAGE, ...(search.cursor ? { cursor: search.cursor } : {}) } });
  return <ApiKeysPage />;
});
