import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import type { Theme } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { Logo } from '@/ui/logo';
import { LanguageMenu, ThemeMenu } from './preferences-menu';

/** The frame of sign-in, sign-up and first steps: one narrow column, nothing to distract. */
export async function AuthShell({ theme, children, wide }: { theme: Theme; children: ReactNode; wide?: boolean }) {
  const brand = await getTranslations('brand');
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-14 items-center justify-between px-4 sm:px-6">
        <Link href={paths.home} className="flex rounded-md">
          <Logo name={brand('name')} />
        </Link>
        <span className="flex">
          <LanguageMenu />
          <ThemeMenu initial={theme} />
        </span>
      </header>
      <main id="main" className="flex flex-1 items-start justify-center px-4 py-10 sm:py-16">
        <div className={wide ? 'w-full max-w-xl' : 'w-full max-w-sm'}>{children}</div>
      </main>
    </div>
  );
}
