'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect } from 'react';
import { ApiProvider } from '@/api/provider';
import { CommandProvider, useCommands } from '@/commands/provider';
import { PROJECT_COOKIE, type Theme, writePreference } from '@/lib/preferences';
import { TimeZoneContext } from '@/lib/use-format';
import { ORGANIZATION_NAV, PROJECT_NAV } from '@/nav/nav-items';
import { paths } from '@/nav/paths';
import { ToastHost } from '@/ui/toast';
import { ConsoleContextProvider, type ConsoleValue, useConsole } from './console-context';
import { Header } from './header';
import { ImpersonationBanner } from './impersonation-banner';
import { applyTheme } from './preferences-menu';
import { Sidebar } from './sidebar';

interface ConsoleShellProps {
  value: ConsoleValue;
  theme: Theme;
  children: ReactNode;
}

/** Everything around a page of the tenant side: navigation, header, commands, data and time zone. */
export function ConsoleShell({ value, theme, children }: ConsoleShellProps) {
  const t = useTranslations('shell');
  return (
    <ApiProvider key={value.organization.id} organizationId={value.organization.id} signInPath={paths.signIn}>
      <TimeZoneContext value={value.organization.time_zone}>
        <ConsoleContextProvider value={value}>
          <CommandProvider>
            <ShellCommands />
            <ToastHost />
            <a
              href="#main"
              className="sr-only z-popup rounded-md bg-primary px-3 py-2 text-inverse focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
            >
              {t('skip')}
            </a>
            <ImpersonationBanner />
            <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
              <aside className="sticky top-0 hidden h-dvh border-line border-r bg-canvas lg:block">
                <Sidebar />
              </aside>
              <div className="flex min-h-dvh min-w-0 flex-col">
                <Header theme={theme} />
                <main id="main" className="mx-auto w-full max-w-[90rem] flex-1 px-4 py-6 sm:px-6 lg:px-8" tabIndex={-1}>
                  {children}
                </main>
              </div>
            </div>
          </CommandProvider>
        </ConsoleContextProvider>
      </TimeZoneContext>
    </ApiProvider>
  );
}

/** Commands that work on every page, and the memory of the last project. */
function ShellCommands() {
  const t = useTranslations();
  const router = useRouter();
  const { orgSlug, projectSlug, can } = useConsole();
  useEffect(() => writePreference(PROJECT_COOKIE, `${orgSlug}/${projectSlug}`), [orgSlug, projectSlug]);
  useCommands(
    () => [
      ...[...PROJECT_NAV, ...ORGANIZATION_NAV]
        .filter((item) => can(item.permission))
        .map((item) => ({
          id: `go-${item.key}`,
          label: t('commands.goTo', { page: t(`nav.items.${item.key}`) }),
          group: 'navigation' as const,
          keys: item.shortcut,
          icon: item.icon,
          run: () => router.push(item.href(orgSlug, projectSlug)),
        })),
      ...(can('instance.create')
        ? [
            {
              id: 'launch',
              label: t('commands.launch'),
              group: 'actions' as const,
              keys: 'c',
              run: () => router.push(paths.launch(orgSlug, projectSlug)),
            },
          ]
        : []),
      ...(['light', 'dark', 'system'] as const).map((theme) => ({
        id: `theme-${theme}`,
        label: `${t('preferences.theme')}: ${t(`preferences.themes.${theme}`)}`,
        group: 'preferences' as const,
        run: () => applyTheme(theme),
      })),
    ],
    [t, router, orgSlug, projectSlug],
  );
  return null;
}
