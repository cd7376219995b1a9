'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { Budget } from '@/api/types';
import { useCommands } from '@/commands/provider';
import { Arrears } from '@/features/billing/arrears';
import { lazily } from '@/lib/lazily';
import { useConsole } from '@/shell/console-context';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { EmptyState } from '@/ui/empty-state';
import { Plus, ShieldCheck } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { notify } from '@/ui/toast';
import { BudgetEvents } from './budget-events';
import { BudgetTable } from './budget-table';

const BudgetDialog = lazily(() => import('./budget-dialog'));

/** Budgets with what is spent, caps with when they end what runs, the alerts so far, and what happens at zero. */
export function BudgetsPage() {
  const t = useTranslations('budgets');
  const { can } = useConsole();
  const [editing, setEditing] = useState<Budget | 'new' | null>(null);
  const [removing, setRemoving] = useState<Budget | null>(null);
  const budgets = useApi('listBudgets', {}, { pollMs: 30_000 });
  useCommands(
    () => [
      { id: 'new-budget', label: t('create'), group: 'actions', keys: 'c', icon: Plus, run: () => setEditing('new') },
    ],
    [t],
  );
  const button = can('billing.modify') && (
    <Button variant="primary" onClick={() => setEditing('new')}>
      <Plus className="size-4" />
      {t('create')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} actions={button} />
      <div className="space-y-8">
        {budgets.error && !budgets.data ? (
          <ErrorNotice error={budgets.error} onRetry={() => void budgets.refetch()} />
        ) : (
          <Card flush className="overflow-hidden">
            {budgets.data?.items.length === 0 ? (
              <EmptyState icon={<ShieldCheck />} title={t('emptyTitle')} action={button}>
                {t('emptyText')}
              </EmptyState>
            ) : (
              <BudgetTable budgets={budgets.data?.items ?? []} onEdit={setEditing} onRemove={setRemoving} />
            )}
          </Card>
        )}
        <div className="grid gap-8 lg:grid-cols-2">
          <BudgetEvents />
          <Arrears />
        </div>
      </div>
      {editing && <BudgetDialog budget={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {removing && <RemoveBudget budget={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

function RemoveBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const t = useTranslations('budgets');
  const remove = useApiMutation('deleteBudget', ['listBudgets']);
  const act = async () => {
    try {
      await remove.mutateAsync({ params: { budget_id: budget.id } });
      notify(t('deleted'));
      onClose();
    } catch {
      // The dialog shows remove.error.
    }
  };
  return (
    <Confirm
      title={t('deleteTitle', { name: budget.name })}
      action={t('remove')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {t('deleteText')}
    </Confirm>
  );
}
