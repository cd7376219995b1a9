import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ApiProvider } from '@/api/provider';
import { parseTheme, THEME_COOKIE } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { ClientMessages } from '@/server/client-messages';
import { readToken } from '@/server/session';
import { PublicShell } from '@/shell/public-shell';

export default async function PublicLayout({ children }: { children: ReactNode }) {
  const [jar, token] = await Promise.all([cookies(), readToken('tenant')]);
  return (
    <ClientMessages only={['common', 'preferences', 'pricing', 'problem']}>
      <ApiProvider organizationId={null} signInPath={paths.signIn}>
        <PublicShell theme={parseTheme(jar.get(THEME_COOKIE)?.value)} signedIn={token !== null}>
          {children}
        </PublicShell>
      </ApiProvider>
    </ClientMessages>
  );
}
