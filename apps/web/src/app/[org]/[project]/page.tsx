import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('overview');

export default consolePage(async ({ load }) => {
  await load('getBalance', {});
  return <p>overview</p>;
});
