'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

/** Changes the password. */
export function PasswordSection() {
  const t = useTranslations('account');
  const change = useApiMutation('changePassword', ['listSessions']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/account')).changePasswordBody,
    body: ({ current_password = '', password = '' }) => ({ current_password, password }),
    send: async (body) => {
      await change.mutateAsync({ body });
      form.ref.current?.reset();
      notify(t('passwordChanged'));
    },
  });
  return (
    <Section title={t('password')} description={t('passwordText')}>
      <form ref={form.ref} method="post" onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('currentPassword')} error={form.problemOf('current_password', t('passwordMissing'))}>
          {(control) => (
            <Input
              {...control}
              name="current_password"
              type="password"
              autoComplete="current-password"
              maxLength={200}
            />
          )}
        </Field>
        <Field label={t('newPassword')} error={form.problemOf('password', t('passwordRule'))}>
          {(control) => (
            <Input {...control} name="password" type="password" autoComplete="new-password" maxLength={200} />
          )}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <Button type="submit" busy={form.busy}>
          {t('changePassword')}
        </Button>
      </form>
    </Section>
  );
}
