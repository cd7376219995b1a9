'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import type { BillingSettings } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Checkbox, Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

interface Props {
  settings: BillingSettings['auto_top_up'];
  onClose: () => void;
}

/** The rules of automatic top-up: below which balance, how much, and at most how much a day. */
export default function AutoTopUpDialog({ settings, onClose }: Props) {
  const t = useTranslations('billing');
  const common = useTranslations('common');
  const { currency } = useConsole();
  const update = useApiMutation('updateBillingSettings', ['getBillingSettings']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/money')).updateBillingSettingsBody,
    body: ({ enabled, threshold = '', amount = '', daily_max = '' }) => ({
      auto_top_up: {
        enabled: enabled === 'on',
        threshold: threshold.trim() || '0',
        ...(amount.trim() ? { amount: amount.trim() } : {}),
        daily_max: daily_max.trim() || null,
      },
    }),
    send: async (body) => {
      await update.mutateAsync({ body });
      notify(t('autoSaved'));
      onClose();
    },
  });
  const amountField = (name: 'threshold' | 'amount' | 'daily_max', label: string, value: string) => (
    <Field label={`${label} (${currency})`} error={form.problemOf(name, t('amountRule'))}>
      {(control) => (
        <Input {...control} name={name} inputMode="decimal" autoComplete="off" defaultValue={value} className="tnum" />
      )}
    </Field>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('auto')}>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Checkbox name="enabled" label={t('autoEnable')} defaultChecked={settings.enabled} />
        {amountField('threshold', t('autoThreshold'), settings.threshold.amount)}
        {amountField('amount', t('autoAmount'), settings.enabled ? settings.amount.amount : '')}
        {amountField('daily_max', t('autoDailyMax'), settings.daily_max?.amount ?? '')}
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('autoSave')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
