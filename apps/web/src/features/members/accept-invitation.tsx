'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { callApi } from '@/api/browser-client';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { ErrorNotice } from '@/ui/problem';

/** Joins the organisation of the link in a mail, as the person who is signed in. */
export function AcceptInvitation({ token, email }: { token: string; email: string }) {
  const t = useTranslations('members');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const accept = async () => {
    setBusy(true);
    setError(null);
    try {
      const { organization } = await callApi('acceptInvitation', { body: { token } }, null);
      window.location.assign(paths.organization(organization.slug));
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <div>
      <h1 className="font-semibold text-xl">{t('acceptTitle')}</h1>
      <p className="mt-2 text-muted text-sm">{t('acceptText', { email })}</p>
      {error !== null && <ErrorNotice error={error} className="mt-4" />}
      <Button variant="primary" className="mt-6 w-full" busy={busy} onClick={() => void accept()}>
        {t('accept')}
      </Button>
    </div>
  );
}
