import { SettingsPage } from '@/features/settings/settings-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('settings');

export default consolePage(async ({ membership, load }) => {
  await load('getOrganization', { params: { organization_id: membership.id } });
  return <SettingsPage />;
});
