import { KEYS_PAGE } from '@/features/keys/pages';
import { SshKeysPage } from '@/features/keys/ssh-keys-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('sshKeys');

export default consolePage(async ({ search, load }) => {
  await load('listSshKeys', { query: { limit: KEYS_PAGE, ...(search.cursor ? { cursor: search.cursor } : {}) } });
  return <SshKeysPage />;
});
