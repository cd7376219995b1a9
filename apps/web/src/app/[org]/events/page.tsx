import { EventsPage } from '@/features/events/events-page';
import { EVENTS_PAGE, eventFilters } from '@/features/events/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('eventList');

export default consolePage(async ({ search, load, organization }) => {
  const cursor = search.cursor ? { cursor: search.cursor } : {};
  const filters = eventFilters((name) => search[name], organization.time_zone);
  await load('listEvents', { query: { limit: EVENTS_PAGE, ...cursor, ...filters } });
  return <EventsPage />;
});
