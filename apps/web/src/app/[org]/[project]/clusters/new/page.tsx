import { LaunchPage } from '@/features/launch/launch-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('newCluster');

export default consolePage(async ({ membership, search, load, preload }) => {
  await Promise.all([
    load('listRegions', {}),
    load('listOffers', { query: { currency: membership.currency === 'CNY' ? 'CNY' : 'USD' } }),
    preload('listSshKeys', { query: { limit: 100 } }),
    preload('listQuotas', {}),
    preload('getBalance', {}),
  ]);
  return <LaunchPage kind="cluster" asked={{ accelerator: search.accelerator, region: search.region }} />;
});
