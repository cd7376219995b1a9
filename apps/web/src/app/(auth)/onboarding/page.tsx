import { getLocale } from 'next-intl/server';
import { OnboardingForm } from '@/features/onboarding/onboarding-form';
import { readMe, redirectToSignIn } from '@/server/console';
import { publicPage } from '@/server/public-page';
import { pageTitle } from '@/server/title';

export const generateMetadata = pageTitle('onboarding');

const COUNTRIES = ['CN', 'HK', 'SG', 'US', 'JP', 'KR', 'MY', 'TH', 'VN', 'ID', 'IN', 'AU', 'GB', 'DE', 'FR', 'CA'];

export default publicPage(async () => {
  const me = await readMe();
  if (!me) return redirectToSignIn();
  const names = new Intl.DisplayNames(await getLocale(), { type: 'region' });
  const countries = COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code }));
  return <OnboardingForm first={me.organizations.length === 0} countries={countries} />;
});
