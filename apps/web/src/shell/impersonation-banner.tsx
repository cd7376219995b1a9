'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { postOwn } from '@/api/browser-client';
import { useNow } from '@/lib/use-now';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { useConsole } from './console-context';

/** Says, on every page, that an operator looks in, for how much longer, and lets them out. */
export function ImpersonationBanner() {
  const t = useTranslations('shell');
  const { me, organization } = useConsole();
  const now = useNow(1000);
  const [busy, setBusy] = useState(false);
  if (!me.impersonation) return null;
  const leftMs = now === null ? null : Date.parse(me.impersonation.expires_at) - now;
  const leftS = leftMs === null ? null : Math.max(0, Math.round(leftMs / 1000));
  const left = leftS === null ? '–' : `${Math.floor(leftS / 60)}:${String(leftS % 60).padStart(2, '0')}`;
  const end = async () => {
    setBusy(true);
    await postOwn('/api/auth/impersonation-end').catch(() => undefined);
    window.location.assign(paths.operatorOrganization(organization.id));
  };
  return (
    <div role="status" className="sticky top-0 z-popup border-warning/40 border-b bg-warning-soft px-4 py-2 text-sm">
      <div className="mx-auto flex max-w-[90rem] flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p>
          <span className="font-medium">{t('lookingIn', { name: organization.name })}</span>{' '}
          <span className="text-muted">{t('lookingInText', { ticket: me.impersonation.ticket })}</span>
        </p>
        <span className="flex items-center gap-3">
          <span className="tnum" aria-live="off">
            {t('timeLeft', { left })}
          </span>
          <Button size="sm" busy={busy} onClick={() => void end()}>
            {t('endLookingIn')}
          </Button>
        </span>
      </div>
    </div>
  );
}
