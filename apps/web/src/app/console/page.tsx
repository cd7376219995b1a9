import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { PROJECT_COOKIE } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { readMe, redirectToSignIn } from '@/server/console';

/** Leads to where the person last worked, or to the first steps. */
export default async function ConsoleEntrance() {
  const me = await readMe();
  if (!me) return redirectToSignIn();
  const last = (await cookies()).get(PROJECT_COOKIE)?.value?.split('/')[0];
  const organization = me.organizations.find(({ slug }) => slug === last) ?? me.organizations[0];
  redirect(organization ? paths.organization(organization.slug) : paths.onboarding);
}
