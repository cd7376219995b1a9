import { OrganizationPage } from '@/features/tenants/organization-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorOrganizations');

export default operatorPage(async ({ params, load }) => {
  const organization_id = params.id ?? '';
  await load('operatorOrganization', { params: { organization_id } });
  return <OrganizationPage id={organization_id} />;
});
