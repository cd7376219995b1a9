'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import type { IdlePolicy } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Checkbox, Field, Input } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

interface Props {
  policy: IdlePolicy;
  name: string;
  onClose: () => void;
}

/** When idle workloads of a project are stopped. */
export default function IdlePolicyDialog({ policy, name, onClose }: Props) {
  const t = useTranslations('costs');
  const common = useTranslations('common');
  const set = useApiMutation('setIdlePolicy', ['listIdlePolicies', 'listIdle']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/billing')).idlePolicyBody,
    body: ({ enabled, threshold_percent = '', idle_minutes = '', warn_minutes = '' }) => ({
      enabled: enabled === 'on',
      threshold_percent: Number(threshold_percent),
      idle_minutes: Number(idle_minutes),
      warn_minutes: Number(warn_minutes),
    }),
    send: async (body) => {
      await set.mutateAsync({ params: { project_id: policy.project_id }, body });
      notify(t('saved'));
      onClose();
    },
  });
  const number = (field: string, label: string, hint: string, value: number) => (
    <Field label={label} hint={hint} error={form.problemOf(field, t('rangeRule'))}>
      {(control) => (
        <Input
          {...control}
          name={field}
          inputMode="numeric"
          autoComplete="off"
          defaultValue={String(value)}
          className="tnum"
        />
      )}
    </Field>
  );
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={name}>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Checkbox name="enabled" label={t('enable')} defaultChecked={policy.enabled} />
        {number('threshold_percent', t('threshold'), t('thresholdHint'), policy.threshold_percent ?? 5)}
        {number('idle_minutes', t('idleMinutes'), t('idleHint'), policy.idle_minutes ?? 60)}
        {number('warn_minutes', t('warnMinutes'), t('warnHint'), policy.warn_minutes ?? 30)}
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
