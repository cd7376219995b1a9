import { getTranslations } from 'next-intl/server';
import { paths } from '@/nav/paths';
import { Compass } from '@/ui/icons';
import { ButtonLink } from './button';
import { EmptyState } from './empty-state';

/** Nothing is at this address, or nothing that this person may know of. */
export async function NotFoundState() {
  const t = await getTranslations('errors');
  return (
    <div className="py-16">
      <EmptyState
        icon={<Compass />}
        title={<h1>{t('notFoundTitle')}</h1>}
        action={<ButtonLink href={paths.console}>{t('toConsole')}</ButtonLink>}
      >
        {t('notFoundText')}
      </EmptyState>
    </div>
  );
}
