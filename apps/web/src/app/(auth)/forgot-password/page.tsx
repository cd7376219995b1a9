import { ForgotPasswordForm } from '@/features/auth/forgot-password-form';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('forgotPassword');

export default publicPage(async () => <ForgotPasswordForm />);
