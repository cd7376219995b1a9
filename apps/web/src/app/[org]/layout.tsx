import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { PROJECT_COOKIE, parseTheme, THEME_COOKIE } from '@/lib/preferences';
import { catalogueNames } from '@/server/catalogue';
import { ClientMessages } from '@/server/client-messages';
import { readWebConfig } from '@/server/config';
import { openOrganization } from '@/server/console';
import { rememberedProject } from '@/server/remembered-project';
import { ConsoleShell } from '@/shell/console-shell';

interface LayoutProps {
  params: Promise<{ org: string }>;
  children: ReactNode;
}

export default async function OrganizationLayout({ params, children }: LayoutProps) {
  const { org } = await params;
  const [{ me, membership, organization, projects }, jar, names] = await Promise.all([
    openOrganization(org),
    cookies(),
    catalogueNames(performance.timeOrigin + performance.now()),
  ]);
  return (
    <ClientMessages>
      <ConsoleShell
        theme={parseTheme(jar.get(THEME_COOKIE)?.value)}
        value={{
          me,
          membership,
          organization,
          projects,
          defaultProject: rememberedProject(jar.get(PROJECT_COOKIE)?.value, org, projects),
          publicApiUrl: readWebConfig().publicApiUrl,
          names,
        }}
      >
        {children}
      </ConsoleShell>
    </ClientMessages>
  );
}
