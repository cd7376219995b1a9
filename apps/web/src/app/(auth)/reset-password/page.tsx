import { ResetPasswordForm } from '@/features/auth/reset-password-form';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('resetPassword');

export default publicPage(async () => <ResetPasswordForm />);
