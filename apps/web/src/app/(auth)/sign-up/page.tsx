import { SignUpForm } from '@/features/auth/sign-up-form';
import { paths, safeNext } from '@/nav/paths';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('signUp');

export default publicPage(async ({ search }) => <SignUpForm next={safeNext(search.next, paths.onboarding)} />);
