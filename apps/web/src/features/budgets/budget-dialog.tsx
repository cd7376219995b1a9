'use client';
import type { updateBudgetBody } from '@suanxiang/contract/schemas/money';
import { useTranslations } from 'next-intl';
import type { z } from 'zod';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Budget } from '@/api/types';
import { useContractForm } from '@/forms/use-contract-form';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Dialog, DialogActions } from '@/ui/dialog';
import { Checkbox, Field, Input, Select } from '@/ui/field';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';

type Body = z.input<typeof updateBudgetBody> & {
  name: string;
  amount: string;
  project_id?: string;
  api_key_id?: string;
};

const percents = (text: string) =>
  text
    .split(/[,，\s]+/)
    .filter(Boolean)
    .map(Number);

/** Makes a budget, or changes one. What it counts is chosen once. */
export default function BudgetDialog({ budget, onClose }: { budget: Budget | null; onClose: () => void }) {
  const t = useTranslations('budgets');
  const common = useTranslations('common');
  const { currency, projects } = useConsole();
  const keys = useApi('listApiKeys', { query: { limit: 100 } });
  const create = useApiMutation('createBudget', ['listBudgets']);
  const update = useApiMutation('updateBudget', ['listBudgets']);
  const form = useContractForm<Body>({
    schema: async () => {
      const { createBudgetBody, updateBudgetBody: changes } = await import('@suanxiang/contract/schemas/money');
      return (budget ? changes : createBudgetBody) as z.ZodType<unknown, Body>;
    },
    body: ({ name = '', amount = '', thresholds = '', hard, project_id, api_key_id }) => ({
      name: name.trim(),
      amount: amount.trim(),
      thresholds: percents(thresholds),
      hard: hard === 'on',
      ...(project_id ? { project_id } : {}),
      ...(api_key_id ? { api_key_id } : {}),
    }),
    send: async (body) => {
      if (budget) await update.mutateAsync({ params: { budget_id: budget.id }, body });
      else await create.mutateAsync({ body });
      notify(t('saved'));
      onClose();
    },
  });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={budget ? budget.name : t('create')}>
      <form ref={form.ref} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <Field label={t('name')} error={form.problemOf('name', t('nameRule'))}>
          {(control) => <Input {...control} name="name" autoComplete="off" defaultValue={budget?.name ?? ''} />}
        </Field>
        <Field label={t('amount', { currency })} error={form.problemOf('amount', t('amountRule'))}>
          {(control) => (
            <Input
              {...control}
              name="amount"
              inputMode="decimal"
              autoComplete="off"
              defaultValue={budget?.amount.amount ?? ''}
              className="tnum"
            />
          )}
        </Field>
        {!budget && (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('project')} error={form.problemOf('project_id', t('project'))}>
              {(control) => (
                <Select {...control} name="project_id">
                  <option value="">{t('allProjects')}</option>
                  {projects.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label={t('key')} error={form.problemOf('api_key_id', t('key'))}>
              {(control) => (
                <Select {...control} name="api_key_id">
                  <option value="">{t('anyone')}</option>
                  {keys.data?.items
                    .filter((key) => key.revoked_at === null)
                    .map(({ id, name }) => (
                      <option key={id} value={id}>
                        {t('keyScope', { name })}
                      </option>
                    ))}
                </Select>
              )}
            </Field>
          </div>
        )}
        <Field
          label={t('thresholds')}
          hint={t('thresholdsHint')}
          error={form.problemOf('thresholds', t('thresholdsRule'))}
        >
          {(control) => (
            <Input
              {...control}
              name="thresholds"
              autoComplete="off"
              defaultValue={(budget?.thresholds ?? [50, 80, 100]).join(', ')}
              className="tnum"
            />
          )}
        </Field>
        <Checkbox
          name="hard"
          label={t('hardLabel')}
          description={t('hardText')}
          defaultChecked={budget?.hard ?? false}
        />
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
