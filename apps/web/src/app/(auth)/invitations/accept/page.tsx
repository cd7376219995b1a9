import { AcceptInvitation } from '@/features/members/accept-invitation';
import { readMe, redirectToSignIn } from '@/server/console';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('acceptInvitation');

export default publicPage(async ({ search }) => {
  const me = await readMe();
  if (!me) return redirectToSignIn();
  return <AcceptInvitation token={search.token ?? ''} email={me.email ?? ''} />;
});
