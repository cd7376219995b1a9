'use client';
import { useTranslations } from 'next-intl';
import { useApiMutation } from '@/api/hooks';
import type { Quota } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Textarea } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { useMetricName } from './use-metric-name';

/** Asks the operator for more of one thing. */
export default function RequestDialog({ quota, onClose }: { quota: Quota; onClose: () => void }) {
  const t = useTranslations('quotas');
  const common = useTranslations('common');
  const name = useMetricName()(quota.metric);
  const create = useApiMutation('createQuotaRequest', ['listQuotaRequests']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/quotas')).createQuotaRequestBody,
    body: ({ wanted = '', reason = '' }) => ({ metric: quota.metric, wanted: Number(wanted), reason: reason.trim() }),
    send: async (body) => {
      await create.mutateAsync({ body });
      notify(t('asked'));
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('askFor', { name })}
      description={t('askText', { limit: quota.limit })}
    >
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('wanted')} error={form.problemOf('wanted', t('wantedRule'))}>
          {(control) => (
            <Input {...control} name="wanted" type="number" min={quota.limit + 1} defaultValue={quota.limit * 2} />
          )}
        </Field>
        <Field label={t('reason')} hint={t('reasonHint')} error={form.problemOf('reason', t('reasonRule'))}>
          {(control) => <Textarea {...control} name="reason" rows={4} maxLength={1000} className="font-sans" />}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {t('ask')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
