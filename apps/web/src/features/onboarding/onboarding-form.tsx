'use client';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { useHydrated } from '@/lib/use-now';
import { paths } from '@/nav/paths';
import { Button } from '@/ui/button';
import { Field, Input, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { Segmented } from '@/ui/segmented';
import { ModeChoice } from './mode-choice';

export interface Country {
  code: string;
  name: string;
}

interface OnboardingFormProps {
  /** The person's first organisation. */
  first: boolean;
  /** Named by the server: its names and the browser's may differ in spelling. */
  countries: readonly Country[];
}

/** Creates the organisation with its first project; time zone, country and currency follow the browser. */
export function OnboardingForm({ first, countries }: OnboardingFormProps) {
  const t = useTranslations('onboarding');
  const common = useTranslations('common');
  const chinese = useLocale() === 'zh-CN';
  const router = useRouter();
  const create = useApiMutation('createOrganization');
  const [mode, setMode] = useState<'sandbox' | 'live'>('sandbox');
  const [currency, setCurrency] = useState<'CNY' | 'USD'>(chinese ? 'CNY' : 'USD');
  const [leaving, setLeaving] = useState(false);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/identity')).createOrganizationBody,
    body: ({ name = '', project_name = '', country = 'US', time_zone = 'UTC' }) => ({
      name: name.trim(),
      project_name: project_name.trim(),
      country,
      time_zone,
      mode,
      currency,
    }),
    send: async (body) => {
      const { organization, project } = await create.mutateAsync({ body });
      setLeaving(true);
      router.push(paths.overview(organization.slug, project.slug));
    },
  });
  return (
    <>
      <h1 className="font-semibold text-2xl">{first ? t('firstTitle') : t('title')}</h1>
      <p className="mt-1 mb-7 text-muted">{t('text')}</p>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-5">
        <Field label={t('name')} hint={t('nameHint')} error={form.problemOf('name', common('nameRule'))}>
          {(control) => <Input {...control} name="name" maxLength={63} autoComplete="organization" />}
        </Field>
        <Field label={t('project')} hint={t('projectHint')} error={form.problemOf('project_name', common('nameRule'))}>
          {(control) => (
            <Input {...control} name="project_name" defaultValue="default" maxLength={63} autoComplete="off" />
          )}
        </Field>
        <ModeChoice value={mode} onChange={setMode} />
        <div>
          <p className="mb-1.5 font-medium text-sm">{t('currency')}</p>
          <Segmented
            label={t('currency')}
            value={currency}
            onChange={setCurrency}
            className="flex w-full"
            options={[
              { value: 'CNY', label: `¥ ${t('cny')}` },
              { value: 'USD', label: `$ ${t('usd')}` },
            ]}
          />
          <p className="mt-1.5 text-subtle text-xs">{t('currencyHint')}</p>
        </div>
        <PlaceFields
          chinese={chinese}
          countries={countries}
          zoneError={form.problemOf('time_zone', t('timeZoneRule'))}
        />
        {form.error !== null && <ErrorNotice error={form.error} />}
        <Button type="submit" variant="primary" size="lg" className="w-full" busy={form.busy || leaving}>
          {t('submit')}
        </Button>
      </form>
    </>
  );
}

interface PlaceFieldsProps {
  chinese: boolean;
  countries: readonly Country[];
  zoneError: string | undefined;
}

/** Country and time zone. The browser knows its zone and the server does not, so that choice is made after hydration. */
function PlaceFields({ chinese, countries, zoneError }: PlaceFieldsProps) {
  const t = useTranslations('onboarding');
  const hydrated = useHydrated();
  const own = hydrated ? Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC' : 'UTC';
  const zones = useMemo(
    () => [...new Set([own, 'UTC', ...(hydrated ? Intl.supportedValuesOf('timeZone') : [])])],
    [own, hydrated],
  );
  return (
    <div>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={t('country')}>
          {(control) => (
            <Select {...control} name="country" defaultValue={chinese ? 'CN' : 'US'}>
              {countries.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('timeZone')} error={zoneError}>
          {(control) => (
            <Select {...control} name="time_zone" key={own} defaultValue={own}>
              {zones.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <p className="mt-1.5 text-subtle text-xs">{t('timeZoneHint')}</p>
    </div>
  );
}
