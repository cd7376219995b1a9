import { MaintenancePage } from '@/features/scheduling/maintenance-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorMaintenance');

export default operatorPage(async ({ load }) => {
  await Promise.all([load('operatorDrains', {}), load('operatorFleet', {})]);
  return <MaintenancePage />;
});
