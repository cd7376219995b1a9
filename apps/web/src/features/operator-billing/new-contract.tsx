'use client';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import { paths } from '@/nav/paths';
import { Confirm } from '@/ui/confirm';
import { Field, Input, Select } from '@/ui/field';

/** Drafts terms: for whom, for which months, with which least spend. Prices follow on its page. */
export default function NewContract({ onClose }: { onClose: () => void }) {
  const t = useTranslations('operatorBilling');
  const router = useRouter();
  const organizations = useApi('operatorOrganizations', { query: {} });
  const create = useApiMutation('operatorCreateContract', ['operatorContracts']);
  const [form, setForm] = useState({ org: '', name: '', from: '', until: '', commitment: '' });
  const items = organizations.data?.items ?? [];
  const org = form.org || items[0]?.id;
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));
  const act = async () => {
    if (!org) return;
    const body = {
      name: form.name.trim(),
      from_month: form.from,
      until_month: form.until || null,
      commitment: form.commitment.trim() || null,
    };
    try {
      const made = await create.mutateAsync({ params: { organization_id: org }, body });
      router.push(paths.operatorContract(made.id));
    } catch {
      // The dialog shows the error.
    }
  };
  return (
    <Confirm
      title={t('newContract')}
      action={t('draft')}
      danger={false}
      busy={create.isPending}
      error={create.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <div className="space-y-4">
        <Field label={t('organization')}>
          {(control) => (
            <Select {...control} value={org ?? ''} onChange={(event) => set({ org: event.target.value })}>
              {items.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('contract')}>
          {(control) => (
            <Input {...control} value={form.name} maxLength={63} onChange={(e) => set({ name: e.target.value })} />
          )}
        </Field>
        <Field label={t('fromMonth')} hint={t('fromMonthHint')}>
          {(control) => (
            <Input {...control} type="month" value={form.from} onChange={(e) => set({ from: e.target.value })} />
          )}
        </Field>
        <Field label={t('untilMonth')} hint={t('untilMonthHint')}>
          {(control) => (
            <Input {...control} type="month" value={form.until} onChange={(e) => set({ until: e.target.value })} />
          )}
        </Field>
        <Field label={t('commitment')} hint={t('commitmentHint')}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              className="tnum"
              value={form.commitment}
              onChange={(e) => set({ commitment: e.target.value })}
            />
          )}
        </Field>
      </div>
    </Confirm>
  );
}
