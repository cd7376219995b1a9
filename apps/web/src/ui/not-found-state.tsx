import { getTranslations } from 'next-intl/server';
import { paths } from '@/nav/paths';
import { Compass } from '@/ui/icons';
import { buttonClass } from './button-class';
import { EmptyState } from './empty-state';

/**
 * Nothing is at this address, or nothing that this person may know of. The way out is a plain link: this stands around every
 * page, and Next's own link would come along with each.
 */
export async function NotFoundState() {
  const t = await getTranslations('errors');
  return (
    <div className="py-16">
      <EmptyState
        icon={<Compass />}
        title={<h1>{t('notFoundTitle')}</h1>}
        action={
          <a href={paths.console} className={buttonClass()}>
            {t('toConsole')}
          </a>
        }
      >
        {t('notFoundText')}
      </EmptyState>
    </div>
  );
}
