import { SecurityPage } from '@/features/account/security-page';
import { readMe, redirectToSignIn } from '@/server/console';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('accountSecurity');

export default publicPage(async ({ search }) => {
  if (!(await readMe())) return redirectToSignIn();
  return <SecurityPage required={search.required === '1'} />;
});
