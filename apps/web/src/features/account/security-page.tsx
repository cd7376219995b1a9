'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useApi, useApiMutation } from '@/api/hooks';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { buttonClass } from '@/ui/button-class';
import { Notice } from '@/ui/notice';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { PasskeysSection } from './passkeys-section';
import { PasswordSection } from './password-section';
import { SessionsSection } from './sessions-section';
import { TotpSection } from './totp-section';

/** How a person signs in and where they are signed in. `required`: an organisation sent them here for a second factor. */
export function SecurityPage({ required }: { required: boolean }) {
  const t = useTranslations('account');
  const security = useApi('getAccountSecurity', {});
  const { data } = security;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('text')}
        actions={
          <Link href={paths.console} className={buttonClass()}>
            {t('back')}
          </Link>
        }
      />
      <div className="space-y-8">
        {required && data?.aal === 1 && <Notice tone="warning">{t('required')}</Notice>}
        {security.error && !data && <ErrorNotice error={security.error} onRetry={() => void security.refetch()} />}
        {data && !data.email_verified && <Unverified email={data.email} />}
        <PasswordSection />
        {data && <TotpSection security={data} />}
        {data && <PasskeysSection passkeys={data.passkeys} />}
        <SessionsSection />
      </div>
    </>
  );
}

function Unverified({ email }: { email: string }) {
  const t = useTranslations('account');
  const send = useApiMutation('sendVerification');
  const act = () => send.mutate({}, { onSuccess: () => notify(t('mailSent')) });
  return (
    <Notice
      tone="info"
      action={
        <Button size="sm" busy={send.isPending} onClick={act}>
          {t('sendMail')}
        </Button>
      }
    >
      {t('emailUnverified', { email })}
    </Notice>
  );
}
