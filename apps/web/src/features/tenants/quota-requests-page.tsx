'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useApi, useApiMutation } from '@/api/hooks';
import type { OperatorQuotaRequest } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { REQUEST_TONES } from '@/features/quotas/quota-requests';
import { useMetricName } from '@/features/quotas/use-metric-name';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { EmptyState } from '@/ui/empty-state';
import { Field, Input, Select } from '@/ui/field';
import { Gauge } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

type Deciding = { request: OperatorQuotaRequest; how: 'approve' | 'deny' };

/** What customers ask for, to be approved or denied. */
export function QuotaRequestsPage() {
  const t = useTranslations('tenants');
  const url = useUrlState();
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const status = url.get('status') === 'decided' ? 'decided' : 'open';
  const found = useApi('operatorQuotaRequests', { query: { status } }, { pollMs: 15_000, keepPrevious: true });
  return (
    <>
      <PageHeader title={t('quotaRequests')} description={t('quotaRequestsText')} />
      <Field label={t('shown')} className="mb-4 w-48">
        {(control) => (
          <Select {...control} value={status} onChange={(event) => url.set({ status: event.target.value })}>
            <option value="open">{t('open')}</option>
            <option value="decided">{t('decided')}</option>
          </Select>
        )}
      </Field>
      {found.error && !found.data ? (
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {found.data?.items.length === 0 ? (
            <EmptyState icon={<Gauge />} title={t('noQuotaRequests')}>
              {t('noQuotaRequestsText')}
            </EmptyState>
          ) : (
            <Requests requests={found.data?.items ?? []} onDecide={setDeciding} />
          )}
        </Card>
      )}
      {deciding && <Decide {...deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}

interface RequestsProps {
  requests: readonly OperatorQuotaRequest[];
  onDecide: (deciding: Deciding) => void;
}

function Requests({ requests, onDecide }: RequestsProps) {
  const t = useTranslations('tenants');
  const quotas = useTranslations('quotas');
  const format = useFormat();
  const metricName = useMetricName();
  return (
    <Table label={t('quotaRequests')}>
      <Head>
        <Th>{t('organization')}</Th>
        <Th>{quotas('metric')}</Th>
        <Th align="right" from="sm">
          {quotas('wanted')}
        </Th>
        <Th from="lg">{t('reason')}</Th>
        <Th>{t('state')}</Th>
        <Th align="right">
          <span className="sr-only">{t('approve')}</span>
        </Th>
      </Head>
      <tbody>
        {requests.map((request) => (
          <Tr key={request.id}>
            <Td className="font-medium">{request.organization_name}</Td>
            <Td>
              {metricName(request.metric)}
              <span className="tnum block text-xs sm:hidden">
                {format.count(request.limit_before)} → {format.count(request.granted ?? request.wanted)}
              </span>
              <span className="block text-subtle text-xs">{t('inUse', { used: format.count(request.used) })}</span>
            </Td>
            <Td align="right" from="sm" className="tnum whitespace-nowrap">
              {format.count(request.limit_before)} → {format.count(request.granted ?? request.wanted)}
            </Td>
            <Td from="lg" className="max-w-80 text-muted">
              {request.reason}
            </Td>
            <Td>
              <Badge tone={REQUEST_TONES[request.status]}>{quotas(`statuses.${request.status}`)}</Badge>
              {request.needs_second && request.status === 'pending' && (
                <span className="block text-subtle text-xs">{t('needsSecond')}</span>
              )}
            </Td>
            <Td align="right">
              {(request.status === 'pending' || request.status === 'awaiting_second') && (
                <span className="inline-flex flex-wrap justify-end gap-2">
                  <Button size="sm" onClick={() => onDecide({ request, how: 'approve' })}>
                    {t('approve')}
                  </Button>
                  <Button size="sm" variant="ghost" onClick={() => onDecide({ request, how: 'deny' })}>
                    {t('deny')}
                  </Button>
                </span>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Decide({ request, how, onClose }: Deciding & { onClose: () => void }) {
  const t = useTranslations('tenants');
  const metricName = useMetricName();
  const [words, setWords] = useState('');
  const approve = useApiMutation('operatorApproveQuota', ['operatorQuotaRequests']);
  const deny = useApiMutation('operatorDenyQuota', ['operatorQuotaRequests']);
  const params = { quota_request_id: request.id };
  const answer = words.trim();
  const act = async () => {
    try {
      if (how === 'approve') await approve.mutateAsync({ params, body: answer ? { answer } : {} });
      else await deny.mutateAsync({ params, body: { reason: answer } });
      onClose();
    } catch {
      // The dialog shows the error.
    }
  };
  const values = { metric: metricName(request.metric), wanted: request.granted ?? request.wanted };
  return (
    <Confirm
      title={t(how === 'approve' ? 'approveTitle' : 'denyTitle', { ...values, name: request.organization_name })}
      action={t(how)}
      danger={how === 'deny'}
      busy={approve.isPending || deny.isPending}
      error={approve.error ?? deny.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      {request.needs_second && how === 'approve' && <p className="mb-4">{t('secondText')}</p>}
      <Field label={t('answer')} hint={t('answerHint')}>
        {(control) => (
          <Input {...control} value={words} maxLength={1000} onChange={(event) => setWords(event.target.value)} />
        )}
      </Field>
    </Confirm>
  );
}
