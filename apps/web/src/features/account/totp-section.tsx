'use client';
import type { CallOutput } from '@suanxiang/contract/client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { lazily } from '@/lib/lazily';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { ErrorNotice } from '@/ui/problem';
import { RecoveryCodes } from './recovery-codes';

const TotpDialog = lazily(() => import('./totp-dialog'));

/** The authenticator app and the codes that stand in for it. */
export function TotpSection({ security }: { security: CallOutput<'getAccountSecurity'> }) {
  const t = useTranslations('account');
  const [offered, setOffered] = useState<CallOutput<'startTotp'> | null>(null);
  const [removing, setRemoving] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const stale = ['getAccountSecurity', 'listSessions'] as const;
  const start = useApiMutation('startTotp');
  const remove = useApiMutation('removeTotp', stale);
  const renew = useApiMutation('renewRecoveryCodes', stale);
  const { totp, recovery_codes_left: left, passkeys } = security;
  return (
    <>
      <Section
        title={t('totp')}
        description={t('totpText')}
        actions={<Badge tone={totp ? 'success' : 'neutral'}>{totp ? t('on') : t('off')}</Badge>}
      >
        <div className="space-y-3">
          {totp ? (
            <Button onClick={() => setRemoving(true)}>{t('remove')}</Button>
          ) : (
            <Button
              variant="primary"
              busy={start.isPending}
              onClick={() => start.mutate({}, { onSuccess: setOffered })}
            >
              {t('add')}
            </Button>
          )}
          {start.error && <ErrorNotice error={start.error} />}
        </div>
      </Section>
      {(totp || passkeys.length > 0) && (
        <Section
          title={t('recovery')}
          description={t('recoveryText')}
          actions={<span className="text-muted text-sm">{t('left', { count: left })}</span>}
        >
          <Button
            busy={renew.isPending}
            onClick={() => renew.mutate({}, { onSuccess: (made) => setCodes(made.recovery_codes) })}
          >
            {t('renew')}
          </Button>
          {renew.error && <ErrorNotice error={renew.error} className="mt-3" />}
        </Section>
      )}
      {offered && (
        <TotpDialog
          offered={offered}
          onClose={() => setOffered(null)}
          onAdded={(made) => {
            setOffered(null);
            setCodes(made);
          }}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
      {removing && (
        <Confirm
          title={t('totp')}
          action={t('remove')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate({}, { onSuccess: () => setRemoving(false) })}
          onClose={() => setRemoving(false)}
        >
          {t('totpRemoveText')}
        </Confirm>
      )}
    </>
  );
}
