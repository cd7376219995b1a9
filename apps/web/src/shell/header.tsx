'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useCommandCentre } from '@/commands/provider';
import { lazily } from '@/lib/lazily';
import type { Theme } from '@/lib/preferences';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { LiveUpdates } from '@/live/live-updates';
import { paths } from '@/nav/paths';
import { IconButton } from '@/ui/button';
import { Clock, Menu as MenuIcon, Search } from '@/ui/icons';
import { Kbd } from '@/ui/kbd';
import { useConsole } from './console-context';
import { LanguageMenu, ThemeMenu } from './preferences-menu';
import { UserMenu } from './user-menu';

const MobileNav = lazily(() => import('./mobile-nav'));

export function Header({ theme }: { theme: Theme }) {
  const nav = useTranslations('nav');
  const commands = useTranslations('commands');
  const { openPalette } = useCommandCentre();
  const [drawer, setDrawer] = useState(false);
  return (
    <header className="sticky top-0 z-header flex h-14 items-center gap-2 border-line border-b bg-canvas/90 px-3 backdrop-blur sm:px-6 lg:px-8">
      <IconButton label={nav('open')} className="lg:hidden" onClick={() => setDrawer(true)}>
        <MenuIcon className="size-4.5" />
      </IconButton>
      {drawer && <MobileNav onClose={() => setDrawer(false)} />}
      <button
        type="button"
        onClick={openPalette}
        aria-label={commands('title')}
        className="flex h-8 min-w-8 items-center gap-2 rounded-md border-line px-2 text-subtle text-sm hover:bg-hover sm:w-64 sm:border sm:bg-surface sm:shadow-card"
      >
        <Search className="size-4 shrink-0" />
        <span className="hidden flex-1 text-left sm:block">{commands('hint')}</span>
        <span className="hidden sm:block">
          <Kbd>⌘K</Kbd>
        </span>
      </button>
      <div className="ml-auto flex items-center gap-0.5">
        <TestClock />
        <LiveUpdates />
        <LanguageMenu />
        <ThemeMenu initial={theme} />
        <UserMenu />
      </div>
    </header>
  );
}

/** The billing time of a sandbox whose clock has been moved: a reminder that dates here are ahead of the calendar. */
function TestClock() {
  const t = useTranslations('shell');
  const format = useFormat();
  const { organization, orgSlug } = useConsole();
  const now = useNow(1000);
  if (organization.clock_offset_s === 0) return null;
  const billingNow = now === null ? organization.billing_now : new Date(now + organization.clock_offset_s * 1000);
  const text = format.date(typeof billingNow === 'string' ? billingNow : billingNow.toISOString(), 'dateTime');
  return (
    <Link
      href={`${paths.settings(orgSlug)}#test-clock`}
      title={t('testClock')}
      className="mr-1 hidden h-7 items-center gap-1.5 rounded-md bg-warning-soft px-2 font-medium text-warning text-xs md:inline-flex"
    >
      <Clock className="size-3.5" />
      <span className="sr-only">{t('testClock')}</span>
      <span className="tnum">{text}</span>
    </Link>
  );
}
