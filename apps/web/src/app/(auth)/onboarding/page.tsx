import { OnboardingForm } from '@/features/onboarding/onboarding-form';
import { readMe, redirectToSignIn } from '@/server/console';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('onboarding');

export default publicPage(async () => {
  const me = await readMe();
  if (!me) return redirectToSignIn();
  return <OnboardingForm first={me.organizations.length === 0} />;
});
