'use client';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/empty-state';
import { CloudOff } from '@/ui/icons';

export interface FailedStateProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** A page could not be rendered, usually because the API does not answer. Nothing was lost; trying again is safe. */
export function FailedState({ error, reset }: FailedStateProps) {
  const t = useTranslations('errors');
  return (
    <div className="py-16">
      <EmptyState
        icon={<CloudOff />}
        title={<h1>{t('failedTitle')}</h1>}
        action={
          <Button variant="primary" onClick={reset}>
            {t('retry')}
          </Button>
        }
      >
        <p>{t('failedText')}</p>
        {error.digest && (
          <p className="mt-2 text-xs">
            {t('reference')} <code className="font-mono">{error.digest}</code>
          </p>
        )}
      </EmptyState>
    </div>
  );
}
