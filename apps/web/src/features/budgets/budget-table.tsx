'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { Budget } from '@/api/types';
import { compareDecimal } from '@/lib/decimal';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Meter } from '@/ui/meter';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';

interface Props {
  budgets: readonly Budget[];
  onEdit: (budget: Budget) => void;
  onRemove: (budget: Budget) => void;
}

export function BudgetTable({ budgets, onEdit, onRemove }: Props) {
  const t = useTranslations('budgets');
  const common = useTranslations('common');
  return (
    <Table label={t('title')}>
      <Head>
        <Th>{t('name')}</Th>
        <Th>{t('spent')}</Th>
        <Th align="right" from="sm">
          {t('forecast')}
        </Th>
        <Th from="md">{t('end')}</Th>
        <Th align="right">
          <span className="sr-only">{common('actions')}</span>
        </Th>
      </Head>
      <tbody>
        {budgets.map((budget) => (
          <BudgetRow key={budget.id} budget={budget} onEdit={() => onEdit(budget)} onRemove={() => onRemove(budget)} />
        ))}
      </tbody>
    </Table>
  );
}

function BudgetRow({ budget, onEdit, onRemove }: { budget: Budget; onEdit: () => void; onRemove: () => void }) {
  const t = useTranslations('budgets');
  const format = useFormat();
  const { can } = useConsole();
  const { amount, spent, forecast, thresholds } = budget;
  const isOver = compareDecimal(spent.amount, amount.amount) >= 0;
  const isNear = Number(spent.amount) * 100 >= Number(amount.amount) * (thresholds[0] ?? 100);
  const text = t('meter', { spent: format.money(spent), amount: format.money(amount) });
  return (
    <Tr className="h-14">
      <Td>
        <span className="font-medium">{budget.name}</span>
        <span className="block text-subtle text-xs">
          <Scope budget={budget} />
        </span>
      </Td>
      <Td className="min-w-44">
        <span className="tnum text-sm">{text}</span>
        <Meter
          label={budget.name}
          value={Number(spent.amount)}
          max={Number(amount.amount)}
          text={text}
          tone={isOver ? 'danger' : isNear ? 'warning' : 'accent'}
          className="mt-1.5"
        />
      </Td>
      <Td
        align="right"
        from="sm"
        className={compareDecimal(forecast.amount, amount.amount) > 0 ? 'tnum text-danger' : 'tnum text-muted'}
      >
        {format.money(forecast)}
      </Td>
      <Td from="md">
        <Badge tone={budget.hard ? 'warning' : 'neutral'}>{budget.hard ? t('hard') : t('soft')}</Badge>
        {budget.hard && (
          <span className="mt-0.5 block text-subtle text-xs">
            {budget.stops_at ? <Time at={budget.stops_at} /> : t('notThisPeriod')}
          </span>
        )}
      </Td>
      <Td align="right">
        {can('billing.modify') && (
          <span className="inline-flex gap-1">
            <Button size="sm" onClick={onEdit} aria-label={`${t('edit')}: ${budget.name}`}>
              {t('edit')}
            </Button>
            <Button size="sm" variant="ghost" onClick={onRemove} aria-label={`${t('remove')}: ${budget.name}`}>
              {t('remove')}
            </Button>
          </span>
        )}
      </Td>
    </Tr>
  );
}

/** What counts against a budget, in words. */
function Scope({ budget }: { budget: Budget }) {
  const t = useTranslations('budgets');
  const { projects } = useConsole();
  const keys = useApi('listApiKeys', { query: { limit: 100 } });
  const project = projects.find(({ id }) => id === budget.project_id);
  const key = keys.data?.items.find(({ id }) => id === budget.api_key_id);
  const parts = [
    budget.project_id ? (project?.name ?? budget.project_id) : null,
    budget.api_key_id ? t('keyScope', { name: key?.name ?? budget.api_key_id }) : null,
  ].filter((part) => part !== null);
  return <>{parts.length > 0 ? parts.join(' · ') : t('wholeOrganization')}</>;
}
