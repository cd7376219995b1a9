'use client';
import type { Locale } from '@suanxiang/domain/locale';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { postOwn } from '@/api/browser-client';
import { useContractForm } from '@/forms/use-contract-form';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';

export function SignUpForm({ next }: { next: string }) {
  const t = useTranslations('auth');
  const common = useTranslations('common');
  const locale = useLocale() as Locale;
  const [leaving, setLeaving] = useState(false);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).signUpBody,
    body: ({ name = '', email = '', password = '' }) => ({ name: name.trim(), email: email.trim(), password, locale }),
    send: async (body) => {
      await postOwn('/api/auth/sign-up', body);
      setLeaving(true);
      window.location.assign(next);
    },
  });
  return (
    <>
      <h1 className="font-semibold text-2xl">{t('signUpTitle')}</h1>
      <p className="mt-1 mb-7 text-muted">{t('signUpText')}</p>
      {/* post: pressed before the script has loaded, the browser must not put the password into the address. */}
      <form ref={form.ref} method="post" onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('name')} error={form.problemOf('name', common('nameRule'))}>
          {(control) => <Input {...control} name="name" autoComplete="name" maxLength={63} />}
        </Field>
        <Field label={t('email')} error={form.problemOf('email', t('emailRule'))}>
          {(control) => <Input {...control} name="email" type="email" autoComplete="username" maxLength={254} />}
        </Field>
        <Field label={t('password')} hint={t('passwordRule')} error={form.problemOf('password', t('passwordRule'))}>
          {(control) => (
            <Input {...control} name="password" type="password" autoComplete="new-password" maxLength={200} />
          )}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <Button type="submit" variant="primary" size="lg" className="w-full" busy={form.busy || leaving}>
          {t('createAccount')}
        </Button>
      </form>
      <p className="mt-6 text-muted text-sm">
        {t('haveAccount')}{' '}
        <Link href={paths.signIn} className="font-medium text-accent hover:underline">
          {t('signIn')}
        </Link>
      </p>
    </>
  );
}
