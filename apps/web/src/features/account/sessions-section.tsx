'use client';
import { useTranslations } from 'next-intl';
import { useApi, useApiMutation } from '@/api/hooks';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { ErrorNotice } from '@/ui/problem';
import { Time } from '@/ui/time';

/** Where the person is signed in. */
export function SessionsSection() {
  const t = useTranslations('account');
  const sessions = useApi('listSessions', {});
  const revoke = useApiMutation('revokeSession', ['listSessions']);
  const others = useApiMutation('signOutEverywhere', ['listSessions']);
  const items = sessions.data?.items ?? [];
  const error = sessions.error ?? revoke.error ?? others.error;
  return (
    <Section
      title={t('sessions')}
      description={t('sessionsText')}
      actions={
        items.length > 1 && (
          <Button size="sm" busy={others.isPending} onClick={() => others.mutate({})}>
            {t('endOthers')}
          </Button>
        )
      }
    >
      <ul className="divide-y divide-line">
        {items.map((one) => (
          <li key={one.id} className="flex items-center justify-between gap-3 py-2 text-sm">
            <span className="min-w-0">
              <span className="break-words font-medium">{one.device || t('unknownDevice')}</span>
              <span className="block text-muted text-xs">
                {one.ip_prefix} · {t('seen')} <Time at={one.last_seen_at} />
              </span>
            </span>
            {one.current ? (
              <Badge tone="success">{t('current')}</Badge>
            ) : (
              <Button size="sm" onClick={() => revoke.mutate({ params: { session_id: one.id } })}>
                {t('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {error && <ErrorNotice error={error} />}
    </Section>
  );
}
