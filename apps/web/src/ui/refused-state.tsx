import type { Problem } from '@suanxiang/contract/schemas/problem';
import { getTranslations } from 'next-intl/server';
import { paths } from '@/nav/paths';
import { buttonClass } from './button-class';
import { EmptyState } from './empty-state';
import { CloudOff, Lock } from './icons';
import { ProblemNotice } from './problem';

/**
 * In the place of a page that the API refused: what it means for the reader, the API's own words, and the ways on. `here` is
 * the page's address, for another try. Plain links, as in NotFoundState.
 */
export async function RefusedState({ problem, here }: { problem: Problem; here: string }) {
  const t = await getTranslations('errors');
  const forbidden = problem.status === 403;
  return (
    <div className="py-10">
      <EmptyState
        icon={forbidden ? <Lock /> : <CloudOff />}
        title={<h1>{t(forbidden ? 'forbiddenTitle' : 'failedTitle')}</h1>}
        action={
          <>
            {!forbidden && (
              <a href={here} className={buttonClass('primary')}>
                {t('retry')}
              </a>
            )}
            <a href={paths.console} className={buttonClass()}>
              {t('toConsole')}
            </a>
          </>
        }
      >
        <p>{t(forbidden ? 'forbiddenText' : 'failedText')}</p>
      </EmptyState>
      {/* The API words its details in English only; above stands all that they say of a missing permission. */}
      {problem.code !== 'permission_denied' && <ProblemNotice problem={problem} className="mx-auto max-w-xl" />}
    </div>
  );
}
