'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { postOwn } from '@/api/browser-client';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { buttonClass } from '@/ui/button-class';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { useLinkToken } from './link-token';

/** Confirms an address. A press of a button, as programs that look through mails open links, too. */
export function VerifyEmailForm() {
  const t = useTranslations('auth');
  const token = useLinkToken();
  const [state, setState] = useState<'asked' | 'busy' | 'done'>('asked');
  const [error, setError] = useState<unknown>(null);
  const verify = async () => {
    setState('busy');
    setError(null);
    try {
      await postOwn('/api/auth/open/email/verify', { token });
      setState('done');
    } catch (caught) {
      setError(caught);
      setState('asked');
    }
  };
  return (
    <>
      <h1 className="font-semibold text-2xl">{t('verifyTitle')}</h1>
      <p className="mt-1 mb-7 text-muted">{t('verifyText')}</p>
      <div className="space-y-4">
        {state === 'done' ? (
          <>
            <Notice tone="success" live>
              {t('verified')}
            </Notice>
            <Link href={paths.console} className={buttonClass('primary', 'lg', 'w-full')}>
              {t('goOn')}
            </Link>
          </>
        ) : token === null ? (
          <Notice>{t('linkMissing')}</Notice>
        ) : (
          <Button variant="primary" size="lg" className="w-full" busy={state === 'busy'} onClick={() => void verify()}>
            {t('verify')}
          </Button>
        )}
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </>
  );
}
