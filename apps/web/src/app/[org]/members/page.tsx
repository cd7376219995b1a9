import { MembersPage } from '@/features/members/members-page';
import { MEMBERS_PAGE } from '@/features/members/pages';
import { consolePage } from '@/server/console-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('members');

export default consolePage(async ({ search, load, preload }) => {
  const { cursor } = search;
  await load('listMembers', { query: { limit: MEMBERS_PAGE, ...(cursor ? { cursor } : {}) } });
  await preload('listInvitations', { query: { limit: 50 } });
  return <MembersPage />;
});
