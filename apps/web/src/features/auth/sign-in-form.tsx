'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ApiError, postOwn } from '@/api/browser-client';
import { useContractForm } from '@/forms/use-contract-form';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { PasskeyButton } from './passkey-button';
import { type SecondFactor, SecondFactorForm } from './second-factor-form';

interface SignInFormProps {
  next: string;
  /** Signs in to the operator plane instead. */
  operator?: boolean;
}

export function SignInForm({ next, operator = false }: SignInFormProps) {
  const t = useTranslations('auth');
  const [leaving, setLeaving] = useState(false);
  const [factor, setFactor] = useState<SecondFactor | null>(null);
  // A full load: everything is read again as the person who has just signed in.
  const enter = () => {
    setLeaving(true);
    window.location.assign(next);
  };
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).signInBody,
    body: ({ email = '', password = '' }) => ({ email: email.trim(), password }),
    send: async (body) => {
      try {
        await postOwn(operator ? '/api/operator/sign-in' : '/api/auth/sign-in', body);
      } catch (error) {
        if (!(error instanceof ApiError) || error.problem.code !== 'second_factor_required') throw error;
        return setFactor(error.problem as unknown as SecondFactor);
      }
      enter();
    },
  });
  if (factor) return <SecondFactorForm wanted={factor} onDone={enter} onStartOver={() => setFactor(null)} />;
  return (
    <>
      <h1 className="font-semibold text-2xl">{operator ? t('operatorTitle') : t('signInTitle')}</h1>
      <p className="mt-1 mb-7 text-muted">{operator ? t('operatorText') : t('signInText')}</p>
      {/* post: pressed before the script has loaded, the browser must not put the password into the address. */}
      <form ref={form.ref} method="post" onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('email')} error={form.problemOf('email', t('emailRule'))}>
          {(control) => <Input {...control} name="email" type="email" autoComplete="username" maxLength={254} />}
        </Field>
        <Field label={t('password')} error={form.problemOf('password', t('passwordMissing'))}>
          {(control) => (
            <Input {...control} name="password" type="password" autoComplete="current-password" maxLength={200} />
          )}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <Button type="submit" variant="primary" size="lg" className="w-full" busy={form.busy || leaving}>
          {t('signIn')}
        </Button>
      </form>
      {!operator && <PasskeyButton onDone={enter} />}
      {!operator && (
        <p className="mt-6 text-sm">
          <Link href={paths.forgotPassword} className="text-accent hover:underline">
            {t('forgot')}
          </Link>
        </p>
      )}
      {!operator && (
        <p className="mt-3 text-muted text-sm">
          {t('noAccount')}{' '}
          <Link href={paths.signUp} className="font-medium text-accent hover:underline">
            {t('signUp')}
          </Link>
        </p>
      )}
    </>
  );
}
