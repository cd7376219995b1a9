import { VerifyEmailForm } from '@/features/auth/verify-email-form';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('verifyEmail');

export default publicPage(async () => <VerifyEmailForm />);
