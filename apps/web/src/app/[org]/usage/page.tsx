import { parsePeriod, usageQueryOf } from '@/features/usage/period';
import { UsagePage } from '@/features/usage/usage-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('usage');

export default consolePage(async ({ search, organization, projects, load }) => {
  const projectId = projects.find(({ slug }) => slug === search.project)?.id;
  await load('getUsage', { query: usageQueryOf(parsePeriod(search.period), projectId, organization) });
  return <UsagePage />;
});
