import { FleetPage } from '@/features/operator/fleet-page';
import { operatorPage } from '@/server/operator-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorFleet');

export default operatorPage(async ({ search, load }) => {
  const fleet = await load('operatorFleet', {});
  const zone = fleet.zones.find(({ id }) => id === search.zone) ?? fleet.zones[0];
  if (zone) await load('operatorNodes', { query: { zone_id: zone.id } });
  return <FleetPage />;
});
