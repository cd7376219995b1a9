'use client';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { ApiError } from '@/api/browser-client';
import { ButtonLink } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { Compass, ShieldCheck } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';

/** Whether an answer says that what was shown is not there, or not for this person, any more. */
function isLost(error: ApiError | null): error is ApiError {
  return error?.problem.status === 404 || error?.problem.status === 403;
}

interface LostStateProps {
  error: ApiError;
  /** The list that the thing stood in. */
  listHref: string;
}

/** In the place of a page whose thing was deleted, or closed to this person, while it was open. */
function LostState({ error, listHref }: LostStateProps) {
  const t = useTranslations('errors');
  const gone = error.problem.status === 404;
  return (
    <div className="py-16">
      <EmptyState
        icon={gone ? <Compass /> : <ShieldCheck />}
        title={<h1>{t(gone ? 'goneTitle' : 'lostTitle')}</h1>}
        action={<ButtonLink href={listHref}>{t('toList')}</ButtonLink>}
      >
        <p role="status">{t(gone ? 'goneText' : 'lostText')}</p>
      </EmptyState>
    </div>
  );
}

interface Found {
  data: unknown;
  error: ApiError | null;
  refetch: () => unknown;
}

/**
 * What a detail page shows instead of itself, undefined when nothing stands in its way. An answer kept from before is shown
 * through failures that pass, but not once the API says that the thing is gone: then it would be stale for good.
 */
export function standIn(found: Found, listHref: string, loading: ReactNode): ReactNode | undefined {
  const { data, error, refetch } = found;
  if (data && isLost(error)) return <LostState error={error} listHref={listHref} />;
  if (data) return undefined;
  return error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : loading;
}
