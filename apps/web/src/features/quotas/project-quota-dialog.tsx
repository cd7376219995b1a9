'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApiMutation } from '@/api/hooks';
import { useContractForm } from '@/forms/use-contract-form';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Field, Input, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { useMetricName } from './use-metric-name';

const METRICS = ['accelerators', 'workloads', 'api_keys'];

/** Sets or lifts what one project may hold of the organisation's quota. */
export default function ProjectQuotaDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('quotas');
  const common = useTranslations('common');
  const metricName = useMetricName();
  const { projects } = useConsole();
  const [project, setProject] = useState(projects[0]?.id ?? '');
  const set = useApiMutation('setProjectQuota', ['listQuotas']);
  const form = useContractForm({
    schema: async () => (await import('@suanxiang/contract/schemas/quotas')).setProjectQuotaBody,
    body: ({ metric = '', limit = '' }) => ({ metric, limit: limit.trim() === '' ? null : Number(limit) }),
    send: async (body) => {
      await set.mutateAsync({ params: { project_id: project }, body });
      notify(common('saved'));
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('setForProject')}
      description={t('setForProjectText')}
    >
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('project')}>
          {(control) => (
            <Select {...control} value={project} onChange={(event) => setProject(event.target.value)}>
              {projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('metric')} error={form.problemOf('metric', t('wantedRule'))}>
          {(control) => (
            <Select {...control} name="metric">
              {METRICS.map((metric) => (
                <option key={metric} value={metric}>
                  {metricName(metric)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('limit')}
          optional={common('optional')}
          hint={t('limitHint')}
          error={form.problemOf('limit', t('wantedRule'))}
        >
          {(control) => <Input {...control} name="limit" type="number" min={0} />}
        </Field>
        {form.error !== null && <ErrorNotice error={form.error} />}
        <DialogActions>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" variant="primary" busy={form.busy}>
            {common('save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
