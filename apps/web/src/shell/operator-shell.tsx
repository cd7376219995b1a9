'use client';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { postOwn } from '@/api/browser-client';
import { ApiProvider } from '@/api/provider';
import { CommandProvider, useCommands } from '@/commands/provider';
import type { Theme } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import {
  Activity,
  Building2,
  ChartColumn,
  Gauge,
  Hourglass,
  type Icon,
  Landmark,
  Layers,
  LogOut,
  Mail,
  ReceiptText,
  Server,
  Settings,
  UsersRound,
} from '@/ui/icons';
import { Logo } from '@/ui/logo';
import { ToastHost } from '@/ui/toast';
import { LanguageMenu, ThemeMenu } from './preferences-menu';
import { navLinkClass } from './sidebar';

type ItemKey =
  | 'organizations'
  | 'quotaRequests'
  | 'fapiao'
  | 'fleet'
  | 'queue'
  | 'capacity'
  | 'maintenance'
  | 'rules'
  | 'operations'
  | 'billing'
  | 'payments'
  | 'mails';

const ITEMS: readonly { key: ItemKey; href: string; icon: Icon; shortcut: string }[] = [
  { key: 'fleet', href: paths.operatorFleet, icon: Server, shortcut: 'g f' },
  { key: 'queue', href: paths.operatorQueue, icon: Hourglass, shortcut: 'g q' },
  { key: 'capacity', href: paths.operatorCapacity, icon: Layers, shortcut: 'g c' },
  { key: 'maintenance', href: paths.operatorMaintenance, icon: Gauge, shortcut: 'g m' },
  { key: 'rules', href: paths.operatorRules, icon: Settings, shortcut: 'g r' },
  {
    key: 'organizations',
    href: paths.operatorOrganizations,
    icon: Building2,
    shortcut: 'g t',
  },
  {
    key: 'quotaRequests',
    href: paths.operatorQuotaRequests,
    icon: UsersRound,
    shortcut: 'g d',
  },
  { key: 'operations', href: paths.operatorOperations, icon: Activity, shortcut: 'g o' },
  { key: 'billing', href: paths.operatorBilling, icon: ChartColumn, shortcut: 'g b' },
  { key: 'fapiao', href: paths.operatorFapiao, icon: ReceiptText, shortcut: 'g i' },
  { key: 'payments', href: paths.operatorPayments, icon: Landmark, shortcut: 'g p' },
  { key: 'mails', href: paths.operatorMails, icon: Mail, shortcut: 'g l' },
];

/** Everything around a page of the operator plane. */
export function OperatorShell({ theme, children }: { theme: Theme; children: ReactNode }) {
  return (
    <ApiProvider organizationId={null} signInPath={paths.operatorSignIn}>
      <CommandProvider>
        <OperatorCommands />
        <ToastHost />
        <Frame theme={theme}>{children}</Frame>
      </CommandProvider>
    </ApiProvider>
  );
}

function OperatorCommands() {
  const t = useTranslations();
  const router = useRouter();
  useCommands(
    () =>
      ITEMS.map(({ key, href, icon, shortcut }) => ({
        id: `go-${key}`,
        label: t('commands.goTo', { page: t(`operator.nav.${key}`) }),
        group: 'navigation' as const,
        keys: shortcut,
        icon,
        run: () => router.push(href),
      })),
    [t, router],
  );
  return null;
}

async function signOut(): Promise<void> {
  await postOwn('/api/operator/sign-out').catch(() => undefined);
  window.location.assign(paths.operatorSignIn);
}

function Frame({ theme, children }: { theme: Theme; children: ReactNode }) {
  const t = useTranslations('operator');
  const brand = useTranslations('brand');
  const user = useTranslations('user');
  const pathname = usePathname();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="sticky top-0 z-header border-line border-b bg-canvas/90 backdrop-blur">
        <div className="mx-auto flex h-14 max-w-[110rem] items-center gap-3 px-4 sm:px-6">
          <Link href={paths.operatorFleet} className="flex rounded-md">
            <Logo name={brand('name')} />
          </Link>
          <span className="hidden sm:inline">
            <Badge tone="danger">{t('badge')}</Badge>
          </span>
          <span className="ml-auto flex items-center">
            <LanguageMenu />
            <ThemeMenu initial={theme} />
            <Button variant="ghost" onClick={() => void signOut()} aria-label={user('signOut')}>
              <LogOut className="size-4" />
              <span className="hidden sm:inline">{user('signOut')}</span>
            </Button>
          </span>
        </div>
        <nav aria-label={t('navigation')} className="mx-auto max-w-[110rem] px-4 pb-1.5 sm:px-6">
          <ul className="hide-scrollbar flex gap-1 overflow-x-auto">
            {ITEMS.map(({ key, href, icon: Icon }) => (
              <li key={key}>
                <Link
                  href={href}
                  aria-current={pathname === href ? 'page' : undefined}
                  className={navLinkClass(pathname === href, false)}
                >
                  <Icon className="size-4 shrink-0" />
                  <span className="whitespace-nowrap">{t(`nav.${key}`)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main" className="mx-auto w-full max-w-[110rem] flex-1 px-4 py-6 sm:px-6" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
