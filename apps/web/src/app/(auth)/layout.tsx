import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ApiProvider } from '@/api/provider';
import { parseTheme, THEME_COOKIE } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { ClientMessages } from '@/server/client-messages';
import { AuthShell } from '@/shell/auth-shell';

export default async function AuthLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  return (
    <ClientMessages only={['account', 'auth', 'common', 'members', 'onboarding', 'preferences', 'problem']}>
      <ApiProvider organizationId={null} signInPath={paths.signIn}>
        <AuthShell theme={parseTheme(jar.get(THEME_COOKIE)?.value)}>{children}</AuthShell>
      </ApiProvider>
    </ClientMessages>
  );
}
