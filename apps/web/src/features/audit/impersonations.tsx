'use client';
import { useTranslations } from 'next-intl';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Impersonation } from '@/api/types';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { Time } from '@/ui/time';

/** Operators who look in now or ask to; owners let them in, refuse them and show them out. */
export function Impersonations() {
  const found = useApi('listImpersonations', {}, { pollMs: 15_000 });
  const open = found.data?.items.filter(({ state }) => state === 'active' || state === 'awaiting_consent') ?? [];
  if (open.length === 0) return null;
  return (
    <div className="mb-4 space-y-3">
      {open.map((one) => (
        <OpenImpersonation key={one.id} impersonation={one} />
      ))}
    </div>
  );
}

function OpenImpersonation({ impersonation }: { impersonation: Impersonation }) {
  const t = useTranslations('audit');
  const { can } = useConsole();
  const stale = ['listImpersonations', 'listAuditEvents'] as const;
  const consent = useApiMutation('consentToImpersonation', stale);
  const end = useApiMutation('endImpersonation', stale);
  const { operator_name: name, ticket, reason, state, expires_at } = impersonation;
  const params = { impersonation_id: impersonation.id };
  const error = consent.error ?? end.error;
  return (
    <Notice
      tone="warning"
      title={state === 'active' ? t('looksIn', { name }) : t('asksToLookIn', { name })}
      action={
        can('impersonation.modify') && (
          <>
            {state === 'awaiting_consent' && (
              <Button size="sm" variant="primary" busy={consent.isPending} onClick={() => consent.mutate({ params })}>
                {t('letIn')}
              </Button>
            )}
            <Button size="sm" busy={end.isPending} onClick={() => end.mutate({ params })}>
              {state === 'active' ? t('showOut') : t('refuse')}
            </Button>
          </>
        )
      }
    >
      {t('why', { ticket, reason })}
      {expires_at && (
        <span className="block">
          {t('until')} <Time at={expires_at} style="seconds" />
        </span>
      )}
      {error && <ErrorNotice error={error} className="mt-2" />}
    </Notice>
  );
}
