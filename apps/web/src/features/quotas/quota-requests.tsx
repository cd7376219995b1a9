'use client';
import { useTranslations } from 'next-intl';
import { useApi, useApiMutation } from '@/api/hooks';
import type { QuotaRequest } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { useConsole } from '@/shell/console-context';
import { Badge, type Tone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Gauge } from '@/ui/icons';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { Time } from '@/ui/time';
import { useMetricName } from './use-metric-name';

export const REQUEST_TONES: Record<QuotaRequest['status'], Tone> = {
  pending: 'info',
  awaiting_second: 'info',
  approved: 'success',
  denied: 'danger',
  withdrawn: 'neutral',
};

/** What was asked of the operator, and the answers. */
export function QuotaRequests() {
  const t = useTranslations('quotas');
  const common = useTranslations('common');
  const requests = useApi('listQuotaRequests', { query: { limit: 50 } }, { pollMs: 30_000 });
  if (requests.error && !requests.data) {
    return <ErrorNotice error={requests.error} onRetry={() => void requests.refetch()} />;
  }
  const items = requests.data?.items ?? [];
  if (requests.data && items.length === 0) {
    return (
      <Card flush>
        <EmptyState icon={<Gauge />} title={t('noRequests')}>
          {t('noRequestsText')}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card flush className="overflow-hidden">
      <Table label={t('requests')}>
        <Head>
          <Th>{t('metric')}</Th>
          <Th align="right">{t('wanted')}</Th>
          <Th>{t('status')}</Th>
          <Th from="md">{t('answer')}</Th>
          <Th align="right" from="lg">
            {common('created')}
          </Th>
          <Th>
            <span className="sr-only">{common('actions')}</span>
          </Th>
        </Head>
        <tbody>
          {items.map((request) => (
            <RequestRow key={request.id} request={request} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function RequestRow({ request }: { request: QuotaRequest }) {
  const t = useTranslations('quotas');
  const format = useFormat();
  const metricName = useMetricName();
  const { can } = useConsole();
  const withdraw = useApiMutation('withdrawQuotaRequest', ['listQuotaRequests']);
  const open = request.status === 'pending' || request.status === 'awaiting_second';
  return (
    <Tr>
      <Td className="font-medium">{metricName(request.metric)}</Td>
      <Td align="right">
        <span className="tnum">
          {format.count(request.limit_before)} → {format.count(request.granted ?? request.wanted)}
        </span>
      </Td>
      <Td>
        <Badge tone={REQUEST_TONES[request.status]}>{t(`statuses.${request.status}`)}</Badge>
      </Td>
      <Td from="md" className="text-muted">
        {request.answer ?? '—'}
      </Td>
      <Td align="right" from="lg" className="text-muted">
        <Time at={request.created_at} style="date" />
      </Td>
      <Td align="right">
        {open && can('quota_request.create') && (
          <Button
            size="sm"
            variant="ghost"
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate({ params: { quota_request_id: request.id } })}
          >
            {t('withdraw')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}
