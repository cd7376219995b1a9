'use client';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { downloadPath } from '@/api/downloads';
import { useApi, useApiMutation } from '@/api/hooks';
import type { OperatorFapiaoRequest } from '@/api/types';
import { useUrlState } from '@/features/list/use-url-state';
import { useFormat } from '@/lib/use-format';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { buttonClass } from '@/ui/button-class';
import { Card } from '@/ui/card';
import { Confirm } from '@/ui/confirm';
import { EmptyState } from '@/ui/empty-state';
import { Field, Input, Select } from '@/ui/field';
import { Download, ReceiptText } from '@/ui/icons';
import { PageHeader } from '@/ui/page-header';
import { ErrorNotice } from '@/ui/problem';
import { Head, Table, Td, Th, Tr } from '@/ui/table';
import { FAPIAO_TONES } from './tones';

type Deciding = { request: OperatorFapiaoRequest; how: 'issue' | 'reject' };

/** What customers ask for, to be issued outside and entered here. */
export function OperatorFapiaoPage() {
  const t = useTranslations('fapiao');
  const url = useUrlState();
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const status = url.get('status') === 'decided' ? 'decided' : 'open';
  const found = useApi('operatorFapiaoRequests', { query: { status } }, { pollMs: 15_000, keepPrevious: true });
  const items = found.data?.items;
  const csv = (
    <a href={downloadPath('operatorExportFapiao', { query: { status } })} download className={buttonClass()}>
      <Download className="size-4" />
      {t('csv')}
    </a>
  );
  return (
    <>
      <PageHeader title={t('operatorTitle')} description={t('operatorText')} actions={csv} />
      <Field label={t('shown')} className="mb-4 w-48">
        {(control) => (
          <Select {...control} value={status} onChange={(event) => url.set({ status: event.target.value })}>
            <option value="open">{t('open')}</option>
            <option value="decided">{t('decided')}</option>
          </Select>
        )}
      </Field>
      {found.error && !items ? (
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Card flush className="overflow-hidden">
          {items?.length === 0 ? (
            <EmptyState icon={<ReceiptText />} title={t('empty')}>
              {t('emptyText')}
            </EmptyState>
          ) : (
            <Requests requests={items ?? []} onDecide={setDeciding} />
          )}
        </Card>
      )}
      {deciding && <Decide {...deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}

interface RequestsProps {
  requests: readonly OperatorFapiaoRequest[];
  onDecide: (deciding: Deciding) => void;
}

function Requests({ requests, onDecide }: RequestsProps) {
  const t = useTranslations('fapiao');
  const format = useFormat();
  return (
    <Table label={t('operatorTitle')}>
      <Head>
        <Th>{t('organization')}</Th>
        <Th>{t('buyerTitle')}</Th>
        <Th from="lg">{t('kind')}</Th>
        <Th align="right">{t('amount')}</Th>
        <Th>{t('status')}</Th>
        <Th align="right">
          <span className="sr-only">{t('issue')}</span>
        </Th>
      </Head>
      <tbody>
        {requests.map((request) => (
          <Tr key={request.id}>
            <Td className="font-medium">
              {request.organization_name}
              <span className="block text-subtle text-xs">{request.invoice_number}</span>
            </Td>
            <Td>
              {request.buyer_title}
              <code className="block font-mono text-subtle text-xs">{request.tax_id}</code>
            </Td>
            <Td from="lg">{t(`kinds.${request.kind}`)}</Td>
            <Td align="right" className="tnum whitespace-nowrap">
              {format.money(request.amount)}
            </Td>
            <Td>
              <Badge tone={FAPIAO_TONES[request.status]}>{t(`statuses.${request.status}`)}</Badge>
              <span className="block text-subtle text-xs">{request.fapiao_number ?? request.reason}</span>
            </Td>
            <Td align="right">
              {request.status === 'requested' && (
                <span className="inline-flex flex-wrap justify-end gap-2">
                  <Button size="sm" onClick={() => onDecide({ request, how: 'issue' })}>
                    {t('issue')}
                  </Button>
                  <Button size="sm" variant="ghost" onClick={() => onDecide({ request, how: 'reject' })}>
                    {t('reject')}
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
  const t = useTranslations('fapiao');
  const [words, setWords] = useState('');
  const issue = useApiMutation('operatorIssueFapiao', ['operatorFapiaoRequests']);
  const reject = useApiMutation('operatorRejectFapiao', ['operatorFapiaoRequests']);
  const params = { fapiao_request_id: request.id };
  const act = async () => {
    try {
      if (how === 'issue') await issue.mutateAsync({ params, body: { fapiao_number: words.trim() } });
      else await reject.mutateAsync({ params, body: { reason: words.trim() } });
      onClose();
    } catch {
      // The dialog shows the error.
    }
  };
  return (
    <Confirm
      title={t(how === 'issue' ? 'issueTitle' : 'rejectTitle', { title: request.buyer_title })}
      action={t(how)}
      danger={how === 'reject'}
      busy={issue.isPending || reject.isPending}
      error={issue.error ?? reject.error}
      onConfirm={() => void act()}
      onClose={onClose}
    >
      <Field label={t(how === 'issue' ? 'number' : 'reason')} hint={t(how === 'issue' ? 'numberHint' : 'reasonHint')}>
        {(control) => (
          <Input
            {...control}
            value={words}
            maxLength={how === 'issue' ? 20 : 1000}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
    </Confirm>
  );
}
