import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import type { Theme } from '@/lib/preferences';
import { paths } from '@/nav/paths';
import { ButtonLink } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { LanguageMenu, ThemeMenu } from './preferences-menu';

interface PublicShellProps {
  theme: Theme;
  /** Somebody is signed in, so the way in is to the console. */
  signedIn: boolean;
  children: ReactNode;
}

/** Header and footer of the pages that anybody may read. */
export async function PublicShell({ theme, signedIn, children }: PublicShellProps) {
  const [brand, t] = await Promise.all([getTranslations('brand'), getTranslations('landing')]);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="sticky top-0 z-header border-line border-b bg-canvas/90 backdrop-blur">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4 sm:px-6">
          <Link href={paths.home} className="flex rounded-md">
            <Logo name={brand('name')} />
          </Link>
          <nav className="ml-auto flex items-center gap-1" aria-label={t('nav')}>
            <Link
              href={paths.pricing}
              className="hidden h-8 items-center rounded-md px-2.5 text-muted text-sm hover:bg-hover hover:text-content sm:inline-flex"
            >
              {t('prices')}
            </Link>
            <LanguageMenu />
            <ThemeMenu initial={theme} />
            {signedIn ? (
              <ButtonLink href={paths.console} variant="primary" className="ml-1">
                {t('console')}
              </ButtonLink>
            ) : (
              <>
                <ButtonLink href={paths.signIn} variant="ghost">
                  {t('signIn')}
                </ButtonLink>
                <ButtonLink href={paths.signUp} variant="primary" className="hidden sm:inline-flex">
                  {t('signUp')}
                </ButtonLink>
              </>
            )}
          </nav>
        </div>
      </header>
      <main id="main" className="flex-1">
        {children}
      </main>
      <footer className="border-line border-t">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-3 px-4 py-6 text-subtle text-xs sm:px-6">
          <p>{t('footer')}</p>
          <Link href={paths.operatorSignIn} className="rounded-sm hover:text-content">
            {t('operator')}
          </Link>
        </div>
      </footer>
    </div>
  );
}
