import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ApiProvider } from '@/api/provider';
import { parseTheme, THEME_COOKIE } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { ClientMessages } from '@/server/client-messages';
import { AuthShell } from '@/shell/auth-shell';
import { ToastHost } from '@/ui/toast';

export default async function AccountLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  return (
    <ClientMessages only={['account', 'common', 'preferences', 'problem']}>
      <ApiProvider organizationId={null} signInPath={paths.signIn}>
        <ToastHost />
        <AuthShell theme={parseTheme(jar.get(THEME_COOKIE)?.value)} wide>
          {children}
        </AuthShell>
      </ApiProvider>
    </ClientMessages>
  );
}
