'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { postOwn } from '@/api/browser-client';
import { useContractForm } from '@/forms/use-contract-form';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { Notice } from '@/ui/notice';
import { ErrorNotice } from '@/ui/problem';

/** Asks for a link; what it says afterwards does not tell whether there is an account. */
export function ForgotPasswordForm() {
  const t = useTranslations('auth');
  const [sent, setSent] = useState(false);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/account')).forgotPasswordBody,
    body: ({ email = '' }) => ({ email: email.trim() }),
    send: async (body) => {
      await postOwn('/api/auth/open/password/forgot', body);
      setSent(true);
    },
  });
  return (
    <>
      <h1 className="font-semibold text-2xl">{t('forgotTitle')}</h1>
      <p className="mt-1 mb-7 text-muted">{t('forgotText')}</p>
      <form ref={form.ref} method="post" onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('email')} error={form.problemOf('email', t('emailRule'))}>
          {(control) => <Input {...control} name="email" type="email" autoComplete="username" maxLength={254} />}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        {sent && (
          <Notice tone="success" live>
            {t('linkSent')}
          </Notice>
        )}
        <Button type="submit" variant="primary" size="lg" className="w-full" busy={form.busy}>
          {t('sendLink')}
        </Button>
      </form>
    </>
  );
}
