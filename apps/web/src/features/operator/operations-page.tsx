'use client';
import { useTranslations } from 'next-intl';
import { useApi } from '@/api/hooks';
import type { OperatorOperation } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Activity } from '@/ui/icons';
import { MonoId } from '@/ui/mono-id';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

/** What is under way on the whole platform, oldest first; what has passed its deadline stands out. */
export function OperationsPage() {
  const t = useTranslations('operator');
  const operations = useApi('operatorOperations', {}, { pollMs: 2_000 });
  return (
    <>
      <PageHeader title={t('nav.operations')} description={t('operationsText')} />
      {operations.error && !operations.data ? (
        <ErrorNotice error={operations.error} onRetry={() => void operations.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {operations.data?.items.length === 0 ? (
            <EmptyState icon={<Activity />} title={t('noOperations')}>
              {t('noOperationsText')}
            </EmptyState>
          ) : (
            <Table label={t('nav.operations')}>
              <Head>
                <Th>{t('operation')}</Th>
                <Th>{t('step')}</Th>
                <Th from="md">{t('workload')}</Th>
                <Th from="lg">{t('tenant')}</Th>
                <Th align="right" from="sm">
                  {t('attempt')}
                </Th>
                <Th align="right">{t('age')}</Th>
              </Head>
              <tbody>
                {operations.data?.items.map((operation) => (
                  <OperationRow key={operation.id} operation={operation} />
                ))}
              </tbody>
            </Table>
          )}
        </Card>
      )}
    </>
  );
}

function OperationRow({ operation }: { operation: OperatorOperation }) {
  const t = useTranslations('operator');
  const workload = useTranslations('workload');
  const format = useFormat();
  const now = useNow(1000);
  const kind = `operations.${operation.kind}` as Parameters<typeof workload>[0];
  const step = `steps.${operation.step}` as Parameters<typeof workload>[0];
  return (
    <Tr className="h-14">
      <Td>
        <span className="flex items-center gap-2 font-medium">
          {workload.has(kind) ? workload(kind) : operation.kind}
          {operation.overdue && <Badge tone="danger">{t('overdue')}</Badge>}
        </span>
        <MonoId id={operation.id} />
      </Td>
      <Td>{workload.has(step) ? workload(step) : operation.step}</Td>
      <Td from="md">
        <MonoId id={operation.workload_id} />
      </Td>
      <Td from="lg">
        <MonoId id={operation.org_id} />
      </Td>
      <Td align="right" from="sm" className="text-muted">
        {format.count(operation.attempt)}
      </Td>
      <Td align="right" className={operation.overdue ? 'text-danger' : 'text-muted'}>
        {now === null ? '—' : format.duration((now - Date.parse(operation.created_at)) / 1000)}
      </Td>
    </Tr>
  );
}
