import { DeviceForm } from '@/features/account/device-form';
import { readMe, redirectToSignIn } from '@/server/console';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('device');

export default publicPage(async ({ search }) => {
  const me = await readMe();
  if (!me) return redirectToSignIn();
  const organizations = me.organizations.filter(({ permissions }) => permissions.includes('api_key.create'));
  return <DeviceForm code={search.code ?? ''} organizations={organizations.map(({ id, name }) => ({ id, name }))} />;
});
