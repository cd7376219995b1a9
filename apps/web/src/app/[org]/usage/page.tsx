import { dayQueryOf, parseDay, parsePeriod, usageQueryOf } from '@/features/usage/period';
import { UsagePage } from '@/features/usage/usage-page';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('usage');

export default consolePage(async ({ search, organization, projects, load }) => {
  const projectId = projects.find(({ slug }) => slug === search.project)?.id;
  const day = parseDay(search.day);
  const query = day
    ? dayQueryOf(day, projectId, organization.time_zone)
    : usageQueryOf(parsePeriod(search.period), projectId, organization);
  await load('getUsage', { query });
  return <UsagePage />;
});
