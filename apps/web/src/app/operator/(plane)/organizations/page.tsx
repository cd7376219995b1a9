import { OrganizationsPage } from '@/features/tenants/organizations-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorOrganizations');

export default operatorPage(async ({ search, load }) => {
  const q = search.q?.slice(0, 64);
  await load('operatorOrganizations', { query: q ? { q } : {} });
  return <OrganizationsPage />;
});
