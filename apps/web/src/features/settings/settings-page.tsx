'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Properties } from '@/ui/properties';
import { Time } from '@/ui/time';
import { notify } from '@/ui/toast';
import { ConsentSetting, EndSection } from './organization-end';
import { RequireFactor } from './require-factor';
import { TestClock } from './test-clock';

export function SettingsPage() {
  const t = useTranslations('settings');
  const { organization, can } = useConsole();
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <div className="space-y-8">
        <Section title={t('identity')} description={t('identityText')}>
          <OrganizationForm readOnly={!can('organization.modify')} />
        </Section>
        {organization.mode === 'sandbox' && <TestClock />}
        <RequireFactor />
        <ConsentSetting />
        <Section title={t('facts')} description={t('factsText')}>
          <Properties
            items={[
              { label: t('id'), value: <MonoId id={organization.id} full />, wide: true },
              { label: t('slug'), value: <code className="font-mono text-xs">{organization.slug}</code> },
              { label: t('mode'), value: t(`modes.${organization.mode}`) },
              { label: t('currency'), value: organization.currency },
              { label: t('country'), value: organization.country },
              { label: t('timeZone'), value: organization.time_zone },
              { label: t('created'), value: <Time at={organization.created_at} /> },
            ]}
          />
        </Section>
        <EndSection />
      </div>
    </>
  );
}

/** Name and what invoices need. Left empty, the legal name keeps what it was. */
function OrganizationForm({ readOnly }: { readOnly: boolean }) {
  const t = useTranslations('settings');
  const common = useTranslations('common');
  const router = useRouter();
  const { organization } = useConsole();
  const update = useApiMutation('updateOrganization', ['getOrganization']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).updateOrganizationBody,
    body: ({ name = '', legal_name = '', address = '', tax_id = '' }) => ({
      name: name.trim(),
      ...(legal_name.trim() ? { legal_name: legal_name.trim() } : {}),
      address: address.trim(),
      tax_id: tax_id.trim(),
    }),
    send: async (body) => {
      await update.mutateAsync({ params: { organization_id: organization.id }, body });
      notify(common('saved'));
      router.refresh();
    },
  });
  return (
    <form ref={form.ref} onSubmit={form.onSubmit} noValidate>
      <fieldset disabled={readOnly} className="grid gap-5 sm:grid-cols-2">
        <Field label={t('name')} error={form.problemOf('name', common('nameRule'))}>
          {(control) => <Input {...control} name="name" defaultValue={organization.name} maxLength={63} />}
        </Field>
        <Field label={t('legalName')} hint={t('legalNameHint')} error={form.problemOf('legal_name', t('tooLong'))}>
          {(control) => <Input {...control} name="legal_name" defaultValue={organization.legal_name} maxLength={200} />}
        </Field>
        <Field label={t('address')} error={form.problemOf('address', t('tooLong'))}>
          {(control) => <Input {...control} name="address" defaultValue={organization.address} maxLength={400} />}
        </Field>
        <Field label={t('taxId')} hint={t('taxIdHint')} error={form.problemOf('tax_id', t('tooLong'))}>
          {(control) => (
            <Input {...control} name="tax_id" defaultValue={organization.tax_id} maxLength={40} className="font-mono" />
          )}
        </Field>
      </fieldset>
      {form.error !== null && <ErrorNotice error={form.error} className="mt-4" />}
      {!readOnly && (
        <div className="mt-5 flex justify-end">
          <Button type="submit" variant="primary" busy={form.busy}>
            {common('save')}
          </Button>
        </div>
      )}
    </form>
  );
}
