import { SignInForm } from '@/features/auth/sign-in-form';
import { paths, safeNext } from '@/nav/paths';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('operatorSignIn');

export default publicPage(async ({ search }) => (
  <SignInForm next={safeNext(search.next, paths.operatorFleet)} operator />
));
