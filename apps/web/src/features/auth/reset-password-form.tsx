'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { postOwn } from '@/api/browser-client';
import { useContractForm } from '@/forms/use-contract-form';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { buttonClass } from '@/ui/button-class';
import { Field, Input } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';
import { useLinkToken } from './link-token';

/** Sets a new password with the link of a mail. */
export function ResetPasswordForm() {
  const t = useTranslations('auth');
  const token = useLinkToken();
  const [done, setDone] = useState(false);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/account')).resetPasswordBody,
    body: ({ password = '' }) => ({ token: token ?? '', password }),
    send: async (body) => {
      await postOwn('/api/auth/open/password/reset', body);
      setDone(true);
    },
  });
  return (
    <>
      <h1 className="font-semibold text-2xl">{t('resetTitle')}</h1>
      <p className="mt-1 mb-7 text-muted">{t('resetText')}</p>
      {done ? (
        <div className="space-y-4">
          <Notice tone="success" live>
            {t('resetDone')}
          </Notice>
          <Link href={paths.signIn} className={buttonClass('primary', 'lg', 'w-full')}>
            {t('signIn')}
          </Link>
        </div>
      ) : token === null ? (
        <Notice>{t('linkMissing')}</Notice>
      ) : (
        <form ref={form.ref} method="post" onSubmit={form.onSubmit} noValidate className="space-y-4">
          <Field label={t('newPassword')} error={form.problemOf('password', t('passwordRule'))}>
            {(control) => (
              <Input {...control} name="password" type="password" autoComplete="new-password" maxLength={200} />
            )}
          </Field>
          {form.error !== null && <ErrorNotice error={form.error} />}
          <Button type="submit" variant="primary" size="lg" className="w-full" busy={form.busy}>
            {t('setPassword')}
          </Button>
        </form>
      )}
    </>
  );
}
